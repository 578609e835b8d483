"""Whose the event loop is: in each of its rounds, one busy subject's at most.

Whatever is ready in one round runs before anything is read from any socket. So six busy subjects,
each with no more than its turn, keep a quiet client waiting for six turns, in each of the dozen
rounds that a request takes. Here the busy ones have their turns one after the other, and between
two turns the loop goes round a few times for everybody else; who does little never waits.
"""

import asyncio
from collections import OrderedDict, deque
from typing import Any

TURN_S = 0.003
"""Seconds of the loop that a subject has at a stretch: about what a page of 100 rows takes."""

LITTLE_S = 0.02
"""Seconds of the loop that a subject may have had lately without being busy: some requests."""

LITTLE_A_SECOND = 0.05
"""How much of that is forgotten in a second: twenty may do so much, and none of them is busy."""

LATELY_S = 0.1
"""The most that is remembered: two seconds after its last request nobody is busy any more."""

BETWEEN = 8
"""Rounds between two turns: with nothing to do in them, some hundredths of a turn."""

TOGETHER = 200
"""Tasks woken at a time: what asks together is read by one statement; more would only go back to
waiting."""


class Pace:
    """What one subject had of the loop."""

    __slots__ = ("_at", "_ends", "_had", "_lately", "total")

    def __init__(self) -> None:
        self.total = 0.0
        self._lately = self._at = self._had = 0.0
        self._ends = False

    def had(self, seconds: float) -> None:
        """Count what it had now; the next round of the loop begins another turn."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        left = max(self._lately - (now - self._at) * LITTLE_A_SECOND, 0.0)
        self._lately, self._at = min(left + seconds, LATELY_S), now
        self.total += seconds
        self._had += seconds
        if self._had >= TURN_S and not self._ends:
            self._ends = True
            loop.call_soon(self._begin)

    @property
    def is_busy(self) -> bool:
        """Whether it has to wait for its turn among the busy ones."""
        return self._had >= TURN_S or self._lately > LITTLE_S

    def _begin(self) -> None:
        self._had, self._ends = 0.0, False


class Turns:
    """The busy subjects' turns, one after the other."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[Pace, deque[asyncio.Future[None]]] = OrderedDict()
        self._holder: Pace | None = None
        self._began = 0.0
        self._comes = False
        self._rounds = 0

    def is_free_for(self, pace: Pace) -> bool:
        """Say whether a subject's task may take a step now; if not, it is to `wait`."""
        if not pace.is_busy:
            return True
        if self._holder is None and not self._waiting:
            self._have(pace)
            self._next_round()
        return self._holder is pace and not self._is_over()

    def wait(self, pace: Pace) -> Any:
        """Return what a task yields that waits for its subject's turn."""
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(pace, deque()).append(mine)
        self._next_round()
        mine._asyncio_future_blocking = True  # as `await` marks it for the task
        return mine

    def _have(self, pace: Pace | None) -> None:
        self._holder = pace
        self._rounds = 0
        self._began = pace.total if pace is not None else 0.0

    def _is_over(self) -> bool:
        return self._holder is None or self._holder.total - self._began >= TURN_S

    def _next_round(self) -> None:
        if not self._comes:
            self._comes = True
            asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        """Wake those whose turn it is; all of them step before this comes again."""
        self._comes = False
        self._rounds += 1
        if self._is_over() or self._holder not in self._waiting:
            # What one asks for together, and nobody else waits, is better asked for in a row.
            alone = list(self._waiting) == [self._holder]
            if self._rounds < BETWEEN and not alone:
                self._next_round()
                return
            self._have(next(iter(self._waiting), None))
        holder = self._holder
        if holder is None:
            return
        waiting = self._waiting[holder]
        self._waiting.move_to_end(holder)
        woken = 0
        while waiting and woken < TOGETHER:
            one = waiting.popleft()
            if not one.done():  # its task was cancelled
                one.set_result(None)
                woken += 1
        if not waiting:
            del self._waiting[holder]
        self._next_round()
