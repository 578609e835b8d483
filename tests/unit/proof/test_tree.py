"""The Merkle tree is RFC 6962's: its vectors, its own examples, and every proof of small trees."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.proof.errors import NotProven
from shared.proof.tree import (
    EMPTY,
    Frontier,
    HashOf,
    Node,
    Range,
    consistency,
    hash_of,
    inclusion,
    leaf_hash,
    must_continue,
    must_include,
    node_hash,
    nodes,
    proof,
    root_of,
)

# The vectors of Google's Certificate Transparency for RFC 6962 (transparency-dev/merkle, testonly).
INPUTS = [
    bytes.fromhex(given)
    for given in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(given) for given in INPUTS]


def defined(leaves: list[bytes]) -> bytes:
    """Return MTH as section 2.1 of the RFC defines it."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return node_hash(defined(leaves[:k]), defined(leaves[k:]))


def of(leaves: list[bytes]) -> HashOf:
    return lambda node: defined(
        leaves[node.number << node.height : (node.number + 1) << node.height]
    )


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_the_published_vectors(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]
    assert hash_of(0, size, of(LEAVES)).hex() == ROOTS[size]


def test_the_proofs_are_those_that_the_rfc_shows_of_a_tree_of_seven() -> None:
    # Section 2.1.3 calls the nodes by letters: leaves a b c d e f j, then g h i k l.
    a, b, c, d, e, f, j = LEAVES[:7]
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, lower = node_hash(g, h), node_hash(i, j)
    read = of(LEAVES[:7])
    assert proof(inclusion(0, 7), read) == [b, h, lower]
    assert proof(inclusion(3, 7), read) == [c, g, lower]
    assert proof(inclusion(4, 7), read) == [f, j, k]
    assert proof(inclusion(6, 7), read) == [i, k]
    assert proof(consistency(3, 7), read) == [c, d, g, lower]
    assert proof(consistency(4, 7), read) == [lower]
    assert proof(consistency(6, 7), read) == [i, j, k]


def test_every_proof_of_a_tree_of_up_to_forty_holds_and_no_other_root_is_believed() -> None:
    leaves = [leaf_hash(b"%d" % n) for n in range(40)]
    roots = [defined(leaves[:size]) for size in range(41)]
    for size in range(1, 41):
        read = of(leaves[:size])
        for index in range(size):
            path = proof(inclusion(index, size), read)
            must_include(index, size, leaves[index], path, roots[size])
            with pytest.raises(NotProven):
                must_include(index, size, leaves[index], path, roots[size - 1])
        for before in range(size + 1):
            path = proof(consistency(before, size), read)
            must_continue(before, roots[before], size, roots[size], path)
            if before not in (0, size):
                with pytest.raises(NotProven):
                    must_continue(before, roots[before - 1], size, roots[size], path)
                with pytest.raises(NotProven):
                    must_continue(before, roots[before], size, roots[size - 1], path)


@given(st.data())
def test_a_proof_with_any_byte_altered_left_out_or_added_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 70))
    index = data.draw(st.integers(0, size - 1))
    leaves = [leaf_hash(b"%d" % n) for n in range(size)]
    path = proof(inclusion(index, size), of(leaves))
    at = data.draw(st.integers(0, len(path) - 1))
    altered = bytes((path[at][0] ^ 1,)) + path[at][1:]
    root = root_of(leaves)
    for wrong in (
        [*path[:at], altered, *path[at + 1 :]],
        [*path[:at], *path[at + 1 :]],
        [*path[:at], path[at], *path[at:]],
    ):
        with pytest.raises(NotProven):
            must_include(index, size, leaves[index], wrong, root)
    with pytest.raises(NotProven):
        must_include((index + 1) % size, size, leaves[index], path, root)


def test_a_tree_that_shrank_or_has_another_root_at_the_same_size_continues_nothing() -> None:
    roots = [bytes.fromhex(root) for root in ROOTS]
    must_continue(0, EMPTY, 8, roots[8], [])
    must_continue(8, roots[8], 8, roots[8], [])
    for before, old, size, root, path in (
        (8, roots[8], 7, roots[7], []),
        (7, roots[6], 7, roots[7], []),
        (0, roots[1], 7, roots[7], []),
        (0, EMPTY, 7, roots[7], [roots[7]]),
        (3, roots[3], 7, roots[7], []),
        (4, roots[4], 7, roots[7], []),
    ):
        with pytest.raises(NotProven) as refused:
            must_continue(before, old, size, root, path)
        assert refused.value.code == "NOT_PROVEN"


def test_what_a_tree_does_not_have_is_not_asked_for() -> None:
    with pytest.raises(ValueError, match="no entry 7"):
        inclusion(7, 7)
    with pytest.raises(ValueError, match="no past"):
        consistency(8, 7)


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_range_is_made_of_complete_subtrees_side_by_side(one: int, other: int) -> None:
    start, end = sorted((one, other))
    at = start
    for height, index in nodes(start, end):
        assert index << height == at
        at += 1 << height
    assert at == end


def test_a_frontier_that_goes_on_from_what_was_kept_is_the_same() -> None:
    whole = Frontier()
    for leaf in LEAVES:
        whole.append(leaf)
    kept = Frontier(5, [of(LEAVES)(node) for node in nodes(0, 5)])
    for leaf in LEAVES[5:]:
        kept.append(leaf)
    assert kept == whole
    assert nodes(0, 5) == [Node(2, 0), Node(0, 4)]
    assert inclusion(0, 2) == [Range(1, 2)]
