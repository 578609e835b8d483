"""Which moment is asked for: two questions that look alike, and a third for programs.

`knownAt`: what had been recorded by an instant, whenever it had happened. `happenedBy`: what had
happened by the end of a day, by all that is known today. `positions`: what the ledgers held up to
these places.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.domain.errors import Malformed
from shared.positions import PositionToken, parse_position

FIRST_TO_BEGIN_A_DAY = timedelta(hours=14)
"""Ahead of UTC, on the Line Islands: a day that has not begun there has begun nowhere."""


class AsOfInFuture(Malformed):
    """A moment that is still to come: what will be known then, nobody knows."""

    code = "AS_OF_IN_FUTURE"
    template = "{asked} is still to come: nobody knows what will be known then."
    remedy_template = "Ask as of now, or earlier; or leave `asOf` out, for what is known now."


class AsOfWithoutZone(Malformed):
    """An instant that is a different one in each time zone."""

    code = "AS_OF_WITHOUT_ZONE"
    template = "{asked} is another instant in each time zone, and says none."
    remedy_template = "Say the zone: `2021-09-30T23:59:59+02:00`, or `…Z` for UTC."


class AsOfBeforeFirstEvent(Malformed):
    """Nothing of that was there yet."""

    code = "AS_OF_BEFORE_FIRST_EVENT"
    status = 404
    template = "As of {asked} there was no such {kind} yet."
    remedy_template = "Ask as of a later moment: `auditTrail` says when its first event was."


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
        epochs: the epoch that each ledger is in.
        day: of what is read, what had happened by the end of this day counts; None: all of it.
    """

    kind: str
    asked: str
    positions: Mapping[str, int]
    epochs: Mapping[str, int]
    day: date | None = None

    def told(self) -> dict[str, Any]:
        """Return what an answer says of it under `extensions.asOf`."""
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
        raise AsOfWithoutZone("asOf.knownAt", asked=asked.isoformat())
    try:
        instant = asked.astimezone(UTC)
    except OverflowError:  # the first and the last hours of the calendar, seen from elsewhere
        instant = asked.replace(tzinfo=UTC)
    if instant > (now or datetime.now(UTC)):
        raise AsOfInFuture("asOf.knownAt", asked=asked.isoformat())
    return instant


def day_of(asked: date, now: datetime | None = None) -> date:
    """Return the day.

    Raises:
        AsOfInFuture: it has begun nowhere.
    """
    if asked > ((now or datetime.now(UTC)) + FIRST_TO_BEGIN_A_DAY).date():
        raise AsOfInFuture("asOf.happenedBy", asked=asked.isoformat())
    return asked


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
