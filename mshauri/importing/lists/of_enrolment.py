"""Finds the enrolment that a row tells of: by the person, the programme, the area and the day."""

from typing import Any

from mshauri.importing.known import Known
from mshauri.importing.rows import Draft


def the_enrolment(draft: Draft, known: Known) -> dict[str, Any] | None:
    """Return the enrolment that a row is about: the last one that had begun on its day.

    None: there is none, which was noted as a mistake.
    """
    person = known.people[draft.text("healthWorker")]
    wanted = draft.text("programme"), draft.text("area")
    found = sorted(
        (one for one in person["enrolments"] if (one["programme"], one["area"]) == wanted),
        key=lambda one: str(one["since"]),
    )
    begun = [one for one in found if one["since"] <= draft.text("occurredOn")]
    # One that had not begun is refused by the API, in its own words.
    enrolment = next(reversed(begun or found), None)
    if enrolment is None:
        draft.wrong("NOT_ENROLLED", "healthWorker", area=wanted[1], programme=wanted[0])
    return enrolment
