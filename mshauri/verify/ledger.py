"""A service's ledger, walked from its first entry to its last."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import asyncpg

from mshauri.verify.tally import Tally
from shared.ledger import Head
from shared.ledger.reads import Reads
from shared.ledger.walking import Walk
from shared.proof.statement import statement_of
from shared.proof.tree import Frontier, leaf_hash

_SLICE = 5_000
"""Entries read at once: some 5 MB."""

_EPOCHS = "SELECT epoch, after_position FROM ledger_epoch ORDER BY epoch"


@dataclass(slots=True, kw_only=True)
class Walked:
    """What a walk over a ledger found: it holds.

    Attributes:
        head: where it stood when the walk began; nothing beyond was looked at.
        cuts: after which position each epoch began.
        rows: how many entries each epoch has.
        leaves: a tally of the entries' leaves.
        ids: a tally of the events' ids.
        roots: the root of the tree of its first entries, by the sizes that were asked for.
    """

    walk: Walk
    head: Head
    cuts: Mapping[int, int]
    rows: Counter[int]
    leaves: Tally
    ids: Tally
    roots: Mapping[int, bytes]

    def is_history(self, epoch: int, position: int) -> bool:
        """Say whether what an epoch recorded at a position was kept by those that followed it."""
        later = [after for number, after in self.cuts.items() if number > epoch]
        return position <= min(later, default=position)


async def walked(
    address: str,
    told: Callable[[int, int], object] = lambda _done, _all: None,
    *,
    sizes: frozenset[int] = frozenset(),
) -> Walked:
    """Walk the ledger at an address up to where it stood when that began.

    Args:
        told: is told how far it is, and how far it will go.
        sizes: of trees whose roots are wanted.

    Raises:
        NotWhole: an entry, or the head, is not what it should be.
    """
    async with asyncpg.create_pool(address, min_size=1, max_size=1) as pool:
        reads = Reads(pool, part="The ledger")
        head = await reads.head()
        cuts = dict(await pool.fetch(_EPOCHS))
        walk, tree = Walk(cuts), Frontier()
        roots = {0: tree.root()}
        leaves, ids = Tally(head.position), Tally(head.position)
        rows: Counter[int] = Counter()
        while walk.position < head.position:
            left = min(_SLICE, head.position - walk.position)
            entries = await reads.feed(walk.position, left)
            if not entries:
                break
            walk.over(entries)
            for entry in entries:
                leaf = leaf_hash(statement_of(entry))
                tree.append(leaf)
                if tree.size in sizes:
                    roots[tree.size] = tree.root()
                leaves.add(entry.position, leaf)
                ids.add(entry.position, entry.id.bytes)
                rows[entry.epoch] += 1
            told(walk.position, head.position)
        walk.ends_at(head)
    return Walked(walk=walk, head=head, cuts=cuts, rows=rows, leaves=leaves, ids=ids, roots=roots)
