"""What a service's log proves of some of its entries, whoever keeps its tree."""

from collections.abc import Sequence
from typing import Protocol

from shared.domain.errors import Unavailable
from shared.evidence.bundle import Proven, seal_text
from shared.ledger.ledger import Ledger
from shared.proof.checkpoints import Checkpoint, must_be_past, read_checkpoint
from shared.proof.errors import AnotherLog, NotProven
from shared.proof.notes import Note, Signer, read_note
from shared.proof.statement import statement_of
from shared.proof.tree import HashOf, Node, consistency, hash_of, inclusion, leaf_hash, node_hash
from shared.proof.tree import proof as hashes_of


class Log(Protocol):
    """A service's log, as evidence is made from it."""

    async def proven(self, positions: Sequence[int], since: bytes | None) -> Proven:
        """Return the newest checkpoint, and what it proves of these positions.

        Args:
            since: an earlier checkpoint that the log is to be shown to continue.

        Raises:
            NoteMalformed: `since` is no checkpoint.
            AnotherLog: it is of another log.
            BeforeRestore: it has entries that a restore took back.
            NotProven: it has a root that this log never had.
            Unavailable: the log does not have these positions yet.
        """
        ...

    async def seal(self, manifest: bytes) -> bytes:
        """Return the note that signs a manifest, of which this is the SHA-256."""
        ...


def sealed(signer: Signer, manifest: bytes) -> bytes:
    """Return the note over a manifest, signed."""
    text = seal_text(manifest)
    return Note(text, (signer.sign(text),)).encode()


def proven_by(
    checkpoint: Checkpoint, read: HashOf, positions: Sequence[int]
) -> dict[int, list[bytes]]:
    """Return the inclusion proofs of these positions in a checkpoint's tree.

    Raises:
        Unavailable: one is beyond it: the log is sealed every second, and will have it soon.
    """
    if positions and max(positions) > checkpoint.size:
        raise Unavailable(part=f"the log {checkpoint.origin}, up to position {max(positions)},")
    return {
        position: hashes_of(inclusion(position - 1, checkpoint.size), read)
        for position in positions
    }


def since_then(
    given: bytes, newest: Checkpoint, read: HashOf, cuts: dict[str, int | None]
) -> list[bytes]:
    """Return the proof that a log continues an earlier checkpoint.

    Args:
        cuts: of each origin that the log has or had, after which position its next epoch began.

    Raises:
        NoteMalformed, AnotherLog, BeforeRestore, NotProven: see `Log.proven`.
    """
    old = read_checkpoint(read_note(given).text)
    if old.origin not in cuts:
        raise AnotherLog(origin=old.origin, expected=newest.origin)
    must_be_past(old, cuts[old.origin])
    what = f"that {newest.origin} of {newest.size} entries continues that checkpoint of {old.size}"
    if old.size > newest.size:
        raise NotProven(what=what, why="it has more entries")
    if hash_of(0, old.size, read) != old.root:
        raise NotProven(what=what, why="its root is not the one that the log had")
    return hashes_of(consistency(old.size, newest.size), read)


class FeedLog:
    """A log whose tree is made of all of the ledger anew, each time: right for small ones."""

    def __init__(self, ledger: Ledger, signer: Signer) -> None:
        """Say whose log it is, and by which key of its origin it is signed."""
        self._ledger, self._signer = ledger, signer

    async def proven(self, positions: Sequence[int], since: bytes | None) -> Proven:
        """See `Log.proven`."""
        head = await self._ledger.head()
        entries = await self._ledger.feed(after=0, limit=head.position)
        levels = [[leaf_hash(statement_of(entry)) for entry in entries]]
        while len(below := levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)
            levels.append([node_hash(left, right) for left, right in pairs])

        def read(node: Node) -> bytes:
            return levels[node.height][node.number]

        origin = self._signer.verifier.name
        checkpoint = Checkpoint(origin, len(entries), hash_of(0, len(entries), read))
        note = checkpoint.signed_by(self._signer).encode()
        return Proven(
            checkpoint=note,
            inclusion=proven_by(checkpoint, read, positions),
            since=since,
            consistency=since_then(since, checkpoint, read, {origin: None}) if since else [],
            keys=[self._signer.verifier.vkey],
        )

    async def seal(self, manifest: bytes) -> bytes:
        """See `Log.seal`."""
        return sealed(self._signer, manifest)
