"""What sessions does of itself: a notice is raised for whoever must still hear that a mentor has
left, or that a mentee withdrew.
"""

from collections.abc import Iterable

from services.sessions.aggregates.notice import notice_id, notice_of_mentee_id
from shared.contracts.registry.mentorship import MenteeLeft, MentorDisengaged
from shared.contracts.sessions.notice import NoticeRaise, NoticeRaiseOfMentee
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

NOTICES = Policy("notices")


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
