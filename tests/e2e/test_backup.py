"""The drill: back up while commands come, go on, lose the whole server, restore, start, account.

Every command that was acknowledged is in a ledger afterwards or listed as lost, by its id and by
whom; sent again, it lands. A database that is in use, and a backup that is no longer what was
written, are refused before anything is changed.
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from mshauri.backup import manifest
from mshauri.backup.restore import StillUsed, restored
from mshauri.backup.take import LEDGERS, taken
from mshauri.lost import read_lost
from mshauri.stack.postgres import EmbeddedPostgres
from mshauri.stack.stack import OPERATOR, Stack
from mshauri.stack.topology import PROCESSES
from shared.transparency.witnessing import last_witnessed
from tests.e2e.test_restore import PATIENCE_S, Country, commands_of
from tests.support.stacks import command, operated, read_models, rebuild

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(600),
    pytest.mark.slow,
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def country() -> AsyncIterator[Country]:
    async with operated() as (stack, client):
        yield Country(stack, client)


async def test_a_server_that_is_lost_whole_goes_on_from_its_backup(
    country: Country, tmp_path: Path
) -> None:
    stack, directory = country.stack, tmp_path / "backup"
    for number in range(10):
        await country.establish(f"KEPT-{number}")

    async def go_on() -> None:
        for number in range(1_000):
            await country.establish(f"MEANWHILE-{number}")

    meanwhile = asyncio.create_task(go_on())
    page = await taken(stack.database_url, directory, lambda _: None)
    meanwhile.cancel()
    with suppress(asyncio.CancelledError):
        await meanwhile
    assert manifest.read(directory) == page
    for number in range(5):
        await country.establish(f"LATE-{number}")
    await country.counted(await _units(stack.database_url("registry")))

    with pytest.raises(StillUsed, match="mshauri_registry is in use"):
        await restored(stack.postgres_url, page.dumps, directory, "a drill")

    for process in reversed(PROCESSES):
        await stack.stop(process.name)
    server = stack._minders["postgres"].part
    assert isinstance(server, EmbeddedPostgres)
    await stack.stop("postgres")
    await server.wipe()
    await stack.start("postgres")
    back = await restored(stack.postgres_url, page.dumps, directory, "a drill")
    assert [(one.service, one.position, one.aside) for one in back] == [
        (dump.service, dump.position, None) for dump in page.dumps
    ]
    await asyncio.gather(*(stack.start(process.name) for process in PROCESSES))

    await country.counted(await _units(stack.database_url("registry")))
    there: set[str] = set()
    for service in LEDGERS:
        there |= await commands_of(stack.database_url(service))
    lost = {
        str(row["command_id"]): row["actor"]
        for row in await read_lost(stack.database_url("projector"))
    }
    acknowledged = set(country.acknowledged)
    assert acknowledged <= there | set(lost), "neither there nor listed"
    gone = acknowledged - there
    assert len(gone) >= 5
    assert set(lost) >= gone
    assert {lost[command_id] for command_id in gone} == {OPERATOR}

    for command_id in gone:
        name, fields = country.acknowledged[command_id]
        await country.send(name, **fields)
    assert acknowledged <= await commands_of(stack.database_url("registry"))
    await country.counted(await _units(stack.database_url("registry")))
    shown = await read_models(stack)
    await rebuild(stack, patience=PATIENCE_S)
    assert await read_models(stack) == shown
    for service in LEDGERS:
        said = await asyncio.to_thread(command, stack.data_dir, "verify", service)
        assert "entries hold" in said


async def test_a_backup_that_was_altered_or_cut_short_is_refused(
    country: Country, tmp_path: Path
) -> None:
    directory = tmp_path / "backup"
    page = await taken(country.stack.database_url, directory, lambda _: None)
    with pytest.raises(manifest.NoBackup, match="is there already"):
        await taken(country.stack.database_url, directory, lambda _: None)

    file = directory / page.dumps[1].file
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    with pytest.raises(manifest.NoBackup, match=r"sessions\.dump is not the file that was written"):
        manifest.read(directory)
    file.write_bytes(whole)

    told = directory / manifest.PAGE
    told.write_text(told.read_text().replace("backup/1", "backup/2"))
    with pytest.raises(manifest.NoBackup, match=r"of the format mshauri\.backup/2"):
        manifest.read(directory)
    told.unlink()
    with pytest.raises(manifest.NoBackup, match="cut short"):
        manifest.read(directory)


async def _units(url: str) -> int:
    """Return how many units a registry's ledger knows of."""
    asked = "SELECT count(*) FROM ledger WHERE kind = 'org_unit' AND version = 1"
    return int(await _one(url, asked))


async def test_a_cold_copy_that_was_put_back_is_noticed_by_what_the_witness_saw(
    country: Country, tmp_path: Path
) -> None:
    """Nobody says so, and PostgreSQL cannot tell: the same server, the same timeline."""
    stack = country.stack
    server = stack._minders["postgres"].part
    assert isinstance(server, EmbeddedPostgres)
    registry = stack.database_url("registry")

    async def stopped() -> None:
        for process in reversed(PROCESSES):
            await stack.stop(process.name)
        await stack.stop("postgres")

    async def started() -> None:
        await stack.start("postgres")
        await asyncio.gather(*(stack.start(process.name) for process in PROCESSES))

    await stopped()
    cluster, copy = server.data_dir / "cluster", server.data_dir / "copy"
    copied = ["cp", "--archive", str(cluster), str(copy)]
    await asyncio.to_thread(subprocess.run, copied, check=True)
    await started()
    for number in range(3):
        await country.establish(f"AFTER-{number}")
    head = await _one(registry, "SELECT position FROM ledger_head")
    async with asyncio.timeout(PATIENCE_S):
        while True:
            seen = last_witnessed(stack.data_dir / "witness", "mshauri.local", "registry")
            if seen and seen.checkpoint.size == head:
                break
            await asyncio.sleep(0.2)
    before = await _one(registry, "SELECT epoch FROM ledger_head")

    await stopped()
    await server.wipe()
    copy.rename(cluster)
    await started()

    assert await _one(registry, "SELECT epoch FROM ledger_head") == before + 1
    why = await _one(registry, "SELECT reason FROM ledger_epoch ORDER BY epoch DESC LIMIT 1")
    assert why == (
        f"a witness saw {head} entries in epoch {before}; here are {head - 3} in epoch {before}"
    )
    assert await _one(stack.database_url("sessions"), "SELECT epoch FROM ledger_head") == 2
    await country.counted(await _units(registry))
    for command_id in country.acknowledged.keys() - await commands_of(registry):
        assert await _is_listed(stack, command_id)
        name, fields = country.acknowledged[command_id]
        await country.send(name, **fields)
    assert await _units(registry) == len(
        [name for name, _ in country.acknowledged.values() if name == "orgUnitEstablish"]
    )


async def _is_listed(stack: Stack, command_id: str) -> bool:
    """Say whether a command is listed as lost; it may take a moment until it is."""
    for _ in range(100):
        rows = await read_lost(stack.database_url("projector"))
        if command_id in {str(row["command_id"]) for row in rows}:
            return True
        await asyncio.sleep(0.2)
    return False


async def _one(url: str, query: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()
