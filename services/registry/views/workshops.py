"""Workshops, as the registry has heard of them: what each was, and who was there on which days."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.registry.aggregates.trainings import Taken
from shared.contracts.sessions.workshop import (
    WorkshopCorrected,
    WorkshopFacts,
    WorkshopHeld,
    WorkshopKind,
    WorkshopReinstated,
    WorkshopVoided,
)
from shared.deciding.facts import Facts
from shared.projection import Change, Column, Delete, Happening, Patch, Projection, Table, Upsert

WORKSHOP = Table(
    name="known_workshop",
    version=1,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "programme": Column(type="text"),
        "org_unit_id": Column(type="uuid"),
        "workshop_kind": Column(type="text"),
        "title": Column(type="text"),
        "course": Column(type="text", nullable=True),
        "stands": Column(type="boolean"),
    },
)

WORKSHOP_PRESENCE = Table(
    name="known_workshop_presence",
    version=1,
    key=("workshop_id", "health_worker_id"),
    columns={
        "workshop_id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
        "days": Column(type="text[]"),
    },
    indexes=(("health_worker_id",),),
)
"""Who was there, as it is said now; `days` are written as ISO 8601 has them, in order."""

WORKSHOPS = Projection("workshops", WORKSHOP, WORKSHOP_PRESENCE)


@WORKSHOPS.on(WorkshopHeld)
def held(body: WorkshopHeld, at: Happening) -> Iterable[Change]:
    """Know what it was, and who was there."""
    yield from _told(body, at)


@WORKSHOPS.on(WorkshopCorrected)
def corrected(body: WorkshopCorrected, at: Happening) -> Iterable[Change]:
    """Know what it was after all, and who was there."""
    for person in body.no_more:
        yield Delete(WORKSHOP_PRESENCE, (at.stream, person))
    yield from _told(body, at)


@WORKSHOPS.on(WorkshopVoided)
def voided(_body: WorkshopVoided, at: Happening) -> Iterable[Change]:
    """Know that it was not held."""
    yield Patch(WORKSHOP, (at.stream,), {"stands": False})


@WORKSHOPS.on(WorkshopReinstated)
def reinstated(_body: WorkshopReinstated, at: Happening) -> Iterable[Change]:
    """Know that it was held after all."""
    yield Patch(WORKSHOP, (at.stream,), {"stands": True})


def _told(body: WorkshopFacts, at: Happening) -> Iterable[Change]:
    yield Upsert(
        WORKSHOP,
        (at.stream,),
        {
            "programme": body.programme,
            "org_unit_id": body.org_unit_id,
            "workshop_kind": body.workshop_kind.value,
            "title": body.title,
            "course": body.course,
            "stands": True,
        },
    )
    for one in body.attendance:
        yield Upsert(
            WORKSHOP_PRESENCE,
            (at.stream, one.health_worker_id),
            {"days": tuple(map(str, one.days))},
        )


async def taken_by(people: Iterable[UUID], facts: Facts) -> list[Taken]:
    """Return what a person, by all of their records, took at workshops, as they are told now."""
    taken: dict[UUID, set[date]] = {}
    for row in await facts.rows_among(WORKSHOP_PRESENCE, "health_worker_id", list(people)):
        taken.setdefault(row["workshop_id"], set()).update(map(date.fromisoformat, row["days"]))
    known = await facts.rows_among(WORKSHOP, "id", list(taken)) if taken else []
    return [
        Taken(
            workshop_id=row["id"],
            programme=row["programme"],
            org_unit_id=row["org_unit_id"],
            kind=WorkshopKind(row["workshop_kind"]),
            title=row["title"],
            course=row["course"],
            days=tuple(sorted(taken[row["id"]])),
        )
        for row in sorted(known, key=lambda row: row["id"])
        if row["stands"]
    ]
