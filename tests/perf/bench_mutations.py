"""How fast the whole house takes commands over GraphQL: one a request, and many in a batch.

    python -m tests.perf.bench_mutations [--rounds 3] [--seconds 4]

On the whole embedded stack, fsync on, while everything that follows runs as it always does:

    single   `orgUnitEstablish`, its errors and positions asked for; 64 connections
    batch    `commandBatch` of 100 of them; 4 connections

Beside the rates stands the CPU of each process by then, in milliseconds a command: the gateway and
the deciders are done when the last answer is there, what follows goes on. Each round begins when
all of it has come to rest.
"""

import argparse
import asyncio
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import msgspec
import uvloop

from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from tests.perf.costs import at_rest, spent
from tests.perf.load import Connection, request

SINGLE, BATCH = 64, 4
"""Connections."""
MANY = 100
"""Commands of a batch."""

_ONE = """
mutation One($input: OrgUnitEstablishInput!) {
  orgUnitEstablish(input: $input) { id positions userErrors { code message field remedy } }
}
"""
_MANY = """
mutation Many($commands: [CommandInput!]!) {
  commandBatch(input: {commands: $commands}) {
    results { id positions userErrors { code message field remedy } }
  }
}
"""

Body = Callable[[], bytes]
"""Makes the next request's body."""


def establish(parent: str | None) -> dict[str, Any]:
    """Return the command that establishes one more facility, or the root of all."""
    command = {
        "commandId": str(uuid4()),
        "code": f"F-{uuid4().hex[:20]}",
        "name": "A dispensary",
        "unitKind": "COUNTRY" if parent is None else "FACILITY",
        "occurredOn": "2018-01-01",
    }
    return command if parent is None else {**command, "parentId": parent}


def one(parent: str | None) -> bytes:
    """Return the body of a mutation."""
    return msgspec.json.encode({"query": _ONE, "variables": {"input": establish(parent)}})


def many(parent: str) -> bytes:
    """Return the body of a batch."""
    commands = [{"name": "orgUnitEstablish", "command": establish(parent)} for _ in range(MANY)]
    return msgspec.json.encode({"query": _MANY, "variables": {"commands": commands}})


class House:
    """A running stack, and what is asked of it."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._token = DevelopmentIssuer(stack.data_dir).mint(OPERATOR)

    async def ask(self, connection: Connection, body: bytes) -> bytes:
        """Send a request; return the answer, in which nothing was refused."""
        url = self._stack.gateway_url
        status, answer = await connection.ask(request(url, "/graphql", self._token, body))
        assert status == 200, answer.decode()
        # An error and a refusal alike say what they are in a message.
        assert b'"message"' not in answer, answer.decode()
        return answer

    async def root(self) -> str:
        """Establish the unit that all others stand under; return its id."""
        connection = await Connection.open(self._stack.gateway_url)
        answer = msgspec.json.decode(await self.ask(connection, one(None)))
        await connection.close()
        return str(answer["data"]["orgUnitEstablish"]["id"])

    async def load(self, connections: int, seconds: float, body: Body) -> tuple[int, float]:
        """Send one request after the other on each connection; return how many, in what time."""
        clock = asyncio.get_running_loop().time
        opened = [await Connection.open(self._stack.gateway_url) for _ in range(connections)]
        began = clock()

        async def client(connection: Connection) -> int:
            answered = 0
            while clock() - began < seconds:
                await self.ask(connection, body())
                answered += 1
            return answered

        answered = sum(await asyncio.gather(*map(client, opened)))
        took = clock() - began
        for connection in opened:
            await connection.close()
        return answered, took


async def main(rounds: int, seconds: float) -> None:
    """Measure and print."""
    rates: dict[str, list[float]] = defaultdict(list)
    costs: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        async with Stack(Path(directory)) as stack:
            house = House(stack)
            root = await house.root()
            ways: dict[str, tuple[int, int, Body]] = {
                "single": (SINGLE, 1, lambda: one(root)),
                "batch": (BATCH, MANY, lambda: many(root)),
            }
            for number in range(-1, rounds):
                for name, (connections, commands, body) in ways.items():
                    await at_rest(stack)
                    before = spent(stack)
                    # The first round is not counted: everything is cold.
                    lasts = seconds if number >= 0 else 1.0
                    answered, took = await house.load(connections, lasts, body)
                    if number < 0:
                        continue
                    rates[name].append(answered * commands / took)
                    for process, now in spent(stack).items():
                        cost = 1000 * (now - before[process]) / (answered * commands)
                        costs[name][process].append(cost)
    print(f"milliseconds of CPU a command, medians of {rounds}\n\n{'':12}", end="")
    print("".join(f"{name:>10}" for name in costs))
    for process in costs["single"]:
        shown = (f"{median(of[process]):10.2f}" for of in costs.values())
        print(f"{process:12}{''.join(shown)}")
    print()
    for name, values in rates.items():
        print(f"{name} {median(values):.0f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0)
    given = parser.parse_args()
    uvloop.run(main(given.rounds, given.seconds))
