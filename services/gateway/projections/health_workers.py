"""Health workers as they are, and where each of them was posted since when."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, RECORD, TEXT, maybe, record
from shared.contracts.registry.health_worker import HealthWorkerRegistered, HealthWorkerTransferred
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

HEALTH_WORKER = Table(
    name="health_worker",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "number": maybe(TEXT),
        "given_names": TEXT,
        "family_name": TEXT,
        "phone": maybe(TEXT),
        "cadre": TEXT,
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
"""`org_unit_id` is where they are posted now, `since` that day. Built after the person's key was
erased, names read `shared.privacy.payload.ERASED` and the phone is empty."""

POSTING = Table(
    name="posting",
    version=1,
    key=("health_worker_id", "since"),
    columns={"health_worker_id": ID, "since": DATE, "org_unit_id": ID},
    indexes=(("org_unit_id", "since"),),
)
"""Each posting a health worker had, from that day until the day of their next row."""

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
            "family_name": event.family_name,
            "phone": event.phone,
            "cadre": event.cadre,
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
