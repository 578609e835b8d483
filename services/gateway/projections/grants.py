"""Grants of access, as they were given and revoked: who may do what, where, and by whose word.

What decides by them is kept elsewhere (`shared.access.facts`), and never rebuilt; this is for who
asks who had access.
"""

from collections.abc import Iterator

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    INSTANT,
    RECORD,
    TEXT,
    maybe,
    record,
)
from shared.contracts.registry.access_grant import AccessGrantGiven, AccessGrantRevoked
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

GRANT = Table(
    name="grant",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "subject": TEXT,
        "role": TEXT,
        "org_unit_id": maybe(ID),
        "programme": maybe(TEXT),
        "health_worker_id": maybe(ID),
        "own_mentorships": BOOLEAN,
        "since": DATE,
        "until": maybe(DATE),
        "given_by": TEXT,
        "given_at": INSTANT,
        "revoked_on": maybe(DATE),
        "revoked_by": maybe(TEXT),
        "revoked_at": maybe(INSTANT),
        **RECORD,
    },
    indexes=(
        ("since", "id"),
        ("subject", "since", "id"),
        ("org_unit_id", "since", "id"),
        ("health_worker_id", "since", "id"),
    ),
)
"""`until` is the last day it was given for; from `revoked_on` on, it allows nothing."""

GRANTS = Projection("grants", GRANT)


@GRANTS.on(AccessGrantGiven)
def given(event: AccessGrantGiven, happening: Happening) -> Iterator[Change]:
    """Show a grant, and who gave it."""
    yield Upsert(
        GRANT,
        (happening.stream,),
        {
            "subject": event.subject_name,
            "role": event.role.value,
            "org_unit_id": event.org_unit_id,
            "programme": event.programme,
            "health_worker_id": event.health_worker_id,
            "own_mentorships": event.own_mentorships,
            "since": event.since,
            "until": event.until,
            "given_by": happening.meta.actor,
            "given_at": happening.recorded,
            **record(happening),
        },
    )


@GRANTS.on(AccessGrantRevoked)
def revoked(event: AccessGrantRevoked, happening: Happening) -> Iterator[Change]:
    """Show that it allows nothing from a day on, and who said so."""
    yield Patch(
        GRANT,
        (happening.stream,),
        {
            "revoked_on": event.since,
            "revoked_by": happening.meta.actor,
            "revoked_at": happening.recorded,
            **record(happening),
        },
    )
