"""Deciding on outcome stories."""

from typing import Any

from services.sessions.aggregates.outcome_story import OutcomeStory
from services.sessions.commands.agreement import agreement_of
from services.sessions.commands.handlers import handlers
from services.sessions.commands.taking_back import can_be_taken_back
from shared.contracts.sessions.outcome_story import (
    OutcomeStoryCorrect,
    OutcomeStoryReinstate,
    OutcomeStoryTell,
    OutcomeStoryVoid,
)
from shared.deciding.work import Work


@handlers.decides(OutcomeStoryTell)
async def tell(command: OutcomeStoryTell, work: Work[OutcomeStoryTell]) -> OutcomeStory:
    """Tell what changed, during a mentorship or after it."""
    agreement = await agreement_of(command.mentorship_id, work)
    await work.allow(
        at=agreement.org_unit_id, programme=agreement.rules.programme, people=agreement.people
    )
    story = OutcomeStory.told(
        id=work.new_id(command.id, "outcome_story"),
        agreement=agreement,
        title=command.title,
        story=command.story,
        told_on=work.day,
    )
    work.add(story)
    return story


@handlers.decides(OutcomeStoryCorrect)
async def correct(command: OutcomeStoryCorrect, work: Work[OutcomeStoryCorrect]) -> OutcomeStory:
    """Tell it again."""
    story = await work.get(OutcomeStory, command.outcome_story_id, field="outcomeStoryId")
    await _allow(story, work)
    work.reason()
    work.must_have_come(command.told_on, "toldOn")
    agreement = await agreement_of(
        story.mentorship_id, work, field="outcomeStoryId", on=command.told_on
    )
    story.correct(agreement, title=command.title, story=command.story, told_on=command.told_on)
    return story


async def _allow(story: OutcomeStory, work: Work[Any]) -> None:
    agreement = await agreement_of(story.mentorship_id, work, field="outcomeStoryId")
    await work.allow(
        at=agreement.org_unit_id, programme=agreement.rules.programme, people=agreement.people
    )


can_be_taken_back(
    OutcomeStory,
    void=OutcomeStoryVoid,
    reinstate=OutcomeStoryReinstate,
    by="outcome_story_id",
    allow=_allow,
)
