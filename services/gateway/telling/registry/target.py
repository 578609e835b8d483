"""What is told of targets."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.target import (
    TargetChanged,
    TargetCorrected,
    TargetTold,
    TargetWithdrawn,
)

tells(
    TargetTold,
    Words("A target of {programme} was told: {number}, from {starts} to {ends} ({measure})."),
)
tells(TargetChanged, Words("The target is {number}, since {since}."))
tells(TargetWithdrawn, Words("The target was withdrawn on {since}."))
tells(TargetCorrected, Words("What the target was over time was corrected."))
