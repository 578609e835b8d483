"""What sessions does of itself: whoever must still hear that a mentor has left is put on notice."""

from collections.abc import Iterable

from services.sessions.aggregates.notice import notice_id
from shared.contracts.registry.mentorship import MentorDisengaged
from shared.contracts.sessions.notice import NoticeRaise
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
