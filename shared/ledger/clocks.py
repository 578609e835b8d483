"""Whether the clocks that an entry's `recorded` rests on can be trusted. No I/O.

The database says when something is recorded. Its clock is held against this process's, and this
process's against the time that has passed since it began, which no setting of a clock changes. So
a clock that jumps is met where it jumps, before anything bears its time for good.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from shared.domain.errors import Unavailable

AT_MOST_APART = timedelta(seconds=30)
"""More than a slow commit explains, less than anybody takes for the same moment."""

TURNED_BACK = timedelta(minutes=1)
"""A ledger whose last entry is further in the future than this goes by the clock again; nearer,
what is recorded takes the last entry's time, so that time does not run backwards."""


def _elapsed() -> float:
    # Where the system has it, it goes on while a machine sleeps, as the clock on the wall does.
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class ClocksApart(Unavailable):
    """A clock is wrong, and what is recorded now would bear a wrong time for good."""

    code = "CLOCKS_APART"
    template = (
        "The clocks of the database and of the service, or this one's now and before, differ by "
        "{seconds} s."
    )
    remedy_template = (
        "Set the clocks right, and start the service again if its own was wrong before; "
        "commands may be sent again then."
    )


class Clocks:
    """Holds the database's clock against this process's, and that against the time passed."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        elapsed: Callable[[], float] = _elapsed,
    ) -> None:
        """Begin now, with a clock that is taken to be right.

        Args:
            wall: seconds since 1970, as the machine has it.
            elapsed: seconds since any moment that stays the same.
        """
        self._wall = wall
        self._elapsed = elapsed
        self._began = wall() - elapsed()

    def wrong(self, database: datetime) -> ClocksApart | None:
        """Say what is wrong with a time that the database has just told, or nothing."""
        right = self._began + self._elapsed()
        told = max((database.timestamp(), self._wall()), key=lambda one: abs(one - right))
        apart = told - right
        if abs(apart) <= AT_MOST_APART.total_seconds():
            return None
        return ClocksApart(seconds=f"{abs(apart):,.0f}")


def recorded_at(clock: datetime, last: datetime) -> datetime:
    """Return when something is recorded, by the clock and by when the last entry was."""
    return clock if last - clock > TURNED_BACK else max(clock, last)
