"""What each part has of a ledger and, in words, since where it has something else."""

from dataclasses import dataclass, field

from mshauri.verify.bus import OnBus
from mshauri.verify.ledger import Walked
from mshauri.verify.tally import Tally

TOLD = 10
"""Positions named of what is missing."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What there is of one service's ledger.

    Attributes:
        tree: entries in its log, as its newest checkpoint says; None: it has none.
        on_bus, audited: what the bus and the audit trail have; None: they were not asked.
        problems: sentences; none: everybody has what the ledger holds.
    """

    service: str
    ledger: Walked
    tree: int | None = None
    on_bus: OnBus | None = None
    audited: Tally | None = None
    problems: list[str] = field(default_factory=list)

    def weigh(self) -> None:
        """Add what differs to `problems`."""
        if self.on_bus is not None:
            self._held("the bus", self.on_bus.leaves, self.ledger.leaves)
            if self.on_bus.unreadable:
                count = self.on_bus.unreadable
                self.problems.append(f"{count:,} records on the bus are no events of ours.")
        if self.audited is not None:
            self._held("the audit trail", self.audited, self.ledger.ids)

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
