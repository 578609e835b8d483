"""Pauses of mentorships and of cohorts: while one lasts, nothing is due."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, TEXT, maybe
from shared.contracts.registry.cohort import CohortPaused, CohortResumed
from shared.contracts.registry.mentorship import MentorshipPaused, MentorshipResumed
from shared.contracts.registry.pause import Paused, Resumed
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

PAUSE = Table(
    name="pause",
    version=2,
    key=("record_id", "since"),
    columns={
        "record_id": ID,
        "since": DATE,
        "until": maybe(DATE),
        "cause": TEXT,
        "reason": maybe(TEXT),
    },
)
"""A mentorship or a cohort, by its id, pauses from `since` until the day `until`."""

PAUSES = Projection("pauses", PAUSE)


@PAUSES.on(MentorshipPaused, CohortPaused)
def paused(event: Paused, happening: Happening) -> Iterator[Change]:
    """Show that it pauses, and why."""
    yield Upsert(
        PAUSE,
        (happening.stream, event.since),
        {"cause": event.cause.value, "reason": happening.meta.reason, "until": None},
    )


@PAUSES.on(MentorshipResumed, CohortResumed)
def resumed(event: Resumed, happening: Happening) -> Iterator[Change]:
    """Show that it goes on."""
    yield Patch(PAUSE, (happening.stream, event.paused), {"until": event.since})
