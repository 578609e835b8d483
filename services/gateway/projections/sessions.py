"""Sessions from their planning on, and who was there.

A session is told once it was held, and told anew, whole, by every correction. Whoever was there
belongs to one telling, named by the version that it made: a correction leaves the attendance of the
telling before it where it is, and `session.facts_id` leads to the one that counts. What
was said in words may outlast it: `session.words_id` leads there.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    IDS,
    INSTANT,
    INTEGER,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from shared.contracts.registry.mentorship import Side
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionCorrected,
    SessionFacts,
    SessionHeld,
    SessionPlanned,
    SessionReinstated,
    SessionRescheduled,
    SessionVoided,
)
from shared.domain import derived_id
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

SESSION = Table(
    name="session",
    version=6,
    key=("id",),
    columns={
        "id": ID,
        "mentorship_id": ID,
        "programme_version_id": maybe(ID),
        "programme": TEXT,
        "org_unit_id": ID,
        "status": TEXT,
        "day": DATE,
        "planned_for": maybe(DATE),
        "held_on": maybe(DATE),
        "mode": TEXT,
        "minutes": maybe(INTEGER),
        "steps": maybe(TEXTS),
        "format": maybe(TEXT),
        "phase": maybe(TEXT),
        "initiative": maybe(TEXT),
        "consent_recorded": maybe(BOOLEAN),
        "counts": maybe(BOOLEAN),
        "begins": maybe(INSTANT),
        "ends": maybe(INSTANT),
        "guest_roles": maybe(TEXTS),
        "corrected": BOOLEAN,
        "topics": maybe(TEXTS),
        "competencies": maybe(TEXTS),
        "observed_cases": maybe(INTEGER),
        "support_request_id": maybe(ID),
        "improvement_action_id": maybe(ID),
        "plan_id": maybe(ID),
        "visit_id": maybe(ID),
        "enrolments": maybe(IDS),
        "words_id": maybe(ID),
        "facts_id": maybe(ID),
        "facts_version": maybe(INTEGER),
        **RECORD,
    },
    indexes=(
        ("day", "id"),
        ("mentorship_id", "day", "id"),
        ("programme", "day", "id"),
        ("org_unit_id", "day", "id"),
        ("status", "day", "id"),
        ("visit_id", "day", "id"),
        ("mentorship_id", "held_on"),
        ("org_unit_id", "held_on"),
    ),
)
"""`status` is PLANNED, HELD, CANCELLED or VOIDED; `day` the day it was held, or is planned for.
`facts_version` is the record's version that said what counts of it, `enrolments` those that the
mentees who were there are in the mentorship's care by."""

SESSION_ATTENDANCE = Table(
    name="session_attendance",
    version=3,
    key=("facts_id", "health_worker_id"),
    columns={
        "facts_id": ID,
        "health_worker_id": ID,
        "session_id": ID,
        "side": maybe(TEXT),
        "present": BOOLEAN,
        "minutes": INTEGER,
        "credited": INTEGER,
        "held_on": DATE,
    },
    indexes=(("health_worker_id", "held_on", "session_id"), ("session_id",)),
)
"""`side` is MENTOR or MENTEE; empty for a party who was absent, whose minutes are 0. `credited` are
the minutes that count for them."""

SESSIONS = Projection("sessions", SESSION, SESSION_ATTENDANCE)


@SESSIONS.on(SessionPlanned)
def planned(event: SessionPlanned, happening: Happening) -> Iterator[Change]:
    """Show a session that is to be held."""
    yield Upsert(
        SESSION,
        (happening.stream,),
        {
            "mentorship_id": event.mentorship_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "status": "PLANNED",
            "day": event.planned_for,
            "planned_for": event.planned_for,
            "mode": event.mode.value,
            "corrected": False,
            **record(happening),
        },
    )


@SESSIONS.on(SessionRescheduled)
def rescheduled(event: SessionRescheduled, happening: Happening) -> Iterator[Change]:
    """Show it on its new day."""
    yield Patch(
        SESSION,
        (happening.stream,),
        {"day": event.planned_for, "planned_for": event.planned_for, **record(happening)},
    )


@SESSIONS.on(SessionCancelled)
def cancelled(event: SessionCancelled, happening: Happening) -> Iterator[Change]:
    """Show that it will not be held."""
    yield Patch(SESSION, (happening.stream,), {"status": "CANCELLED", **record(happening)})


@SESSIONS.on(SessionHeld)
def held(event: SessionHeld, happening: Happening) -> Iterator[Change]:
    """Show what is said of a session, and everybody who was there."""
    yield Upsert(
        SESSION,
        (happening.stream,),
        {"status": "HELD", "corrected": False, **_told(event, happening)},
    )
    yield from _attendance(event, happening)


@SESSIONS.on(SessionCorrected)
def corrected(event: SessionCorrected, happening: Happening) -> Iterator[Change]:
    """Show what is said of it now in place of what was said before, or only that it was judged."""
    # Whoever corrects it says why; who was absent may become known without.
    judged = event.facts_version or happening.meta.reason is None
    corrected = {} if judged else {"corrected": True}
    yield Patch(SESSION, (happening.stream,), {**corrected, **_told(event, happening)})
    yield from _attendance(event, happening)


@SESSIONS.on(SessionVoided)
def voided(event: SessionVoided, happening: Happening) -> Iterator[Change]:
    """Show that it counts no more."""
    yield Patch(SESSION, (happening.stream,), {"status": "VOIDED", **record(happening)})


@SESSIONS.on(SessionReinstated)
def reinstated(event: SessionReinstated, happening: Happening) -> Iterator[Change]:
    """Show that it counts again."""
    yield Patch(SESSION, (happening.stream,), {"status": "HELD", **record(happening)})


def facts_id(session: UUID, version: int) -> UUID:
    """Return the id of a telling of a session, by the version of the record that it made."""
    return derived_id("session_facts", session, str(version))


def told_at(event: SessionFacts, happening: Happening) -> int:
    """Return at which version of the record it was told so: judged again, it is told as it was."""
    judged = event.facts_version if isinstance(event, SessionCorrected) else None
    return judged or happening.version


def _told(event: SessionFacts, happening: Happening) -> dict[str, Any]:
    version = told_at(event, happening)
    return {
        "mentorship_id": event.mentorship_id,
        "programme_version_id": event.programme_version_id,
        "programme": event.programme,
        "org_unit_id": event.org_unit_id,
        "day": event.held_on,
        "held_on": event.held_on,
        "mode": event.mode.value,
        "minutes": event.minutes,
        "steps": event.steps,
        "format": event.format and event.format.value,
        "phase": event.phase,
        "initiative": event.initiative and event.initiative.value,
        "consent_recorded": event.consent_recorded,
        "counts": event.counts,
        "guest_roles": tuple(dict.fromkeys(guest.role.value for guest in event.guests)),
        "begins": event.begins,
        "ends": event.ends,
        "topics": event.about.topics,
        "competencies": event.about.competencies,
        "observed_cases": event.about.observed_cases,
        "support_request_id": event.about.support_request_id,
        "improvement_action_id": event.about.improvement_action_id,
        "plan_id": event.about.plan_id,
        "visit_id": event.visit_id,
        "enrolments": event.enrolments,
        "words_id": facts_id(happening.stream, event.words_version or version),
        "facts_id": facts_id(happening.stream, version),
        "facts_version": version,
        **record(happening),
    }


def _attendance(event: SessionFacts, happening: Happening) -> Iterator[Change]:
    partly = {each.health_worker_id: each.minutes for each in event.partly}
    credited = {each.health_worker_id: each.minutes for each in event.credited}
    for side, people in (
        (Side.MENTOR.value, event.mentors),
        (Side.MENTEE.value, event.mentees),
        (None, event.absent),
    ):
        for person in people:
            minutes = 0 if side is None else partly.get(person, event.minutes)
            yield Upsert(
                SESSION_ATTENDANCE,
                (facts_id(happening.stream, told_at(event, happening)), person),
                {
                    "session_id": happening.stream,
                    "side": side,
                    "present": side is not None,
                    "minutes": minutes,
                    "credited": credited.get(person, minutes) if event.counts else 0,
                    "held_on": event.held_on,
                },
            )
