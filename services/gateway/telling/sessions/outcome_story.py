"""What is told of stories of what came of it."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.outcome_story import (
    OutcomeStoryCorrected,
    OutcomeStoryReinstated,
    OutcomeStoryTold,
    OutcomeStoryVoided,
)

tells(OutcomeStoryTold, Words("A story of what came of the mentorship was told on {told_on}."))
tells(OutcomeStoryCorrected, Words("A story of what came of the mentorship was corrected."))
tells(
    OutcomeStoryVoided, Words("A story of what came of the mentorship was voided on {voided_on}.")
)
tells(
    OutcomeStoryReinstated,
    Words("A story of what came of the mentorship stands again, since {reinstated_on}."),
)
