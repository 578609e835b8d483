"""What the projector looks at now and again, beside its work: it never stops it."""

import asyncio
from collections.abc import Awaitable, Callable

from shared.domain.errors import Unavailable
from shared.domain.pausing import go_on_unless_cancelled
from shared.projection.connection import is_passing

FIRST_S = 60.0
"""Seconds after the start at which it is looked first: what was on its way has come by then."""
PATIENCE_S = 60.0
"""Seconds for the projector to come to where a ledger stands; later than that is missing."""


async def now_and_again(
    look: Callable[[], Awaitable[None]], every_s: float, say: Callable[[str], None]
) -> None:
    """Look until cancelled; what was away is looked at the next time, and said meanwhile."""
    await asyncio.sleep(min(FIRST_S, every_s))
    while True:
        try:
            await look()
        except Exception as error:
            go_on_unless_cancelled()
            if not (is_passing(error) or isinstance(error, Unavailable)):
                raise
            say(f"could not be looked at: {type(error).__name__}")
        await asyncio.sleep(every_s)
