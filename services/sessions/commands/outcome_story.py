"""Deciding on outcome stories."""

from services.sessions.aggregates.outcome_story import OutcomeStory
from services.sessions.commands.agreement import agreement_of
from services.sessions.commands.handlers import handlers
from shared.contracts.sessions.outcome_story import OutcomeStoryTell
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
