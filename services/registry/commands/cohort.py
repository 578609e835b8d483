"""Deciding on cohorts."""

from typing import Any
from uuid import UUID

from services.registry.aggregates.cohort import Cohort
from services.registry.aggregates.enrolment import Enrolment
from services.registry.aggregates.group import Group
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.commands.handlers import handlers
from services.registry.views.enrolments import ENROLMENT
from shared.contracts.registry.cohort import (
    CohortApprove,
    CohortClose,
    CohortExtend,
    CohortMove,
    CohortOpen,
    CohortOpened,
    CohortPause,
    CohortResume,
    CohortStart,
)
from shared.deciding.work import Work
from shared.domain.phrases import Phrase


@handlers.decides(CohortOpen)
async def open_cohort(command: CohortOpen, work: Work[CohortOpen]) -> Cohort:
    """Open a cohort; its code is nobody else's in the programme."""
    version = await work.get(
        ProgrammeVersion, command.programme_version_id, field="programmeVersionId"
    )
    programme = version.definition.programme
    await work.allow(at=command.org_unit_id, programme=programme)
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    unit.must_be_open_on(work.day, "orgUnitId")
    if command.group_id is not None:
        await work.get(Group, command.group_id, field="groupId")
    Cohort.must_be_a_period(command.starts, command.ends)
    cohort = Cohort.begin(
        work.new_id(command.id, "cohort"),
        CohortOpened(
            programme_version_id=version.id,
            programme=programme,
            code=command.code,
            name=command.name,
            org_unit_id=command.org_unit_id,
            starts=command.starts,
            ends=command.ends,
            group_id=command.group_id,
        ),
    )
    work.claim_identifier(
        f"cohort:code:{programme}",
        command.code,
        field="code",
        what=Phrase(
            "The cohort code {code} of {programme}", code=command.code, programme=programme
        ),
    )
    work.add(cohort)
    return cohort


@handlers.decides(CohortApprove)
async def approve(command: CohortApprove, work: Work[CohortApprove]) -> Cohort:
    """Record the leadership's approval."""
    cohort = await _cohort(command.cohort_id, work)
    cohort.approve(command.approved_by, work.day)
    return cohort


@handlers.decides(CohortStart)
async def start(command: CohortStart, work: Work[CohortStart]) -> Cohort:
    """Start a cohort by the gates of the version it keeps."""
    cohort = await _cohort(command.cohort_id, work)
    version = await work.get(ProgrammeVersion, cohort.programme_version_id, field="cohortId")
    cohort.start(version.definition.gates, work.day)
    return cohort


@handlers.decides(CohortExtend)
async def extend(command: CohortExtend, work: Work[CohortExtend]) -> Cohort:
    """Let a cohort end later, for a reason."""
    cohort = await _cohort(command.cohort_id, work)
    work.reason()
    cohort.extend(command.ends)
    return cohort


@handlers.decides(CohortMove)
async def move(command: CohortMove, work: Work[CohortMove]) -> Cohort:
    """Take a cohort to another unit; who does so answers for both."""
    cohort = await _cohort(command.cohort_id, work)
    await work.allow(at=command.org_unit_id, programme=cohort.programme)
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    unit.must_be_open_on(work.day, "orgUnitId")
    cohort.take_to(unit.id, work.day)
    return cohort


@handlers.decides(CohortPause)
async def pause(command: CohortPause, work: Work[CohortPause]) -> Cohort:
    """Let all of its mentorships pause, for a reason."""
    cohort = await _cohort(command.cohort_id, work)
    work.reason()
    cohort.pause(work.day, command.cause)
    return cohort


@handlers.decides(CohortResume)
async def resume(command: CohortResume, work: Work[CohortResume]) -> Cohort:
    """Let them go on."""
    cohort = await _cohort(command.cohort_id, work)
    cohort.resume(work.day)
    return cohort


async def _cohort(cohort_id: UUID, work: Work[Any]) -> Cohort:
    cohort = await work.get(Cohort, cohort_id, field="cohortId")
    await work.allow(at=cohort.org_unit_id, programme=cohort.programme)
    return cohort


@handlers.decides(CohortClose)
async def close(command: CohortClose, work: Work[CohortClose]) -> Cohort:
    """Close a cohort that nobody is active in."""
    cohort = await _cohort(command.cohort_id, work)
    cohort.close(await _active_in(cohort, work), work.day)
    return cohort


async def _active_in(cohort: Cohort, work: Work[Any]) -> UUID | None:
    # The view may be a moment behind: it says where to look, the enrolment itself how it stands.
    for row in await work.facts.rows(ENROLMENT, cohort_id=cohort.id, active=True):
        enrolment = await work.get(Enrolment, row["id"], field="cohortId")
        if enrolment.active:
            return enrolment.id
    return None
