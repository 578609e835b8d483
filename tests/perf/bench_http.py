"""How fast a service takes durable commands over HTTP, beside the stock recorder without HTTP.

    python -m tests.perf.bench_http [--rounds 5] [--seconds 2]

In turns over several rounds, on the same PostgreSQL with fsync on:

    stock    eventsourcing's `Application.save` on its own PostgreSQL recorder, 16 threads, no HTTP
    http     `POST /commands/orgUnitEstablish` to the registry, a process of its own: token, JSON,
             policy, the parent read, a unique code claimed, the answer; 64 connections
    floor    `GET /health/live` of the same process: the server's own cost of an answer

The registry publishes to the broker and keeps its views while it is measured, as it always does.
A figure belongs to the machine it was measured on; the ratio carries over. The bar is 4.
"""

import argparse
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import msgspec
import uvloop

from mshauri.stack.given import database_at
from mshauri.stack.postgres import create_database
from mshauri.stack.stack import OPERATOR, Stack
from mshauri.stack.topology import PROCESSES, following
from shared.access.issuer import DevelopmentIssuer
from tests.perf.bench_ledger import measure, record_with_stock, stock_application
from tests.perf.load import request, run_load

BAR = 4.0
CONNECTIONS = 64


def establishing(url: str, token: str, parent: str) -> Iterator[bytes]:
    """Yield requests that establish one facility after the other."""
    while True:
        command = {
            "commandId": str(uuid4()),
            "code": f"F-{uuid4().hex[:20]}",
            "name": "A dispensary",
            "unitKind": "FACILITY",
            "parentId": parent,
            "occurredOn": "2018-01-01",
        }
        yield request(url, "/commands/orgUnitEstablish", token, msgspec.json.encode(command))


def glancing(url: str) -> Iterator[bytes]:
    """Yield requests that ask for nothing."""
    while True:
        yield f"GET /health/live HTTP/1.1\r\nhost: {url.removeprefix('http://')}\r\n\r\n".encode()


async def establish_root(url: str, token: str) -> str:
    """Establish the unit that all others stand under; return its id."""
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        answer = await client.post(
            "/commands/orgUnitEstablish",
            headers={"authorization": f"Bearer {token}"},
            json={
                "commandId": str(uuid4()),
                "code": f"R-{uuid4().hex[:8]}",
                "name": "Root",
                "unitKind": "COUNTRY",
                "occurredOn": "2018-01-01",
            },
        )
        return str(answer.raise_for_status().json()["id"])


async def main(rounds: int, seconds: float) -> None:
    """Measure and print."""
    registry = [next(p for p in PROCESSES if p.name == "registry"), following("registry")]
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        async with Stack(Path(directory), processes=registry) as stack:
            url = stack.url("registry")
            token = DevelopmentIssuer(stack.data_dir).mint(OPERATOR)
            root = await establish_root(url, token)
            await create_database(stack.postgres_url, "stock")
            application = stock_application(database_at(stack.postgres_url, "stock"))
            http = partial(establishing, url, token, root)
            figures = await measure(
                {
                    "stock": partial(record_with_stock, application),
                    "http": lambda s: run_load(url, CONNECTIONS, s, http),
                    "floor": lambda s: run_load(url, CONNECTIONS, s, partial(glancing, url)),
                },
                rounds,
                seconds,
            )
            application.close()
    stock = median(figures["stock"])
    print(f"\n{'':8}{'median /s':>12}{'min':>10}{'max':>10}{'x stock':>10}")
    for name, values in figures.items():
        middle = median(values)
        print(
            f"{name:8}{middle:12,.0f}{min(values):10,.0f}{max(values):10,.0f}{middle / stock:10.2f}"
        )
    ratio = median(figures["http"]) / stock
    print(f"\nbar {BAR:.0f} x stock: {'held' if ratio >= BAR else 'missed'}")
    print(f"http {median(figures['http']):.0f} {ratio:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    arguments = parser.parse_args()
    uvloop.run(main(arguments.rounds, arguments.seconds))
