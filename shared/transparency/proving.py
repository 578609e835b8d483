"""Proofs of a log, made from the tiles that are kept of it: what is wanted is fetched at once."""

from collections.abc import Sequence
from typing import Any

from shared.proof.tiles import reader, tiles_for
from shared.proof.tree import Range, consistency, hash_of, inclusion, nodes, proof
from shared.transparency.errors import LogBroken
from shared.transparency.store import read_tiles


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
    wanted = {index: inclusion(index, size) for index in indices}
    # Proofs of entries near each other share most of their hashes: each is made once.
    ranges = list({one for some in wanted.values() for one in some})
    read = await _reader(connection, ranges, size)
    hashes = dict(zip(ranges, proof(ranges, read), strict=True))
    return {index: [hashes[one] for one in some] for index, some in wanted.items()}


async def _reader(connection: Any, ranges: Sequence[Range], size: int) -> Any:
    tiles = tiles_for((node for one in ranges for node in nodes(*one)), size)
    found = await read_tiles(connection, tiles)
    for tile in tiles:
        if tile not in found:
            raise LogBroken(problem=f"tile {tile.path} is not there")
    return reader(size, found.__getitem__)
