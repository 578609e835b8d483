"""Whose personal data is asked to be erased, by whom and by which law; who destroyed their keys."""

from collections.abc import Iterator

from services.gateway.projections.columns import ID, INSTANT, INTEGER, TEXT, maybe
from shared.contracts.forgetting import KeysDestroyed
from shared.contracts.registry.erasure import (
    ErasureDeclined,
    ErasureRequested,
    HealthWorkerErased,
    LegalHoldLifted,
    LegalHoldPlaced,
)
from shared.contracts.registry.keys import RegistryKeysDestroyed
from shared.contracts.sessions.keys import SessionsKeysDestroyed
from shared.contracts.validation.keys import ValidationKeysDestroyed
from shared.projection import Change, Happening, Projection, Table, Upsert

REQUESTED, DECLINED, ERASED = "REQUESTED", "DECLINED", "ERASED"

ERASURE = Table(
    name="erasure",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "state": maybe(TEXT),
        "basis": maybe(TEXT),
        "reference": maybe(TEXT),
        "asked_by": maybe(TEXT),
        "asked_at": maybe(INSTANT),
        "decided_by": maybe(TEXT),
        "decided_at": maybe(INSTANT),
        "under_id": maybe(ID),
        "held_for": maybe(TEXT),
    },
    indexes=(("state",),),
)
"""How it stands, of each record, whose `id` is its own; `under_id` is the record that stands for
the person, where this is another name of theirs; `held_for` the case their data is kept for."""

ERASED_KEYS = Table(
    name="erased_keys",
    version=1,
    key=("health_worker_id", "service"),
    columns={
        "health_worker_id": ID,
        "service": TEXT,
        "destroyed_at": INSTANT,
        "records": INTEGER,
    },
)
"""Which services destroyed a person's keys, and those of how many records about them alone."""

ERASURES = Projection("erasures", ERASURE, ERASED_KEYS)


@ERASURES.on(ErasureRequested)
def requested(event: ErasureRequested, happening: Happening) -> Iterator[Change]:
    """Show what is asked."""
    yield Upsert(
        ERASURE,
        (event.health_worker_id,),
        {
            "state": REQUESTED,
            "basis": event.basis.value,
            "reference": event.reference,
            "asked_by": event.asked_by,
            "asked_at": happening.recorded,
            "decided_by": None,
            "decided_at": None,
        },
    )


@ERASURES.on(ErasureDeclined)
def declined(event: ErasureDeclined, happening: Happening) -> Iterator[Change]:
    """Show that it was declined."""
    values = {"state": DECLINED, "decided_by": event.declined_by, "decided_at": happening.recorded}
    yield Upsert(ERASURE, (event.health_worker_id,), values)


@ERASURES.on(HealthWorkerErased)
def erased(event: HealthWorkerErased, happening: Happening) -> Iterator[Change]:
    """Show that it was agreed to."""
    yield Upsert(
        ERASURE,
        (event.health_worker_id,),
        {
            "state": ERASED,
            "basis": event.basis.value,
            "reference": event.reference,
            "asked_by": event.asked_by,
            "decided_by": event.approved_by,
            "decided_at": happening.recorded,
            "under_id": event.under,
        },
    )


@ERASURES.on(LegalHoldPlaced)
def held(event: LegalHoldPlaced, _happening: Happening) -> Iterator[Change]:
    """Show what their data is kept for."""
    yield Upsert(ERASURE, (event.health_worker_id,), {"held_for": event.reference})


@ERASURES.on(LegalHoldLifted)
def lifted(event: LegalHoldLifted, _happening: Happening) -> Iterator[Change]:
    """Show that it is kept for nothing any more."""
    yield Upsert(ERASURE, (event.health_worker_id,), {"held_for": None})


@ERASURES.on(RegistryKeysDestroyed, SessionsKeysDestroyed, ValidationKeysDestroyed)
def destroyed(event: KeysDestroyed, happening: Happening) -> Iterator[Change]:
    """Show that a service has destroyed their keys."""
    yield Upsert(
        ERASED_KEYS,
        (event.health_worker_id, happening.service),
        {"destroyed_at": happening.recorded, "records": len(event.subjects) - 1},
    )
