"""Who is here now, how much each of them does at once, and what it takes.

A `Visit` is one request, or one socket: what its operations take of the database and of the event
loop is counted on it, and debited from its subject's bucket afterwards. A subject's visits share
one turn (`turns`): no operation, and no thousand operations of one token, keep the rest of the
world waiting.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from services.gateway.turns import Pace, Turns
from shared.domain.errors import MshauriError

_GONE = 1_000
"""Subjects remembered who are not here just now."""

POINTS_PER_MS = 50
"""What a millisecond of the database or of the loop costs, against a row read.

Twenty rows are read, made into objects and written out in a millisecond, and that is what a row
costs. It is dearer by more than half on purpose: 20,000 points come back a second, so that one
token has 0.4 of a second in each of them, and what is left is everybody else's.
"""


class TooManyAtOnce(MshauriError):
    """One subject has more operations under way than anybody may."""

    code = "TOO_MANY_AT_ONCE"
    status = 429
    template = "{most} operations of yours are under way; that is the most there may be at once."
    remedy_template = "Wait for their answers; send what is many together, in `commandBatch`."


class TooManySockets(MshauriError):
    """One subject has more sockets open than anybody may."""

    code = "TOO_MANY_SOCKETS"
    status = 429
    template = "{most} sockets of yours are open; that is the most there may be at once."
    remedy_template = "Close one; many subscriptions may share a socket."


class TooManySubscriptions(MshauriError):
    """One socket carries more operations than any may."""

    code = "TOO_MANY_SUBSCRIPTIONS"
    status = 429
    template = "{most} operations are under way on this socket; that is the most it carries."
    remedy_template = "Complete one, or open another socket."


class Crowded(MshauriError):
    """All clients together do more than this process serves at a time."""

    code = "CROWDED"
    status = 503
    template = "This process serves {most} at a time, and they are all here."
    remedy_template = "Ask again in a moment."


@dataclass(slots=True, eq=False)
class Present:
    """One subject, for as long as a visit of theirs lasts.

    Attributes:
        operations: requests under way.
        sockets: sockets open.
        gates: by pool, how many more statements of theirs may run there at once.
        pace: what they had of the loop, and the `turns` they share it by.
    """

    subject: str
    turns: Turns
    operations: int = 0
    sockets: int = 0
    gates: dict[int, asyncio.Semaphore] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)


@dataclass(slots=True, eq=False)
class Visit:
    """What one request or socket took since it was last settled.

    Attributes:
        database_s: seconds that statements ran.
        loop_s: seconds of the event loop.
        rows: that statements returned.
        charged: points taken beforehand.
        over: whether it has ended. A connection that is kept may bring its context to a later
            request, which is somebody else's.
    """

    present: Present
    database_s: float = 0.0
    loop_s: float = 0.0
    rows: int = 0
    charged: int = 0
    over: bool = False

    @property
    def milliseconds(self) -> float:
        """What it took of database and loop together."""
        return (self.database_s + self.loop_s) * 1000

    def had(self, seconds: float) -> None:
        """Count seconds of the loop."""
        self.loop_s += seconds
        self.present.pace.had(seconds)

    def settle(self) -> int:
        """Return the points that it turned out to cost beyond what was charged, and begin anew."""
        due = max(self.rows, int(self.milliseconds * POINTS_PER_MS)) - self.charged
        self.database_s = self.loop_s = 0.0
        self.rows = self.charged = 0
        return max(due, 0)


_visit: ContextVar[Visit | None] = ContextVar("visit", default=None)


def visit_here() -> Visit | None:
    """Return the visit that the running task belongs to; None where it is nobody's."""
    visit = _visit.get()
    return None if visit is None or visit.over else visit


class Crowd:
    """The bounds on what is done at once: by one subject, and by all together."""

    def __init__(
        self,
        *,
        operations: int = 100,
        all_operations: int = 1_000,
        sockets: int = 20,
        all_sockets: int = 1_000,
        subscriptions: int = 20,
    ) -> None:
        """Say how many there may be.

        Args:
            operations: of one subject: what an importer has under way, and room to spare.
            all_operations: a request may hold two megabytes.
            sockets: of one subject: a person has some pages open, a system one connection.
            all_sockets: a socket holds some hundred kilobytes.
            subscriptions: operations on one socket.
        """
        self.subscriptions = subscriptions
        self._operations = operations
        self._all_operations = all_operations
        self._sockets = sockets
        self._all_sockets = all_sockets
        self._present: dict[str, Present] = {}
        self._gone: OrderedDict[str, Present] = OrderedDict()
        self._turns = Turns()
        self._open_sockets = 0
        self._under_way = 0

    @contextmanager
    def operation(self, subject: str) -> Iterator[Visit]:
        """Have a subject's request under way for the length of the block.

        Raises:
            TooManyAtOnce: so many of theirs are.
            Crowded: so many of everybody's are.
        """
        if self._under_way >= self._all_operations:
            raise Crowded(most=self._all_operations)
        present = self._known(subject)
        if present.operations >= self._operations:
            raise TooManyAtOnce(most=self._operations)
        present.operations += 1
        self._under_way += 1
        visit = Visit(present)
        token = _visit.set(visit)
        try:
            yield visit
        finally:
            _visit.reset(token)
            visit.over = True
            self._under_way -= 1
            present.operations -= 1
            self._forget(present)

    @contextmanager
    def door(self) -> Iterator[None]:
        """Have a socket open for the length of the block, whoever it will turn out to be.

        Raises:
            Crowded: so many are open.
        """
        if self._open_sockets >= self._all_sockets:
            raise Crowded(most=self._all_sockets)
        self._open_sockets += 1
        try:
            yield
        finally:
            self._open_sockets -= 1

    def sit_down(self, subject: str) -> Visit:
        """Have a socket be a subject's, until `leave`; what its tasks do is counted on the visit.

        Raises:
            TooManySockets: so many of theirs are open.
        """
        present = self._known(subject)
        if present.sockets >= self._sockets:
            raise TooManySockets(most=self._sockets)
        present.sockets += 1
        visit = Visit(present)
        _visit.set(visit)
        return visit

    def leave(self, visit: Visit) -> None:
        """Take a socket's subject back."""
        visit.over = True
        visit.present.sockets -= 1
        self._forget(visit.present)

    def _known(self, subject: str) -> Present:
        present = self._present.get(subject)
        if present is None:
            present = self._gone.pop(subject, None) or Present(subject, self._turns)
            self._present[subject] = present
        return present

    def _forget(self, present: Present) -> None:
        if not present.operations and not present.sockets:
            self._present.pop(present.subject, None)
            # Who asks again in a moment is as busy as before.
            self._gone[present.subject] = present
            if len(self._gone) > _GONE:
                self._gone.popitem(last=False)


def clock() -> float:
    """Return seconds of this thread's own: what others have of the processor is not counted."""
    return time.thread_time()
