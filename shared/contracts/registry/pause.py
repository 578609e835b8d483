"""Pauses: nothing is due while a mentorship, or a cohort with all of its mentorships, rests."""

from datetime import date
from enum import StrEnum

from shared.contracts.base import Event


class PauseCause(StrEnum):
    """Why something pauses, by kind."""

    LEAVE = "LEAVE"
    """Somebody is on leave."""
    STRIKE = "STRIKE"
    """Health workers are on strike."""
    LOCKDOWN = "LOCKDOWN"
    """Nobody may travel, or meet."""
    INSECURITY = "INSECURITY"
    """It is not safe to go there."""
    OTHER = "OTHER"
    """Something else."""


class Paused(Event, kw_only=True):
    """Nothing is due from a day on; the event's reason says more."""

    since: date
    cause: PauseCause


class Resumed(Event, kw_only=True):
    """What paused since `paused` goes on from a day on."""

    paused: date
    since: date
