"""What is told of second postings."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.second_posting import (
    SecondPostingBegun,
    SecondPostingEnded,
    SecondPostingsTold,
)

tells(SecondPostingBegun, Words("{health_worker_id} works at {org_unit_id} too, since {since}."))
tells(
    SecondPostingEnded,
    Words("{health_worker_id} works at {org_unit_id} too no more, since {until}."),
)
tells(SecondPostingsTold, Words("Where {health_worker_id} worked besides was told anew."))
