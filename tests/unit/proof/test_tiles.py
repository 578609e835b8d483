"""Tiles and bundles are named and cut as C2SP tlog-tiles says."""

import pytest

from shared.proof.tiles import (
    Tile,
    bundle,
    bundles_of,
    read_path,
    reader,
    split,
    tile_at,
    tiles_between,
    tiles_for,
    tiles_of,
    unbundle,
)
from shared.proof.tree import consistency, hash_of, inclusion, leaf_hash, node_hash, nodes, root_of


def tiled(leaves: list[bytes]) -> dict[Tile, bytes]:
    """Return all tiles of a tree, each of the hashes that its definition names."""
    found = {}
    level, hashes = 0, leaves
    while hashes:
        for index in range(-(-len(hashes) // 256)):
            some = hashes[index * 256 : index * 256 + 256]
            found[Tile(level, index, len(some))] = b"".join(some)
        full = len(hashes) // 256
        hashes = [root_of(hashes[n * 256 : n * 256 + 256]) for n in range(full)]
        level += 1
    return found


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1_234_067), "0/x001/x234/067"),
        (Tile(3, 0, 17), "3/000.p/17"),
        (Tile(None, 273, 112), "entries/273.p/112"),
        (Tile(0, 999), "0/999"),
        (Tile(63, 1_000), "63/x001/000"),
    ],
)
def test_a_tile_has_the_path_that_the_standard_gives_it(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert read_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        *("", "0", "0/", "0/1", "00/001", "64/000", "0/000.p/0", "0/000.p/256", "0/000.p/01"),
        *("0/x000/001", "0/001/002", "0/x001", "-1/000", "0/000/", "../0/000", "0/000.p/", "e/000"),
        "0/x001/x234/0６7",
    ],
)
def test_what_is_no_tiles_path_names_none(path: str) -> None:
    assert read_path(path) is None


def test_a_tree_of_seventy_thousand_is_the_tiles_that_the_standard_counts() -> None:
    tiles = tiles_of(70_000)
    assert sum(t.level == 0 and t.width == 256 for t in tiles) == 273
    assert [t for t in tiles if t.width < 256 or t.level != 0] == [
        Tile(0, 273, 112),
        Tile(1, 0),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    assert tiles_of(256) == [Tile(0, 0), Tile(1, 0, 1)]
    assert bundles_of(300) == [Tile(None, 0), Tile(None, 1, 44)]
    assert bundles_of(0) == tiles_of(0) == []


def test_what_grew_is_the_tiles_that_are_new_or_wider() -> None:
    assert tiles_between(0, 1) == [Tile(0, 0, 1)]
    assert tiles_between(255, 257) == [Tile(0, 0), Tile(0, 1, 1), Tile(1, 0, 1)]
    assert tiles_between(257, 258) == [Tile(0, 1, 2)]
    assert tiles_between(258, 258) == []


def test_every_node_of_a_tree_is_read_from_its_tiles() -> None:
    leaves = [leaf_hash(b"%d" % n) for n in range(70_000)]
    tiles = tiled(leaves)
    assert set(tiles) == set(tiles_of(70_000))
    read = reader(70_000, tiles.__getitem__)
    assert hash_of(0, 70_000, read) == root_of(leaves)
    for ranges in (inclusion(12_345, 70_000), consistency(65_537, 70_000)):
        for start, end in ranges:
            assert hash_of(start, end, read) == root_of(leaves[start:end])
            assert tiles_for(nodes(start, end), 70_000) <= set(tiles)
    with pytest.raises(ValueError, match="not in a tree"):
        tiles_for(nodes(0, 70_001), 70_000)
    assert read(nodes(2, 4)[0]) == node_hash(*leaves[2:4])


def test_a_bundle_is_read_as_it_was_made_and_not_when_it_was_cut() -> None:
    entries = [b"one", b"", b"x" * 65_535]
    made = bundle(entries)
    assert made[:5] == b"\x00\x03one"
    assert unbundle(made) == entries
    for cut in (made[:1], made[:4], made[:-1]):
        with pytest.raises(ValueError, match="ends within"):
            unbundle(cut)
    with pytest.raises(ValueError, match="no whole hashes"):
        split(b"x" * 33)


def test_a_tile_tells_which_entries_it_is_over() -> None:
    assert (Tile(1, 1, 17).start, Tile(1, 1, 17).end) == (65_536, 65_536 + 17 * 256)
    assert tile_at(2, 0, 65_535) is None
