"""Coroutines that give the loop back in time, and know what they had of it.

An operation becomes hundreds of tasks: one a row, one a relation. All that are ready run in one
round of the loop, and nothing is read from any socket before the round is over. So each step of a
visit's tasks is timed, and once their subject has had its turn, the rest wait for the next one.
"""

import asyncio
from collections.abc import Coroutine, Generator, Iterator
from contextlib import contextmanager
from typing import Any

from services.gateway.crowd import Visit, clock, visit_here


class Paced(Coroutine[Any, Any, Any]):
    """A coroutine whose steps are counted on a visit, and wait for its turn."""

    __slots__ = ("_inner", "_visit")

    def __init__(self, inner: Coroutine[Any, Any, Any], visit: Visit) -> None:
        """Pace `inner`, from its first step."""
        self._inner = inner
        self._visit = visit

    def send(self, value: Any) -> Any:
        """Take a step, or, when it is another's turn, none yet: asyncio comes again in ours."""
        if self._visit.over:
            return self._inner.send(value)
        present = self._visit.present
        if not present.turns.is_free_for(present.pace):
            return present.turns.wait(present.pace)
        began = clock()
        try:
            return self._inner.send(value)
        finally:
            self._visit.had(clock() - began)

    def throw(self, *raised: Any) -> Any:
        """Take a step with an exception: it ends something, and waits for nothing."""
        began = clock()
        try:
            return self._inner.throw(*raised)
        finally:
            self._visit.had(clock() - began)

    def close(self) -> None:
        """End it where it stands."""
        self._inner.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self

    def __iter__(self) -> "Paced":
        return self

    def __next__(self) -> Any:
        return self.send(None)


def paced_task(loop: asyncio.AbstractEventLoop, coroutine: Any, **more: Any) -> "asyncio.Task[Any]":
    """Make a task; one that a visit sets off is paced: asyncio's task factory."""
    visit = visit_here()
    if visit is not None and isinstance(coroutine, Coroutine):
        coroutine = Paced(coroutine, visit)
    return asyncio.Task(coroutine, loop=loop, **more)


@contextmanager
def paced_tasks() -> Iterator[None]:
    """Pace the tasks of visits for the length of the block, in the running loop."""
    loop = asyncio.get_running_loop()
    before = loop.get_task_factory()
    loop.set_task_factory(paced_task)
    try:
        yield
    finally:
        loop.set_task_factory(before)
