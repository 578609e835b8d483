"""What a master facility list says of a facility since when: a dated line of whole descriptions."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import Command, Event, OrgUnitId, asked, happened
from shared.contracts.registry.org_unit import (
    MOST_BEDS,
    Facility,
    FacilityFact,
    FacilityFacts,
    ServiceCodes,
)


class FacilitySince(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What held of a facility from a day on, as a whole, until the next one begins.

    `said` is what was said of that day; the rest held on from before. Empty: all of it was said.
    """

    since: Annotated[date, Meta(description="The first day it held.")]
    facility: Facility
    said: FacilityFacts = ()


FacilityLine = Annotated[
    tuple[FacilitySince, ...],
    Meta(max_length=200, description="All that held, since when, in any order."),
]


class FacilityOn(Struct, frozen=True, kw_only=True, rename="camel"):
    """What held of a facility from a day on, as a whole, until the next one begins."""

    since: Annotated[date, Meta(description="The first day it held.")]
    facility: Facility


FacilitiesOn = Annotated[
    tuple[FacilityOn, ...],
    Meta(max_length=100, description="All that held, since when, in any order."),
]


@happened("registry.org_unit.facility_told")
class OrgUnitFacilityTold(Event, kw_only=True):
    """What held of a facility since when, the whole line, in place of what was said before.

    `removed` are the days on which something was said to begin, and nothing does. A reason comes
    with a correction; what was found late and put between has none.
    """

    facilities: FacilityLine
    removed: Annotated[tuple[date, ...], Meta(max_length=100)] = ()


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitChangeFacility(Command, kw_only=True):
    """Say what is otherwise of a facility since the day it occurred on; the rest stays as it was.

    It may be said late: it holds until the day on which the same thing was said to change again.
    `forget` are those of which nothing is known from that day on.
    """

    org_unit_id: OrgUnitId
    type: Annotated[str, Meta(description="Dispensary, District hospital, …")] | None = None
    level: (
        Annotated[str, Meta(description="The level of care, as the country names it.")] | None
    ) = None
    ownership: Annotated[str, Meta(description="Who runs it.")] | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90, description="Degrees north.")] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180, description="Degrees east.")] | None = None
    beds: Annotated[int, Meta(ge=0, description="Beds.", extra={"most": MOST_BEDS})] | None = None
    operational: Annotated[bool, Meta(description="Whether it sees patients.")] | None = None
    services: ServiceCodes | None = None
    forget: Annotated[
        tuple[FacilityFact, ...], Meta(max_length=7, description="What is known no more.")
    ] = ()


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitCorrectFacility(Command, kw_only=True):
    """Say anew what held of a facility since when, from the first day on; `reason` says why.

    `facilities` takes the place of all that was said before; figures of those days follow.
    """

    org_unit_id: OrgUnitId
    facilities: FacilitiesOn
