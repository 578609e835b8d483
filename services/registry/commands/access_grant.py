"""Deciding on access grants."""

from datetime import date

from services.registry.aggregates.access_grant import AccessGrant, MentorIsNobody
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.commands.handlers import handlers
from shared.contracts.registry.access_grant import (
    AccessGrantGive,
    AccessGrantGiven,
    AccessGrantRevoke,
    Role,
)
from shared.deciding.work import Work

UNNAMED = date(2027, 6, 30)
"""The last day on which a mentor's grant may leave open who its holder is."""


@handlers.decides(AccessGrantGive)
async def give(command: AccessGrantGive, work: Work[AccessGrantGive]) -> AccessGrant:
    """Give a role; nobody gives more than their own reach, nor to be somebody outside of it."""
    AccessGrant.must_be_a_period(work.day, command.until)
    if command.role is Role.MENTOR and command.health_worker_id is None and work.today > UNNAMED:
        raise MentorIsNobody("healthWorkerId")
    if command.health_worker_id is not None:
        worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
        await work.allow(at=worker.org_unit_id, programme=command.programme, conveys=command.role)
        worker.must_stand_for_itself("healthWorkerId")
    await work.allow(at=command.org_unit_id, programme=command.programme, conveys=command.role)
    if command.org_unit_id is not None:
        unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
        unit.must_be_open("orgUnitId")
    grant = AccessGrant.begin(
        work.new_id(command.id, "access_grant"),
        AccessGrantGiven(
            subject_name=command.subject_name,
            role=command.role,
            org_unit_id=command.org_unit_id,
            programme=command.programme,
            health_worker_id=command.health_worker_id,
            since=work.day,
            until=command.until,
            own_mentorships=_reaches_their_own(command),
        ),
    )
    work.add(grant)
    return grant


def _reaches_their_own(command: AccessGrantGive) -> bool:
    known = command.health_worker_id is not None
    return command.role is Role.MENTOR and known and not command.stands_in


@handlers.decides(AccessGrantRevoke)
async def revoke(command: AccessGrantRevoke, work: Work[AccessGrantRevoke]) -> AccessGrant:
    """End a grant."""
    grant = await work.get(AccessGrant, command.access_grant_id, field="accessGrantId")
    await work.allow(at=grant.org_unit_id, programme=grant.programme, conveys=grant.role)
    grant.revoke(work.day)
    return grant
