"""A tree that grows by tiles has those that it would have had, had it been built at once."""

from random import Random

import pytest

from shared.proof.growing import Edge, edge_of
from shared.proof.tiles import Tile, tiles_of
from shared.proof.tree import EMPTY, Frontier, leaf_hash
from tests.unit.proof.test_tiles import tiled


@pytest.mark.parametrize("most", [3, 300, 20_000])
def test_a_tree_that_grows_by_steps_and_is_taken_up_anew_is_the_same(most: int) -> None:
    random = Random(most)
    tiles: dict[tuple[int | None, int], bytes] = {}
    leaves: list[bytes] = []
    edge, whole = Edge(), Frontier()
    for _ in range(12):
        some = [
            leaf_hash(b"%d" % n) for n in range(len(leaves), len(leaves) + random.randrange(most))
        ]
        leaves += some
        edge.extend(some)
        for leaf in some:
            whole.append(leaf)
        for tile, hashes in edge.grown().items():
            assert len(hashes) == 32 * tile.width
            tiles[tile.level, tile.number] = hashes
        assert edge.root() == whole.root()
        if random.random() < 0.5:
            kept = {tile: tiles[tile.level, tile.number] for tile in edge_of(edge.size)}
            edge = Edge.of(edge.size, kept)
            assert edge.root() == whole.root()
    expected = tiled(leaves)
    assert set(expected) == set(tiles_of(len(leaves)))
    assert tiles == {(tile.level, tile.number): hashes for tile, hashes in expected.items()}


def test_a_tree_of_nothing_has_no_tiles_and_the_root_of_nothing() -> None:
    assert Edge().root() == EMPTY
    assert Edge().grown() == {}
    assert edge_of(0) == edge_of(256)[1:] == []
    assert edge_of(256) == [Tile(1, 0, 1)]


def test_a_tile_that_was_cut_short_is_not_gone_on_from() -> None:
    with pytest.raises(ValueError, match="1 hashes"):
        Edge.of(2, {Tile(0, 0, 2): bytes(32)})
