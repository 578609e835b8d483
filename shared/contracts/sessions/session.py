"""Sessions: mentors and mentees met, for so long, in this way, and did these steps."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import (
    Code,
    Command,
    Event,
    MentorshipId,
    NewId,
    OrgUnitId,
    ProgrammeVersionId,
    asked,
    happened,
    ref,
)
from shared.contracts.definition import Mode

Minutes = Annotated[int, Meta(ge=1, le=4320, description="How long it lasted, in minutes.")]
Steps = Annotated[
    tuple[Code, ...],
    Meta(max_length=50, description="The visit steps done, by the programme's codes."),
]
People = Annotated[
    tuple[Annotated[UUID, ref("HealthWorker")], ...],
    Meta(max_length=200, description="Health workers, mentors and mentees alike."),
]


@happened("sessions.session.held")
class SessionHeld(Event, kw_only=True):
    """A session took place.

    `consent_recorded` says that each observed patient agreed; no patient is ever named.
    """

    mentorship_id: MentorshipId
    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    held_on: date
    mode: Mode
    minutes: Minutes
    steps: Steps = ()
    mentors: People
    mentees: People
    consent_recorded: bool = False


@asked("sessions", "Session", by="coordinator mentor")
class SessionLog(Command, kw_only=True):
    """Log a session that was held on the day it occurred on."""

    id: NewId = None
    mentorship_id: MentorshipId
    mode: Mode
    minutes: Minutes
    steps: Steps = ()
    present: People
    consent_recorded: Annotated[
        bool, Meta(description="Each observed patient agreed, before the observation.")
    ] = False
