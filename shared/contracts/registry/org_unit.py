"""Org units: countries, districts, facilities, and who belongs under whom since when."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Command,
    Event,
    NewId,
    OrgUnitId,
    Text,
    asked,
    happened,
    later,
    ref,
)
from shared.contracts.registry.org_unit_codes import CodesIn


class OrgUnitKind(StrEnum):
    """What sort of unit it is; a programme's hierarchy orders them."""

    COUNTRY = "COUNTRY"
    PROVINCE = "PROVINCE"
    COUNTY = "COUNTY"
    DISTRICT = "DISTRICT"
    SUB_COUNTY = "SUB_COUNTY"
    WARD = "WARD"
    FACILITY = "FACILITY"
    OTHER = "OTHER"
    """A kind of the country's own: its code says which. It is read, and no command says it."""


MOST_BEDS = 10_000
"""What a command may say; lists from before that was asked said phone numbers."""


ServiceCodes = Annotated[
    tuple[Code, ...],
    Meta(max_length=100, description="What it offers, by the country's codes: MATERNITY, ART."),
]


class Facility(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a master facility list says of a health facility."""

    type: Annotated[str, Meta(description="Dispensary, District hospital, …")] | None = None
    level: (
        Annotated[str, Meta(description="The level of care, as the country names it.")] | None
    ) = None
    ownership: Annotated[str, Meta(description="Who runs it.")] | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90, description="Degrees north.")] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180, description="Degrees east.")] | None = None
    beds: Annotated[int, Meta(ge=0, description="Beds.", extra={"most": MOST_BEDS})] | None = None
    operational: Annotated[bool, Meta(description="Whether it sees patients.")] = True
    services: ServiceCodes = ()


class FacilityFact(StrEnum):
    """What a master facility list says of a facility, each of which may change alone."""

    TYPE = "TYPE"
    LEVEL = "LEVEL"
    OWNERSHIP = "OWNERSHIP"
    COORDINATES = "COORDINATES"
    BEDS = "BEDS"
    OPERATIONAL = "OPERATIONAL"
    SERVICES = "SERVICES"


FacilityFacts = Annotated[
    tuple[FacilityFact, ...], Meta(max_length=7, description="What was said, of all there is.")
]

OrgUnitIds = Annotated[
    tuple[Annotated[UUID, ref("OrgUnit")], ...], Meta(max_length=50, description="Org units.")
]


@happened("registry.org_unit.established", version=2)
class OrgUnitEstablished(Event, kw_only=True):
    """A unit exists since a day, under its parent; `predecessors` were split up into it.

    `unit_kind` is a member of `OrgUnitKind`, or a code of the country's own list of kinds;
    `sees_patients`, as that list said on the day it was recorded. `codes` are those in other lists.
    """

    code: Code
    name: Text
    unit_kind: Code
    sees_patients: bool = False
    parent_id: OrgUnitId | None = None
    since: date
    facility: Facility | None = None
    predecessors: OrgUnitIds = ()
    codes: CodesIn = ()

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        """Say of the only kind that saw patients that it does."""
        payload["seesPatients"] = payload["unitKind"] == OrgUnitKind.FACILITY


@happened("registry.org_unit.renamed")
class OrgUnitRenamed(Event, kw_only=True):
    """A unit is called otherwise since a day."""

    name: Text
    since: date


@happened("registry.org_unit.reparented")
class OrgUnitReparented(Event, kw_only=True):
    """A unit belongs under another parent since a day; what happened before stays where it was."""

    parent_id: OrgUnitId
    since: date


class PlaceSince(Struct, frozen=True, kw_only=True, rename="camel"):
    """Under which parent a unit stands from a day on; none: at the top."""

    since: date
    parent_id: OrgUnitId | None = None


Places = Annotated[
    tuple[PlaceSince, ...],
    Meta(max_length=100, description="Every place it had, in any order, from the first day on."),
]


@happened("registry.org_unit.places_told")
class OrgUnitPlacesTold(Event, kw_only=True):
    """Under whom a unit stood since when, the whole line, in place of what was said before.

    `removed` are the days on which it was said to come under a parent, and did not. A reason comes
    with a correction; a move that was found late and put between has none.
    """

    places: Places
    removed: Annotated[tuple[date, ...], Meta(max_length=100)] = ()


@happened("registry.org_unit.split")
class OrgUnitSplitUp(Event, kw_only=True):
    """A unit was split up into others since a day; what happened before stays at the old one."""

    successors: OrgUnitIds
    since: date


@happened("registry.org_unit.merged")
class OrgUnitMergedInto(Event, kw_only=True):
    """A unit became part of another since a day; what happened before stays at the old one."""

    into_id: OrgUnitId
    since: date


@happened("registry.org_unit.facility_updated")
class OrgUnitFacilityUpdated(Event, kw_only=True):
    """The master facility list says otherwise of a facility since a day: this, as a whole.

    `said` is what was said; the rest held on from before. Empty: all of it was said.
    """

    facility: Facility
    since: date
    said: FacilityFacts = ()


@happened("registry.org_unit.closed")
class OrgUnitClosed(Event, kw_only=True):
    """A unit is no more since a day."""

    since: date


@happened("registry.org_unit.reopened")
class OrgUnitReopened(Event, kw_only=True):
    """A unit was not closed after all, on the day that was said; the event's reason says why."""

    closed_on: date


class Successor(Struct, frozen=True, kw_only=True, rename="camel"):
    """A unit that a split leaves behind."""

    id: NewId = None
    code: Code
    name: Text
    facility: Facility | None = None


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitEstablish(Command, kw_only=True):
    """Establish an org unit under its parent, since the day it occurred on.

    Its kind is said in one of two ways: `unitKind`, or `kindCode` from the country's list of kinds.
    """

    id: NewId = None
    code: Code
    name: Text
    unit_kind: OrgUnitKind | None = None
    parent_id: OrgUnitId | None = None
    facility: Facility | None = None
    kind_code: (
        Annotated[Text, later("Its kind, by a code, name or alias of the country's list.")] | None
    ) = None
    codes: Annotated[CodesIn, later("Its codes in other lists, one a list.")] = ()


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitRename(Command, kw_only=True):
    """Give an org unit another name, since the day it occurred on."""

    org_unit_id: OrgUnitId
    name: Text


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitReparent(Command, kw_only=True):
    """Move an org unit under another parent, since the day it occurred on, which may lie before
    what was said of it last.
    """

    org_unit_id: OrgUnitId
    parent_id: OrgUnitId


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitCorrectPlaces(Command, kw_only=True):
    """Say anew under whom an org unit stood since when, from its first day on; `reason` says why.

    `places` takes the place of all that was said before; figures as it was follow.
    """

    org_unit_id: OrgUnitId
    places: Places


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitUpdateFacility(Command, kw_only=True):
    """Say what the master facility list says of a facility since the day it occurred on.

    `facility` takes the place of what was said before, as a whole.
    """

    org_unit_id: OrgUnitId
    facility: Facility


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitSplit(Command, kw_only=True):
    """Split a unit up into new ones of its kind, under the same parent, since that day."""

    org_unit_id: OrgUnitId
    successors: Annotated[
        tuple[Successor, ...],
        Meta(min_length=2, max_length=50, description="The units it is split up into."),
    ]


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitMerge(Command, kw_only=True):
    """Merge a unit into another of its kind, since the day it occurred on."""

    org_unit_id: OrgUnitId
    into_id: OrgUnitId


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitClose(Command, kw_only=True):
    """Close a unit that has none below it, since the day it occurred on; `reason` says why."""

    org_unit_id: OrgUnitId


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitReopen(Command, kw_only=True):
    """Take back that an org unit was closed; `reason` says why.

    One that was closed on another day is closed again, on that day.
    """

    org_unit_id: OrgUnitId
