"""What is told of projects of mentees."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.initiative import (
    InitiativeChosen,
    InitiativeEnded,
    InitiativeMeasureAdded,
    InitiativeMeasured,
    InitiativeNoted,
)

tells(
    InitiativeChosen,
    Words("{health_worker_id} chose an initiative on {chosen_on}; measures: {measures:count}."),
)
tells(InitiativeMeasureAdded, Words("A measure was added to the initiative on {added_on}."))
tells(
    InitiativeMeasured,
    Words("The initiative was measured on {measured_on}: {value}, where {target} is meant."),
)
tells(InitiativeNoted, Words("{health_worker_id} noted something of the initiative on {noted_on}."))
tells(InitiativeEnded, Words("The initiative of {health_worker_id} ended on {ended_on}: {ending}."))
