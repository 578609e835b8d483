"""What held of a facility since when: how a change that is told late finds its place."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from services.registry.aggregates.dated_line import Line
from shared.contracts.registry.org_unit import Facility, FacilityFact
from shared.domain.errors import Refusal


class HalfACoordinate(Refusal):
    """A place on earth has a latitude and a longitude."""

    code = "COORDINATES_INCOMPLETE"
    template = "One coordinate says nowhere: latitude {latitude}, longitude {longitude}."
    remedy_template = "Give both, in degrees, or neither."


class NowhereOnLand(Refusal):
    """Where both are nought there is sea: it is what an empty cell was made into."""

    code = "COORDINATES_NOUGHT"
    template = "Latitude 0 and longitude 0 is in the sea."
    remedy_template = "Give the facility's own coordinates, or none."


class SaidAndForgotten(Refusal):
    """Of one thing, either something is known or nothing is."""

    code = "SAID_AND_FORGOTTEN"
    template = "{fact} is both said and forgotten."
    remedy_template = "Either say it, or name it in `forget`."


class AlwaysKnown(Refusal):
    """Whether a facility sees patients is said one way or the other."""

    code = "OPERATIONAL_IS_KNOWN"
    template = "Whether a facility sees patients is always known."
    remedy_template = "Say `operational: true` or `operational: false`."


class NothingSaid(Refusal):
    """A change says what is otherwise."""

    code = "NOTHING_SAID"
    template = "Nothing is said to be otherwise."
    remedy_template = "Say what is: its level, beds, services, or what is known no more."


class Held(Struct, frozen=True):
    """What held of a facility, and what of it was said of the day; nothing: all of it."""

    facility: Facility
    said: tuple[FacilityFact, ...] = ()


_FIELDS: dict[FacilityFact, tuple[str, ...]] = {
    FacilityFact.TYPE: ("type",),
    FacilityFact.LEVEL: ("level",),
    FacilityFact.OWNERSHIP: ("ownership",),
    FacilityFact.COORDINATES: ("latitude", "longitude"),
    FacilityFact.BEDS: ("beds",),
    FacilityFact.OPERATIONAL: ("operational",),
    FacilityFact.SERVICES: ("services",),
}
_NOTHING = Facility()


def must_be_somewhere(facility: Facility, field: str) -> None:
    """Refuse coordinates that no facility has.

    Raises:
        HalfACoordinate, NowhereOnLand: as they say.
    """
    latitude, longitude = facility.latitude, facility.longitude
    if (latitude is None) != (longitude is None):
        raise HalfACoordinate(field, latitude=latitude, longitude=longitude)
    if latitude == 0 and longitude == 0:
        raise NowhereOnLand(field)


def held_of(said: Mapping[str, Any], forget: Collection[FacilityFact]) -> Held:
    """Return what is said of a day: by field, None where nothing is, and what is known no more.

    Raises:
        HalfACoordinate, SaidAndForgotten, AlwaysKnown, NothingSaid: as they say.
    """
    if (said["latitude"] is None) != (said["longitude"] is None):
        raise HalfACoordinate("latitude", latitude=said["latitude"], longitude=said["longitude"])
    given = {name: value for name, value in said.items() if value is not None}
    facts = tuple(
        fact for fact, fields in _FIELDS.items() if fact in forget or given.keys() & fields
    )
    if not facts:
        raise NothingSaid("orgUnitId")
    if FacilityFact.OPERATIONAL in forget:
        raise AlwaysKnown("forget")
    for fact in forget:
        if given.keys() & _FIELDS[fact]:
            raise SaidAndForgotten("forget", fact=fact.value)
    return Held(replace(_NOTHING, **given), facts)


def with_said(line: Line[Held], since: date, told: Held) -> Line[Held]:
    """Return the line with something said of a day, late or not; what follows rests on it.

    Each fact holds until it was said again. What was said of that day before stays, but for what
    is said of it now.
    """
    before = dict(line).get(since)
    if before is not None and told.said:
        also = {*told.said, *before.said}
        said = tuple(fact for fact in _FIELDS if fact in also) if before.said else ()
        told = Held(_with(before.facility, told), said)
    others = [one for one in line if one[0] != since]
    return _replayed(sorted([*others, (since, told)], key=lambda one: one[0]))


def _replayed(line: Line[Held]) -> Line[Held]:
    held_so_far, replayed = _NOTHING, []
    for since, told in line:
        held_so_far = _with(held_so_far, told) if told.said else told.facility
        replayed.append((since, Held(held_so_far, told.said)))
    return replayed


def _with(facility: Facility, told: Held) -> Facility:
    fields = (name for fact in told.said for name in _FIELDS[fact])
    return replace(facility, **{name: getattr(told.facility, name) for name in fields})
