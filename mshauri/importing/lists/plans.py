"""`plans`: what a mentorship, a visit or a person's development is to bring; one row a plan."""

from typing import Any
from uuid import UUID

from mshauri.api import global_id, local_id
from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.lists.of_mentorship import candidates, check, the_mentorship
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from shared.contracts.sessions.plan import PlanAgree
from shared.domain import derived_id


def _plan_id(draft: Draft, mentorship: str) -> UUID:
    parts = map(draft.text, ("planKind", "healthWorker", "starts"))
    return derived_id("import_plan", local_id(mentorship), *parts)


def _standing(draft: Draft, known: Known) -> str | None:
    found = candidates(draft, known)
    return global_id("Plan", _plan_id(draft, found[0])) if len(found) == 1 else None


def _plan(draft: Draft, known: Known) -> Planned | None:
    mentorship = the_mentorship(draft, known)
    if mentorship is None:
        return None
    plan_id = _plan_id(draft, mentorship)
    id = global_id("Plan", plan_id)
    stands = known.standing.get(id)
    if stands is not None:
        _hold(draft, stands)
        return None if draft.errors else Planned(draft=draft, same=id, id=id)
    sent = wish(
        PlanAgree,
        draft,
        known,
        key=("plan", str(plan_id)),
        id=str(plan_id),
        mentorshipId=mentorship,
    )
    return Planned(draft=draft, same=id, id=id, wishes=(sent,), writes=frozenset({mentorship}))


def _hold(draft: Draft, stands: dict[str, Any]) -> None:
    """Note what a row says otherwise than what stands; what one may not read is not compared."""
    if stands["ends"] != draft.text("ends"):
        draft.stands_otherwise("ends", "planAmend")
    if stands["objectives"] is not None and stands["objectives"] != draft.values["objectives"]:
        draft.stands_otherwise("objectives", "planAmend")


PLANS = Kind(
    name="plans",
    record="plan",
    sends=(PlanAgree,),
    key=("programme", "cohort", "mentee", "mentor", "mentorship", "planKind", "starts"),
    plan=_plan,
    required=frozenset({"occurredOn"}),
    check=check,
    standing=_standing,
    shown="plan(id: $%s) { id ends objectives }",
)
