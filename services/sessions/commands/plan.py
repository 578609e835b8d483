"""Deciding on plans."""

from msgspec.structs import replace

from services.sessions.aggregates.plan import Plan
from services.sessions.commands.agreement import agreement_of
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import party_named
from shared.contracts.sessions.plan import PlanAgree, PlanAmend, PlanSend
from shared.deciding.work import Work


@handlers.decides(PlanAgree)
async def agree(command: PlanAgree, work: Work[PlanAgree]) -> Plan:
    """Record a plan; the signatures may still be to come."""
    agreement = await agreement_of(command.mentorship_id, work)
    await work.allow(
        at=agreement.org_unit_id, programme=agreement.rules.programme, people=agreement.people
    )
    asked = command
    if command.health_worker_id is not None:
        person = await party_named(command.health_worker_id, agreement, work)
        asked = replace(command, health_worker_id=person)
    plan = Plan.agreed(
        id=work.new_id(command.id, "plan"), agreement=agreement, asked=asked, on=work.day
    )
    work.add(plan)
    return plan


@handlers.decides(PlanAmend)
async def amend(command: PlanAmend, work: Work[PlanAmend]) -> Plan:
    """Have a plan say something else from now on."""
    plan = await work.get(Plan, command.plan_id, field="planId")
    agreement = await agreement_of(plan.mentorship_id, work, field="planId")
    await work.allow(
        at=agreement.org_unit_id, programme=agreement.rules.programme, people=agreement.people
    )
    agreement.must_be_live("planId")
    work.reason()
    plan.amend(command, work.day)
    return plan


@handlers.decides(PlanSend)
async def send(command: PlanSend, work: Work[PlanSend]) -> Plan:
    """Record that a plan was sent."""
    plan = await work.get(Plan, command.plan_id, field="planId")
    agreement = await agreement_of(plan.mentorship_id, work, field="planId")
    await work.allow(
        at=agreement.org_unit_id, programme=agreement.rules.programme, people=agreement.people
    )
    agreement.must_be_live("planId")
    plan.send(command.sent_to, work.day)
    return plan
