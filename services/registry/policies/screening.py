"""A screening goes on by itself: each step calls for the next, and for a look at every pair that it
came upon. Whoever is killed in between finds both due when they are back.
"""

from collections.abc import Iterable

from shared.contracts.registry.health_worker import HealthWorkerSuspectDuplicate
from shared.contracts.registry.screening import (
    ScreeningAdvanced,
    ScreeningBegun,
    ScreeningGoOn,
)
from shared.domain import derived_id
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

SCREENING = Policy("screening")


@SCREENING.on(ScreeningBegun)
def begun(_body: ScreeningBegun, at: Happening) -> Iterable[Reaction]:
    """Have the first blocks screened."""
    yield Reaction(ScreeningGoOn, about=at.stream, screening_id=at.stream)


@SCREENING.on(ScreeningAdvanced)
def advanced(body: ScreeningAdvanced, at: Happening) -> Iterable[Reaction]:
    """Have each pair looked at, and the next blocks screened."""
    for pair in body.pairs:
        yield Reaction(
            HealthWorkerSuspectDuplicate,
            about=derived_id("pair", pair.health_worker_id, pair.other_id),
            health_worker_id=pair.health_worker_id,
            other_id=pair.other_id,
        )
    yield Reaction(ScreeningGoOn, about=at.stream, screening_id=at.stream)
