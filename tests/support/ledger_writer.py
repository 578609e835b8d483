"""A process that writes to a ledger and says what it was answered; tests run and kill several.

    python -m tests.support.ledger_writer fresh     DATABASE_URL SEED COUNT
    python -m tests.support.ledger_writer contended DATABASE_URL SEED COUNT

`fresh` sends COUNT commands, the same ones for the same SEED, each with two new streams and a
claim. `contended` fights with its like over a few streams; who loses reads again and tries anew.
Every answer is a line: `recorded COMMAND_ID FIRST LAST` or `refused COMMAND_ID`.
"""

import asyncio
import random
import sys
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from shared.domain.errors import Conflict
from shared.ledger import Transaction
from shared.ledger.postgres import PostgresLedger
from tests.support.ledgers import a_command, onto

CLIENTS = 32
FOUGHT_OVER = [uuid5(NAMESPACE_OID, f"fought over {number}") for number in range(6)]


def fresh_command(seed: str, number: int) -> Transaction:
    """Return a seed's command of that number: the same whenever it is asked for."""
    one, other = (uuid5(NAMESPACE_OID, f"{seed} {number} {which}") for which in "ab")
    return a_command(
        onto(one, 0, count=2),
        onto(other, 0),
        command_id=uuid5(NAMESPACE_OID, f"{seed} {number}"),
        asks=f"{seed} {number}".encode(),
        claims=[f"{seed}:{number}"],
    )


async def write_fresh(ledger: PostgresLedger, seed: str, count: int) -> None:
    """Send a seed's commands from several clients."""
    numbers = iter(range(count))

    async def client() -> None:
        for number in numbers:
            await send(ledger, fresh_command(seed, number))

    await asyncio.gather(*(client() for _ in range(CLIENTS)))


async def write_contended(ledger: PostgresLedger, seed: str, count: int) -> None:
    """Append to streams that others append to as well, until `count` commands were recorded."""
    draw = random.Random(seed)
    left = count

    async def version(stream: UUID) -> int:
        entries = await ledger.stream(stream)
        return entries[-1].version if entries else 0

    async def client() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            fought = draw.sample(FOUGHT_OVER, draw.choice((1, 1, 2)))
            while True:
                appends = [onto(s, await version(s), count=draw.choice((1, 2))) for s in fought]
                if await send(ledger, a_command(onto(uuid4(), 0), *appends)):
                    break

    await asyncio.gather(*(client() for _ in range(4)))


async def send(ledger: PostgresLedger, command: Transaction) -> bool:
    """Send one command and say what was answered."""
    try:
        receipt = await ledger.append(command)
    except Conflict:
        print("refused", command.command_id, flush=True)
        return False
    print("recorded", command.command_id, receipt.first, receipt.last, flush=True)
    return True


async def main(workload: str, url: str, seed: str, count: str) -> None:
    """Write, and say so."""
    write = {"fresh": write_fresh, "contended": write_contended}[workload]
    async with PostgresLedger(url, service="registry") as ledger:
        print("started", flush=True)
        await write(ledger, seed, int(count))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
