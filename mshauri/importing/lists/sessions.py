"""`sessions`: who met when, how and for how long; one row a session, with everybody present.

A session is known by its mentorship and its day; where there were two on one day, by `reference`.
"""

from typing import Any
from uuid import UUID

from mshauri.api import global_id, local_id
from mshauri.importing.columns import GUESTS, REFERENCE
from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.lists.of_mentorship import candidates, check, the_mentorship
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from shared.contracts.sessions.session import SessionLog
from shared.domain import derived_id

_COMPARED = ("mode", "minutes", "steps", "consentRecorded", "initiative")


def _session_id(draft: Draft, mentorship: str) -> UUID:
    day, reference = draft.text("occurredOn"), draft.text("reference")
    return derived_id("import_session", local_id(mentorship), day, reference)


def _standing(draft: Draft, known: Known) -> str | None:
    found = candidates(draft, known)
    return global_id("Session", _session_id(draft, found[0])) if len(found) == 1 else None


def _plan(draft: Draft, known: Known) -> Planned | None:
    mentorship = the_mentorship(draft, known)
    if mentorship is None:
        return None
    session_id = _session_id(draft, mentorship)
    id = global_id("Session", session_id)
    stands = known.standing.get(id)
    if stands is not None:
        for name in _differing(draft, stands):
            draft.stands_otherwise(name, "sessionCorrect")
        return None if draft.errors else Planned(draft=draft, same=id, id=id)
    given: dict[str, Any] = {"id": str(session_id), "mentorshipId": mentorship}
    if draft.values.get("guests"):
        given["guests"] = [{"role": role} for role in draft.values["guests"]]
    sent = wish(SessionLog, draft, known, **given)
    # A session is booked on the CPD account of everybody who was there.
    writes = frozenset({mentorship, *draft.values["present"]})
    return Planned(draft=draft, same=id, id=id, wishes=(sent,), writes=writes)


def _differing(draft: Draft, stands: dict[str, Any]) -> list[str]:
    """Return the columns in which a row differs from what stands; empty cells say nothing."""
    people = [one for one in stands["attendance"] if one["present"]]
    differs = [
        name
        for name in _COMPARED
        if name in draft.values and name in stands and draft.values[name] != stands[name]
    ]
    place = stands.get("orgUnit")
    if draft.text("orgUnit") and place is not None and place["code"] != draft.text("orgUnit"):
        differs.append("orgUnit")
    came = sorted(one["role"] for one in stands.get("guests", ()))
    if draft.values.get("guests") and sorted(draft.values["guests"]) != came:
        differs.append("guests")
    # Whom one may not see, one cannot compare.
    if not all(one["healthWorker"] for one in people):
        return differs
    there = {one["healthWorker"]["number"]: one.get("minutes") for one in people}
    if set(draft.values["present"]) != set(there):
        differs.append("present")
    elif draft.values.get("partly") and _partly(draft) != _partly_there(there, stands, draft):
        differs.append("partly")
    return differs


def _partly(draft: Draft) -> dict[str, int]:
    return {one["healthWorkerId"]: one["minutes"] for one in draft.values["partly"]}


def _partly_there(there: dict[str, Any], stands: dict[str, Any], draft: Draft) -> dict[str, Any]:
    """Return who was there for a part, with their minutes; and those the row names, always."""
    named = _partly(draft)
    return {
        number: minutes
        for number, minutes in there.items()
        if number in named or minutes != stands["minutes"]
    }


SESSIONS = Kind(
    name="sessions",
    record="session",
    sends=(SessionLog,),
    key=("programme", "cohort", "mentee", "mentor", "mentorship", "occurredOn", "reference"),
    plan=_plan,
    required=frozenset({"occurredOn"}),
    also=(REFERENCE, GUESTS),
    check=check,
    standing=_standing,
    shown="""session(id: $%s) {
  id status heldOn mode minutes steps consentRecorded initiative orgUnit { code }
  attendance { present minutes healthWorker { number } }
}""",
    compared={"guests": "guests { role }"},
)
