"""Facility baselines: how a facility stands before mentoring begins there, and later again."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Command,
    Event,
    LongText,
    OrgUnitId,
    ProgrammeVersionId,
    asked,
    happened,
)
from shared.contracts.validation.competency_record import ItemScores, Points


class AreaScores(Struct, frozen=True, kw_only=True, rename="camel"):
    """The scores of one side of the facility."""

    area: Code
    items: ItemScores


class AreaResult(AreaScores, frozen=True, kw_only=True):
    """The scores of one side of the facility, added up."""

    raw: Points
    max: Points


@happened("validation.facility_baseline.assessed")
class FacilityBaselineAssessed(Event, kw_only=True):
    """Somebody looked at the facility, item by item; every time is kept."""

    org_unit_id: OrgUnitId
    programme_version_id: ProgrammeVersionId
    programme: Code
    attempt: Annotated[int, Meta(ge=1)]
    areas: tuple[AreaResult, ...]
    raw: Points
    max: Points
    notes: LongText | None = None
    assessed_on: date


@asked("validation", "FacilityBaseline", by="coordinator mentor")
class FacilityBaselineAssess(Command, kw_only=True):
    """Record how a facility stands, in every area that the programme looks at."""

    org_unit_id: OrgUnitId
    programme_version_id: ProgrammeVersionId
    areas: Annotated[
        tuple[AreaScores, ...],
        Meta(min_length=1, max_length=20, description="The scores of every area."),
    ]
    notes: LongText | None = None
