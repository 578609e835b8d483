"""A log copied into a directory, as any web server can show it: checked while it is copied.

A log may grow while it is read: what is copied is the tree of the checkpoint that was read first,
whose tiles stay readable at the widths that they had. The checkpoint is written last, so that a
mirror that was broken off is never larger than its parts.
"""

import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from shared.proof.checkpoints import Checkpoint, LogKey, open_checkpoint
from shared.proof.errors import NotProven
from shared.proof.growing import Edge
from shared.proof.statement import read_statement
from shared.proof.tiles import WIDTH, Tile, bundles_of, tiles_of, unbundle
from shared.proof.tree import leaf_hash

Fetch = Callable[[str], Awaitable[bytes]]
"""Returns what stands at a path below the log's address."""

Progress = Callable[[int, int], None]
"""Told how many of how many entries are copied."""


def _untold(_done: int, _of: int) -> None: ...


async def mirror(
    fetch: Fetch,
    keys: Iterable[LogKey],
    directory: Path,
    *,
    origin: str | None = None,
    progress: Progress = _untold,
) -> Checkpoint:
    """Copy a log; return the checkpoint that the copy is of.

    Full tiles and bundles that are there already are read from there.

    Raises:
        MshauriError: its checkpoint is not its log's, or what stands in it does not hold.
    """
    note = await fetch("checkpoint")
    checkpoint, _ = open_checkpoint(note, keys, origin=origin)
    edge, tiles = Edge(), dict[Tile, bytes]()
    for bundle in bundles_of(checkpoint.size):
        entries = await _copied(fetch, bundle, directory)
        edge.extend(_leaves(entries, bundle, checkpoint))
        if bundle.width == WIDTH:
            tiles |= {tile: h for tile, h in edge.grown().items() if tile.width == WIDTH}
        progress(edge.size, checkpoint.size)
    tiles |= edge.grown()
    if edge.size != checkpoint.size or edge.root() != checkpoint.root:
        raise NotProven(what=f"the log {checkpoint.origin}", why="its entries have another root")
    for tile in tiles_of(checkpoint.size):
        if await _copied(fetch, tile, directory) != tiles[tile]:
            raise NotProven(
                what=f"tile {tile.path} of {checkpoint.origin}", why="its entries have other hashes"
            )
    _write(directory / "checkpoint", note)
    return checkpoint


async def _copied(fetch: Fetch, part: Tile, directory: Path) -> bytes:
    file = directory / "tile" / part.path
    if part.width == WIDTH and file.exists():
        return file.read_bytes()
    content = await fetch(f"tile/{part.path}")
    _write(file, content)
    return content


def _leaves(content: bytes, bundle: Tile, checkpoint: Checkpoint) -> list[bytes]:
    what = f"bundle {bundle.path} of {checkpoint.origin}"
    try:
        entries = unbundle(content)
        positions = [read_statement(entry).position for entry in entries]
    except ValueError as problem:
        raise NotProven(what=what, why=str(problem)) from None
    if positions != list(range(bundle.start + 1, bundle.end + 1)):
        raise NotProven(what=what, why="its entries are not those of its positions")
    return [leaf_hash(entry) for entry in entries]


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(file)
