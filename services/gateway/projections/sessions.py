"""Sessions that were held, and who was there."""

from collections.abc import Iterator

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    INTEGER,
    RECORD,
    TEXT,
    TEXTS,
    record,
)
from shared.contracts.registry.mentorship import Side
from shared.contracts.sessions.session import SessionHeld
from shared.projection import Change, Happening, Projection, Table, Upsert

SESSION = Table(
    name="session",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "mentorship_id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "held_on": DATE,
        "mode": TEXT,
        "minutes": INTEGER,
        "steps": TEXTS,
        "consent_recorded": BOOLEAN,
        **RECORD,
    },
    indexes=(
        ("held_on", "id"),
        ("mentorship_id", "held_on", "id"),
        ("programme", "held_on", "id"),
        ("org_unit_id", "held_on", "id"),
    ),
)
"""`steps` is the list of the visit steps done, by the programme's codes, in order."""

SESSION_ATTENDANCE = Table(
    name="session_attendance",
    version=1,
    key=("session_id", "side", "health_worker_id"),
    columns={"session_id": ID, "side": TEXT, "health_worker_id": ID, "held_on": DATE},
    indexes=(("health_worker_id", "held_on", "session_id"),),
)
"""`side` is MENTOR or MENTEE."""

SESSIONS = Projection("sessions", SESSION, SESSION_ATTENDANCE)


@SESSIONS.on(SessionHeld)
def held(event: SessionHeld, happening: Happening) -> Iterator[Change]:
    """Show a session, and everybody who was there."""
    yield Upsert(
        SESSION,
        (happening.stream,),
        {
            "mentorship_id": event.mentorship_id,
            "programme_version_id": event.programme_version_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "held_on": event.held_on,
            "mode": event.mode.value,
            "minutes": event.minutes,
            "steps": event.steps,
            "consent_recorded": event.consent_recorded,
            **record(happening),
        },
    )
    for side, people in ((Side.MENTOR, event.mentors), (Side.MENTEE, event.mentees)):
        for person in people:
            yield Upsert(
                SESSION_ATTENDANCE,
                (happening.stream, side.value, person),
                {"held_on": event.held_on},
            )
