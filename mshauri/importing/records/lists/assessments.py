"""`assessments`: attempts at competencies, item by item; one row an attempt.

An attempt is known by the enrolment, the competency and its day; where there were two on one day,
by `reference`.
"""

from typing import Any

from mshauri.importing.records.columns import REFERENCE
from mshauri.importing.records.kinds import Kind
from mshauri.importing.records.known import Known
from mshauri.importing.records.planned import Planned, wish
from mshauri.importing.records.rows import Draft
from shared.contracts.validation.competency_record import CompetencyAssess

_PERSON = """enrolments {
  id programme area since assessments { competency assessedOn technique items assessor { number } }
}"""


def _plan(draft: Draft, known: Known) -> Planned | None:
    enrolment = _enrolment(draft, known)
    if enrolment is None:
        draft.wrong(
            "NOT_ENROLLED",
            "healthWorker",
            area=draft.text("area"),
            programme=draft.text("programme"),
        )
        return None
    id = enrolment["id"]
    key = id, draft.text("competency"), draft.text("occurredOn"), draft.text("reference")
    stands = next((one for one in enrolment["assessments"] if _is_this(one, draft)), None)
    if stands is not None:
        # Two attempts of one day may have the same scores: each stands for one row.
        enrolment["assessments"].remove(stands)
        assessor = stands.get("assessor")
        if assessor is not None and assessor["number"] != draft.text("assessor"):
            draft.stands_otherwise("assessor")
            return None
        return Planned(draft=draft, same=key, id=id)
    # By its key, not by its content: a row that was changed is no second attempt.
    sent = wish(CompetencyAssess, draft, known, key=key, enrolmentId=id)
    return Planned(draft=draft, same=key, id=id, wishes=(sent,), writes=frozenset({id}))


def _enrolment(draft: Draft, known: Known) -> dict[str, Any] | None:
    """Return the enrolment that a row is about: the last one that had begun on its day."""
    person = known.people[draft.text("healthWorker")]
    wanted = draft.text("programme"), draft.text("area")
    found = sorted(
        (one for one in person["enrolments"] if (one["programme"], one["area"]) == wanted),
        key=lambda one: str(one["since"]),
    )
    begun = [one for one in found if one["since"] <= draft.text("occurredOn")]
    # One that had not begun is refused by the API, in its own words.
    return next(reversed(begun or found), None)


def _is_this(stands: dict[str, Any], draft: Draft) -> bool:
    return (
        stands["competency"] == draft.text("competency")
        and stands["assessedOn"] == draft.text("occurredOn")
        and stands["technique"] == draft.values["technique"]
        and _scores(stands["items"]) == _scores(draft.values["items"])
    )


def _scores(items: list[dict[str, Any]]) -> dict[str, int]:
    return {one["item"]: one["points"] for one in items}


ASSESSMENTS = Kind(
    name="assessments",
    record="attempt",
    sends=(CompetencyAssess,),
    key=("healthWorker", "programme", "area", "competency", "occurredOn", "reference"),
    plan=_plan,
    person=_PERSON,
    required=frozenset({"occurredOn"}),
    also=(REFERENCE,),
)
