"""What supervision visits and coordination meetings have in common: actions arise from them, each
perhaps from one of the things that were told there.
"""

from datetime import date

from shared.domain.errors import Refusal


class BeforeItWasHeld(Refusal):
    """Nothing arises from what was not held yet."""

    code = "BEFORE_IT_WAS_HELD"
    template = "{day} is before {held_on}, the day it was held."
    remedy_template = "Give a day on or after {held_on}."


class NothingTold(Refusal):
    """An action answers something that was told."""

    code = "NOTHING_TOLD"
    template = "There is no number {place} among the {told} that were told."
    remedy_template = "Count them from 1 in the order they were told, or name none."


def can_arise(*, held_on: date, told: int, place: int | None, field: str, on: date) -> None:
    """Refuse an action of a day before, or about something that was not told.

    Args:
        told: how many findings or decisions were told.
        place: which of them it answers, from 1; None: none of its own.
        field: what names it.

    Raises:
        BeforeItWasHeld, NothingTold: as they say.
    """
    if on < held_on:
        raise BeforeItWasHeld("occurredOn", day=on, held_on=held_on)
    must_be_told(place, told, field)


def must_be_told(place: int | None, told: int, field: str) -> None:
    """Refuse to name what was not told; nothing was, where nothing was held.

    Raises:
        NothingTold: as it says.
    """
    if place is not None and place > told:
        raise NothingTold(field, place=place, told=told)
