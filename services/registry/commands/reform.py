"""Deciding on reforms: drafted, approved by another, carried out on their day, or withdrawn."""

from typing import Any

from services.registry.aggregates.org_unit import OrgUnit
from services.registry.aggregates.reform import Reform
from services.registry.commands.handlers import handlers
from services.registry.commands.reforming import carry_out, try_out, with_ids
from shared.contracts.registry.reform import (
    ReformApprove,
    ReformCarryOut,
    ReformDraft,
    ReformDrafted,
    ReformFault,
    ReformRedraft,
    ReformWithdraw,
)
from shared.deciding.work import Work
from shared.domain.errors import Refusal


@handlers.decides(ReformDraft)
async def draft(command: ReformDraft, work: Work[ReformDraft]) -> Reform:
    """Draft a reform, all of whose changes could be carried out now."""
    await work.allow(at=command.org_unit_id)
    await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    work.reason()
    changes = with_ids(command.changes, work)
    await try_out(changes, command.effective_on, work)
    reform = Reform.begin(
        work.new_id(command.id, "reform"),
        ReformDrafted(
            name=command.name,
            org_unit_id=command.org_unit_id,
            effective_on=command.effective_on,
            changes=changes,
            drafted_by=work.actor.subject,
        ),
    )
    work.add(reform)
    return reform


@handlers.decides(ReformRedraft)
async def redraft(command: ReformRedraft, work: Work[ReformRedraft]) -> Reform:
    """Draft it anew; who approved it did not approve this."""
    reform = await _reform(command, work)
    work.reason()
    reform.must_be_open()
    changes = with_ids(command.changes, work)
    await try_out(changes, command.effective_on, work)
    reform.redraft(changes, command.effective_on, work.actor.subject)
    return reform


@handlers.decides(ReformApprove)
async def approve(command: ReformApprove, work: Work[ReformApprove]) -> Reform:
    """Agree to it, by who might carry it out and has not drafted it."""
    reform = await _reform(command, work)
    reform.approve(work.actor.subject)
    await try_out(reform.changes, reform.effective_on, work)
    return reform


@handlers.decides(ReformCarryOut)
async def carry_out_reform(command: ReformCarryOut, work: Work[ReformCarryOut]) -> Reform:
    """Carry it out, as of its day; what holds it up on the day itself is kept with it."""
    reform = await _reform(command, work)
    work.reason()
    reform.must_be_due(work.today)
    if work.actor.policy:
        try:
            await try_out(reform.changes, reform.effective_on, work)
        except Refusal as refused:
            # Nobody is there to be told: who looks at the reform is.
            broken = [finding.broken for finding in refused.found] or [refused]
            reform.hold_up(tuple(ReformFault(code=one.code, field=one.field) for one in broken))
            return reform
    work.day = reform.effective_on
    await carry_out(reform.changes, work)
    reform.carry_out(work.today)
    return reform


@handlers.decides(ReformWithdraw)
async def withdraw(command: ReformWithdraw, work: Work[ReformWithdraw]) -> Reform:
    """Let it not be."""
    reform = await _reform(command, work)
    work.reason()
    reform.withdraw()
    return reform


async def _reform(
    command: ReformRedraft | ReformApprove | ReformCarryOut | ReformWithdraw, work: Work[Any]
) -> Reform:
    reform = await work.get(Reform, command.reform_id, field="reformId")
    await work.allow(at=reform.org_unit_id)
    return reform
