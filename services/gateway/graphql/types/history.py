"""Somebody's history: every event in words, what it follows from, and what it changed."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import msgspec
import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.graphql.context import context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.reading import leaf, needing, one, read_model, where
from services.gateway.graphql.scalars import BigInt
from services.gateway.graphql.selection import columns_for
from services.gateway.graphql.types.mentee_status import MenteeStatus
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.programme import ProgrammeVersion
from services.gateway.projections import AUDIT_EVENT
from services.gateway.read.declare import InUnit, Order, models
from services.gateway.read.history import HISTORIES
from services.gateway.read.lists import cut_at
from services.gateway.telling.links import MOST, causes, effects
from services.gateway.telling.progress import Difference, differences
from services.gateway.telling.sentences import Happened, in_words
from shared.access.grants import Read
from shared.contracts.access.operation import AccessKind
from shared.language.speaking import spoken

if TYPE_CHECKING:
    from services.gateway.graphql.types.health_worker import HealthWorker
    from services.gateway.graphql.types.mentee import Mentee

LazyMentee = Annotated["Mentee", strawberry.lazy("services.gateway.graphql.types.mentee")]
LazyEvent = Annotated["HistoryEvent", strawberry.lazy("services.gateway.graphql.types.history")]

_RECORDED = ("recorded", "service", "position")
_NARROWS = "it narrows what stands in one person's history"

HistoryOrder = order_enum(
    "HistoryOrder",
    "In which order a history is told.",
    RECORDED=(Order(columns=_RECORDED), "As it was recorded, from the first event."),
    RECORDED_DESC=(Order(columns=_RECORDED, descending=True), "From the last event back."),
)


@strawberry.input(description="Which events of a history.")
class HistoryFilter:
    """Filters of `history`."""

    topics: list[str] | None = where(
        "topic", "Of what happened: `sessions.session.held`.", how="among", unindexed=_NARROWS
    )
    record: str | None = where(
        "kind", "Of this kind of record: `enrolment`, `session`.", unindexed=_NARROWS
    )
    record_id: UUID | None = where("stream", "Of this one record.", unindexed=_NARROWS)
    service: str | None = where("service", "Of this service's ledger.", unindexed=_NARROWS)
    actor: str | None = where("actor", "Asked for by this token subject.", unindexed=_NARROWS)
    on_behalf_of: str | None = where(
        "on_behalf_of", "Asked for on this one's behalf.", unindexed=_NARROWS
    )
    recorded_since: datetime | None = where(
        "recorded", "Recorded at that instant or later.", how="since", unindexed=_NARROWS
    )
    recorded_before: datetime | None = where(
        "recorded", "Recorded earlier than that instant.", how="before", unindexed=_NARROWS
    )
    occurred_since: date | None = where(
        "occurred_on", "That happened on that day or later.", how="since", unindexed=_NARROWS
    )
    occurred_before: date | None = where(
        "occurred_on", "That happened before that day.", how="before", unindexed=_NARROWS
    )
    with_reason: bool | None = where(
        "reason",
        "With a reason, as what corrects or takes back has.",
        how="filled",
        unindexed=_NARROWS,
    )


@strawberry.type(description="What an event changed of somebody's progress; null: it changed none.")
class ProgressDifference:
    """How they stood before it was recorded, and after; only what changed is filled."""

    c_mentee_id: strawberry.Private[UUID | None]
    status_before: MenteeStatus | None = strawberry.field(
        description="How the enrolment stood; null where there was none."
    )
    status_after: MenteeStatus | None = strawberry.field(description="How it stood from then on.")
    validated_before: int | None = strawberry.field(
        description="Competencies validated until then."
    )
    validated_after: int | None = strawberry.field(
        description="Competencies validated from then on."
    )
    competency_count: int | None = strawberry.field(
        description="Competencies there are; null before any was assessed."
    )
    sessions_before: int | None = strawberry.field(
        description="Sessions that they were at, that stood and counted until then."
    )
    sessions_after: int | None = strawberry.field(description="Those from then on.")
    rights_before: int | None = strawberry.field(description="Rights to mentor held until then.")
    rights_after: int | None = strawberry.field(description="Rights to mentor held from then on.")
    points_before: Decimal | None = strawberry.field(
        description="Points of CPD on their account until then."
    )
    points_after: Decimal | None = strawberry.field(description="Points of CPD from then on.")
    mentee: LazyMentee | None = one(
        "Mentee",
        by="mentee_id",
        description="In which enrolment, if in your scope; null for points, which are of all.",
    )


def _difference(of: Difference) -> ProgressDifference:
    before, after = of.before, of.after
    pairs = {
        "status": (before.status, after.status),
        "validated": (before.validated, after.validated),
        "sessions": (len(before.sessions), len(after.sessions)),
        "rights": (len(before.rights), len(after.rights)),
        "points": (before.points, after.points),
    }
    changed: dict[str, Any] = {}
    for name, (was, now) in pairs.items():
        same = was == now
        changed[f"{name}_before"] = None if same else was
        changed[f"{name}_after"] = None if same else now
    for name in ("status_before", "status_after"):
        changed[name] = None if changed[name] is None else MenteeStatus(changed[name])
    return ProgressDifference(
        c_mentee_id=of.enrolment_id, competency_count=after.competencies, **changed
    )


async def _words(root: Any, info: Info[Any, Any]) -> str:
    reader, language = context_of(info).reader, spoken()

    async def tell(_database: Any, happened: Sequence[Happened]) -> Sequence[str]:
        return await in_words(reader, happened, language)

    details = root.c_details
    return str(
        await reader.together(
            f"words in {language}",
            tell,
            Happened(
                topic=root.c_topic,
                version=root.c_programme_version_id,
                details=msgspec.json.decode(details) if isinstance(details, str) else details,
            ),
        )
    )


async def _event(info: Info[Any, Any], id: UUID) -> Any:
    model = models["HistoryEvent"]
    return await context_of(info).reader.one(model, columns_for(info, model), id, "event_id")


async def _cause(root: Any, info: Info[Any, Any]) -> Any:
    cause = await context_of(info).reader.together("causes", causes, root.c_event_id)
    return None if cause is None else await _event(info, cause)


async def _effects(root: Any, info: Info[Any, Any]) -> Any:
    reader, model = context_of(info).reader, models["HistoryEvent"]
    columns = columns_for(info, model)
    found = await reader.together("effects", effects, root.c_event_id)
    ids = cut_at(found, MOST)
    rows = [await reader.one(model, columns, id, "event_id") for id in ids]
    return type(ids)(row for row in rows if row is not None)


@read_model(
    AUDIT_EVENT,
    scope=InUnit(unit="org_unit_id", action=Read.AUDIT),
    description="One event, told in words.",
    shows=AccessKind.HISTORY,
)
class HistoryEvent:
    """An event: what happened, who said so, what it follows from, and what follows from it."""

    event_id: ID = leaf("The event's own id, a UUID.", convert=lambda id: ID(str(id)))
    words: str = strawberry.field(
        resolver=_words,
        description="What happened, as a sentence in your language; people by name, if it is for "
        "you to read. What is private between two is told without what it is about.",
        metadata=needing("topic", "programme_version_id", "details") | weighing(1),
    )
    topic: str = leaf("What happened, by its stable name: `registry.enrolment.enrolled`.")
    service: str = leaf("The service whose ledger holds it.")
    position: BigInt = leaf("Its place in that ledger.")
    epoch: int = leaf("The epoch of that ledger's positions.")
    record: str = leaf("The kind of record it happened to.", column="kind")
    record_id: ID = leaf("That record's UUID.", column="stream", convert=lambda id: ID(str(id)))
    version: int = leaf("Its place in that record's own history, from 1.")
    occurred_on: date = leaf("The day it happened in the field.")
    recorded: datetime = leaf("When we learned it.")
    actor: str = leaf("The token subject that asked for it; `policy:…`: the house of itself.")
    on_behalf_of: str | None = leaf("For whom they acted.")
    device: str | None = leaf("The device it was captured on.")
    reason: str | None = leaf(
        "Why, where one was due; null if not for you to read, and of what is private.",
        personal=True,
    )
    command_id: ID = leaf("The command that led to it.", convert=lambda id: ID(str(id)))
    correlation_id: ID = leaf(
        "Shared by all that one wish of a user set off.", convert=lambda id: ID(str(id))
    )
    cause: LazyEvent | None = strawberry.field(
        resolver=_cause,
        description="What it follows from: what the same command recorded first, or what made a "
        "policy ask for it. Null where somebody asked for it, and where that is not in your scope.",
        metadata=needing("event_id") | weighing(1),
    )
    effects: list[LazyEvent] = strawberry.field(
        resolver=_effects,
        description="What followed from it, as `cause` has it; what is not in your scope is left "
        "out.",
        metadata=needing("event_id") | weighing(5),
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where it belongs, as the units stood then."
    )
    programme_version: ProgrammeVersion | None = one(
        "ProgrammeVersion", by="programme_version_id", description="The rules in force for it."
    )


async def _changed(root: Any, info: Info[Any, Any]) -> list[ProgressDifference]:
    reader = context_of(info).reader
    found = await reader.together("progress", differences, root.c_health_worker_id)
    return [_difference(each) for each in found.get(root.c_event_id, ())]


@read_model(
    HISTORIES,
    scope=InUnit(unit="org_unit_id", action=Read.AUDIT),
    description="An event in somebody's history, told in words.",
    shows=AccessKind.HISTORY,
)
class HistoryEntry(HistoryEvent):
    """An event in the history of one that it names, or whose record it happened to."""

    difference: list[ProgressDifference] = strawberry.field(
        resolver=_changed,
        description="What it changed of their progress, enrolment by enrolment; empty: nothing.",
        metadata=needing("health_worker_id", "event_id") | weighing(2),
    )
    recorded_under: (
        Annotated["HealthWorker", strawberry.lazy("services.gateway.graphql.types.health_worker")]
        | None
    ) = one(
        "HealthWorker",
        by="recorded_under_id",
        description="The other record of the same person that it was recorded under, which is "
        "merged into this one; null: under their own, or not in your scope.",
    )
