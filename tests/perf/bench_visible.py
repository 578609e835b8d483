"""How soon what was acknowledged can be read over GraphQL, while commands keep coming.

    python -m tests.perf.bench_visible [--rate 200] [--seconds 20]

On the whole embedded stack, commands come to the registry at an even rate, each acknowledged when
it is durable. Ten times a second one of them is followed: from its acknowledgement until a GraphQL
query that passes its position as `after` has answered with it. So the figure holds the relay, the
broker, the projector, the wait and the query itself. The bar is 50 ms at the median, 250 ms at the
99th of a hundred.
"""

import argparse
import asyncio
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import msgspec
import uvloop

from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from tests.perf import hops
from tests.perf.bench_http import establish, establishing
from tests.perf.load import Connection, request

SENDERS = 32
FOLLOWED_A_SECOND = 10
_ASK = "query ($code: String, $at: [Position!]) { orgUnit(code: $code, after: $at) { code } }"


class Figures(msgspec.Struct):
    """What one run came to, in milliseconds."""

    acknowledged: list[float]
    visible: list[float]
    on_the_way: dict[str, hops.Buckets] = {}


async def measure(rate: int, seconds: float) -> Figures:
    """Run the stack, the commands and those who follow them."""
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        async with Stack(Path(directory)) as stack:
            registry = stack.url("registry")
            token = DevelopmentIssuer(stack.data_dir).mint(OPERATOR)
            root = await establish(registry, token, "COUNTRY")
            figures = Figures([], [])
            async with httpx.AsyncClient(
                base_url=stack.gateway_url,
                headers={"authorization": f"Bearer {token}"},
                trust_env=False,
                timeout=10,
            ) as gateway:
                await _follow(gateway, registry, token, root, Figures([], []))  # warm up
                before = await hops.read(stack)
                load = asyncio.create_task(
                    _keep_sending(registry, token, root, rate, seconds, figures)
                )
                await asyncio.gather(
                    *(
                        _follow_later(
                            i / FOLLOWED_A_SECOND, gateway, registry, token, root, figures
                        )
                        for i in range(int(seconds * FOLLOWED_A_SECOND))
                    )
                )
                await load
                figures.on_the_way = hops.between(before, await hops.read(stack))
            return figures


async def _keep_sending(
    url: str, token: str, root: str, rate: int, seconds: float, figures: Figures
) -> None:
    """Send commands at an even rate, whether the ones before were answered or not."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(SENDERS):
        free.put_nowait(await Connection.open(url))
    requests = establishing(url, token, root)
    clock = asyncio.get_running_loop().time
    begun = clock()

    async def send(number: int) -> None:
        await asyncio.sleep(begun + number / rate - clock())
        connection = await free.get()
        asked = clock()
        status, body = await connection.ask(next(requests))
        assert status == 200, body.decode()
        figures.acknowledged.append((clock() - asked) * 1000)
        free.put_nowait(connection)

    await asyncio.gather(*(send(number) for number in range(int(rate * seconds))))
    while not free.empty():
        await free.get_nowait().close()


async def _follow_later(
    delay: float, gateway: httpx.AsyncClient, url: str, token: str, root: str, figures: Figures
) -> None:
    await asyncio.sleep(delay)
    await _follow(gateway, url, token, root, figures)


async def _follow(
    gateway: httpx.AsyncClient, url: str, token: str, root: str, figures: Figures
) -> None:
    """Send one command, and ask for it as soon as it is acknowledged."""
    code = f"V-{uuid4().hex[:20]}"
    command = {
        "commandId": str(uuid4()),
        "code": code,
        "name": "A dispensary",
        "unitKind": "FACILITY",
        "parentId": root,
        "occurredOn": "2018-01-01",
    }
    connection = await Connection.open(url)
    path = "/commands/orgUnitEstablish"
    status, body = await connection.ask(request(url, path, token, msgspec.json.encode(command)))
    assert status == 200, body.decode()
    acknowledged = time.perf_counter()
    variables = {"code": code, "at": msgspec.json.decode(body)["positions"]}
    answer = await gateway.post("/graphql", json={"query": _ASK, "variables": variables})
    assert answer.json()["data"]["orgUnit"] == {"code": code}, answer.text
    figures.visible.append((time.perf_counter() - acknowledged) * 1000)
    await connection.close()


def percentile(values: list[float], share: float) -> float:
    """Return the value that so large a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def main(rate: int, seconds: float) -> None:
    """Measure and print."""
    figures = await measure(rate, seconds)
    print(f"{rate} commands a second for {seconds:.0f} s; milliseconds\n")
    print(f"{'':14}{'n':>8}{'p50':>10}{'p95':>10}{'p99':>10}")
    for name, values in (("acknowledged", figures.acknowledged), ("visible", figures.visible)):
        shown = "".join(f"{percentile(values, share):10.1f}" for share in (0.5, 0.95, 0.99))
        print(f"{name:14}{len(values):8,}{shown}")
    hops.show(figures.on_the_way)
    print(f"\nvisible {median(figures.visible):.1f} {percentile(figures.visible, 0.99):.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    uvloop.run(main(given.rate, given.seconds))
