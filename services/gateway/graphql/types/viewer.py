"""Who asks: what a front-end wants to know first, so that it shows what its user may see and do."""

from datetime import date
from functools import cache
from typing import Any

import strawberry
from strawberry.types import Info

from services.gateway.clock import today
from services.gateway.graphql.context import context_of
from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.selection import columns_for
from services.gateway.graphql.types.group import Group
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.read.declare import models
from shared.access.grants import ROLES, Grant, Read
from shared.contracts.base import commands
from shared.contracts.registry.access_grant import Role
from shared.language import phrase_of
from shared.language.negotiation import LANGUAGES
from shared.language.speaking import spoken

graphql_enum(Read)


async def _row(info: Info[Any, Any], kind: str, id: Any) -> Any:
    if id is None:
        return None
    return await context_of(info).reader.one(models[kind], columns_for(info, models[kind]), id)


@cache
def _commands_of(role: Role) -> tuple[str, ...]:
    """Return the mutations that a role's holders may ask for, in the schema's order."""
    meaning = ROLES[role]
    return tuple(
        sorted(
            name
            for name, command in commands.items()
            if meaning.writes
            and role in command.roles
            and (not meaning.only or command.record in meaning.only)
        )
    )


def _role(root: "HeldGrant") -> Role:
    return root.source.role


def _meaning(root: "HeldGrant") -> str:
    return phrase_of(ROLES[root.source.role].what)


def _reads(root: "HeldGrant") -> list[Read]:
    return [each for each in Read if each in ROLES[root.source.role].reads]


def _mutations(root: "HeldGrant") -> list[str]:
    return list(_commands_of(root.source.role))


def _holds(root: "HeldGrant") -> bool:
    return root.source.holds(today())


async def _org_unit(root: "HeldGrant", info: Info[Any, Any]) -> Any:
    return await _row(info, "OrgUnit", root.source.org_unit_id)


async def _group(root: "HeldGrant", info: Info[Any, Any]) -> Any:
    return await _row(info, "Group", root.source.group_id)


@strawberry.type(description="A role of the one who asks, and what it opens.")
class HeldGrant:
    """A grant as its holder sees it."""

    source: strawberry.Private[Grant]
    role: Role = strawberry.field(resolver=_role, description="What it allows.")
    meaning: str = strawberry.field(
        resolver=_meaning, description="For whom that role is, in the language of the request."
    )
    reads: list[Read] = strawberry.field(
        resolver=_reads,
        description="What it shows, from what anybody may know to what few may.",
    )
    mutations: list[str] = strawberry.field(
        resolver=_mutations,
        description="The mutations that it lets its holder ask for; whether one is allowed is "
        "decided by where it takes effect.",
    )
    programme: str | None = strawberry.field(
        description="In this programme alone, by its code; null: in all of them."
    )
    own: bool = strawberry.field(
        description="Whether it reaches no more than what is its holder's own."
    )
    since: date = strawberry.field(description="The first day it holds.")
    until: date | None = strawberry.field(
        description="The last day it holds; null: until it is revoked."
    )
    holds: bool = strawberry.field(resolver=_holds, description="Whether it holds today.")
    org_unit: OrgUnit | None = strawberry.field(
        resolver=_org_unit,
        description="Over this unit and all below it; null: a group's, or everywhere.",
    )
    group: Group | None = strawberry.field(
        resolver=_group, description="Over the units of this group; null: of none."
    )

    @classmethod
    def of(cls, grant: Grant) -> "HeldGrant":
        """Show a grant."""
        return cls(
            source=grant,
            programme=grant.programme,
            own=grant.own,
            since=grant.since,
            until=grant.until,
        )


@strawberry.type(description="What operations may cost, and what is left of it.")
class CostLeft:
    """The bucket of the one who asks, in this process."""

    limit: int = strawberry.field(description="Points that a rested client has.")
    available: int = strawberry.field(description="Points left, once this operation is paid for.")
    restore_rate: int = strawberry.field(description="Points that come back a second.")
    most: int = strawberry.field(description="Points that one operation may cost.")


def _grants(info: Info[Any, Any]) -> list[HeldGrant]:
    context, now = context_of(info), today()
    held = context.parts.directory.known.given_to(context.principal.subject)
    lasting = (grant for grant in held if grant.until is None or grant.until >= now)
    return [HeldGrant.of(grant) for grant in sorted(lasting, key=lambda g: (g.since, g.role))]


async def _health_workers(info: Info[Any, Any]) -> list[Any]:
    people = sorted(context_of(info).actor.people_on(today()))
    rows = [await _row(info, "HealthWorker", person) for person in people]
    return [row for row in rows if row is not None]


def _cost(info: Info[Any, Any]) -> CostLeft:
    context = context_of(info)
    buckets = context.parts.buckets
    return CostLeft(
        limit=buckets.capacity,
        available=buckets.debit(context.principal.subject, 0),
        restore_rate=buckets.restored,
        most=buckets.most,
    )


@strawberry.type(description="The one who asks.")
class Viewer:
    """A principal, as they see themselves."""

    subject_name: str = strawberry.field(
        description="The `sub` of the token that came with the request."
    )
    operator: bool = strawberry.field(
        description="Whether they run the system, and may do everything."
    )
    language: str = strawberry.field(
        description="The language of the answer, as `Accept-Language` asks for it."
    )
    languages: list[str] = strawberry.field(description="The languages that are spoken here.")
    grants: list[HeldGrant] = strawberry.field(
        resolver=_grants,
        description="The roles they hold or will hold, the oldest first; none that ended. What "
        "every grant in their scope is, `accessGrants` tells.",
    )
    health_workers: list[HealthWorker] = strawberry.field(
        resolver=_health_workers,
        description="The health workers that grants say they are: one, if all is well; none, for "
        "who is none.",
    )
    cost: CostLeft = strawberry.field(resolver=_cost, description="What is left to spend.")


def viewer(info: Info[Any, Any]) -> Viewer:
    """Return whoever asks."""
    context = context_of(info)
    return Viewer(
        subject_name=context.principal.subject,
        operator=context.actor.operator,
        language=spoken(),
        languages=list(LANGUAGES),
    )
