"""Relays that run beside a test or in a process of their own, and ledgers for them to publish.

python -m tests.support.relays DATABASE_URL BOOTSTRAP_SERVERS SERVICE [--stall-before-checkpoint]
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from uuid import UUID, uuid4

from shared.bus.checkpoint import Checkpoint, Connection
from shared.bus.relay import Relay
from shared.ledger import Ledger
from shared.ledger.postgres import PostgresLedger
from tests.support.ledgers import a_command, onto

LEADS = "leads"
PUBLISHED = "published, and not yet checkpointed"


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[Relay]:
    """Run a relay for as long as the block lasts; its failure is the test's."""
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(
    holds: Callable[[], bool] | Callable[[], Awaitable[bool]], timeout: float = 20.0
) -> None:
    """Wait until something holds; fail the test when it does not in `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        held = holds()
        if held if isinstance(held, bool) else await held:
            return
        assert time.monotonic() < deadline, f"it does not hold after {timeout:.0f} s"
        await asyncio.sleep(0.02)


async def record(ledger: Ledger, events: int, *, people: int = 40) -> None:
    """Append events of several new people, 20 at a time as clients do."""
    streams = [uuid4() for _ in range(people)]
    at_once = asyncio.Semaphore(20)

    async def write(stream: UUID, count: int) -> None:
        async with at_once:
            await ledger.append(a_command(onto(stream, 0, count=count)))

    shares = [events // people + (place < events % people) for place in range(people)]
    await asyncio.gather(*(write(s, c) for s, c in zip(streams, shares, strict=True) if c))


class _StallingRelay(Relay):
    """Publishes and never checkpoints: what is left of it is what a crash right there leaves."""

    async def _move(self, connection: Connection, to: Checkpoint) -> None:
        if to.position:
            print(PUBLISHED, flush=True)
            await asyncio.Event().wait()
        await super()._move(connection, to)


async def _run(database_url: str, bootstrap_servers: str, service: str, *options: str) -> None:
    kind = _StallingRelay if "--stall-before-checkpoint" in options else Relay
    async with PostgresLedger(database_url, service=service) as ledger:
        relay = kind(
            service, ledger, database_url=database_url, bootstrap_servers=bootstrap_servers
        )
        async with running(relay):
            await until(lambda: relay.leading, timeout=3600)
            print(LEADS, flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_run(*sys.argv[1:]))
