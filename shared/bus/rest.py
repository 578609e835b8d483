"""When a reader of the bus may rest: it has what it was told of, or has asked for long enough."""

import time
from collections.abc import Collection, Sequence

from shared.bus.delivery import Delivered, Record
from shared.bus.news import News

REST_S = 1.0
"""Between two looks, where there is no news."""

ASKS_S = 1.0
"""How long what was told is asked for all the time. Beyond that a relay or a broker is away, or it
comes in partitions that others read: then looks are further and further apart."""

_FIRST_PAUSE_S = 0.1
_GLANCE_S = 0.03
"""How long a look waits for a record: a fetch is sent, and answered."""


class Rest:
    """The rest of one reader.

    Args:
        news: what ledgers tell.
        services: those whose topics it reads.
    """

    def __init__(self, news: News, services: Collection[str]) -> None:
        self._news = news
        self._services = tuple(services)
        self._seen: dict[str, int] = {}
        self._stirred = time.monotonic()
        self._pause = _FIRST_PAUSE_S

    def over(self) -> None:
        """Ask all the time for a while: it reads from somewhere else now."""
        self._seen = {}
        self._stirred = time.monotonic()

    def note(self, delivered: Sequence[Record]) -> None:
        """Take in what came."""
        for one in delivered:
            if isinstance(one, Delivered):
                at = one.entry.position
                self._seen[one.service] = max(at, self._seen.get(one.service, 0))
        if delivered:
            self._stirred = time.monotonic()

    async def taken(self, timeout: float) -> float:
        """Rest, if there is nothing to ask for; return how long the next poll is to wait."""
        stirred, has_all = max(self._stirred, self._news.told_at), self._has_all()
        quiet_s = time.monotonic() - stirred
        if quiet_s < (_GLANCE_S if has_all else ASKS_S):
            self._pause = _FIRST_PAUSE_S
            return _GLANCE_S if has_all else timeout
        await self._news.wait(REST_S if has_all else self._pause)
        self._pause = min(2 * self._pause, REST_S)
        return _GLANCE_S if self._news.told_at <= stirred else timeout

    def _has_all(self) -> bool:
        told = self._news.told
        return all(self._seen.get(name, 0) >= told.get(name, 0) for name in self._services)
