"""Migrations: each once, whole, whoever starts first."""

import asyncio
import sys
from pathlib import Path

import asyncpg
import pytest

from shared.database.migrations import MigrationError, migrate, read_migrations
from shared.ledger.postgres import SCHEMA

MIGRATE = """
import asyncio, sys
from pathlib import Path
from shared.database.migrations import migrate

async def main():
    url, files = sys.argv[1], Path(sys.argv[2])
    names = await asyncio.gather(*(migrate(url, "ledger", files) for _ in range(3)))
    print(*(name for applied in names for name in applied))

asyncio.run(main())
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE first (a int); CREATE TABLE more ();")
    (tmp_path / "0002_second.sql").write_text("INSERT INTO first VALUES (1)")
    return tmp_path


async def test_processes_that_start_together_apply_each_file_once(database: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", MIGRATE, database, SCHEMA), stdout=asyncio.subprocess.PIPE
        )
        for _ in range(4)
    ]
    answers = await asyncio.gather(*(process.communicate() for process in processes))
    assert [process.returncode for process in processes] == [0] * 4
    applied = [name for output, _ in answers for name in output.decode().split()]
    assert applied == [migration.name for migration in read_migrations(SCHEMA)]


async def test_a_second_start_applies_only_what_is_new(database: str, files: Path) -> None:
    assert await migrate(database, "tests", files) == ["0001_first", "0002_second"]
    assert await migrate(database, "tests", files) == []
    (files / "0003_third.sql").write_text("INSERT INTO first VALUES (2)")
    assert await migrate(database, "tests", files) == ["0003_third"]


async def test_components_keep_their_own_count(database: str, files: Path) -> None:
    await migrate(database, "tests", files)
    async with asyncpg.create_pool(database, min_size=1) as pool:
        names = [migration.name for migration in read_migrations(SCHEMA)]
        assert await migrate(pool, "ledger", SCHEMA) == names
        async with pool.acquire() as connection:
            assert await migrate(connection, "ledger", SCHEMA) == []


async def test_a_file_that_fails_leaves_nothing_and_may_be_mended(
    database: str, files: Path
) -> None:
    (files / "0003_third.sql").write_text("CREATE TABLE third (); SELECT 1 / 0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(database, "tests", files)
    (files / "0003_third.sql").write_text("CREATE TABLE third ();")
    assert len(await migrate(database, "tests", files)) == 3


async def test_an_applied_file_may_not_change(database: str, files: Path) -> None:
    await migrate(database, "tests", files)
    (files / "0002_second.sql").write_text("INSERT INTO first VALUES (7)")
    with pytest.raises(MigrationError, match=r"tests: 0002_second\.sql was changed"):
        await migrate(database, "tests", files)


async def test_an_older_release_starts_beside_a_newer_database(database: str, files: Path) -> None:
    await migrate(database, "tests", files)
    (files / "0002_second.sql").unlink()
    assert await migrate(database, "tests", files) == []


@pytest.mark.parametrize("name", ["0004_gap.sql", "3_short.sql", "0003_Upper.sql"])
def test_numbers_without_a_gap_and_plain_names(files: Path, name: str) -> None:
    (files / name).touch()
    with pytest.raises(MigrationError, match="should be named 0003_what_it_adds"):
        read_migrations(files)
