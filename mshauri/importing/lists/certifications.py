"""`certifications`: which mentors were certified in which area when; one row a certification."""

from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.lists.of_mentor import COLUMNS, KEY, the_mentor
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from shared.contracts.registry.mentor import MentorCertify


def _plan(draft: Draft, known: Known) -> Planned | None:
    mentor = the_mentor(draft, known)
    if mentor is None:
        return None
    id, day = mentor["id"], draft.text("occurredOn")
    if mentor["certifiedOn"] is not None:
        if mentor["certifiedOn"] != day:
            draft.stands_otherwise("occurredOn", "mentorCorrectCertification")
            return None
        return Planned(draft=draft, same=id, id=id)
    sent = wish(MentorCertify, draft, known, key=("certification", id, day), mentorId=id)
    return Planned(draft=draft, same=id, id=id, wishes=(sent,), writes=frozenset({id}))


CERTIFICATIONS = Kind(
    name="certifications",
    record="certification",
    sends=(MentorCertify,),
    key=KEY,
    plan=_plan,
    person="mentoring { id programme area certifiedOn }",
    hidden=frozenset({"mentorId"}),
    also=COLUMNS,
    required=frozenset({"occurredOn"}),
)
