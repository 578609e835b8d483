"""What every module here asks first: which mentee it is about, as they stood on that day."""

from datetime import date
from typing import Any
from uuid import UUID

from services.validation.aggregates.facility_baseline import FacilityBaseline, facility_baseline_id
from services.validation.aggregates.framework import Framework
from services.validation.aggregates.mentee import Mentee
from services.validation.commands.framework import framework_id
from services.validation.views import MENTEE, MENTEE_SINCE, as_of
from shared.contracts.definition import Area, Definition, Gate
from shared.deciding.work import Work
from shared.domain.errors import Refusal
from shared.programmes.known import rules_of


class NoFramework(Refusal):
    """Without a framework there is nothing to assess by."""

    code = "NO_FRAMEWORK"
    template = "The programme {programme} assesses by no framework in the area {area}."
    remedy_template = "Name one in a new version of the programme, or record what it measures."


async def mentee_of(
    enrolment_id: UUID, work: Work[Any], *, on: date | None = None
) -> tuple[Mentee, Definition]:
    """Return a mentee as they stood on a day, or on the one it occurred, and the rules they went
    by.
    """
    enrolled = await work.facts.get(MENTEE, enrolment_id, field="enrolmentId", kind="Mentee")
    changes = await work.facts.rows(MENTEE_SINCE, enrolment_id=enrolment_id)
    known = as_of(on or work.day, enrolled, changes)
    rules = await rules_of(work.facts, known["programme_version_id"], field="enrolmentId")
    looked_on = None
    if Gate.FACILITY_BASELINE in rules.gates:
        id = facility_baseline_id(rules.programme, known["org_unit_id"])
        baseline = await work.find(FacilityBaseline, id)
        looked_on = None if baseline is None else baseline.first_on
    mentee = Mentee(
        enrolment_id=enrolment_id,
        health_worker_id=known["health_worker_id"],
        programme_version_id=known["programme_version_id"],
        programme=known["programme"],
        area=known["area"],
        org_unit_id=known["org_unit_id"],
        enrolled_on=known["since"],
        completed_on=known["completed_on"],
        withdrawn_on=known["withdrawn_on"],
        set_aside=bool(known["set_aside"]),
        goes_on_in=known["goes_on_in"],
        gates=rules.gates,
        rule=rules.validation,
        cascade=rules.cascade,
        end=rules.end,
        facility_baseline_on=looked_on,
        conduct=rules.conduct,
    )
    return mentee, rules


async def framework_of(mentee: Mentee, rules: Definition, work: Work[Any]) -> Framework:
    """Return the framework that the mentee's area is assessed by.

    Raises:
        NoFramework: by none.
    """
    area = _area(mentee, rules)
    if area.framework is None or area.framework_version is None:
        raise NoFramework("enrolmentId", programme=mentee.programme, area=mentee.area)
    id = framework_id(area.framework, area.framework_version)
    return await work.get(Framework, id, field="enrolmentId")


def _area(mentee: Mentee, rules: Definition) -> Area:
    area = rules.area(mentee.area)
    assert area is not None, "the registry enrols in areas of the programme only"
    return area
