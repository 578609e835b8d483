"""What is told of notices to be given."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.notice import (
    NoticeGiven,
    NoticeRaised,
)

tells(NoticeRaised, Words("A notice is to be given to {role} by {due}."))
tells(
    NoticeGiven,
    Words("The notice was given on {given_on}, late.", when={"late": True}),
    Words("The notice was given on {given_on}."),
)
