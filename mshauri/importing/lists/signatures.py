"""`signatures`: who signed the acceptance letter of a mentorship when; one row a signature."""

from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.lists.of_mentorship import as_known, check, the_mentorship
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from shared.contracts.registry.mentorship import MentorshipSign


def _plan(draft: Draft, known: Known) -> Planned | None:
    id = the_mentorship(draft, known)
    if id is None:
        return None
    number, day = draft.text("healthWorker"), draft.text("occurredOn")
    same = id, number
    stands = as_known(draft, known, id)
    signed = stands.signed.get(number) if stands else None
    if signed is not None:
        if signed != day:
            draft.stands_otherwise("occurredOn", "mentorshipCorrectSignature")
            return None
        return Planned(draft=draft, same=same, id=id)
    sent = wish(MentorshipSign, draft, known, key=("signature", id, number, day), mentorshipId=id)
    return Planned(draft=draft, same=same, id=id, wishes=(sent,), writes=frozenset({id}))


SIGNATURES = Kind(
    name="signatures",
    record="signature",
    sends=(MentorshipSign,),
    key=("programme", "cohort", "mentee", "mentor", "mentorship", "healthWorker"),
    plan=_plan,
    required=frozenset({"occurredOn"}),
    check=check,
)
