"""Facility baselines: how a facility stands before mentoring begins there, and later again."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    ITS_RECORD,
    Code,
    Command,
    Event,
    HealthWorkerId,
    LongText,
    OrgUnitId,
    PersonalLongText,
    ProgrammeVersionId,
    SealedSinceV2,
    asked,
    happened,
    later,
    ref,
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


class FacilityBaselineFacts(SealedSinceV2, kw_only=True):
    """How a facility stood, item by item; `attempt` counts as they are told.

    The key of the facility's record seals the notes.

    Attributes:
        assessor_id: who looked; None: nobody is named, or it was told before that was kept.
        recorded_for_another: somebody else than the assessor recorded it; None: as above.
        unsigned: it opens no gate until the assessor has countersigned it.
    """

    org_unit_id: OrgUnitId
    programme_version_id: ProgrammeVersionId
    programme: Code
    attempt: Annotated[int, Meta(ge=1)]
    areas: tuple[AreaResult, ...]
    raw: Points
    max: Points
    notes: PersonalLongText | None = None
    assessed_on: date
    assessor_id: HealthWorkerId | None = None
    recorded_for_another: bool | None = None
    unsigned: bool = False


@happened("validation.facility_baseline.assessed", subject=ITS_RECORD, version=2, in_clear=1)
class FacilityBaselineAssessed(FacilityBaselineFacts, kw_only=True):
    """Somebody looked at the facility; every time is kept."""


@happened("validation.facility_baseline.corrected", subject=ITS_RECORD, version=2, in_clear=1)
class FacilityBaselineCorrected(FacilityBaselineFacts, kw_only=True):
    """What was said of a look is replaced by this, whole; the event's reason says why."""


@happened("validation.facility_baseline.voided")
class FacilityBaselineVoided(Event, kw_only=True):
    """Nobody looked after all, or it does not count; the event's reason says why."""

    org_unit_id: OrgUnitId
    programme: Code
    attempt: Annotated[int, Meta(ge=1)]
    voided_on: date


@happened("validation.facility_baseline.reinstated")
class FacilityBaselineReinstated(Event, kw_only=True):
    """It counts again; the event's reason says why."""

    org_unit_id: OrgUnitId
    programme: Code
    attempt: Annotated[int, Meta(ge=1)]
    reinstated_on: date


@happened("validation.facility_baseline.countersigned")
class FacilityBaselineCountersigned(Event, kw_only=True):
    """Whoever looked says that it is what they saw, after somebody else had recorded it."""

    org_unit_id: OrgUnitId
    programme: Code
    attempt: Annotated[int, Meta(ge=1)]
    assessor_id: HealthWorkerId
    countersigned_on: date


Areas = Annotated[
    tuple[AreaScores, ...],
    Meta(min_length=1, max_length=20, description="The scores of every area."),
]
Assessor = (
    Annotated[
        UUID,
        ref("HealthWorker", "Who looked."),
        later("Who looked; left out: the sender, if they assess in the programme."),
    ]
    | None
)
Look = Annotated[int, Meta(ge=1, le=10_000, description="The number of the look.")]


@asked("validation", "FacilityBaseline", by="coordinator mentor")
class FacilityBaselineAssess(Command, kw_only=True):
    """Record how a facility stands, in every area that the programme looks at."""

    org_unit_id: OrgUnitId
    programme_version_id: ProgrammeVersionId
    areas: Areas
    notes: LongText | None = None
    assessor_id: Assessor = None


@asked("validation", "FacilityBaseline", by="coordinator mentor")
class FacilityBaselineCorrect(Command, kw_only=True):
    """Correct how a facility stood: give it again, whole, with its day; `reason` says why."""

    org_unit_id: OrgUnitId
    programme_version_id: ProgrammeVersionId
    attempt: Look
    assessed_on: Annotated[date, Meta(description="The day somebody looked.")]
    areas: Areas
    notes: LongText | None = None
    assessor_id: Assessor = None


@asked("validation", "FacilityBaseline", by="coordinator mentor")
class FacilityBaselineCountersign(Command, kw_only=True):
    """Sign, as the assessor, a look at a facility that somebody else recorded."""

    org_unit_id: OrgUnitId
    programme_version_id: ProgrammeVersionId
    attempt: Look


@asked("validation", "FacilityBaseline", by="coordinator mentor")
class FacilityBaselineVoid(Command, kw_only=True):
    """Void a look at a facility: it counts no more, and stays on record; `reason` says why."""

    org_unit_id: OrgUnitId
    programme_version_id: ProgrammeVersionId
    attempt: Look


@asked("validation", "FacilityBaseline", by="coordinator")
class FacilityBaselineReinstate(Command, kw_only=True):
    """Let a voided look at a facility count again; `reason` says why."""

    org_unit_id: OrgUnitId
    programme_version_id: ProgrammeVersionId
    attempt: Look
