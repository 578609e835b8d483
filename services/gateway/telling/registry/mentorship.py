"""What is told of mentorships."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.mentorship import (
    AgreementSigned,
    MenteeJoined,
    MenteeLeft,
    MenteePhaseChanged,
    MentorDisengaged,
    MentorReassigned,
    MentorshipAccepted,
    MentorshipAgreed,
    MentorshipConcluded,
    MentorshipDeclined,
    MentorshipLeavingVoided,
    MentorshipMoved,
    MentorshipMovedToVersion,
    MentorshipPaused,
    MentorshipPhaseChanged,
    MentorshipProposed,
    MentorshipReopened,
    MentorshipResumed,
    MentorshipWaived,
    SignatureCorrected,
    SignatureVoided,
)

tells(
    MentorshipProposed,
    Words("A mentorship was proposed at {org_unit_id}: {mentors} for {mentees}."),
)
tells(MentorshipAccepted, Words("The mentorship was accepted."))
tells(MentorshipDeclined, Words("The mentorship was declined."))
tells(
    AgreementSigned,
    Words(
        "{health_worker_id} signed the letter of the mentorship on {signed_on}, as "
        "{side}; signatures awaited: {awaited}."
    ),
)
tells(
    SignatureCorrected,
    Words(
        "The signature of {health_worker_id} was corrected: it is of {signed_on}, not of "
        "{instead_of}."
    ),
)
tells(
    SignatureVoided,
    Words(
        "The signature of {health_worker_id} was voided on {voided_on}; signatures "
        "awaited: {awaited}."
    ),
)
tells(MentorshipAgreed, Words("The mentorship is agreed since {agreed_on}: everybody has signed."))
tells(
    MentorshipPhaseChanged,
    Words("The mentorship came from the phase {from_phase} to {phase}, on {since}."),
)
tells(
    MenteePhaseChanged,
    Words("{health_worker_id} came from the phase {from_phase} to {phase}, on {since}."),
)
tells(MentorshipMoved, Words("The mentorship is at {org_unit_id}, since {since}."))
tells(
    MentorshipMovedToVersion,
    Words(
        "The mentorship is under the rules of {programme_version_id} instead of "
        "{from_programme_version_id}, since {since}."
    ),
)
tells(
    MenteeJoined,
    Words("{mentee} joined the mentorship, since {since}; signatures awaited: {awaited}."),
)
tells(
    MenteeLeft,
    Words("{health_worker_id} left the mentorship on {left_on}; mentees left: {mentees}."),
)
tells(MentorshipPaused, Words("The mentorship pauses since {since}: {cause}."))
tells(MentorshipResumed, Words("The mentorship that paused on {paused} goes on, since {since}."))
tells(MentorshipWaived, Words("A rule was waived for the mentorship on {waived_on}: {rule}."))
tells(MentorDisengaged, Words("{health_worker_id} left the mentorship as mentor, on {left_on}."))
tells(
    MentorshipLeavingVoided,
    Words("{health_worker_id} had not left the mentorship on {left_on} after all."),
)
tells(
    MentorReassigned,
    Words(
        "{mentor} mentors instead of {replaces_id}, since {since}; signatures awaited: {awaited}."
    ),
    Words("{mentor} mentors here too, since {since}."),
)
tells(MentorshipConcluded, Words("The mentorship was concluded on {concluded_on}."))
tells(MentorshipReopened, Words("The mentorship goes on after all, since {since}."))
