"""A ledger walked from its first entry to its last: every hash, seal and order computed again.

An entry from before there were seals is chained by its hash; once one has a seal, all later ones
must, but for those that a process of an older release wrote beside a newer one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.domain.errors import MshauriError
from shared.ledger.clocks import TURNED_BACK
from shared.ledger.ledger import Entry, Head
from shared.proof.hashing import NOTHING, chain_hash, stream_hash
from shared.proof.sealing import seal_of


class NotWhole(MshauriError):
    """A ledger does not hold what its hashes say that it held."""

    code = "LEDGER_NOT_WHOLE"
    template = "The ledger is not whole: the entry at {position}, of the stream {stream}, {what}."
    remedy_template = (
        "Stop recording, keep the database as it is, and compare it with a backup and the bus."
    )

    def __init__(self, position: int, stream: UUID | None, what: str) -> None:
        super().__init__(position=position, stream=stream or "of none", what=what)


@dataclass(slots=True)
class Walk:
    """How far a ledger was found whole.

    Attributes:
        position: of the last entry seen.
        sealed: how many of them bear a seal.
        turned_back: where a clock that had been ahead was set right: entries that were recorded
            more than a minute before the one before them.
        cuts: after which position each epoch began; none: that is not looked at.
    """

    cuts: dict[int, int] = field(default_factory=dict)
    position: int = 0
    sealed: int = 0
    turned_back: list[int] = field(default_factory=list)
    _epoch: int = 1
    _recorded: datetime | None = None
    _chain: bytes = NOTHING
    _streams: dict[UUID, tuple[int, bytes]] = field(default_factory=dict)

    def over(self, entries: Iterable[Entry]) -> None:
        """Go on over the next entries.

        Raises:
            NotWhole: one is not what it should be.
        """
        for entry in entries:
            if what := self._wrong(entry):
                raise NotWhole(entry.position, entry.stream, what)
            self.position = entry.position
            self.sealed += entry.seal is not None
            if self._recorded is not None and entry.recorded < self._recorded:
                self.turned_back.append(entry.position)
            self._epoch = entry.epoch
            self._recorded = entry.recorded
            self._chain = chain_hash(self._chain, entry.seal or entry.hash)
            self._streams[entry.stream] = entry.version, entry.hash

    def ends_at(self, head: Head) -> None:
        """Compare what was walked with where the ledger says that it stands.

        Raises:
            NotWhole: it is not the same.
        """
        if self.position != head.position:
            raise NotWhole(self.position, None, f"is the last, and the head is at {head.position}")
        if self._chain != head.hash:
            raise NotWhole(self.position, None, "is the last, and the head's chain is another one")

    def _wrong(self, entry: Entry) -> str:
        """Say what is wrong with the next entry, or nothing."""
        version, past = self._streams.get(entry.stream, (0, NOTHING))
        computed = stream_hash(
            past,
            stream=entry.stream,
            version=entry.version,
            recorded=entry.recorded,
            topic=entry.topic,
            meta=entry.meta,
            payload=entry.payload,
        )
        epoch = max((e for e, after in self.cuts.items() if after < entry.position), default=0)
        checks = (
            (entry.position != self.position + 1, f"follows the one at {self.position}"),
            (entry.version != version + 1, f"is version {entry.version} after {version}"),
            (entry.epoch < self._epoch, f"is of epoch {entry.epoch} after {self._epoch}"),
            (epoch and entry.epoch != epoch, f"is of epoch {entry.epoch}, not {epoch}"),
            (
                self._recorded is not None
                and entry.recorded < self._recorded
                and self._recorded - entry.recorded <= TURNED_BACK,
                "was recorded earlier than the one before it",
            ),
            (entry.hash != computed, "does not bear the hash of what it says"),
            (entry.seal not in (None, seal_of(entry)), "does not bear its seal"),
        )
        return next((what for is_so, what in checks if is_so), "")
