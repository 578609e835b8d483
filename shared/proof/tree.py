"""The Merkle tree of RFC 6962, section 2.1: roots, and proofs that outsiders verify.

A tree over entries 0 … n-1 is told by hashes of *nodes*, the complete subtrees in it: node `(h, i)`
is over the entries `i·2^h` … `(i+1)·2^h - 1`. Any range that a proof names is made of some of them.
What is proven is listed before it is read (`nodes`), so that whoever keeps the hashes can fetch
them at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from shared.proof.errors import NotProven

EMPTY = sha256().digest()
"""The root of a tree of nothing."""


class Node(NamedTuple):
    """A complete subtree: over `2 ** height` entries, the `number`-th of its height."""

    height: int
    number: int


class Range(NamedTuple):
    """Entries from `start`, before `end`, that a proof tells the hash of."""

    start: int
    end: int


HashOf = Callable[[Node], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """A tree as far as whoever appends needs it: its complete subtrees, the largest first.

    Attributes:
        size: entries in the tree.
        hashes: of its complete subtrees; as many as `size` has ones in binary.
    """

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add an entry by its leaf hash."""
        grown = self.size
        while grown & 1:
            leaf = node_hash(self.hashes.pop(), leaf)
            grown >>= 1
        self.hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        return _folded(self.hashes)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root of a tree of these leaf hashes."""
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def nodes(start: int, end: int) -> list[Node]:
    """Return the complete subtrees that a range is made of, from left to right."""
    found = []
    while start < end:
        # The largest that begins here and does not reach beyond the end.
        height = (end - start).bit_length() - 1
        if start:
            height = min(height, (start & -start).bit_length() - 1)
        found.append(Node(height, start >> height))
        start += 1 << height
    return found


def hash_of(start: int, end: int, read: HashOf) -> bytes:
    """Return the hash of a range; of all of a tree, its root."""
    return _folded([read(node) for node in nodes(start, end)])


def inclusion(index: int, size: int) -> list[Range]:
    """Return what proves that an entry is in a tree, from the entry up (RFC 6962, 2.1.1).

    Raises:
        ValueError: the tree has no such entry.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no entry {index}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(Range(middle, end))
            end = middle
        else:
            path.append(Range(start, middle))
            start = middle
    return path[::-1]


def consistency(before: int, size: int) -> list[Range]:
    """Return what proves that a tree is the past of a larger one (RFC 6962, 2.1.2).

    Raises:
        ValueError: it is not larger.
    """
    if not 0 <= before <= size:
        raise ValueError(f"a tree of {before} is no past of one of {size}")
    if before in (0, size):
        return []
    path, start, end, whole = [], 0, size, True
    while before != end:
        middle = start + _split(end - start)
        if before <= middle:
            path.append(Range(middle, end))
            end = middle
        else:
            path.append(Range(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(Range(start, end))
    return path[::-1]


def proof(ranges: Iterable[Range], read: HashOf) -> list[bytes]:
    """Return the hashes of a proof's ranges."""
    return [hash_of(start, end, read) for start, end in ranges]


def must_include(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Verify that the entry with this leaf hash stands at `index` of a tree.

    Raises:
        NotProven: it is not shown to.
    """
    what = f"entry {index} of a tree of {size}"
    if not 0 <= index < size:
        raise NotProven(what=what, why="there is no such entry")
    here = leaf
    for left, sibling in _climbing(index, size - 1, proof, what):
        here = node_hash(sibling, here) if left else node_hash(here, sibling)
    if here != root:
        raise NotProven(what=what, why="its proof leads to another root")


def must_continue(
    before: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Verify that a tree of `before` entries is the past of one of `size`.

    Raises:
        NotProven: it is not shown to be.
    """
    what = f"that a tree of {before} is the past of one of {size}"
    if not 0 <= before <= size:
        raise NotProven(what=what, why="it is larger")
    if before in (0, size):
        if proof:
            raise NotProven(what=what, why="its proof is too long")
        if before == size and old_root != root:
            raise NotProven(what=what, why="they have the same size and other roots")
        if before == 0 and old_root != EMPTY:
            raise NotProven(what=what, why="the root of nothing is another one")
        return
    path = list(proof)
    if before & (before - 1) == 0:
        path.insert(0, old_root)
    if not path:
        raise NotProven(what=what, why="its proof is too short")
    at, last = before - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for left, sibling in _climbing(at, last, path[1:], what):
        if left:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    if old != old_root:
        raise NotProven(what=what, why="its proof leads to another root of the older")
    if new != root:
        raise NotProven(what=what, why="its proof leads to another root of the newer")


def _climbing(
    at: int, last: int, proof: Sequence[bytes], what: str
) -> Iterator[tuple[bool, bytes]]:
    """Yield the hashes beside the way up from node `at` of a row that ends with `last`, each with
    whether it stands on the left.

    Raises:
        NotProven: they are more than lead to the root, or fewer.
    """
    for sibling in proof:
        if last == 0:
            raise NotProven(what=what, why="its proof is too long")
        left = bool(at & 1) or at == last
        yield left, sibling
        while left and at and not at & 1:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    if last:
        raise NotProven(what=what, why="its proof is too short")


def _folded(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return EMPTY
    here = hashes[-1]
    for left in reversed(hashes[:-1]):
        here = node_hash(left, here)
    return here


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
