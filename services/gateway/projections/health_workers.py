"""Health workers as they are, and where each of them was posted since when."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, RECORD, TEXT, TEXTS, maybe, record
from shared.contracts.base import Event
from shared.contracts.registry.health_worker import (
    AliasGivenUp,
    AliasTaken,
    HealthWorkerCadreChanged,
    HealthWorkerCadresTold,
    HealthWorkerDetailsUpdated,
    HealthWorkerMergedInto,
    HealthWorkerMergeReversed,
    HealthWorkerPostingsTold,
    HealthWorkerRegistered,
    HealthWorkerRenamed,
    HealthWorkerTransferred,
)
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

HEALTH_WORKER = Table(
    name="health_worker",
    version=3,
    key=("id",),
    columns={
        "id": ID,
        "number": maybe(TEXT),
        "given_names": TEXT,
        "family_name": TEXT,
        "phone": maybe(TEXT),
        "cadre": TEXT,
        "languages": TEXTS,
        "merged_into_id": maybe(ID),
        "org_unit_id": ID,
        "since": DATE,
        **RECORD,
    },
    indexes=(
        ("number",),
        ("family_name", "given_names", "id"),
        ("org_unit_id", "family_name", "given_names", "id"),
        ("cadre", "family_name", "given_names", "id"),
    ),
)
"""`org_unit_id` is where they are posted now, `since` that day; `merged_into_id` is the record that
stands for this person instead of this one. Built after the person's key was
erased, names read `shared.privacy.payload.ERASED` and the phone is empty."""

POSTING = Table(
    name="posting",
    version=1,
    key=("health_worker_id", "since"),
    columns={"health_worker_id": ID, "since": DATE, "org_unit_id": ID},
    indexes=(("org_unit_id", "since"),),
)
"""Each posting a health worker had, from that day until the day of their next row."""

NO_NAME = ""
"""What stands for the family name of who has one name, so that they are sorted first."""

HEALTH_WORKERS = Projection("health_workers", HEALTH_WORKER, POSTING)


@HEALTH_WORKERS.on(HealthWorkerRegistered)
def registered(event: HealthWorkerRegistered, happening: Happening) -> Iterator[Change]:
    """Show a health worker, at their first posting."""
    yield Upsert(
        HEALTH_WORKER,
        (event.health_worker_id,),
        {
            "number": event.number,
            "given_names": event.given_names,
            "family_name": event.family_name or NO_NAME,
            "phone": event.phone,
            "cadre": event.cadre,
            "languages": event.languages,
            "org_unit_id": event.org_unit_id,
            "since": event.since,
            **record(happening),
        },
    )
    yield Upsert(POSTING, (event.health_worker_id, event.since), {"org_unit_id": event.org_unit_id})


@HEALTH_WORKERS.on(HealthWorkerTransferred)
def transferred(event: HealthWorkerTransferred, happening: Happening) -> Iterator[Change]:
    """Show the health worker at their new posting, and keep the day they went there."""
    yield Patch(
        HEALTH_WORKER,
        (event.health_worker_id,),
        {"org_unit_id": event.org_unit_id, "since": event.since, **record(happening)},
    )
    yield Upsert(POSTING, (event.health_worker_id, event.since), {"org_unit_id": event.org_unit_id})


@HEALTH_WORKERS.on(HealthWorkerPostingsTold)
def postings_told(event: HealthWorkerPostingsTold, happening: Happening) -> Iterator[Change]:
    """Show every posting as it is said now."""
    for day in event.removed:
        yield Delete(POSTING, (event.health_worker_id, day))
    for one in event.postings:
        key = (event.health_worker_id, one.since)
        yield Upsert(POSTING, key, {"org_unit_id": one.org_unit_id})
    now = event.postings[-1]
    yield Patch(
        HEALTH_WORKER,
        (event.health_worker_id,),
        {"org_unit_id": now.org_unit_id, "since": now.since, **record(happening)},
    )


@HEALTH_WORKERS.on(HealthWorkerCadresTold)
def cadres_told(event: HealthWorkerCadresTold, happening: Happening) -> Iterator[Change]:
    """Show what they are trained as by what is said now."""
    yield Patch(
        HEALTH_WORKER,
        (event.health_worker_id,),
        {"cadre": event.cadres[-1].cadre, **record(happening)},
    )


@HEALTH_WORKERS.on(HealthWorkerRenamed)
def renamed(event: HealthWorkerRenamed, happening: Happening) -> Iterator[Change]:
    """Show what they are called now."""
    yield Patch(
        HEALTH_WORKER,
        (event.health_worker_id,),
        {
            "given_names": event.given_names,
            "family_name": event.family_name or NO_NAME,
            **record(happening),
        },
    )


@HEALTH_WORKERS.on(HealthWorkerCadreChanged)
def cadre_changed(event: HealthWorkerCadreChanged, happening: Happening) -> Iterator[Change]:
    """Show what they are trained as now."""
    yield Patch(
        HEALTH_WORKER, (event.health_worker_id,), {"cadre": event.cadre, **record(happening)}
    )


@HEALTH_WORKERS.on(HealthWorkerDetailsUpdated)
def details_updated(event: HealthWorkerDetailsUpdated, happening: Happening) -> Iterator[Change]:
    """Show how they are reached now, and what they speak; identifiers are shown to nobody."""
    told = {"phone": event.phone, "languages": event.languages}
    new = {name: value for name, value in told.items() if value}
    yield Patch(HEALTH_WORKER, (event.health_worker_id,), {**new, **record(happening)})


@HEALTH_WORKERS.on(HealthWorkerMergedInto)
def merged_into(event: HealthWorkerMergedInto, happening: Happening) -> Iterator[Change]:
    """Show which record stands for the person."""
    yield Patch(
        HEALTH_WORKER,
        (event.health_worker_id,),
        {"merged_into_id": event.into_id, **record(happening)},
    )


@HEALTH_WORKERS.on(HealthWorkerMergeReversed)
def merge_reversed(event: HealthWorkerMergeReversed, happening: Happening) -> Iterator[Change]:
    """Let the record stand for itself again."""
    yield Patch(
        HEALTH_WORKER, (event.health_worker_id,), {"merged_into_id": None, **record(happening)}
    )


@HEALTH_WORKERS.on(AliasTaken, AliasGivenUp)
def alias_changed(_event: Event, happening: Happening) -> Iterator[Change]:
    """Keep the record's version: the other record shows whom it is an alias of."""
    yield Patch(HEALTH_WORKER, (happening.stream,), record(happening))
