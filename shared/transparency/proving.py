"""Proofs of a log, made from the tiles that are kept of it: what is wanted is fetched at once."""

import asyncio
from collections.abc import Sequence
from typing import Any

from shared.proof.tiles import Tile, reader, tiles_for
from shared.proof.tree import HashOf, Range, consistency, hash_of, inclusion, nodes, proof
from shared.transparency.errors import LogBroken
from shared.transparency.store import read_tiles

Wanted = dict[int, list[Range]]
"""By an entry's index, what the hashes of its proof are of."""


async def root_at(connection: Any, size: int, of: int) -> bytes:
    """Return the root that a log of size `of` had at `size`."""
    return hash_of(0, size, await _reader(connection, [Range(0, size)], of))


async def prove_inclusion(connection: Any, index: int, size: int) -> list[bytes]:
    """Return the proof that an entry is in a log of `size`."""
    ranges = inclusion(index, size)
    return proof(ranges, await _reader(connection, ranges, size))


async def prove_consistency(connection: Any, before: int, size: int) -> list[bytes]:
    """Return the proof that a log of `size` goes on from what it was at `before`."""
    ranges = consistency(before, size)
    return proof(ranges, await _reader(connection, ranges, size))


async def prove_inclusions(
    connection: Any, indices: Sequence[int], size: int
) -> dict[int, list[bytes]]:
    """Return the proofs of several entries; their tiles are fetched together."""
    # Of thousands it takes seconds: commands that are decided beside it are not to wait.
    wanted, ranges = await asyncio.to_thread(_wanted, indices, size)
    read = await _reader(connection, ranges, size)
    return await asyncio.to_thread(_proofs, wanted, ranges, read)


def _wanted(indices: Sequence[int], size: int) -> tuple[Wanted, list[Range]]:
    wanted = {index: inclusion(index, size) for index in indices}
    # Proofs of entries near each other share most of their hashes: each is made once.
    return wanted, list({one for some in wanted.values() for one in some})


def _proofs(wanted: Wanted, ranges: Sequence[Range], read: HashOf) -> dict[int, list[bytes]]:
    hashes = dict(zip(ranges, proof(ranges, read), strict=True))
    return {index: [hashes[one] for one in some] for index, some in wanted.items()}


async def _reader(connection: Any, ranges: Sequence[Range], size: int) -> HashOf:
    tiles = await asyncio.to_thread(_tiles, ranges, size)
    found = await read_tiles(connection, tiles)
    for tile in tiles:
        if tile not in found:
            raise LogBroken(problem=f"tile {tile.path} is not there")
    return reader(size, found.__getitem__)


def _tiles(ranges: Sequence[Range], size: int) -> set[Tile]:
    return tiles_for((node for one in ranges for node in nodes(*one)), size)
