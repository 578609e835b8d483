"""A writer's process is killed in mid-commit, again and again: what it acknowledged is there."""

import asyncio
import os
import signal
import sys
from uuid import uuid4

from shared.ledger.postgres import PostgresLedger
from tests.support.ledgers import Answers, Witness, chained

COMMANDS, KILLS, BETWEEN_KILLS = 2_000, 5, 150


async def test_kill_9_in_mid_commit_loses_no_acknowledged_command_and_repeats_none(
    database: str,
) -> None:
    seed, answers = uuid4().hex, Answers()

    async def run(*, kill_after: int | None) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.ledger_writer"),
            *("fresh", database, seed, str(COMMANDS)),
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        known = len(answers.recorded)
        async for line in process.stdout:
            answers.hear(line.decode())
            if kill_after is not None and len(answers.recorded) >= known + kill_after:
                os.kill(process.pid, signal.SIGKILL)
                kill_after = None
        await process.wait()

    for _ in range(KILLS):
        await run(kill_after=BETWEEN_KILLS)
    assert len(answers.recorded) < COMMANDS, "it was done before it was killed"
    await run(kill_after=None)

    assert len(answers.recorded) == COMMANDS
    assert not answers.refused
    async with PostgresLedger(database, service="registry") as ledger:
        history = await ledger.feed(after=0, limit=10 * COMMANDS)
        head = await ledger.head()
    assert answers.compare(history) == []
    assert {entry.command_id for entry in history} == set(answers.recorded)
    witness = Witness()
    witness.see(history)
    assert witness.faults == []
    assert chained(history) == head.hash
