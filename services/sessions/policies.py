"""What sessions does of itself: a notice is raised for whoever must still hear that a mentor has
left, or that a mentee withdrew, and what was suspected of being another session is looked at again
when that one has changed.
"""

from collections.abc import Iterable

from services.sessions.aggregates.notice import notice_id, notice_of_mentee_id
from shared.contracts.registry.mentorship import MenteeLeft, MentorDisengaged
from shared.contracts.sessions.notice import NoticeRaise, NoticeRaiseOfMentee
from shared.contracts.sessions.session import (
    SessionCorrected,
    SessionReinstated,
    SessionVoided,
    SessionWeigh,
)
from shared.domain import derived_id
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

NOTICES = Policy("notices")
TWINS = Policy("twins")


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
def another_by_now(
    body: SessionCorrected | SessionVoided | SessionReinstated, happening: Happening
) -> Iterable[Reaction]:
    """Look again at what is suspected of being this one, but where it was only judged itself."""
    if not (isinstance(body, SessionCorrected) and body.facts_version):
        yield Reaction(
            SessionWeigh,
            about=derived_id("twins", happening.stream),
            session_id=happening.stream,
        )
