"""Which moment is asked for: two questions that look alike, and a third for programs.

`knownAt`: what had been recorded by an instant, whenever it had happened. `happenedBy`: what had
happened by the end of a day, by all that is known today. `positions`: what the ledgers held up to
these places.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.domain.as_of import AsOfBeforeFirstEvent, AsOfInFuture, AsOfWithoutZone
from shared.domain.errors import Malformed
from shared.positions import PositionToken, parse_position

FIRST_TO_BEGIN_A_DAY = timedelta(hours=14)
"""Ahead of UTC, on the Line Islands: a day that has not begun there has begun nowhere."""


class NotThereYet(AsOfBeforeFirstEvent):
    """Nothing of that was there yet."""

    status = 404
    template = "As of {asked} there was no such {kind} yet."
    remedy_template = "Ask as of a later moment: `auditTrail` says when its first event was."


class BeyondTheLedger(AsOfInFuture):
    """A position that its ledger has not reached."""

    template = "{asked} has not been recorded yet."
    remedy_template = "Ask by positions that were answered here."


class AsOfPositionLost(Malformed):
    """A position of a history that its ledger does not have any more."""

    code = "AS_OF_POSITION_LOST"
    template = "What {asked} stood for is no more: the ledger was restored to before it."
    remedy_template = "Ask by a position that was answered since, or by `knownAt`."


class NotKnownAsOf(Malformed):
    """What one person's history does not say of the past."""

    code = "NOT_KNOWN_AS_OF"
    template = "{name} cannot be told as of an earlier moment from the history of one record alone."
    remedy_template = (
        "Leave it out here; or ask the whole system as it stood then: `mshauri replay`."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A moment, as the ledgers' positions: what lies above them had not been recorded.

    Attributes:
        kind: by which question.
        asked: the moment, as it was asked for.
        positions: how far each service's ledger is read.
        epochs: the epoch of the last entry that is read of each.
        day: of what is read, what had happened by the end of this day counts; None: all of it.
    """

    kind: str
    asked: str
    positions: Mapping[str, int]
    epochs: Mapping[str, int]
    day: date | None = None

    def told(self) -> dict[str, Any]:
        """Return what an answer says of it under `extensions.asOf`, beside the path of its part.

        By which question (`kind`) and which moment, under the question's own name; and how far the
        ledgers are in it. A replay says the same of the whole answer (`mshauri/replaying/cut.py`).
        """
        return {
            "kind": self.kind,
            self.kind: self.asked,
            "ledgers": [
                {"service": service, "position": position, "epoch": self.epochs[service]}
                for service, position in sorted(self.positions.items())
            ],
        }


def instant_of(asked: datetime, now: datetime | None = None) -> datetime:
    """Return the instant in UTC.

    Raises:
        AsOfWithoutZone: it says no zone.
        AsOfInFuture: it is still to come.
    """
    if asked.tzinfo is None:
        raise AsOfWithoutZone("asOf.knownAt", moment=asked.isoformat())
    try:
        instant = asked.astimezone(UTC)
    except OverflowError:  # the first and the last hours of the calendar, seen from elsewhere
        instant = asked.replace(tzinfo=UTC)
    now = now or datetime.now(UTC)
    if instant > now:
        raise AsOfInFuture("asOf.knownAt", moment=asked.isoformat(), now=_shown(now))
    return instant


def day_of(asked: date, now: datetime | None = None) -> date:
    """Return the day.

    Raises:
        AsOfInFuture: it has begun nowhere.
    """
    now = now or datetime.now(UTC)
    if asked > (now + FIRST_TO_BEGIN_A_DAY).date():
        raise AsOfInFuture("asOf.happenedBy", moment=asked.isoformat(), now=_shown(now))
    return asked


def _shown(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def tokens_of(asked: list[str]) -> dict[str, PositionToken]:
    """Return the furthest position of each ledger that is named.

    Raises:
        Malformed: one is none, or none is given.
    """
    furthest: dict[str, PositionToken] = {}
    for text in asked:
        try:
            token = parse_position(text)
        except ValueError:
            raise Malformed(
                "asOf.positions", problem=f"{text!r} is not a position", expected="a position"
            ) from None
        held = furthest.get(token.service)
        if held is None or (held.epoch, held.position) < (token.epoch, token.position):
            furthest[token.service] = token
    if not furthest:
        raise Malformed(
            "asOf.positions", problem="it names no position", expected="a list of positions"
        )
    return furthest
