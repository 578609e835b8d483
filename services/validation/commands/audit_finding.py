"""Judging what an audit found: by auditors of the place, and by nobody whom it is about."""

from typing import Any

from services.validation.aggregates.audit_finding import (
    AuditFinding,
    FindingIsAnother,
    FindingNotDismissed,
    FindingOfOnesOwn,
    id_of,
)
from services.validation.commands.handlers import handlers
from shared.contracts.validation.audit_finding import (
    AboutFinding,
    AuditFindingDismiss,
    AuditFindingDismissed,
    AuditFindingReopen,
    AuditFindingReopened,
)
from shared.deciding.people import person_of
from shared.deciding.work import Work


@handlers.decides(AuditFindingDismiss)
async def dismiss(command: AuditFindingDismiss, work: Work[AuditFindingDismiss]) -> AuditFinding:
    """Dismiss what turned out to be innocent."""
    told = AuditFindingDismissed(**_told(command), dismissed_on=work.day)
    await _may_judge(command, told, work)
    known = await work.find(AuditFinding, id_of(told))
    if known is None:
        known = AuditFinding.dismissed(told)
        work.add(known)
    else:
        known.dismiss(told)
    return known


@handlers.decides(AuditFindingReopen)
async def reopen(command: AuditFindingReopen, work: Work[AuditFindingReopen]) -> AuditFinding:
    """Let it stand again."""
    told = AuditFindingReopened(**_told(command), reopened_on=work.day)
    await _may_judge(command, told, work)
    known = await work.find(AuditFinding, id_of(told))
    if known is None:
        raise FindingNotDismissed("findingId")
    known.reopen(told)
    return known


def _told(command: AuditFindingDismiss | AuditFindingReopen) -> dict[str, Any]:
    return {
        "finding": command.finding,
        "org_unit_id": command.org_unit_id,
        "programme": command.programme,
        "people": tuple(sorted(set(command.people))),
        "actors": tuple(sorted(set(command.actors))),
        "about": command.about,
    }


async def _may_judge(
    command: AuditFindingDismiss | AuditFindingReopen, told: AboutFinding, work: Work[Any]
) -> None:
    await work.allow(at=command.org_unit_id, programme=command.programme)
    work.reason()
    if id_of(told) != command.finding_id:
        raise FindingIsAnother("findingId")
    own = work.actor.subject in told.actors
    for record in work.actor.people:
        own = own or (await person_of(work.facts, record)).among(told.people) is not None
    if own:
        raise FindingOfOnesOwn("findingId", actor=work.actor.subject)
