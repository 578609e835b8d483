"""Visits: mentors come for some days; the sessions of those days are one visit's, and what one
person spends in several of them at a time counts once.
"""

from datetime import date
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import (
    Code,
    Command,
    Event,
    HealthWorkerId,
    NewId,
    OrgUnitId,
    ProgrammeVersionId,
    VisitId,
    asked,
    happened,
)

First = Annotated[date, Meta(description="Its first day.")]
Last = Annotated[date, Meta(description="Its last day: they follow each other.")]


@happened("sessions.visit.made")
class VisitMade(Event, kw_only=True):
    """Mentors of a programme visited a unit, on every day from `starts` to `ends`.

    `logged_by`: the mentor who told of it; None: whoever did is none, or it was not kept.
    """

    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    starts: date
    ends: date
    logged_by: HealthWorkerId | None = None


@happened("sessions.visit.corrected")
class VisitCorrected(Event, kw_only=True):
    """It was on these days after all; the event's reason says why."""

    starts: date
    ends: date


@asked("sessions", "Visit", by="coordinator mentor")
class VisitLog(Command, kw_only=True):
    """Log a visit that has begun; its sessions name it."""

    id: NewId = None
    programme_version_id: ProgrammeVersionId
    org_unit_id: OrgUnitId
    starts: First
    ends: Last


@asked("sessions", "Visit", by="coordinator mentor")
class VisitCorrect(Command, kw_only=True):
    """Correct the days of a visit; `reason` says why."""

    visit_id: VisitId
    starts: First
    ends: Last
