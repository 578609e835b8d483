"""Somebody in the story is forgotten: asked for, declined, held, asked for again and agreed to."""

from typing import Any

from shared.contracts.registry import erasure
from shared.contracts.registry import health_worker as workers
from shared.contracts.registry.keys import RegistryKeysDestroyed
from shared.contracts.sessions.keys import SessionsKeysDestroyed
from shared.contracts.validation.keys import ValidationKeysDestroyed
from tests.support.telling import CENTRE, Told, day, id_of, of

KARENZI = id_of("Karenzi, nurse")
_LAW: dict[str, Any] = {
    "basis": erasure.LegalBasis.RIGHT_TO_ERASURE,
    "reference": "Section 40; file 12/2021",
}

FORGOTTEN: tuple[Told, ...] = (
    *of(
        "health_worker",
        KARENZI,
        workers.HealthWorkerRegistered(
            health_worker_id=KARENZI,
            given_names="Aline",
            family_name="Karenzi",
            phone="+250 788 000 044",
            cadre="Nurse",
            org_unit_id=CENTRE,
            since=day(0),
        ),
        on=200,
    ),
    *of(
        "health_worker",
        KARENZI,
        erasure.ErasureRequested(health_worker_id=KARENZI, asked_by="clerk", **_LAW),
        erasure.ErasureDeclined(health_worker_id=KARENZI, declined_by="officer"),
        erasure.LegalHoldPlaced(health_worker_id=KARENZI, reference="Case 7/2021"),
        erasure.LegalHoldLifted(health_worker_id=KARENZI),
        erasure.ErasureRequested(health_worker_id=KARENZI, asked_by="clerk", **_LAW),
        erasure.HealthWorkerErased(
            health_worker_id=KARENZI, asked_by="clerk", approved_by="officer", **_LAW
        ),
        on=201,
        reason="She asks for it.",
    ),
    *of(
        "registry_keys",
        id_of("keys of Karenzi in the registry"),
        RegistryKeysDestroyed(health_worker_id=KARENZI, subjects=(KARENZI,)),
        on=201,
        key=KARENZI,
    ),
    *of(
        "sessions_keys",
        id_of("keys of Karenzi in sessions"),
        SessionsKeysDestroyed(health_worker_id=KARENZI, subjects=(KARENZI,)),
        on=201,
        key=KARENZI,
    ),
    *of(
        "validation_keys",
        id_of("keys of Karenzi in validation"),
        ValidationKeysDestroyed(health_worker_id=KARENZI, subjects=(KARENZI,)),
        on=201,
        key=KARENZI,
    ),
)
