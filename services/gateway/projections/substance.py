"""What sessions were about beyond their own row: drills, and what those present took away."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, INTEGER, TEXT, maybe
from services.gateway.projections.sessions import facts_id, told_at
from shared.contracts.sessions.session import SessionCorrected, SessionFacts, SessionHeld
from shared.contracts.sessions.substance import SessionDebriefed
from shared.projection import Change, Happening, Projection, Table, Upsert

SESSION_SIMULATION = Table(
    name="session_simulation",
    version=1,
    key=("facts_id", "place"),
    columns={
        "facts_id": ID,
        "place": INTEGER,
        "session_id": ID,
        "topic": TEXT,
        "doses": INTEGER,
        "held_on": DATE,
    },
    indexes=(("session_id",),),
)
"""What was drilled, telling by telling: see `session.facts_id`."""

SESSION_DEBRIEF = Table(
    name="session_debrief",
    version=1,
    key=("words_id", "health_worker_id"),
    columns={
        "words_id": ID,
        "health_worker_id": ID,
        "session_id": ID,
        "mentorship_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "strengths": maybe(TEXT),
        "weaknesses": maybe(TEXT),
        "feedback": maybe(TEXT),
        "homework": maybe(TEXT),
        "next_steps": maybe(TEXT),
    },
    indexes=(("health_worker_id",),),
)
"""What somebody took away, in personal words: see `session.words_id`."""

SUBSTANCE = Projection("substance", SESSION_SIMULATION, SESSION_DEBRIEF)


@SUBSTANCE.on(SessionHeld)
def held(event: SessionHeld, happening: Happening) -> Iterator[Change]:
    """Show what was drilled."""
    yield from _drilled(event, happening)


@SUBSTANCE.on(SessionCorrected)
def corrected(event: SessionCorrected, happening: Happening) -> Iterator[Change]:
    """Show what was drilled after all."""
    yield from _drilled(event, happening)


@SUBSTANCE.on(SessionDebriefed)
def debriefed(event: SessionDebriefed, happening: Happening) -> Iterator[Change]:
    """Show what somebody took away."""
    yield Upsert(
        SESSION_DEBRIEF,
        (facts_id(happening.stream, event.facts_version), event.health_worker_id),
        {
            "session_id": happening.stream,
            "mentorship_id": event.mentorship_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "strengths": event.strengths,
            "weaknesses": event.weaknesses,
            "feedback": event.feedback,
            "homework": event.homework,
            "next_steps": event.next_steps,
        },
    )


def _drilled(event: SessionFacts, happening: Happening) -> Iterator[Change]:
    for place, drill in enumerate(event.about.simulations):
        yield Upsert(
            SESSION_SIMULATION,
            (facts_id(happening.stream, told_at(event, happening)), place),
            {
                "session_id": happening.stream,
                "topic": drill.topic,
                "doses": drill.doses,
                "held_on": event.held_on,
            },
        )
