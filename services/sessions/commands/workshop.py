"""Deciding on workshops. What they open is the registry's to say: a policy of its asks."""

from collections.abc import Set
from uuid import UUID

from msgspec.structs import replace

from services.sessions.aggregates.workshop import (
    CohortOfAnotherProgramme,
    Gathering,
    Workshop,
)
from services.sessions.commands.handlers import handlers
from services.sessions.commands.units import must_be_there
from services.sessions.views.cohorts import COHORT
from shared.contracts.sessions.workshop import (
    WorkshopCorrect,
    WorkshopLog,
    WorkshopReinstate,
    WorkshopVoid,
)
from shared.deciding.people import NAME
from shared.deciding.work import Work
from shared.domain.errors import Consequence
from shared.programmes.known import rules_of


class OpeningsFall(Consequence):
    """What a workshop opened is taken back with it."""

    code = "OPENINGS_FALL"
    template = "For {people} people it opens nothing any more: no training, and no orientation."
    remedy_template = "Tell by itself what each of them took elsewhere."


Told = WorkshopLog | WorkshopCorrect
AnyWork = Work[WorkshopLog] | Work[WorkshopCorrect] | Work[WorkshopVoid] | Work[WorkshopReinstate]


@handlers.decides(WorkshopLog)
async def log(command: WorkshopLog, work: Work[WorkshopLog]) -> Workshop:
    """Log a workshop of a unit's people."""
    rules = await rules_of(work.facts, command.programme_version_id, field="programmeVersionId")
    await work.allow(at=command.org_unit_id, programme=rules.programme)
    await must_be_there(command.org_unit_id, work, field="orgUnitId")
    workshop = Workshop.held(
        id=work.new_id(command.id, "workshop"),
        programme_version_id=command.programme_version_id,
        programme=rules.programme,
        org_unit_id=command.org_unit_id,
        gathering=await _gathering(command, rules.programme, work),
        on=work.today,
    )
    work.add(workshop)
    return workshop


@handlers.decides(WorkshopCorrect)
async def correct(command: WorkshopCorrect, work: Work[WorkshopCorrect]) -> Workshop:
    """Say anew how it was."""
    workshop = await _of(command.workshop_id, work)
    gathering = await _gathering(command, workshop.said.programme, work)
    before = workshop.opens_for
    workshop.correct(gathering, work.today)
    _tell_what_falls(before, workshop, work)
    return workshop


@handlers.decides(WorkshopVoid)
async def void(command: WorkshopVoid, work: Work[WorkshopVoid]) -> Workshop:
    """Say that it was not held."""
    workshop = await _of(command.workshop_id, work)
    before = workshop.opens_for
    workshop.void(work.day)
    _tell_what_falls(before, workshop, work)
    return workshop


@handlers.decides(WorkshopReinstate)
async def reinstate(command: WorkshopReinstate, work: Work[WorkshopReinstate]) -> Workshop:
    """Say that it was held after all."""
    workshop = await _of(command.workshop_id, work)
    workshop.reinstate(work.day)
    return workshop


async def _of(workshop_id: UUID, work: AnyWork) -> Workshop:
    """Return a workshop that the sender may change, for a reason."""
    workshop = await work.get(Workshop, workshop_id, field="workshopId")
    await work.allow(at=workshop.said.org_unit_id, programme=workshop.said.programme)
    work.reason()
    return workshop


def _tell_what_falls(before: frozenset[UUID], workshop: Workshop, work: AnyWork) -> None:
    fall = before - workshop.opens_for
    if fall:
        work.tell(OpeningsFall("workshopId", people=len(fall)))


async def _gathering(told: Told, programme: str, work: AnyWork) -> Gathering:
    """Return what is told of a workshop, everybody by the record that stands for them."""
    if told.cohort_id is not None:
        cohort = await work.facts.get(COHORT, told.cohort_id, field="cohortId", kind="Cohort")
        if cohort["programme"] != programme:
            raise CohortOfAnotherProgramme("cohortId", programme=cohort["programme"])

    named = {
        "facilitators": {one.health_worker_id for one in told.facilitators if one.health_worker_id},
        "attendees": {one.health_worker_id for one in told.attendees},
    }
    stands_for = {
        record: person
        for field, records in named.items()
        for record, person in (await _stand_for(records, work, field=field)).items()
    }
    return Gathering(
        cohort_id=told.cohort_id,
        workshop_kind=told.workshop_kind,
        title=told.title,
        place=told.place,
        starts=told.starts,
        ends=told.ends,
        days=told.days,
        course=told.course,
        modules=told.modules,
        facilitators=tuple(
            replace(one, health_worker_id=one.health_worker_id and stands_for[one.health_worker_id])
            for one in told.facilitators
        ),
        attendees=tuple(
            replace(one, health_worker_id=stands_for[one.health_worker_id])
            for one in told.attendees
        ),
        others=told.others,
        notes=told.notes,
    )


async def _stand_for(records: Set[UUID], work: AnyWork, *, field: str) -> dict[UUID, UUID]:
    """Return the record that stands for whom each of these is of: asked once for all of them.

    Raises:
        NotFound: nobody has heard of one; the error names `field`.
    """
    rows = await work.facts.rows_among(NAME, "id", records)
    known = {row["id"]: row for row in rows}
    for record in records - known.keys():
        known[record] = await work.facts.get(NAME, record, field=field, kind="HealthWorker")
    return {record: row["into_id"] or record for record, row in known.items()}
