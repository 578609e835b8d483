"""How long evidence of 1,000 events takes: to make, through the gateway, and to verify, alone.

    python -m tests.perf.bench_evidence [--events 1000] [--others 9000] [--times 10]

A person with so many events among others' in a ledger in PostgreSQL, sealed into its log; the read
models name them. Made: the link asked for by GraphQL and followed, over HTTP, gateway and service
in this process; the answer holds the events, their keys, their proofs, and the report. Verified: by
`python -I mshauri_verify.py`, copied to an empty directory, from its start to its end. Bars: 0.5 s
and 1 s.
"""

import argparse
import asyncio
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import asyncpg
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.graphql.ids import global_id
from services.gateway.projections import AUDIT_EVENT, AUDIT_TRAIL, HEALTH_WORKER, MENTEE
from shared.access.facts import ORG_UNIT_PLACE
from shared.contracts.base import Event
from shared.contracts.envelope import Meta, encode_meta
from shared.contracts.registry.health_worker import HealthWorkerRegistered, HealthWorkerRenamed
from shared.domain import new_id
from shared.evidence import mshauri_verify
from shared.evidence.mshauri_verify import SIGNATURE, read_note, unzipped
from shared.evidence.proving import ServiceLog
from shared.ledger.ledger import NewEvent, StreamAppend, Transaction
from shared.ledger.postgres import PostgresLedger
from shared.ledger.remote import TOKEN_HEADER
from shared.privacy.keys import MemoryKeyStore
from shared.privacy.payload import encode_event
from shared.privacy.remote_keys import PATH as KEYS_PATH
from shared.privacy.remote_keys import tell_keys
from shared.proof.notes import Signer
from shared.service.evidence_routes import evidence_routes
from shared.transparency.sealing import Sealing
from tests.support.gateway import FakeServices, RunningGateway, running_gateway
from tests.support.ledgers import a_command, onto
from tests.support.servers import a_postgres

TOKEN, HOUSE, SEED = "x" * 32, "bench.invalid", bytes(32)
MADE_S, VERIFIED_S = 0.5, 1.0
UNIT, PERSON, ENROLMENT = new_id(), new_id(), new_id()
DAY = date(2024, 3, 4)
ASKED = "query ($m: ID!) { auditEvidence(mentee: $m) { url events } }"


async def record(ledger: PostgresLedger, keys: MemoryKeyStore, events: int, others: int) -> None:
    """Record a person's events among others'."""
    held = await keys.keys_for([PERSON], create=True)
    for number in range(events):
        event: Event = HealthWorkerRenamed(
            health_worker_id=PERSON, given_names=f"Made{number}", family_name="Up"
        )
        if number == 0:
            event = HealthWorkerRegistered(
                health_worker_id=PERSON,
                given_names="Made",
                family_name="Up",
                cadre="NURSE",
                org_unit_id=UNIT,
                since=DAY,
            )
        event_id = uuid4()
        meta = Meta(
            actor="bench", occurred_on=DAY, correlation_id=event_id, causation_id=event_id,
            schema_version=type(event).version, org_unit_id=UNIT,
        )  # fmt: skip
        told = NewEvent(
            id=event_id,
            topic=event.topic,
            meta=encode_meta(meta),
            payload=encode_event(event, event_id, held),
        )
        append = StreamAppend(
            stream=PERSON, kind="health_worker", key=PERSON, expected=number, events=(told,)
        )
        await ledger.append(
            Transaction(command_id=uuid4(), fingerprint=bytes(32), appends=(append,))
        )
        if others:
            count = max(1, others // events)
            await ledger.append(a_command(onto(uuid4(), 0, count=count)))


async def fold(gateway: RunningGateway, ledger: PostgresLedger) -> None:
    """Have the read models name the person's events."""
    place = {"programme": "BENCH", "area": "A", "technical_area": "T", "org_unit_id": UNIT}
    about = {"position": 1, "record_version": 1}
    await gateway.insert(ORG_UNIT_PLACE, org_unit_id=UNIT, since=DAY, position=1)
    await gateway.insert(HEALTH_WORKER, id=PERSON, given_names="Made", family_name="Up",
                         cadre="NURSE", languages=[], org_unit_id=UNIT, since=DAY,
                         **_known(HEALTH_WORKER, about))  # fmt: skip
    await gateway.insert(MENTEE, id=ENROLMENT, health_worker_id=PERSON, since=DAY,
                         **_known(MENTEE, place | about))  # fmt: skip
    for entry in await ledger.stream(PERSON):
        common = {"recorded": entry.recorded, "service": "registry", "position": entry.position}
        await gateway.insert(AUDIT_EVENT, event_id=entry.id, epoch=1, stream=entry.stream,
                             kind=entry.kind, version=entry.version, topic=entry.topic,
                             occurred_on=DAY, actor="bench", org_unit_id=UNIT,
                             command_id=entry.command_id, correlation_id=entry.id, details={},
                             **common)  # fmt: skip
        await gateway.insert(AUDIT_TRAIL, health_worker_id=PERSON, event_id=entry.id, **common)
    await gateway.told()


def _known(table: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in table.columns}


async def made(gateway: RunningGateway) -> tuple[float, float, bytes]:
    """Ask for a bundle and fetch it; return seconds of the clock, of a core, and the bundle."""
    began, ran = time.perf_counter(), time.process_time()
    link = await gateway.ask(ASKED, m=global_id("Mentee", ENROLMENT))
    answer = await gateway.client.get(gateway.url + link["auditEvidence"]["url"])
    took, busy = time.perf_counter() - began, time.process_time() - ran
    assert answer.status_code == 200, answer.text
    return took, busy, answer.content


def verified(directory: Path, bundle: bytes) -> float:
    """Verify a bundle with the one file alone; return how long that took, in seconds."""
    file = directory / "evidence.zip"
    file.write_bytes(bundle)
    began = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-I", "mshauri_verify.py", file.name, "--trust", "keys.txt"],
        cwd=directory, capture_output=True, text=True, check=False,
    )  # fmt: skip
    took = time.perf_counter() - began
    assert ended.returncode == 0, ended.stdout
    return took


async def measure(events: int, others: int, times: int) -> None:
    """Measure, and print a line each."""
    async with a_postgres() as postgres:
        ledger_url = await postgres.create_database("bench_ledger")
        gateway_url = await postgres.create_database("bench_gateway")
        keys = MemoryKeyStore()
        with TemporaryDirectory(prefix="bench-evidence-") as place:
            directory = Path(place)
            shutil.copy(mshauri_verify.__file__, directory)
            async with (
                asyncpg.create_pool(ledger_url) as pool,
                PostgresLedger(pool, service="registry") as ledger,
            ):
                await record(ledger, keys, events, others)
                sealing = Sealing("registry", pool, ledger, house=HOUSE, seed=SEED)
                await sealing.prepare()
                size = await sealing.seal()
                log = ServiceLog("registry", pool, SEED)
                services = FakeServices(more=_routes(ledger, log, keys))
                async with running_gateway(gateway_url, directory, services=services) as gateway:
                    await fold(gateway, ledger)
                    took = [await made(gateway) for _ in range(times + 1)][1:]
                name = read_note(unzipped(took[0][2])[SIGNATURE], SIGNATURE).signatures[0].name
                (directory / "keys.txt").write_text(Signer(name, SEED).verifier.vkey + "\n")
                judged = [verified(directory, bundle) for _, _, bundle in took]
    large = len(took[0][2]) / 1e6
    print(f"{events:,} events of a log of {size:,}: a bundle of {large:.1f} MB")
    _print("made", [one for one, _, _ in took], MADE_S)
    print(f"{'of it':>9}  median {statistics.median(one for _, one, _ in took):6.3f} s of a core")
    _print("verified", judged, VERIFIED_S)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _routes(ledger: PostgresLedger, log: ServiceLog, keys: MemoryKeyStore) -> Any:
    async def told(request: Request) -> Response:
        shown = request.headers.get(TOKEN_HEADER)
        return Response(await tell_keys(keys, shown, TOKEN, await request.body()))

    def more(_service: str) -> list[Route]:
        return [
            Route(KEYS_PATH, told, methods=["POST"]),
            *evidence_routes(lambda: (ledger, log, TOKEN)),
        ]

    return more


def _print(what: str, seconds: Sequence[float], bar: float) -> None:
    middle, worst = statistics.median(seconds), max(seconds)
    verdict = "within" if middle <= bar else "BEYOND"
    print(f"{what:>9}  median {middle:6.3f} s  worst {worst:6.3f} s  {verdict} {bar} s")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000)
    parser.add_argument("--others", type=int, default=9_000)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M}")
    asyncio.run(measure(given.events, given.others, given.times))


if __name__ == "__main__":
    main()
