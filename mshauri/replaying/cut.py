"""A cut: how far each ledger goes for who looks at a moment that is past.

What had been recorded by an instant is, in each ledger, everything up to the last entry that bears
a time up to it: entries stand in the order in which they were committed, and where a clock was
ahead and was set right, what stands before an entry was known before it, whatever time it bears.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from shared.domain.as_of import AsOfBeforeFirstEvent, AsOfInFuture, AsOfWithoutZone
from shared.domain.days import FIRST_YEAR
from shared.domain.errors import Malformed
from shared.ledger import Entry, Stood
from shared.ledger.reads import Reads
from shared.positions import PositionToken, parse_position
from shared.projection.waiting import PositionLost


class NotRecordedYet(AsOfInFuture):
    """A position that a ledger has not reached."""

    template = "{position} has not been recorded yet: that ledger stands at {head}."
    remedy_template = "Give positions that a Mshauri has answered with, of this installation."


class NoMoment(Malformed):
    """Neither a day nor an instant."""

    code = "NO_MOMENT"
    template = "{given!r} is neither a day nor an instant."
    remedy_template = "Give 2021-09-30 with a zone, or 2021-09-30T18:00:00+02:00."


class NoSuchZone(Malformed):
    """A name that no time zone has."""

    code = "NO_SUCH_ZONE"
    template = "{zone!r} is no time zone."
    remedy_template = "Give its IANA name, such as Africa/Kigali."


class NoSuchLedger(Malformed):
    """A position of a service that keeps no ledger here."""

    code = "NO_SUCH_LEDGER"
    template = "{position!r} is a position in no ledger here."
    remedy_template = "Give positions as answers have them, such as registry.7.1234: {known}."


@dataclass(frozen=True, slots=True)
class Moment:
    """What was asked for.

    Attributes:
        instant: what had been recorded by it.
        day: which day it was then, for who reads.
        zone: whose day that is.
        said: as it was said, for a sentence.
    """

    instant: datetime
    day: date
    zone: str
    said: str


@dataclass(frozen=True, slots=True)
class Cut:
    """How far each ledger goes.

    Attributes:
        instant: what had been recorded by it; with positions, when the last of them was recorded.
        day: which day it was then, for who reads: its "today".
        zone: whose day that is.
        stood: where each ledger stood; one that is left out had nothing yet.
        positions: by which it was asked for; none: by the instant.
    """

    instant: datetime
    day: date
    zone: str
    stood: Mapping[str, Stood]
    positions: tuple[str, ...] = ()

    @property
    def events(self) -> int:
        """How many there are in all."""
        return sum(one.position for one in self.stood.values())

    @property
    def said(self) -> dict[str, Any]:
        """What every answer says of it: what one says that is asked `asOf`, and which day it is.

        `knownAt` is said in any case: of positions, it is when the last of them was recorded.
        """
        return {
            "kind": "positions" if self.positions else "knownAt",
            "knownAt": self.instant.astimezone(ZoneInfo(self.zone)).isoformat(),
            **({"positions": ", ".join(self.positions)} if self.positions else {}),
            "day": self.day.isoformat(),
            "zone": self.zone,
            "ledgers": [
                {"service": service, "position": one.position, "epoch": one.epoch}
                for service, one in sorted(self.stood.items())
            ],
        }


def moment_of(given: str, zone: str | None, now: datetime) -> Moment:
    """Read a day, which means its end in a zone, or an instant.

    Raises:
        NoMoment: it is neither.
        NoSuchZone: there is no such zone.
        AsOfWithoutZone: a day without a zone, or a time of day without one or an offset.
        AsOfInFuture: it has not come.
    """
    if zone is not None and zone not in available_timezones():
        raise NoSuchZone("zone", zone=zone)
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return _instant(given, zone, now)
    if zone is None:
        raise AsOfWithoutZone("asOf", moment=given)
    said = f"The end of {given} in {zone}"
    _must_be_past(said, day.year, now)
    # Of a day whose last hour comes twice, the later one ends it.
    end = datetime.combine(day, time.max, ZoneInfo(zone)).replace(fold=1).astimezone(UTC)
    return _past(Moment(end, day, zone, said), now)


def _instant(given: str, zone: str | None, now: datetime) -> Moment:
    try:
        instant = datetime.fromisoformat(given)
    except ValueError:
        raise NoMoment("asOf", given=given) from None
    if instant.tzinfo is None:
        if zone is None:
            raise AsOfWithoutZone("asOf", moment=given)
        instant = instant.replace(tzinfo=ZoneInfo(zone))
    _must_be_past(given, instant.year, now)
    in_zone = instant.astimezone(ZoneInfo(zone or "UTC"))
    moment = Moment(instant.astimezone(UTC), in_zone.date(), zone or "UTC", given)
    return _past(moment, now)


def _must_be_past(said: str, year: int, now: datetime) -> None:
    """Refuse years that no calendar reckons with before anything is reckoned with them."""
    if year > now.year + 1:
        raise AsOfInFuture("asOf", moment=said, now=_shown(now))
    if year < FIRST_YEAR:
        first = f"{FIRST_YEAR}-01-01"
        raise AsOfBeforeFirstEvent("asOf", moment=said, first=first)


def _past(moment: Moment, now: datetime) -> Moment:
    if moment.instant > now:
        raise AsOfInFuture("asOf", moment=moment.said, now=_shown(now))
    return moment


def _shown(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")


async def cut_at(moment: Moment, ledgers: Mapping[str, Reads]) -> Cut:
    """Return how far each ledger went at a moment.

    Raises:
        AsOfBeforeFirstEvent: none had anything.
    """
    stood = await _stood_by(moment.instant, ledgers)
    if not stood:
        begun = [first for one in ledgers.values() for first in await one.at([1])]
        earliest = min((one.recorded for one in begun), default=datetime.now(UTC))
        raise AsOfBeforeFirstEvent("asOf", moment=moment.said, first=_shown(earliest))
    return Cut(moment.instant, moment.day, moment.zone, stood)


async def cut_of(positions: Sequence[str], zone: str | None, ledgers: Mapping[str, Reads]) -> Cut:
    """Return the cut at some positions, and in ledgers that none is of, when the last of these was
    recorded.

    Raises:
        NoSuchLedger: one is no position here.
        NotRecordedYet: a ledger has not come that far.
        PositionLost: it was lost when the ledger was restored.
        NoSuchZone: there is no such zone.
    """
    if zone is not None and zone not in available_timezones():
        raise NoSuchZone("zone", zone=zone)
    named: dict[str, Entry] = {}
    for token in positions:
        place = _parsed(token, ledgers)
        found = await ledgers[place.service].at([place.position])
        if not found:
            head = (await ledgers[place.service].head()).position
            raise NotRecordedYet("positions", position=token, head=head)
        [one] = found
        if one.epoch != place.epoch:
            raise PositionLost(position=token)
        before = named.get(place.service)
        if before is None or before.position < one.position:
            named[place.service] = one
    instant = max(one.recorded for one in named.values())
    in_zone = instant.astimezone(ZoneInfo(zone or "UTC"))
    stood = await _stood_by(instant, ledgers)
    read_to = {service: stood[service].up_to(one) for service, one in named.items()}
    return Cut(instant, in_zone.date(), zone or "UTC", stood | read_to, tuple(positions))


def _parsed(token: str, ledgers: Mapping[str, Reads]) -> PositionToken:
    try:
        place = parse_position(token)
        if place.service in ledgers and place.position > 0:
            return place
    except ValueError:
        pass
    raise NoSuchLedger("positions", position=token, known=", ".join(sorted(ledgers)))


async def _stood_by(instant: datetime, ledgers: Mapping[str, Reads]) -> dict[str, Stood]:
    found = {service: await one.stood_at(instant) for service, one in ledgers.items()}
    return {service: one for service, one in found.items() if one.position}
