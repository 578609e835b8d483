"""The drill: back up while commands come, go on, lose the whole server, restore, start, account.

Every command that was acknowledged is in a ledger afterwards or listed as lost, by its id and by
whom; sent again, it lands. A database that is in use, and a backup that is no longer what was
written, are refused before anything is changed.
"""

import asyncio
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
from mshauri.stack.stack import OPERATOR
from mshauri.stack.topology import PROCESSES
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
    connection = await asyncpg.connect(url)
    try:
        asked = "SELECT count(*) FROM ledger WHERE kind = 'org_unit' AND version = 1"
        counted: Any = await connection.fetchval(asked)
        return int(counted)
    finally:
        await connection.close()
