"""All that is held on a health worker, in one answer."""

from typing import Any
from uuid import UUID

from strawberry.scalars import JSON
from strawberry.types import Info

from services.gateway.clock import this_day
from services.gateway.graphql.context import context_of
from services.gateway.looked.looks import note
from services.gateway.personal.file import personal_data
from services.gateway.projections import HEALTH_WORKER
from services.gateway.read.declare import InUnit
from services.gateway.read.sql import Statement, covered
from shared.access.grants import Read
from shared.contracts.access.operation import AccessKind
from shared.domain.errors import AccessDenied, Unavailable
from shared.domain.phrases import Phrase

_AUDITED = f'SELECT 1 FROM "{HEALTH_WORKER.physical}" t WHERE t.id = {{person}} AND {{scope}}'


async def all_held_on(root: Any, info: Info[Any, Any]) -> JSON:
    """Return the file; for the person, and for who both audits and reads names there.

    Raises:
        AccessDenied: it is not for whoever asks.
        Unavailable: the ledgers cannot be asked here, or do not answer.
    """
    context = context_of(info)
    person: UUID = root.c_id
    itself = person in context.actor.people_on(this_day())
    if not itself and not await _may_see_all(person, context):
        raise AccessDenied(
            actor=context.principal.subject,
            action="read all that is held on somebody",
            roles="auditor, or the person themselves",
        )
    ledgers = context.parts.ledgers
    if ledgers is None:
        raise Unavailable(part=Phrase("the ledgers"))
    held = await personal_data(
        person,
        context.principal.subject,
        context.parts.database,
        ledgers,
        to_themselves=itself,
    )
    note(
        AccessKind.PERSONAL_DATA,
        people=map(UUID, held["person"]),
        fields=("HealthWorker.personalData",),
    )
    return JSON(held)


async def _may_see_all(person: UUID, context: Any) -> bool:
    for action in (Read.AUDIT, Read.PERSONAL):
        s = Statement()
        at = InUnit(unit="org_unit_id", person="id", action=action)
        scope = covered(at, context.reader.scopes[action], s, "t")
        text = _AUDITED.format(person=s.bind(person, "uuid"), scope=scope)
        if not await context.reader.fetch(text, *s.binds):
            return False
    return True
