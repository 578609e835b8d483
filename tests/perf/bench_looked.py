"""What it costs a read that who looked is recorded: a page of 25 mentees with their names.

    python -m tests.perf.bench_looked [--rounds 12] [--reads 150]

One gateway answers the same query, in turns: with nothing watched, noted or kept, and as it is,
with its events spooled before each answer and shipped to their ledger behind it. One reader asks,
one answer after the other, so that what is added to an answer shows. The client is in the same
process: the processor's time is of both.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from unittest.mock import patch
from uuid import uuid4

import msgspec
import uvloop

from services.gateway.graphql.limits import Buckets
from services.gateway.projections import HEALTH_WORKER, MENTEE
from services.gateway.read import loader
from tests.perf.load import Connection, request
from tests.support.gateway import OPERATOR, RunningGateway, running_gateway
from tests.support.servers import a_postgres

PAGE = 25
ASKED = """query Mentees { mentees(first: 25) {
  nodes { id area validated healthWorker { number givenNames familyName } }
} }"""


async def fill(gateway: RunningGateway) -> None:
    """Have as many mentees as one page shows."""
    unit = uuid4()
    for number in range(PAGE):
        worker = uuid4()
        await gateway.insert(
            HEALTH_WORKER, id=worker, number=f"N{number}", given_names="Given",
            family_name=f"Family {number}", cadre="NURSE", languages=[], org_unit_id=unit,
            since=date(2020, 1, 1), record_version=1, position=1,
        )  # fmt: skip
        await gateway.insert(
            MENTEE, id=uuid4(), health_worker_id=worker, cohort_id=uuid4(),
            programme_version_id=uuid4(), programme="P", area="RPA", technical_area="T",
            org_unit_id=unit, since=date(2020, 1, 1), fiscal_year=2020, record_version=1,
            registry_position=1,
        )  # fmt: skip


@contextmanager
def nobody_looks(gateway: RunningGateway) -> Iterator[None]:
    """Watch, note and keep nothing for the length of the block."""
    endpoint = gateway.gateway._endpoint
    assert endpoint is not None
    before = endpoint._parts
    with patch.object(loader, "_watched", lambda _model, columns, _finds=False: (columns, None)):
        endpoint._parts = replace(before, teller=None)
        try:
            yield
        finally:
            endpoint._parts = before


async def turn(connection: Connection, asked: bytes, reads: int) -> tuple[float, float]:
    """Return the median answer and the processor's time of one, in milliseconds."""
    took = []
    processor = time.process_time()
    for _ in range(reads):
        began = time.perf_counter()
        status, body = await connection.ask(asked)
        took.append((time.perf_counter() - began) * 1000)
        assert status == 200
        assert body.count(b'"familyName":"Family') == PAGE, body[:300]
    return median(took), (time.process_time() - processor) * 1000 / reads


async def measure(rounds: int, reads: int) -> dict[str, list[tuple[float, float]]]:
    """Ask in turns."""
    seen: dict[str, list[tuple[float, float]]] = {"off": [], "on": []}
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        async with a_postgres() as server:
            url = await server.create_database("looked")
            async with running_gateway(url, Path(directory)) as gateway:
                await fill(gateway)
                endpoint = gateway.gateway._endpoint
                assert endpoint is not None
                buckets = Buckets(capacity=10**12, restored=10**9)
                endpoint._parts = replace(endpoint._parts, buckets=buckets)
                body = msgspec.json.encode({"query": ASKED})
                asked = request(gateway.url, "/graphql", gateway.token(OPERATOR), body)
                connection = await Connection.open(gateway.url)
                await turn(connection, asked, reads)
                for number in range(rounds):
                    # Who is first changes from round to round.
                    for name in ("off", "on") if number % 2 else ("on", "off"):
                        if name == "off":
                            with nobody_looks(gateway):
                                seen[name].append(await turn(connection, asked, reads))
                        else:
                            seen[name].append(await turn(connection, asked, reads))
                await connection.close()
    return seen


async def main(rounds: int, reads: int) -> None:
    """Measure and print."""
    seen = await measure(rounds, reads)
    answer = {name: median(one for one, _ in runs) for name, runs in seen.items()}
    processor = {name: median(one for _, one in runs) for name, runs in seen.items()}
    print(f"a page of {PAGE} mentees with their names, {rounds} turns of {reads} reads each:")
    for name, said in (("off", "nobody notes it"), ("on", "who looked is kept")):
        print(f"  {said:20} {answer[name]:6.2f} ms, {processor[name]:.2f} ms of the processor")
    more = answer["on"] / answer["off"] - 1
    print(f"  that is {more:+.1%} of the answer, {(answer['on'] - answer['off']) * 1000:+.0f} us")
    print(f"looked-off {answer['off']:.3f} {processor['off']:.3f}")
    print(f"looked-on {answer['on']:.3f} {processor['on']:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--reads", type=int, default=150)
    given = parser.parse_args()
    uvloop.run(main(given.rounds, given.reads))
