"""Contacts: a call, a message, a word in passing between a mentor and a mentee; a line each. They
are no sessions, and count for nothing but themselves.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import (
    Code,
    Command,
    ContactId,
    Event,
    HealthWorkerId,
    MentorshipId,
    NewId,
    OrgUnitId,
    PersonalLongText,
    ProgrammeVersionId,
    asked,
    happened,
    ref,
)
from shared.contracts.definition.visits import Mode
from shared.contracts.registry.mentorship import Side

Minutes = Annotated[int, Meta(ge=1, le=1440, description="How long it took, if that is known.")]
About = Annotated[
    PersonalLongText, Meta(description="What it was about; it names no patient. Personal.")
]
Reached = Annotated[Side, Meta(description="Who reached out to the other.")]


@happened("sessions.contact.made", subject="health_worker_id")
class ContactMade(Event, kw_only=True):
    """A mentor and a mentee were in touch.

    Attributes:
        health_worker_id: the mentee, whose key seals what it was about.
        mentor: the mentor, by their health worker record.
        reached_by: who reached out to the other.
    """

    health_worker_id: HealthWorkerId
    mentor: HealthWorkerId
    mentorship_id: MentorshipId
    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    mode: Mode
    made_on: date
    minutes: Minutes | None = None
    reached_by: Reached
    about: About | None = None


@happened("sessions.contact.voided")
class ContactVoided(Event, kw_only=True):
    """It was not made after all; the event's reason says why."""

    mentorship_id: MentorshipId
    voided_on: date


@asked("sessions", "Contact", by="coordinator mentor mentee")
class ContactLog(Command, kw_only=True):
    """Log a contact that was made on the day it occurred on."""

    id: NewId = None
    mentorship_id: MentorshipId
    mode: Mode
    mentor: Annotated[UUID, ref("HealthWorker", "The mentor.")]
    mentee: Annotated[UUID, ref("HealthWorker", "The mentee.")]
    reached_by: Reached
    minutes: Minutes | None = None
    about: About | None = None


@asked("sessions", "Contact", by="coordinator mentor mentee")
class ContactVoid(Command, kw_only=True):
    """Void a contact that was not made; `reason` says why."""

    contact_id: ContactId
