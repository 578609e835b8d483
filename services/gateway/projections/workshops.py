"""Workshops: what each was, who led it, who was there, and its modules.

Who was there stands under the workshop; modules and facilitators belong to one telling, to which
`workshop.facts_id` leads: a correction leaves those of the telling before it where they are.
"""

from collections.abc import Iterator
from typing import Any

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    IDS,
    INTEGER,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from services.gateway.projections.sessions import facts_id
from shared.contracts.sessions.workshop import (
    WorkshopCorrected,
    WorkshopFacts,
    WorkshopHeld,
    WorkshopPutInWords,
    WorkshopReinstated,
    WorkshopTested,
    WorkshopVoided,
)
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

WORKSHOP = Table(
    name="workshop",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "cohort_id": maybe(ID),
        "org_unit_id": ID,
        "workshop_kind": TEXT,
        "status": TEXT,
        "title": TEXT,
        "place": maybe(TEXT),
        "starts": DATE,
        "ends": DATE,
        "days": TEXTS,
        "course": maybe(TEXT),
        "topics": TEXTS,
        "people": IDS,
        "attendees": INTEGER,
        "others": INTEGER,
        "corrected": BOOLEAN,
        "facts_id": ID,
        "words_by": maybe(ID),
        "notes": maybe(TEXT),
        **RECORD,
    },
    indexes=(
        ("starts", "id"),
        ("programme", "starts", "id"),
        ("org_unit_id", "starts", "id"),
        ("cohort_id", "starts", "id"),
        ("course", "starts", "id"),
        ("workshop_kind", "starts", "id"),
        ("status", "starts", "id"),
    ),
)
"""`status` is HELD or VOIDED; `days` are those on which it was held, as ISO 8601 has them. `notes`
are personal, and sealed with the key of `words_by`."""

WORKSHOP_ATTENDANCE = Table(
    name="workshop_attendance",
    version=1,
    key=("workshop_id", "health_worker_id"),
    columns={
        "workshop_id": ID,
        "health_worker_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "workshop_kind": TEXT,
        "status": TEXT,
        "course": maybe(TEXT),
        "starts": DATE,
        "last_on": DATE,
        "days": TEXTS,
        "modules": TEXTS,
        "pre_test": maybe(INTEGER),
        "post_test": maybe(INTEGER),
    },
    indexes=(("health_worker_id", "starts"), ("programme", "workshop_kind")),
)
"""Who was there by their record, on which `days`; `last_on` is the last of them."""

WORKSHOP_FACILITATOR = Table(
    name="workshop_facilitator",
    version=1,
    key=("facts_id", "place"),
    columns={
        "facts_id": ID,
        "place": INTEGER,
        "workshop_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "health_worker_id": maybe(ID),
        "organisation": maybe(TEXT),
        "name": maybe(TEXT),
    },
)
"""Who led it, at their place in the list; `name` is personal, and empty for who has a record."""

WORKSHOP_MODULE = Table(
    name="workshop_module",
    version=1,
    key=("facts_id", "place"),
    columns={
        "facts_id": ID,
        "place": INTEGER,
        "workshop_id": ID,
        "topic": TEXT,
        "name": maybe(TEXT),
        "methods": TEXTS,
        "minutes": maybe(INTEGER),
        "days": TEXTS,
    },
)

WORKSHOPS = Projection(
    "workshops", WORKSHOP, WORKSHOP_ATTENDANCE, WORKSHOP_FACILITATOR, WORKSHOP_MODULE
)


@WORKSHOPS.on(WorkshopHeld)
def held(event: WorkshopHeld, happening: Happening) -> Iterator[Change]:
    """Show a workshop."""
    yield from _told(event, happening, corrected=False)


@WORKSHOPS.on(WorkshopCorrected)
def corrected(event: WorkshopCorrected, happening: Happening) -> Iterator[Change]:
    """Show what is said of it now in place of what was said before."""
    for person in event.no_more:
        yield Delete(WORKSHOP_ATTENDANCE, (happening.stream, person))
    yield from _told(event, happening, corrected=True)


@WORKSHOPS.on(WorkshopTested)
def tested(event: WorkshopTested, happening: Happening) -> Iterator[Change]:
    """Show what somebody scored."""
    yield Patch(
        WORKSHOP_ATTENDANCE,
        (happening.stream, event.health_worker_id),
        {"pre_test": event.pre_test, "post_test": event.post_test},
    )
    yield Patch(WORKSHOP, (happening.stream,), record(happening))


@WORKSHOPS.on(WorkshopPutInWords)
def put_in_words(event: WorkshopPutInWords, happening: Happening) -> Iterator[Change]:
    """Show who led it, by name, and what was said."""
    told = facts_id(happening.stream, event.facts_version)
    for one in event.facilitators:
        yield Patch(WORKSHOP_FACILITATOR, (told, one.place), {"name": one.name})
    yield Patch(
        WORKSHOP,
        (happening.stream,),
        {"words_by": event.health_worker_id, "notes": event.notes, **record(happening)},
    )


@WORKSHOPS.on(WorkshopVoided)
def voided(event: WorkshopVoided, happening: Happening) -> Iterator[Change]:
    """Show that it was not held."""
    yield from _stands(event, happening, "VOIDED")


@WORKSHOPS.on(WorkshopReinstated)
def reinstated(event: WorkshopReinstated, happening: Happening) -> Iterator[Change]:
    """Show that it was held after all."""
    yield from _stands(event, happening, "HELD")


def _stands(
    event: WorkshopVoided | WorkshopReinstated, happening: Happening, status: str
) -> Iterator[Change]:
    yield Patch(WORKSHOP, (happening.stream,), {"status": status, **record(happening)})
    for person in event.people:
        yield Patch(WORKSHOP_ATTENDANCE, (happening.stream, person), {"status": status})


def _told(event: WorkshopFacts, happening: Happening, *, corrected: bool) -> Iterator[Change]:
    told = facts_id(happening.stream, happening.version)
    shared: dict[str, Any] = {
        "programme": event.programme,
        "org_unit_id": event.org_unit_id,
        "workshop_kind": event.workshop_kind.value,
        "status": "HELD",
        "course": event.course,
        "starts": event.starts,
    }
    yield Upsert(
        WORKSHOP,
        (happening.stream,),
        {
            **shared,
            "programme_version_id": event.programme_version_id,
            "cohort_id": event.cohort_id,
            "title": event.title,
            "place": event.place,
            "ends": event.ends,
            "days": tuple(map(str, event.days)),
            "topics": tuple(module.topic for module in event.modules),
            "people": tuple(one.health_worker_id for one in event.attendance),
            "attendees": len(event.attendance),
            "others": event.others,
            "corrected": corrected,
            "facts_id": told,
            "words_by": None,
            "notes": None,
            **record(happening),
        },
    )
    for one in event.attendance:
        yield Upsert(
            WORKSHOP_ATTENDANCE,
            (happening.stream, one.health_worker_id),
            {
                **shared,
                "last_on": one.days[-1],
                "days": tuple(map(str, one.days)),
                "modules": one.modules,
                "pre_test": None,
                "post_test": None,
            },
        )
    for place, leader in enumerate(event.facilitators):
        yield Upsert(
            WORKSHOP_FACILITATOR,
            (told, place),
            {
                "workshop_id": happening.stream,
                "programme": event.programme,
                "org_unit_id": event.org_unit_id,
                "health_worker_id": leader.health_worker_id,
                "organisation": leader.organisation,
                "name": None,
            },
        )
    for place, module in enumerate(event.modules):
        yield Upsert(
            WORKSHOP_MODULE,
            (told, place),
            {
                "workshop_id": happening.stream,
                "topic": module.topic,
                "name": module.name,
                "methods": tuple(method.value for method in module.methods),
                "minutes": module.minutes,
                "days": tuple(map(str, module.days)),
            },
        )
