"""`enrolments`: who is a mentee in which area of which cohort; the person is known already."""

from typing import Any

from mshauri.api import global_id
from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from shared.contracts.registry.enrolment import MenteeEnrol
from shared.domain import derived_id


def _plan(draft: Draft, known: Known) -> Planned | None:
    number, area, day = map(draft.text, ("healthWorker", "area", "occurredOn"))
    cohort = known.cohorts[draft.text("programme"), draft.text("cohort")]
    same = number, cohort, area
    for stands in known.people[number]["enrolments"]:
        if _is_this(stands, cohort, area) and not _is_over(stands, day):
            _hold(draft, stands)
            return None if draft.errors else Planned(draft=draft, same=same, id=stands["id"])
    person = known.people[number]["id"]
    id = derived_id("import_enrolment", person, cohort, area, day)
    return Planned(
        draft=draft,
        same=same,
        id=global_id("Mentee", id),
        wishes=(wish(MenteeEnrol, draft, known, id=str(id), cohortId=cohort),),
        writes=frozenset({number}),
    )


def _hold(draft: Draft, stands: dict[str, Any]) -> None:
    """Note what a row says otherwise than what stands; empty cells say nothing."""
    ours, theirs = draft.text("supervisor"), stands.get("supervisor")
    # Whom the row names, one may see: a supervisor out of sight is another one.
    if ours and "supervisor" in stands and (theirs is None or theirs["number"] != ours):
        draft.stands_otherwise("supervisor")
    for name in ("needs", "languages"):
        if draft.differs_in_any(name, stands):
            draft.stands_otherwise(name)


def _is_this(stands: dict[str, Any], cohort: str, area: str) -> bool:
    return stands["cohort"] is not None and (stands["cohort"]["id"], stands["area"]) == (
        cohort,
        area,
    )


def _is_over(stands: dict[str, Any], day: str) -> bool:
    """Say whether they left before that day: then the row enrols them anew."""
    return stands["withdrawnOn"] is not None and day > stands["withdrawnOn"]


ENROLMENTS = Kind(
    name="enrolments",
    record="mentee",
    sends=(MenteeEnrol,),
    key=("healthWorker", "programme", "cohort", "area"),
    plan=_plan,
    person="""enrolments {
  id area withdrawnOn needs languages supervisor { number } cohort { id }
}""",
)
