"""What sessions does of itself: a notice is raised for whoever must still hear that a mentor has
left, or that a mentee withdrew.

Sessions are weighed again once something of their days becomes known late, and what was suspected
of being another session, or shares its day, once that one has changed.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.sessions.aggregates.notice import notice_id, notice_of_mentee_id
from shared.contracts.base import Event
from shared.contracts.registry.cohort import CohortPaused, CohortResumed
from shared.contracts.registry.enrolment import MenteeTransferred
from shared.contracts.registry.erasure import HealthWorkerErased
from shared.contracts.registry.mentor import (
    MentorCertificationCorrected,
    MentorCertificationVoided,
    MentorCertified,
    MentorReinstated,
    MentorSuspended,
    MentorSuspensionVoided,
)
from shared.contracts.registry.mentorship import (
    AgreementSigned,
    MenteeJoined,
    MenteeLeft,
    MenteePhaseChanged,
    MentorDisengaged,
    MentorReassigned,
    MentorshipLeavingVoided,
    MentorshipMoved,
    MentorshipPaused,
    MentorshipPhaseChanged,
    MentorshipResumed,
    MentorshipWaived,
    SignatureCorrected,
    SignatureVoided,
)
from shared.contracts.registry.second_posting import (
    SecondPostingBegun,
    SecondPostingEnded,
    SecondPostingsTold,
)
from shared.contracts.sessions.keys import SessionsDestroyKeys
from shared.contracts.sessions.notice import NoticeRaise, NoticeRaiseOfMentee
from shared.contracts.sessions.plan import PlanAgreed, PlanAmended, PlanSent
from shared.contracts.sessions.session import (
    SessionCorrected,
    SessionReinstated,
    SessionsWeigh,
    SessionTwinsWeigh,
    SessionVoided,
)
from shared.domain import derived_id
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

NOTICES = Policy("notices")
FORGETTING = Policy("forgetting")
TWINS = Policy("twins")
WEIGHING = Policy("weighing")
EVER = date(1900, 1, 1)


@NOTICES.on(MentorDisengaged)
def told(body: MentorDisengaged, happening: Happening) -> Iterable[Reaction]:
    """Raise one notice for each role that was not told yet."""
    mentorship_id = happening.stream
    for role in body.due:
        yield Reaction(
            NoticeRaise,
            about=notice_id(mentorship_id, body.mentor_id, role),
            mentorship_id=mentorship_id,
            mentor_id=body.mentor_id,
            role=role,
            due=body.due_on or body.left_on,
        )


@NOTICES.on(MenteeLeft)
def told_of_mentee(body: MenteeLeft, happening: Happening) -> Iterable[Reaction]:
    """Raise one notice for each role that is to hear of a mentee who withdrew."""
    mentorship_id = happening.stream
    on = happening.meta.occurred_on
    for role in body.due:
        yield Reaction(
            NoticeRaiseOfMentee,
            about=notice_of_mentee_id(mentorship_id, body.enrolment_id, role, on),
            mentorship_id=mentorship_id,
            enrolment_id=body.enrolment_id,
            role=role,
            due=body.due_on or body.left_on,
        )


@TWINS.on(SessionCorrected, SessionVoided, SessionReinstated)
def another_by_now(body: Event, happening: Happening) -> Iterable[Reaction]:
    """Look again at what is suspected of being this one, and at the rest of its day, but where it
    was only judged itself: then they were looked at with it.
    """
    if not (isinstance(body, SessionCorrected) and body.facts_version):
        yield Reaction(
            SessionTwinsWeigh,
            about=derived_id("twins", happening.stream),
            session_id=happening.stream,
        )


@WEIGHING.on(
    AgreementSigned,
    SignatureCorrected,
    SignatureVoided,
    MentorshipWaived,
    MentorshipMoved,
    MentorshipPhaseChanged,
    MenteePhaseChanged,
    MentorshipPaused,
    MentorshipResumed,
    MenteeJoined,
    MenteeLeft,
    MentorDisengaged,
    MentorReassigned,
    MentorshipLeavingVoided,
)
def came_late_of_a_mentorship(body: Any, at: Happening) -> Iterable[Reaction]:
    """Weigh again what it has held since; a letter tells of what was held before it, too, and who
    waives what a mentorship departs by, of all that it has held.
    """
    if isinstance(body, AgreementSigned | SignatureCorrected | SignatureVoided | MentorshipWaived):
        since = EVER
    elif isinstance(body, MenteeLeft | MentorDisengaged | MentorshipLeavingVoided):
        since = body.left_on
    else:
        since = body.since
    yield from _late(since, at, mentorship_id=at.stream)


@WEIGHING.on(CohortPaused, CohortResumed)
def came_late_of_a_cohort(body: Any, at: Happening) -> Iterable[Reaction]:
    """Weigh again what the cohort's mentorships have held since."""
    yield from _late(body.since, at, cohort_id=at.stream)


@WEIGHING.on(
    MentorSuspended,
    MentorReinstated,
    MentorSuspensionVoided,
    MenteeTransferred,
    SecondPostingBegun,
    SecondPostingEnded,
)
def came_late_of_somebody(body: Any, at: Happening) -> Iterable[Reaction]:
    """Weigh again where they were since."""
    since = body.until if isinstance(body, SecondPostingEnded) else body.since
    yield from _late(since, at, health_worker_id=body.health_worker_id)


@WEIGHING.on(SecondPostingsTold)
def posted_besides_after_all(body: SecondPostingsTold, at: Happening) -> Iterable[Reaction]:
    """Weigh again where they were since the first of what is said otherwise."""
    since = min((one.since for one in (*body.postings, *body.removed)), default=EVER)
    yield from _late(since, at, health_worker_id=body.health_worker_id)


@WEIGHING.on(MentorCertified, MentorCertificationCorrected, MentorCertificationVoided)
def certified_late(body: Any, at: Happening) -> Iterable[Reaction]:
    """Weigh again where they mentored before they might."""
    yield from _late(EVER, at, health_worker_id=body.health_worker_id)


@WEIGHING.on(PlanAgreed, PlanAmended, PlanSent)
def planned_late(body: Any, at: Happening) -> Iterable[Reaction]:
    """Weigh again what was held by a plan that is told of only now."""
    yield from _late(at.meta.occurred_on, at, mentorship_id=body.mentorship_id)


def _late(since: date, at: Happening, **about: UUID) -> Iterable[Reaction]:
    # About the event alone: a later one, of a later day, does not take its place.
    yield Reaction(SessionsWeigh, about=derived_id("weighing", at.id), since=since, **about)


@FORGETTING.on(HealthWorkerErased)
def destroy(body: HealthWorkerErased, _at: Happening) -> Iterable[Reaction]:
    """Have the keys of who is erased destroyed here."""
    person = body.health_worker_id
    yield Reaction(SessionsDestroyKeys, about=person, health_worker_id=person)
