"""Journals: what one of the pair wrote down. That an entry exists, when, and whose, anybody may
know who may know of the mentorship; what it says, the parties of the mentorship alone.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import (
    Code,
    Command,
    Event,
    HealthWorkerId,
    JournalEntryId,
    MentorshipId,
    NewId,
    OrgUnitId,
    PersonalLongText,
    SessionId,
    asked,
    happened,
    ref,
)
from shared.contracts.taking_back import Reinstated, Voided


class JournalFacts(Event, kw_only=True):
    """What a party of a mentorship wrote; its text is sealed with their key."""

    health_worker_id: HealthWorkerId
    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    session_id: SessionId | None = None
    written_on: date
    text: PersonalLongText


@happened("sessions.journal.written", subject="health_worker_id")
class JournalEntryWritten(JournalFacts, kw_only=True):
    """A party of a mentorship wrote an entry; its text is sealed with their key."""


@happened("sessions.journal.corrected", subject="health_worker_id")
class JournalEntryCorrected(JournalFacts, kw_only=True):
    """They put it otherwise: what it said is replaced by this, whole."""


@happened("sessions.journal.voided", subject="health_worker_id")
class JournalEntryVoided(Voided, kw_only=True):
    """They took it back; the event's reason says why."""

    health_worker_id: HealthWorkerId
    mentorship_id: MentorshipId


@happened("sessions.journal.reinstated", subject="health_worker_id")
class JournalEntryReinstated(Reinstated, kw_only=True):
    """They let it stand again; the event's reason says why."""

    health_worker_id: HealthWorkerId
    mentorship_id: MentorshipId


About = Annotated[UUID, ref("Session", "The session it is about, if one.")] | None


@asked("sessions", "JournalEntry", by="mentor mentee")
class JournalWrite(Command, kw_only=True):
    """Write an entry into one's own journal of a mentorship; nobody writes it for another."""

    id: NewId = None
    health_worker_id: HealthWorkerId
    mentorship_id: MentorshipId
    session_id: About = None
    text: PersonalLongText


@asked("sessions", "JournalEntry", by="mentor mentee")
class JournalCorrect(Command, kw_only=True):
    """Put one's own entry otherwise: give it again, whole, with its day; `reason` says why."""

    journal_entry_id: JournalEntryId
    written_on: Annotated[date, Meta(description="The day it was written.")]
    session_id: About = None
    text: PersonalLongText


@asked("sessions", "JournalEntry", by="mentor mentee")
class JournalVoid(Command, kw_only=True):
    """Take one's own entry back: it counts no more, and stays on record; `reason` says why."""

    journal_entry_id: JournalEntryId


@asked("sessions", "JournalEntry", by="mentor mentee")
class JournalReinstate(Command, kw_only=True):
    """Let one's own entry stand again; `reason` says why."""

    journal_entry_id: JournalEntryId
