"""What is kept of a log in the service's database: its tiles and its newest checkpoints."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from shared.proof.checkpoints import Checkpoint
from shared.proof.growing import Edge, edge_of
from shared.proof.notes import Note
from shared.proof.tiles import HASH, Tile

COMPONENT: Final = "transparency"
SCHEMA: Final = Path(__file__).parent / "schema"

_KEEP_TILES = """
INSERT INTO log_tile (level, number, hashes)
SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes
"""

_TILES = """
SELECT level, number, hashes FROM log_tile
  JOIN unnest($1::smallint[], $2::bigint[]) AS wanted (level, number) USING (level, number)
"""

_KEEP_CHECKPOINT = """
INSERT INTO log_checkpoint AS kept (epoch, origin, size, root, note, sealed)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (epoch) DO UPDATE SET
    size = excluded.size, root = excluded.root, note = excluded.note, sealed = excluded.sealed
WHERE kept.origin = excluded.origin AND kept.size <= excluded.size
RETURNING true
"""

_COLUMNS = "epoch, origin, size, root, note, sealed, cosigned_size, cosigned_note"
_NEWEST = f"SELECT {_COLUMNS} FROM log_checkpoint ORDER BY epoch DESC LIMIT 1"
_OF_EPOCH = f"SELECT {_COLUMNS} FROM log_checkpoint WHERE epoch = $1"
_ALL = f"SELECT {_COLUMNS} FROM log_checkpoint ORDER BY epoch"

# What was cosigned is served as soon as it is the newest; it stays the newest cosigned one.
_KEEP_COSIGNED = """
UPDATE log_checkpoint SET
    cosigned_size = $2, cosigned_note = $3,
    note = CASE WHEN size = $2 THEN $3 ELSE note END
WHERE epoch = $1 AND coalesce(cosigned_size, 0) <= $2
"""

_CUTS = "SELECT epoch, after_position FROM ledger_epoch ORDER BY epoch"


class Kept(NamedTuple):
    """The newest checkpoint of an epoch as it is kept.

    Attributes:
        note: signed, as it is served.
        cosigned_note: the newest that a witness cosigned, if one did.
    """

    epoch: int
    origin: str
    size: int
    root: bytes
    note: bytes
    sealed: datetime
    cosigned_size: int | None
    cosigned_note: bytes | None


class Cut(NamedTuple):
    """After which position an epoch of the ledger began."""

    epoch: int
    after: int


async def read_cuts(connection: Any) -> list[Cut]:
    """Return the ledger's epochs, in order."""
    return [Cut(*row) for row in await connection.fetch(_CUTS)]


async def read_newest(connection: Any) -> Kept | None:
    """Return the checkpoint of the newest epoch that has one."""
    row = await connection.fetchrow(_NEWEST)
    return None if row is None else Kept(*row)


async def read_of_epoch(connection: Any, epoch: int) -> Kept | None:
    """Return an epoch's checkpoint."""
    row = await connection.fetchrow(_OF_EPOCH, epoch)
    return None if row is None else Kept(*row)


async def read_all(connection: Any) -> list[Kept]:
    """Return the checkpoints of all epochs that have one, in order."""
    return [Kept(*row) for row in await connection.fetch(_ALL)]


async def keep_tiles(connection: Any, tiles: Mapping[Tile, bytes]) -> None:
    """Keep tiles that are new, or wider than those that are kept."""
    await connection.execute(
        _KEEP_TILES,
        [tile.level for tile in tiles],
        [tile.number for tile in tiles],
        list(tiles.values()),
    )


async def keep_checkpoint(
    connection: Any, epoch: int, checkpoint: Checkpoint, note: Note, at: datetime
) -> bool:
    """Keep a checkpoint as its epoch's newest; False: that log has another origin."""
    return bool(
        await connection.fetchval(
            _KEEP_CHECKPOINT,
            epoch,
            checkpoint.origin,
            checkpoint.size,
            checkpoint.root,
            note.encode(),
            at,
        )
    )


async def keep_cosigned(connection: Any, epoch: int, size: int, note: Note) -> None:
    """Keep a checkpoint that witnesses cosigned."""
    await connection.execute(_KEEP_COSIGNED, epoch, size, note.encode())


async def read_tiles(connection: Any, tiles: Iterable[Tile]) -> dict[Tile, bytes]:
    """Return tiles as wide as they are asked for; those that are not there are left out.

    What stands there may have grown since: a partial tile is the beginning of every wider one.
    """
    wanted = {(tile.level, tile.number): tile for tile in tiles}
    rows = await connection.fetch(
        _TILES, [level for level, _ in wanted], [number for _, number in wanted]
    )
    found = {wanted[level, number]: hashes for level, number, hashes in rows}
    return {
        tile: hashes[: HASH * tile.width]
        for tile, hashes in found.items()
        if len(hashes) >= HASH * tile.width
    }


async def read_edge(connection: Any, size: int) -> Edge:
    """Take up a tree where it was left.

    Raises:
        ValueError: a tile of it is missing or too short.
    """
    wanted = edge_of(size)
    found = await read_tiles(connection, wanted)
    missing = [tile.path for tile in wanted if tile not in found]
    if missing:
        raise ValueError(f"the log's tiles {', '.join(missing)} are not there")
    return Edge.of(size, found)
