"""A ledger is verified: whole ones hold, and the first entry that was tampered with is named."""

from uuid import uuid4

import asyncpg
import pytest

from mshauri.verify.ledger import walked
from shared.ledger.epochs import begin_epoch
from shared.ledger.postgres import PostgresLedger
from shared.ledger.walking import NotWhole
from shared.positions import PARTITIONS, partition_of
from shared.proof.hashing import NOTHING, chain_hash
from tests.support.ledgers import a_command, onto

ALL = [
    f"{column} = {value}"
    for column, value in {
        "id": "gen_random_uuid()",
        "kind": "kind || 's'",
        "key": "gen_random_uuid()",
        "command_id": "gen_random_uuid()",
        "payload": "'{}'",
        "topic": "topic || 's'",
        "recorded": "recorded - interval '1 microsecond'",
        "epoch": "0",
        "hash": "sha256('')",
        "seal": "sha256('')",
        "meta": "''",
        "position": "position + 100",
        "version": "version + 5",
    }.items()
]


async def _tampered(database: str, *statements: str) -> None:
    """Change what cannot be changed, as somebody with the database's own rights may."""
    connection = await asyncpg.connect(database)
    await connection.execute("ALTER TABLE ledger DISABLE TRIGGER append_only")
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def _a_ledger(database: str) -> None:
    async with PostgresLedger(database, service="registry") as ledger:
        for _ in range(5):
            await ledger.append(a_command(onto(uuid4(), 0, count=2)))
        connection = await asyncpg.connect(database)
        await begin_epoch(connection, "a test")
        await connection.close()
        await ledger.append(a_command(onto(uuid4(), 0, count=2)))


async def test_a_whole_ledger_of_two_epochs_holds(database: str) -> None:
    await _a_ledger(database)
    walk = (await walked(database)).walk
    assert (walk.position, walk.sealed) == (12, 12)


@pytest.mark.parametrize("change", ALL)
async def test_whatever_was_changed_of_an_entry_it_is_named(database: str, change: str) -> None:
    await _a_ledger(database)
    await _tampered(database, f"UPDATE ledger SET {change} WHERE position = 7")
    with pytest.raises(NotWhole, match=r"the entry at [78],"):
        await walked(database)


async def test_an_entry_whose_seal_was_taken_off_shows_in_the_chain(database: str) -> None:
    await _a_ledger(database)
    await _tampered(database, "UPDATE ledger SET seal = NULL WHERE position = 7")
    with pytest.raises(NotWhole, match="the head's chain is another one"):
        await walked(database)


async def test_a_last_entry_that_was_cut_off_is_missed(database: str) -> None:
    await _a_ledger(database)
    await _tampered(database, "DELETE FROM ledger WHERE position = 12")
    with pytest.raises(NotWhole, match="the head is at 12"):
        await walked(database)


async def test_a_ledger_begun_before_there_were_seals_holds_and_goes_on(database: str) -> None:
    await _a_ledger(database)
    connection = await asyncpg.connect(database)
    chain = NOTHING
    for row in await connection.fetch("SELECT hash FROM ledger ORDER BY position"):
        chain = chain_hash(chain, row["hash"])
    await connection.execute("UPDATE ledger_head SET hash = $1, reached = NULL", chain)
    await connection.close()
    await _tampered(database, "UPDATE ledger SET seal = NULL")
    async with PostgresLedger(database, service="registry") as ledger:
        await ledger.append(a_command(onto(uuid4(), 0, count=2)))
        entries = await ledger.feed(after=0, limit=100)
        reached = (await ledger.head()).reached
    walk = (await walked(database)).walk
    assert (walk.position, walk.sealed) == (14, 2)
    last = {partition_of(entry.key): entry.position for entry in entries}
    assert reached == tuple(last.get(partition, 0) for partition in range(PARTITIONS))
