"""What was signed of a ledger: the sizes and roots of its Merkle logs' checkpoints."""

from pathlib import Path
from typing import NamedTuple

import asyncpg

from shared.proof.checkpoints import Checkpoint
from shared.transparency.store import read_all
from shared.transparency.witnessing import last_witnessed


class Signed(NamedTuple):
    """A checkpoint, and who keeps it: the log itself, or the witness directory."""

    who: str
    epoch: int
    checkpoint: Checkpoint


async def signed(address: str, service: str, witness_dir: Path | None, house: str) -> list[Signed]:
    """Return what was signed of a service's ledger last, of each epoch.

    Args:
        witness_dir: where a witness remembers; None, or not there: it is not asked.
        house: `MSHAURI_LOG_ORIGIN`.

    Raises:
        MshauriError: what the witness directory holds is not what its witness signed.
    """
    connection = await asyncpg.connect(address)
    try:
        kept = await read_all(connection)
    except asyncpg.UndefinedTableError:
        kept = []  # nothing was ever sealed here
    finally:
        await connection.close()
    found = [
        Signed("the log", one.epoch, Checkpoint(one.origin, one.size, one.root)) for one in kept
    ]
    if witness_dir is not None and witness_dir.is_dir():
        last = last_witnessed(witness_dir, house, service)
        if last is not None:
            found.append(Signed("the witness", last.epoch, last.checkpoint))
    return found
