"""Journals: what one of the pair wrote down. That an entry exists, when, and whose, anybody may
know who may know of the mentorship; what it says, the parties of the mentorship alone.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from shared.contracts.base import (
    Code,
    Command,
    Event,
    HealthWorkerId,
    MentorshipId,
    NewId,
    OrgUnitId,
    PersonalLongText,
    SessionId,
    asked,
    happened,
    ref,
)


@happened("sessions.journal.written", subject="health_worker_id")
class JournalEntryWritten(Event, kw_only=True):
    """A party of a mentorship wrote an entry; its text is sealed with their key."""

    health_worker_id: HealthWorkerId
    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    session_id: SessionId | None = None
    written_on: date
    text: PersonalLongText


@asked("sessions", "JournalEntry", by="mentor mentee")
class JournalWrite(Command, kw_only=True):
    """Write an entry into one's own journal of a mentorship; nobody writes it for another."""

    id: NewId = None
    health_worker_id: HealthWorkerId
    mentorship_id: MentorshipId
    session_id: Annotated[UUID, ref("Session", "The session it is about, if one.")] | None = None
    text: PersonalLongText
