"""Taking back: what was told stands until it is voided, and stands again once it is reinstated."""

from datetime import date

from shared.contracts.base import Event


class Voided(Event, kw_only=True):
    """It was not so after all, or counts no more; the event's reason says why."""

    voided_on: date


class Reinstated(Event, kw_only=True):
    """It stands again, as it was said last; the event's reason says why."""

    reinstated_on: date
