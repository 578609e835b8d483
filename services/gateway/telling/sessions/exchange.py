"""What is told of offers and wishes between the two."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.exchange import (
    ExchangePosted,
    ExchangeReinstated,
    ExchangeTakenUp,
    ExchangeWithdrawn,
)

tells(
    ExchangePosted,
    Words(
        "{health_worker_id} posted in the exchange of the mentorship on {posted_on}: "
        "{exchange_kind}."
    ),
)
tells(
    ExchangeTakenUp,
    Words("{health_worker_id} took up what was posted in the exchange, on {taken_up_on}."),
)
tells(
    ExchangeWithdrawn,
    Words("What {health_worker_id} posted in the exchange was withdrawn on {voided_on}."),
)
tells(
    ExchangeReinstated,
    Words(
        "What {health_worker_id} had posted in the exchange stands again, since {reinstated_on}."
    ),
)
