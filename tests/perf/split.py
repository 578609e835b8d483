"""The registry's decider with a stop-watch on each stage of a command: where its CPU goes.

    python -m tests.perf.split

is started by a benchmark in the place of `python -m services.registry`, and tells at `/metrics`
how much CPU its one thread has had in each stage. Watching costs a few microseconds a command, so
that throughput is measured on the decider as it is.
"""

from collections.abc import Callable, Coroutine, Generator, Iterator
from functools import wraps
from time import thread_time
from typing import Any

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily

import shared.deciding.commanding as commanding
from services.registry.app import service
from shared.access.tokens import Verifier
from shared.deciding.commanding import Commander
from shared.deciding.work import Work
from shared.ledger.channel import Channel
from shared.ledger.writer import Writer
from shared.runtime.metrics import exposed
from shared.service.decider import decide

STAGES = SERVER, TOKEN, DECODE, DECIDE, SEAL, COMMIT = (
    *("server", "token", "decode"),
    *("decide", "seal", "commit"),
)
METRIC = "mshauri_bench_cpu_seconds"


class Watch:
    """Adds the thread's CPU time to the stage it is in; outside of any, it is the server's."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self._stages = [SERVER]
        self._since = thread_time()

    def enter(self, stage: str) -> None:
        """Begin a stage, within whichever it is."""
        self._add()
        self._stages.append(stage)

    def leave(self) -> None:
        """Go back to the stage around it."""
        self._add()
        self._stages.pop()

    def collect(self) -> Iterator[Metric]:
        """Yield what each stage has had, for Prometheus."""
        told = CounterMetricFamily(METRIC, "CPU by stage of a command", labels=["stage"])
        for stage, seconds in self.seconds.items():
            told.add_metric([stage], seconds)
        yield told

    def _add(self) -> None:
        now = thread_time()
        self.seconds[self._stages[-1]] += now - self._since
        self._since = now


watch = Watch()


class _Watched(Coroutine[Any, Any, Any]):
    """A coroutine each of whose steps belongs to a stage."""

    def __init__(self, inner: Coroutine[Any, Any, Any], stage: str) -> None:
        self._inner, self._stage = inner, stage

    def send(self, value: Any) -> Any:
        watch.enter(self._stage)
        try:
            return self._inner.send(value)
        finally:
            watch.leave()

    def throw(self, *raised: Any) -> Any:
        watch.enter(self._stage)
        try:
            return self._inner.throw(*raised)
        finally:
            watch.leave()

    def close(self) -> None:
        self._inner.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self

    def __iter__(self) -> "_Watched":
        return self

    def __next__(self) -> Any:
        return self.send(None)


def _steps(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    async def watched(*arguments: Any, **named: Any) -> Any:
        return await _Watched(function(*arguments, **named), stage)

    return watched


def _call(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def watched(*arguments: Any, **named: Any) -> Any:
        watch.enter(stage)
        try:
            return function(*arguments, **named)
        finally:
            watch.leave()

    return watched


def _put_on_watches() -> None:
    for kind, name, stage in (
        (Verifier, "verify", TOKEN),
        (Commander, "execute", DECIDE),
        (Writer, "_run", COMMIT),
        (Writer, "append", COMMIT),
        (Channel, "_run", COMMIT),
    ):
        setattr(kind, name, _steps(stage, getattr(kind, name)))
    for home, name, stage in (
        (Commander, "_read", DECODE),
        (commanding, "must_hold", DECODE),
        (Work, "transaction", SEAL),
    ):
        setattr(home, name, _call(stage, getattr(home, name)))


if __name__ == "__main__":
    _put_on_watches()
    with exposed(watch):
        decide(service)
