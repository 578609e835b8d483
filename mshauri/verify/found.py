"""What each part has of a ledger and, in words, since where it has something else."""

from dataclasses import dataclass, field

from mshauri.verify.bus import OnBus
from mshauri.verify.ledger import Walked
from mshauri.verify.log import Signed
from mshauri.verify.tally import Tally

TOLD = 10
"""Positions named of what is missing."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What there is of one service's ledger.

    Attributes:
        signed: the checkpoints of its logs.
        on_bus, audited: what the bus and the audit trail have; None: they were not asked.
        problems: sentences; none: everybody has what the ledger holds.
    """

    service: str
    ledger: Walked
    signed: list[Signed] = field(default_factory=list)
    on_bus: OnBus | None = None
    audited: Tally | None = None
    problems: list[str] = field(default_factory=list)

    def weigh(self) -> None:
        """Add what differs to `problems`."""
        for one in self.signed:
            self._bears_out(one)
        if self.on_bus is not None:
            self._held("the bus", self.on_bus.leaves, self.ledger.leaves)
            if self.on_bus.unreadable:
                count = self.on_bus.unreadable
                self.problems.append(f"{count:,} records on the bus are no events of ours.")
        if self.audited is not None:
            self._held("the audit trail", self.audited, self.ledger.ids)

    @property
    def sealed(self) -> int | None:
        """How many entries the newest log has; None: nothing was sealed."""
        sizes = {one.epoch: one.checkpoint.size for one in self.signed if one.who == "the log"}
        return sizes[max(sizes)] if sizes else None

    def _bears_out(self, signed: Signed) -> None:
        """Hold a checkpoint against the ledger: its entries are the ledger's, in that order."""
        size, epoch = signed.checkpoint.size, signed.epoch
        if not self.ledger.is_history(epoch, size):
            return  # what a restore took back; `mshauri lost` lists it
        what = f"what {signed.who} signed of epoch {epoch} at {size:,}"
        if size > self.ledger.head.position:
            self.problems.append(f"The ledger has less than {what}.")
        elif self.ledger.roots.get(size) != signed.checkpoint.root:
            self.problems.append(f"The ledger's entries are not {what}: they were altered since.")

    def _held(self, where: str, held: Tally, ledger: Tally) -> None:
        missing = held.end - held.count
        if missing:
            first = ", ".join(f"{p:,}" for p, _ in zip(held.missing(), range(TOLD), strict=False))
            more = " and others" if missing > TOLD else ""
            self.problems.append(f"{missing:,} events are not on {where}: {first}{more}.")
        elif (among := ledger.differs(held)) is not None:
            self.problems.append(
                f"On {where} something else stands than in the ledger, first among the positions "
                f"{among.start:,} to {among.stop - 1:,}."
            )
