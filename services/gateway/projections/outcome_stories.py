"""Outcome stories: what changed because of a mentorship."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, RECORD, TEXT, record
from services.gateway.projections.taken_back import VOIDED, taken_back
from shared.contracts.sessions.outcome_story import (
    OutcomeStoryCorrected,
    OutcomeStoryReinstated,
    OutcomeStoryTold,
    OutcomeStoryVoided,
)
from shared.projection import Change, Happening, Projection, Table, Upsert

OUTCOME_STORY = Table(
    name="outcome_story",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "mentorship_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "title": TEXT,
        "story": TEXT,
        "told_on": DATE,
        **VOIDED,
        **RECORD,
    },
    indexes=(
        ("told_on", "id"),
        ("mentorship_id", "told_on", "id"),
        ("programme", "told_on", "id"),
        ("org_unit_id", "told_on", "id"),
        ("voided_on",),
    ),
)

OUTCOME_STORIES = Projection("outcome_stories", OUTCOME_STORY)

taken_back(OUTCOME_STORIES, OUTCOME_STORY, OutcomeStoryVoided, OutcomeStoryReinstated)


@OUTCOME_STORIES.on(OutcomeStoryTold)
def told(event: OutcomeStoryTold, happening: Happening) -> Iterator[Change]:
    """Show a story."""
    yield _shown(event, happening)


@OUTCOME_STORIES.on(OutcomeStoryCorrected)
def corrected(event: OutcomeStoryCorrected, happening: Happening) -> Iterator[Change]:
    """Show it as it is told now."""
    yield _shown(event, happening)


def _shown(event: OutcomeStoryTold | OutcomeStoryCorrected, happening: Happening) -> Upsert:
    return Upsert(
        OUTCOME_STORY,
        (happening.stream,),
        {
            "mentorship_id": event.mentorship_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "title": event.title,
            "story": event.story,
            "told_on": event.told_on,
            **record(happening),
        },
    )
