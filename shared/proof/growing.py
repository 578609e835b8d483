"""A tiled tree as far as whoever appends needs it: the last tile of each level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.proof.tiles import HEIGHT, WIDTH, Tile, reader, split, tile_at
from shared.proof.tree import hash_of, node_hash


@dataclass(slots=True)
class Edge:
    """The right edge of a tree, and what it grew by since that was asked last.

    Attributes:
        size: entries in the tree.
    """

    size: int = 0
    _levels: list[list[bytes]] = field(default_factory=list)
    _grown: dict[tuple[int, int], bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, size: int, tiles: Mapping[Tile, bytes]) -> "Edge":
        """Take up a tree where it was left, by the tiles of `edge_of`.

        Raises:
            ValueError: a tile is not as wide as it should be.
        """
        edge = cls(size)
        for level in range(_height(size)):
            tile = _last(level, size)
            hashes = split(tiles[tile]) if tile else []
            if tile and len(hashes) != tile.width:
                raise ValueError(f"tile {tile.path} has {len(hashes)} hashes")
            edge._levels.append(hashes)
        return edge

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add entries by their leaf hashes."""
        if not self._levels:
            self._levels.append([])
        taken = 0
        while taken < len(leaves):
            lowest = self._levels[0]
            some = leaves[taken : taken + WIDTH - len(lowest)]
            lowest.extend(some)
            taken += len(some)
            self.size += len(some)
            if len(lowest) == WIDTH:
                self._fill(0)

    def _fill(self, level: int) -> None:
        """Keep a tile that has become full, and begin the next; its hash goes up a level."""
        full, self._levels[level] = self._levels[level], []
        number = (self.size >> HEIGHT * level) // WIDTH - 1
        self._grown[level, number] = b"".join(full)
        if level + 1 == len(self._levels):
            self._levels.append([])
        self._levels[level + 1].append(_folded(full))
        if len(self._levels[level + 1]) == WIDTH:
            self._fill(level + 1)

    def grown(self) -> dict[Tile, bytes]:
        """Return the tiles that are new or wider since this was asked last."""
        found = {Tile(level, number): hashes for (level, number), hashes in self._grown.items()}
        self._grown.clear()
        for tile, hashes in self._edge().items():
            found[tile] = hashes
        return found

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        return hash_of(0, self.size, reader(self.size, self._edge_and_full))

    def _edge(self) -> dict[Tile, bytes]:
        found = {}
        for level, hashes in enumerate(self._levels):
            if hashes and (tile := _last(level, self.size)) is not None:
                found[tile] = b"".join(hashes)
        return found

    def _edge_and_full(self, tile: Tile) -> bytes:
        assert tile.level is not None
        return b"".join(self._levels[tile.level])


def edge_of(size: int) -> list[Tile]:
    """Return the tiles that are wanted to take up a tree of `size`."""
    return [tile for level in range(_height(size)) if (tile := _last(level, size)) is not None]


def _last(level: int, size: int) -> Tile | None:
    """Return a level's last tile where it is partial; one that is full has nothing to come."""
    return tile_at(level, (size >> HEIGHT * level) // WIDTH, size)


def _height(size: int) -> int:
    return -(-size.bit_length() // HEIGHT)


def _folded(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        pairs = iter(hashes)
        hashes = [node_hash(left, right) for left, right in zip(pairs, pairs, strict=True)]
    return hashes[0]
