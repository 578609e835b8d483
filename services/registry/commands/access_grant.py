"""Deciding on access grants: over a unit, over the units of a group, or everywhere."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.registry.aggregates.access_grant import (
    AccessGrant,
    GlassNotNow,
    GlassOfOnesOwn,
    GlassOverOne,
    MentorIsNobody,
)
from services.registry.aggregates.group import Group
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.commands.following_employment import follow
from services.registry.commands.handlers import handlers
from shared.contracts.registry.access_grant import (
    AccessBreakGlass,
    AccessBreakGlassReview,
    AccessGrantGive,
    AccessGrantGiven,
    AccessGrantGivenOverGroup,
    AccessGrantRevoke,
    Role,
)
from shared.deciding.work import Work

UNNAMED = date(2027, 6, 30)
"""The last day on which a mentor's grant may leave open who its holder is."""


@handlers.decides(AccessGrantGive)
async def give(command: AccessGrantGive, work: Work[AccessGrantGive]) -> AccessGrant:
    """Give a role; nobody gives more than their own reach, nor to be somebody outside of it."""
    AccessGrant.must_be_given(command.role)
    AccessGrant.must_be_a_period(work.day, command.until)
    AccessGrant.must_be_over_one(command.org_unit_id, command.group_id)
    if command.role is Role.MENTOR and command.health_worker_id is None and work.today > UNNAMED:
        raise MentorIsNobody("healthWorkerId")
    holder = None
    if command.health_worker_id is not None:
        holder = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
        await work.allow(at=holder.org_unit_id, programme=command.programme, conveys=command.role)
        holder.must_stand_for_itself("healthWorkerId")
        holder.must_be_in_service(work.day, "healthWorkerId")
    if command.group_id is None:
        grant = await _give_over_unit(command, work)
    else:
        grant = await _give_over_group(command, command.group_id, work)
    work.add(grant)
    if holder is not None:  # who left since holds it no longer than that
        await follow(holder, work, grants=[grant])
    return grant


async def _give_over_unit(command: AccessGrantGive, work: Work[AccessGrantGive]) -> AccessGrant:
    """Give a role over a unit and all below it, or everywhere."""
    await work.allow(at=command.org_unit_id, programme=command.programme, conveys=command.role)
    if command.org_unit_id is not None:
        unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
        unit.must_be_open("orgUnitId")
    return AccessGrant.begin(
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


async def _give_over_group(
    command: AccessGrantGive, group_id: UUID, work: Work[AccessGrantGive]
) -> AccessGrant:
    """Give a role over a group's units; who takes others into it later gives it there."""
    group = await work.get(Group, group_id, field="groupId")
    await _answer_for(group, command.programme, command.role, work)
    grant = AccessGrant.begin(
        work.new_id(command.id, "access_grant"),
        AccessGrantGivenOverGroup(
            subject_name=command.subject_name,
            role=command.role,
            group_id=group.id,
            programme=command.programme,
            health_worker_id=command.health_worker_id,
            since=work.day,
            until=command.until,
            own_mentorships=_reaches_their_own(command),
        ),
    )
    group.entrust(command.role, command.programme)
    return grant


async def _answer_for(group: Group, programme: str | None, role: Role, work: Work[Any]) -> None:
    """Ask for every unit of a group, and for the one that keeps it; for everywhere, if none is."""
    places: list[UUID | None] = [*group.units]
    if group.org_unit_id is not None or not places:
        places.append(group.org_unit_id)
    for place in places:
        await work.allow(at=place, programme=programme, conveys=role)


def _reaches_their_own(command: AccessGrantGive) -> bool:
    known = command.health_worker_id is not None
    return command.role is Role.MENTOR and known and not command.stands_in


@handlers.decides(AccessBreakGlass)
async def break_glass(command: AccessBreakGlass, work: Work[AccessBreakGlass]) -> AccessGrant:
    """Take leave to read where one holds no grant; it is for the sender alone, and from now on."""
    if (command.health_worker_id is None) == (command.org_unit_id is None):
        raise GlassOverOne("healthWorkerId")
    if work.day != work.today:
        raise GlassNotNow("occurredOn", day=work.day)
    at = command.org_unit_id
    if command.health_worker_id is not None:
        person = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
        person.must_stand_for_itself("healthWorkerId")
        at = person.org_unit_id
    elif at is not None:
        await work.get(OrgUnit, at, field="orgUnitId")
    assert at is not None, "one of the two is named"
    await work.allow_in_emergency(at=at)
    work.reason()
    grant = AccessGrant.taken(
        work.new_id(command.id, "access_grant"),
        subject=work.actor.subject,
        org_unit_id=at,
        health_worker_id=command.health_worker_id,
        hours=command.hours,
        now=datetime.now(UTC),
        today=work.today,
    )
    work.add(grant)
    return grant


@handlers.decides(AccessBreakGlassReview)
async def review(
    command: AccessBreakGlassReview, work: Work[AccessBreakGlassReview]
) -> AccessGrant:
    """Say whether it was right to take a grant in an emergency; who took it does not."""
    grant = await work.get(AccessGrant, command.access_grant_id, field="accessGrantId")
    await work.allow(at=grant.org_unit_id)
    work.reason()
    if work.is_sender(grant.subject):
        raise GlassOfOnesOwn("accessGrantId", actor=grant.subject)
    grant.review(command.outcome, work.actor.subject, work.now)
    return grant


@handlers.decides(AccessGrantRevoke)
async def revoke(command: AccessGrantRevoke, work: Work[AccessGrantRevoke]) -> AccessGrant:
    """End a grant."""
    grant = await work.get(AccessGrant, command.access_grant_id, field="accessGrantId")
    if grant.group_id is None:
        await work.allow(at=grant.org_unit_id, programme=grant.programme, conveys=grant.role)
    else:
        group = await work.get(Group, grant.group_id, field="accessGrantId")
        await _answer_for(group, grant.programme, grant.role, work)
    grant.revoke(work.day)
    return grant
