"""`orientations`: which mentors were oriented when, with their marks; one row an orientation."""

from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.lists.of_mentor import COLUMNS, KEY, the_mentor
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from shared.contracts.registry.mentor import MentorOrient


def _plan(draft: Draft, known: Known) -> Planned | None:
    mentor = the_mentor(draft, known)
    if mentor is None:
        return None
    id, day = mentor["id"], draft.text("occurredOn")
    if mentor["orientedOn"] == day:
        for name in ("theory", "practical"):
            if name in draft.values and draft.values[name] != mentor[name]:
                draft.stands_otherwise(name)
        return None if draft.errors else Planned(draft=draft, same=(id, day), id=id)
    sent = wish(MentorOrient, draft, known, key=("orientation", id, day), mentorId=id)
    return Planned(draft=draft, same=(id, day), id=id, wishes=(sent,), writes=frozenset({id}))


ORIENTATIONS = Kind(
    name="orientations",
    record="orientation",
    sends=(MentorOrient,),
    key=KEY,
    plan=_plan,
    person="mentoring { id programme area orientedOn theory practical }",
    hidden=frozenset({"mentorId"}),
    also=COLUMNS,
    required=frozenset({"occurredOn"}),
)
