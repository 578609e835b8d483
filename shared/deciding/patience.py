"""How long a request waits for facts: one patience for all of it, however many commands it has.

A view is some ten milliseconds behind the bus. What a command rests on and cannot find is waited
for; but a batch of five hundred commands that each wait in vain must not take five hundred times as
long. What has been waited for is gone from what is left for the rest; where commands wait side by
side, it is gone once.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from shared.ledger import Head

PATIENCE_S = 2.0
"""Seconds a request waits, in all, for facts that its commands rest on."""


@dataclass(slots=True)
class Patience:
    """What is left of one request's patience.

    Attributes:
        left_s: seconds, not counting those of who waits now.
        heads: how far other services' ledgers were when this request first missed something.
        asking: held by whoever asks them, for all the others.
    """

    left_s: float
    heads: dict[str, Head] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: int = 0
    _since: float = 0.0

    @contextmanager
    def waiting(self) -> Iterator[float]:
        """Wait within the block, at most as long as it is told."""
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting += 1
        try:
            yield self._left()
        finally:
            self._waiting -= 1
            if not self._waiting:
                self.left_s = self._left()

    def _left(self) -> float:
        return max(self.left_s - (time.monotonic() - self._since), 0.0)


_current: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def one_patience(seconds: float = PATIENCE_S) -> Iterator[Patience]:
    """Let all that is decided within the block share one patience."""
    token = _current.set(made := Patience(seconds))
    try:
        yield made
    finally:
        _current.reset(token)


@contextmanager
def no_patience() -> Iterator[Patience]:
    """Let what is decided within the block wait for nothing, and know what its request knows."""
    token = _current.set(made := replace(patience(), left_s=0.0))
    try:
        yield made
    finally:
        _current.reset(token)


def patience(seconds: float = PATIENCE_S) -> Patience:
    """Return the request's patience; outside of any request, one of its own."""
    return _current.get() or Patience(seconds)
