"""Tiles and entry bundles as C2SP tlog-tiles has them: a tree as a set of files.

A tile of level L holds up to 256 hashes side by side, each of a complete subtree over `256 ** L`
entries; an entry bundle holds the entries of a tile of level 0, each after its length in two bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from re import compile as pattern
from typing import Final, NamedTuple

from shared.proof.tree import HashOf, Node, node_hash

WIDTH: Final = 256
"""Hashes in a full tile, entries in a full bundle."""

HEIGHT: Final = 8
"""Levels of the tree that a tile stands for."""

HASH: Final = 32

ENTRIES: Final = "entries"
"""Stands in a bundle's path where a tile's has its level."""

LONGEST: Final = 65_535
"""Bytes in an entry, at most."""

_PATH = pattern(
    r"(?:(?P<level>0|[1-9]\d?)|entries)/(?P<index>(?:x\d{3}/)*\d{3})"
    r"(?:\.p/(?P<width>[1-9]\d{0,2}))?"
)
_HIGHEST = 63


class Tile(NamedTuple):
    """The name of a tile, or of a bundle (`level` None), of so many hashes or entries."""

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is served, below `tile/`."""
        where = ENTRIES if self.level is None else str(self.level)
        groups = [f"{self.number % 1000:03}"]
        left = self.number // 1000
        while left:
            groups.insert(0, f"x{left % 1000:03}")
            left //= 1000
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{where}/{'/'.join(groups)}{part}"

    @property
    def start(self) -> int:
        """The first entry that it tells of."""
        return self.number * WIDTH << HEIGHT * (self.level or 0)

    @property
    def end(self) -> int:
        """The entry after the last that it tells of."""
        return (self.number * WIDTH + self.width) << HEIGHT * (self.level or 0)


def read_path(path: str) -> Tile | None:
    """Return the tile or bundle that a path below `tile/` names, or None."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    level = None if found["level"] is None else int(found["level"])
    width = int(found["width"] or WIDTH)
    tile = Tile(level, int(found["index"].replace("x", "").replace("/", "")), width)
    # A partial one is never full; and no index is written with groups of nought before it.
    fits = found["width"] is None or width < WIDTH
    return tile if fits and (level or 0) <= _HIGHEST and tile.path == path else None


def tile_at(level: int | None, index: int, size: int) -> Tile | None:
    """Return a tile or bundle as wide as it is in a tree of `size`; None where it is not there."""
    width = min(WIDTH, (size >> HEIGHT * (level or 0)) - index * WIDTH)
    return Tile(level, index, width) if width > 0 else None


def tiles_between(before: int, size: int) -> list[Tile]:
    """Return the tiles, of all levels, that are new or wider in a tree that grew."""
    found = []
    level = 0
    while size >> HEIGHT * level:
        old, new = before >> HEIGHT * level, size >> HEIGHT * level
        if old < new:
            for index in range(old // WIDTH, (new - 1) // WIDTH + 1):
                tile = tile_at(level, index, size)
                assert tile is not None
                found.append(tile)
        level += 1
    return found


def tiles_of(size: int) -> list[Tile]:
    """Return all tiles of a tree."""
    return tiles_between(0, size)


def bundles_of(size: int) -> list[Tile]:
    """Return all entry bundles of a tree."""
    found = (tile_at(None, index, size) for index in range(-(-size // WIDTH)))
    return [bundle for bundle in found if bundle is not None]


def tiles_for(nodes: Iterable[Node], size: int) -> set[Tile]:
    """Return the tiles of a tree of `size` that hold what these nodes' hashes are made of.

    Raises:
        ValueError: one of the nodes is not in the tree.
    """
    found = set()
    for node in nodes:
        level, index, _ = _place(node)
        tile = tile_at(level, index, size)
        if tile is None or (node.number + 1) << node.height > size:
            raise ValueError(f"{node} is not in a tree of {size}")
        found.add(tile)
    return found


def reader(size: int, fetched: Callable[[Tile], bytes]) -> HashOf:
    """Return what reads the hashes of nodes from the tiles of a tree of `size`.

    It remembers them: proofs of many entries share most of theirs.
    """
    rows: dict[Tile, list[bytes]] = {}
    known: dict[Node, bytes] = {}

    def read(node: Node) -> bytes:
        if node not in known:
            known[node] = made_of(node) if node.height % HEIGHT else stored(node)
        return known[node]

    def made_of(node: Node) -> bytes:
        below, first = node.height - 1, 2 * node.number
        return node_hash(read(Node(below, first)), read(Node(below, first + 1)))

    def stored(node: Node) -> bytes:
        level, number, offset = _place(node)
        tile = tile_at(level, number, size)
        if tile is None:
            raise ValueError(f"{node} is not in a tree of {size}")
        if tile not in rows:
            rows[tile] = split(fetched(tile))
        if offset >= len(rows[tile]):
            raise ValueError(f"tile {tile.path} is too short")
        return rows[tile][offset]

    return read


def split(tile: bytes) -> list[bytes]:
    """Return the hashes of a tile.

    Raises:
        ValueError: it ends within one.
    """
    if len(tile) % HASH:
        raise ValueError(f"a tile of {len(tile)} bytes holds no whole hashes")
    return [tile[i : i + HASH] for i in range(0, len(tile), HASH)]


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return an entry bundle."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(given: bytes) -> list[bytes]:
    """Return the entries of a bundle.

    Raises:
        ValueError: it ends within one.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(given):
        end = at + 2 + int.from_bytes(given[at : at + 2], "big")
        if at + 2 > len(given) or end > len(given):
            raise ValueError(f"the bundle ends within entry {len(entries)}")
        entries.append(given[at + 2 : end])
        at = end
    return entries


def _place(node: Node) -> tuple[int, int, int]:
    """Return the level and index of the tile a node is made from, and where in it it begins."""
    first = node.number << node.height % HEIGHT
    return node.height // HEIGHT, first // WIDTH, first % WIDTH
