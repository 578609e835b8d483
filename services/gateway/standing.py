"""Read models that stand at a moment which is past: what is told of them, and what they refuse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.asof.reader import is_folded
from services.gateway.clock import Moment
from services.gateway.read.declare import Model
from services.gateway.read.loader import Reader, Rows
from shared.domain.errors import Malformed, Refusal
from shared.domain.phrases import Phrase
from shared.positions import parse_position


class ReadOnly(Refusal):
    """Something that would record, or follow what is recorded, where time stands still."""

    code = "READ_ONLY"
    template = "This answers as of {instant}: nothing is recorded here, and nothing changes."
    remedy_template = "Send it to the gateway itself; ask here by queries alone."


class AfterTheMoment(Refusal):
    """A position beyond what is read: it will never be reached."""

    code = "AFTER_THE_MOMENT"
    template = "{position} was recorded after the moment that this answers as of."
    remedy_template = "Leave it out here, or ask as of a later moment."


class NotReplayed(Malformed):
    """What is told by a ledger that is not read again: who looked."""

    code = "NOT_REPLAYED"
    template = "Who looked at what is not replayed: {name} is not known here."
    remedy_template = "Ask the gateway itself for it, up to the instant that you mean (`before`)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """At which moment read models stand.

    Attributes:
        database_url: where they are.
        moment: for whatever goes by the day.
        positions: up to where each service's ledger is in them, with its epoch then.
        said: what every answer says of it under `extensions.asOf`, in the shape of `asof.cut`: of
            the whole answer, whose path is empty.
    """

    database_url: str
    moment: Moment
    positions: Mapping[str, tuple[int, int]]
    said: Mapping[str, Any]

    @property
    def waits(self) -> "Reached":
        """Whoever waits for a position here."""
        return Reached(self.positions)


class Reached:
    """Knows which positions are in read models that do not move; see `context.Waits`."""

    def __init__(self, positions: Mapping[str, tuple[int, int]]) -> None:
        """Say up to where each ledger is in them, with its epoch then."""
        self._positions = positions

    async def reach(self, tokens: Sequence[str], timeout: float) -> None:
        """Return if all are in them.

        Raises:
            AfterTheMoment: one never will be.
            Malformed: one is no position.
        """
        for token in tokens:
            try:
                asked = parse_position(token)
            except ValueError:
                problem = Phrase("{token} is not a position", token=repr(token))
                raise Malformed("after", problem=problem, expected="a position") from None
            position, epoch = self._positions.get(asked.service, (0, 0))
            if (asked.epoch, asked.position) > (epoch, position):
                raise AfterTheMoment("after", position=token)

    def position(self, service: str, partition: int) -> int:
        """Return up to where a ledger is in them."""
        return self._positions.get(service, (0, 0))[0]

    async def wait_change(self, service: str, partition: int, beyond: int) -> int:
        """Refuse: nothing changes."""
        raise ReadOnly(instant="then")


class StandingReader(Reader):
    """Reads what stands at a moment: what the services had recorded by then, and nothing else."""

    async def page(self, model: Model, *asked: Any, **further: Any) -> Rows:
        """See `Reader.page`.

        Raises:
            NotReplayed: it is of another ledger.
        """
        _must_be_replayed(model)
        return await super().page(model, *asked, **further)

    async def total(self, model: Model, *asked: Any) -> int:
        """See `Reader.total`.

        Raises:
            NotReplayed: it is of another ledger.
        """
        _must_be_replayed(model)
        return await super().total(model, *asked)


def _must_be_replayed(model: Model) -> None:
    if not is_folded(model):
        raise NotReplayed(name=model.name)
