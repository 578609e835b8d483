"""A ledger that holds less than was witnessed of it goes on in an epoch of its own, by itself."""

from uuid import uuid4

import asyncpg
import pytest

from shared.ledger.epochs import Witnessed
from shared.ledger.postgres import PostgresLedger
from tests.support.ledgers import a_command, onto


async def _recorded(database: str, count: int, witnessed: Witnessed | None = None) -> int:
    """Record so many entries; return the epoch they were recorded in."""
    async with PostgresLedger(database, service="registry", witnessed=witnessed) as ledger:
        for _ in range(count):
            await ledger.append(a_command(onto(uuid4(), 0)))
        return (await ledger.head()).epoch


async def _epochs(database: str) -> list[tuple[int, int, str]]:
    connection = await asyncpg.connect(database)
    try:
        asked = "SELECT epoch, after_position, reason FROM ledger_epoch ORDER BY epoch"
        return [tuple(row) for row in await connection.fetch(asked)]
    finally:
        await connection.close()


@pytest.mark.parametrize("witnessed", [None, Witnessed(1, 0), Witnessed(1, 5)])
async def test_a_ledger_that_has_all_that_was_seen_of_it_goes_on(
    database: str, witnessed: Witnessed | None
) -> None:
    await _recorded(database, 5)
    assert await _recorded(database, 1, witnessed) == 1
    assert len(await _epochs(database)) == 1


async def test_one_that_has_less_begins_an_epoch_and_says_why(database: str) -> None:
    await _recorded(database, 5)
    assert await _recorded(database, 1, Witnessed(1, 8)) == 2
    epoch, after, reason = (await _epochs(database))[-1]
    assert (epoch, after) == (2, 5)
    assert reason == "a witness saw 8 entries in epoch 1; here are 5 in epoch 1"
    # Whoever starts beside it, or after it, and was told the same begins none.
    assert await _recorded(database, 1, Witnessed(1, 8)) == 2
    assert len(await _epochs(database)) == 2


async def test_a_backup_restored_a_second_time_goes_beyond_what_was_seen_after_the_first(
    database: str,
) -> None:
    await _recorded(database, 5)
    assert await _recorded(database, 1, Witnessed(4, 2)) == 5
    assert [epoch for epoch, _, _ in await _epochs(database)] == [1, 5]
