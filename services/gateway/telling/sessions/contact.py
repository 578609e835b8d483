"""What is told of contacts between sessions."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.contact import (
    ContactMade,
    ContactVoided,
)

tells(
    ContactMade,
    Words(
        "{health_worker_id} and {mentor} were in contact on {made_on}: {mode}, {minutes} minutes."
    ),
    Words("{health_worker_id} and {mentor} were in contact on {made_on}: {mode}."),
)
tells(ContactVoided, Words("A contact was voided on {voided_on}."))
