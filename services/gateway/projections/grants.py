"""Grants of access, as they were given and revoked: who may do what, where, and by whose word.

What decides by them is kept elsewhere (`shared.access.facts`), and never rebuilt; this is for who
asks who had access.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

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
from shared.contracts.registry.access_grant import (
    AccessGlassBroken,
    AccessGrantGiven,
    AccessGrantGivenOverGroup,
    AccessGrantRestored,
    AccessGrantRevoked,
    Role,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

GRANT = Table(
    name="grant",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "subject": TEXT,
        "role": TEXT,
        "org_unit_id": maybe(ID),
        "group_id": maybe(ID),
        "programme": maybe(TEXT),
        "health_worker_id": maybe(ID),
        "own_mentorships": BOOLEAN,
        "since": DATE,
        "until": maybe(DATE),
        "ends": maybe(INSTANT),
        "over_person_id": maybe(ID),
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
        ("over_person_id", "since", "id"),
    ),
)
"""`until` is the last day it was given for; from `revoked_on` on, it allows nothing."""

GRANTS = Projection("grants", GRANT)


@GRANTS.on(AccessGrantGiven)
def given(event: AccessGrantGiven, happening: Happening) -> Iterator[Change]:
    """Show a grant over a unit, or over everything, and who gave it."""
    yield _given(event, happening, {"org_unit_id": event.org_unit_id})


@GRANTS.on(AccessGrantGivenOverGroup)
def given_over_group(event: AccessGrantGivenOverGroup, happening: Happening) -> Iterator[Change]:
    """Show a grant over the units of a group, and who gave it."""
    yield _given(event, happening, {"group_id": event.group_id})


@GRANTS.on(AccessGlassBroken)
def glass_broken(event: AccessGlassBroken, happening: Happening) -> Iterator[Change]:
    """Show a grant that somebody took in an emergency: to whoever answers for the unit."""
    yield Upsert(
        GRANT,
        (happening.stream,),
        {
            "subject": event.subject_name,
            "role": Role.BREAK_GLASS.value,
            "org_unit_id": event.org_unit_id,
            "over_person_id": event.health_worker_id,
            "own_mentorships": False,
            "since": event.since,
            "until": event.until,
            "ends": event.ends,
            "given_by": happening.meta.actor,
            "given_at": happening.recorded,
            **record(happening),
        },
    )


def _given(
    event: AccessGrantGiven | AccessGrantGivenOverGroup, happening: Happening, over: dict[str, Any]
) -> Change:
    return Upsert(
        GRANT,
        (happening.stream,),
        {
            "subject": event.subject_name,
            "role": event.role.value,
            "programme": event.programme,
            "health_worker_id": event.health_worker_id,
            "own_mentorships": event.own_mentorships,
            "since": event.since,
            "until": event.until,
            "given_by": happening.meta.actor,
            "given_at": happening.recorded,
            **over,
            **record(happening),
        },
    )


@GRANTS.on(AccessGrantRevoked)
def revoked(event: AccessGrantRevoked, happening: Happening) -> Iterator[Change]:
    """Show that it allows nothing from a day on, and who said so."""
    yield _revoked(happening, event.since, happening.meta.actor, happening.recorded)


@GRANTS.on(AccessGrantRestored)
def restored(_event: AccessGrantRestored, happening: Happening) -> Iterator[Change]:
    """Show that it allows what it allowed: what it was revoked for was not so."""
    yield _revoked(happening, None, None, None)


def _revoked(happening: Happening, on: date | None, by: str | None, at: datetime | None) -> Change:
    told = {"revoked_on": on, "revoked_by": by, "revoked_at": at}
    return Patch(GRANT, (happening.stream,), {**told, **record(happening)})
