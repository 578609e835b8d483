"""What is told of screenings for duplicates."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.screening import (
    ScreeningAdvanced,
    ScreeningBegun,
    ScreeningEnded,
)

tells(
    ScreeningBegun,
    Words(
        "A screening of the register of {org_unit_id} for people who are in it twice "
        "began on {since}."
    ),
    Words("A screening of the register for people who are in it twice began on {since}."),
)
tells(
    ScreeningAdvanced,
    Words("The screening went on; records looked at: {looked}, pairs found: {found}."),
)
tells(ScreeningEnded, Words("The screening ended on {ended_on}."))
