"""Org units: countries, districts, facilities, and who belongs under whom since when."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import Code, Command, Event, NewId, OrgUnitId, Text, asked, happened


class OrgUnitKind(StrEnum):
    """What sort of unit it is; a programme's hierarchy orders them."""

    COUNTRY = "COUNTRY"
    PROVINCE = "PROVINCE"
    COUNTY = "COUNTY"
    DISTRICT = "DISTRICT"
    SUB_COUNTY = "SUB_COUNTY"
    WARD = "WARD"
    FACILITY = "FACILITY"


class Facility(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a master facility list says of a health facility."""

    type: Annotated[str, Meta(description="Dispensary, District hospital, …")] | None = None
    level: (
        Annotated[str, Meta(description="The level of care, as the country names it.")] | None
    ) = None
    ownership: Annotated[str, Meta(description="Who runs it.")] | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90, description="Degrees north.")] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180, description="Degrees east.")] | None = None
    beds: Annotated[int, Meta(ge=0, description="Beds.")] | None = None
    operational: Annotated[bool, Meta(description="Whether it sees patients.")] = True


@happened("registry.org_unit.established")
class OrgUnitEstablished(Event, kw_only=True):
    """A unit exists since a day, under its parent."""

    code: Code
    name: Text
    unit_kind: OrgUnitKind
    parent_id: OrgUnitId | None = None
    since: date
    facility: Facility | None = None


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


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitEstablish(Command, kw_only=True):
    """Establish an org unit under its parent, since the day it occurred on."""

    id: NewId = None
    code: Code
    name: Text
    unit_kind: OrgUnitKind
    parent_id: OrgUnitId | None = None
    facility: Facility | None = None


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitRename(Command, kw_only=True):
    """Give an org unit another name, since the day it occurred on."""

    org_unit_id: OrgUnitId
    name: Text


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitReparent(Command, kw_only=True):
    """Move an org unit under another parent, since the day it occurred on."""

    org_unit_id: OrgUnitId
    parent_id: OrgUnitId
