"""`mshauri verify` over a running stack: all have what the ledgers hold, or it says who has not."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from services.gateway.projections import AUDIT_EVENT, ORG_UNIT
from shared.ledger.reads import Reads
from shared.proof.hashing import NOTHING, chain_hash, stream_hash
from shared.proof.sealing import seal
from tests.e2e.test_restore import PATIENCE_S, Country
from tests.support.stacks import operated

TABLE = f"read_models_1.{AUDIT_EVENT.physical}"

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(300),
    pytest.mark.slow,
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def country() -> AsyncIterator[Country]:
    async with operated(MSHAURI_RECONCILE_EVERY_S="1") as (stack, client):
        country = Country(stack, client)
        for number in range(6):
            await country.establish(f"UNIT-{number}")
        await country.counted(6)
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if await _sealed(stack.database_url("registry")) == 6:
                    break
                await asyncio.sleep(0.2)
        yield country


async def _sealed(url: str) -> int | None:
    """Return how many entries a log says that it has."""
    connection = await asyncpg.connect(url)
    try:
        size: int | None = await connection.fetchval("SELECT size FROM log_checkpoint")
        return size
    finally:
        await connection.close()


async def _verified(country: Country, *options: str) -> tuple[int, str]:
    ended = await asyncio.to_thread(
        subprocess.run,
        [
            *(sys.executable, "-m", "mshauri", "verify", *options),
            *("--data-dir", str(country.stack.data_dir)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


async def _metric(country: Country, line: str) -> None:
    """Wait until the projector says so, without being asked to count."""
    async with asyncio.timeout(PATIENCE_S):
        url = f"{country.stack.url('projector')}/metrics"
        while True:
            if line in (await country.client.get(url)).text:
                return
            await asyncio.sleep(0.2)


async def _change(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def test_everybody_has_what_the_ledgers_hold(country: Country) -> None:
    code, said = await _verified(country)
    assert code == 0, said
    assert said.split("registry")[1].split()[:6] == ["1", "6", "6", "6", "6", "6"]
    assert "Everybody has what the ledgers hold." in said
    await _metric(country, 'mshauri_events_verified{service="registry"} 6.0')
    await _metric(country, 'mshauri_events_differ{service="registry"} 0.0')


async def test_a_row_that_left_the_audit_trail_is_missed(country: Country) -> None:
    url = country.stack.database_url("projector")
    await _change(
        url,
        f"CREATE TABLE public.kept AS SELECT * FROM {TABLE} WHERE position = 3",
        f"DELETE FROM {TABLE} WHERE position = 3",
    )
    code, said = await _verified(country)
    await _metric(country, 'mshauri_events_missing{service="registry"} 1.0')
    await _change(url, f"INSERT INTO {TABLE} SELECT * FROM public.kept", "DROP TABLE public.kept")
    assert code == 1
    assert "registry: 1 events are not on the audit trail: 3." in said
    await _metric(country, 'mshauri_events_missing{service="registry"} 0.0')


async def test_an_event_that_is_another_one_in_the_audit_trail_shows(country: Country) -> None:
    url = country.stack.database_url("projector")
    await _change(url, f"CREATE TABLE public.kept AS SELECT event_id, position FROM {TABLE}")
    change = f"UPDATE {TABLE} SET event_id = gen_random_uuid() WHERE position = 2"
    await _change(url, change, "TRUNCATE public.events_verified")
    code, said = await _verified(country)
    await _metric(country, 'mshauri_events_differ{service="registry"} 1.0')
    health = (await country.client.get(f"{country.stack.url('projector')}/health/ready")).json()
    await _change(
        url,
        f"UPDATE {TABLE} AS a SET event_id = k.event_id FROM public.kept AS k "
        "WHERE k.position = a.position AND k.event_id <> a.event_id",
        "DROP TABLE public.kept",
    )
    assert code == 1
    assert "On the audit trail something else stands than in the ledger" in said
    assert "missing or not what was signed: 2" in health["parts"]["verified"]["says"]
    await _metric(country, 'mshauri_events_differ{service="registry"} 0.0')


async def test_an_entry_that_was_altered_together_with_its_hashes_differs_from_the_bus(
    country: Country,
) -> None:
    """Whoever owns the database can make a ledger that holds; not what was sent already."""
    url = country.stack.database_url("registry")
    await _change(
        url,
        "ALTER TABLE ledger DISABLE TRIGGER append_only",
        "CREATE TABLE public.kept AS SELECT * FROM ledger WHERE position = 6",
        "CREATE TABLE public.kept_head AS SELECT * FROM ledger_head",
        "UPDATE ledger SET payload = convert_to('{}', 'UTF8') WHERE position = 6",
    )
    await _forge(url)
    code, said = await _verified(country)
    await _change(
        url,
        "UPDATE ledger SET (payload, hash, seal) = (SELECT payload, hash, seal FROM public.kept) "
        "WHERE position = 6",
        "UPDATE ledger_head SET hash = (SELECT hash FROM public.kept_head)",
        "ALTER TABLE ledger ENABLE TRIGGER append_only",
        "DROP TABLE public.kept, public.kept_head",
    )
    assert code == 1, said
    assert "On the bus something else stands than in the ledger" in said
    assert "are not what the log signed of epoch 1 at 6: they were altered since" in said
    assert "are not what the witness signed of epoch 1 at 6: they were altered since" in said
    assert (await _verified(country))[0] == 0


async def test_a_table_that_is_not_what_a_rebuild_makes_of_it_is_named(country: Country) -> None:
    url = country.stack.database_url("projector")
    await _change(
        url,
        f"UPDATE read_models_1.{ORG_UNIT.physical} SET name = 'Elsewhere' WHERE code = 'UNIT-3'",
    )
    code, said = await _verified(country, "--rebuild")
    assert code == 1, said
    assert (
        f"A rebuild makes something else of 1 tables of the read models: {ORG_UNIT.physical}."
        in (said)
    )
    code, said = await _verified(country, "--rebuild")
    assert code == 0, said
    assert "6 events folded anew into" in said
    await _metric(country, 'mshauri_events_verified{service="registry"} 6.0')


async def _forge(url: str) -> None:
    """Compute all hashes of a ledger again, as somebody would who has altered it."""
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        entries = await Reads(pool, part="The ledger").feed(0, 1_000)
        past: dict[object, bytes] = {}
        chain = NOTHING
        for entry in entries:
            here = stream_hash(
                past.get(entry.stream, NOTHING),
                stream=entry.stream,
                version=entry.version,
                recorded=entry.recorded,
                topic=entry.topic,
                meta=entry.meta,
                payload=entry.payload,
            )
            past[entry.stream] = here
            sealed = seal(
                here,
                id=entry.id,
                kind=entry.kind,
                key=entry.key,
                command_id=entry.command_id,
                position=entry.position,
                epoch=entry.epoch,
            )
            chain = chain_hash(chain, sealed)
            await pool.execute(
                "UPDATE ledger SET hash = $2, seal = $3 WHERE position = $1",
                *(entry.position, here, sealed),
            )
        await pool.execute("UPDATE ledger_head SET hash = $1", chain)
