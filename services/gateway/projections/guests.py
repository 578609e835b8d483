"""Guests of sessions, telling by telling: see `session.words_id`."""

from collections.abc import Iterator

from services.gateway.projections.columns import ID, INTEGER, TEXT, maybe
from services.gateway.projections.sessions import facts_id, told_at
from shared.contracts.sessions.guest import SessionGuestNamed
from shared.contracts.sessions.session import SessionCorrected, SessionFacts, SessionHeld
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

SESSION_GUEST = Table(
    name="session_guest",
    version=1,
    key=("words_id", "place"),
    columns={
        "words_id": ID,
        "place": INTEGER,
        "session_id": ID,
        "mentorship_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "role": TEXT,
        "health_worker_id": maybe(ID),
        "name": maybe(TEXT),
    },
    indexes=(("health_worker_id",),),
)
"""A guest, at their place in the list; `name` is personal, and empty for who has a record."""

GUESTS = Projection("guests", SESSION_GUEST)


@GUESTS.on(SessionHeld)
def held(event: SessionHeld, happening: Happening) -> Iterator[Change]:
    """Show who else was there."""
    yield from _guests(event, happening)


@GUESTS.on(SessionCorrected)
def corrected(event: SessionCorrected, happening: Happening) -> Iterator[Change]:
    """Show who else was there after all."""
    if event.words_version is None:
        yield from _guests(event, happening)


@GUESTS.on(SessionGuestNamed)
def named(event: SessionGuestNamed, happening: Happening) -> Iterator[Change]:
    """Show the name of who has no record."""
    told = facts_id(happening.stream, event.facts_version)
    yield Patch(SESSION_GUEST, (told, event.place), {"name": event.name})


def _guests(event: SessionFacts, happening: Happening) -> Iterator[Change]:
    for place, guest in enumerate(event.guests):
        yield Upsert(
            SESSION_GUEST,
            (facts_id(happening.stream, told_at(event, happening)), place),
            {
                "session_id": happening.stream,
                "mentorship_id": event.mentorship_id,
                "programme": event.programme,
                "org_unit_id": event.org_unit_id,
                "role": guest.role.value,
                "health_worker_id": guest.health_worker_id,
                "name": None,
            },
        )
