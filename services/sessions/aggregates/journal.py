"""A journal entry: what one of the pair wrote; no rule ever reads it."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.sessions.journal import (
    JournalCorrect,
    JournalEntryCorrected,
    JournalEntryReinstated,
    JournalEntryVoided,
    JournalEntryWritten,
    JournalWrite,
)
from shared.domain import event
from shared.domain.errors import Refusal
from shared.domain.told import Told


class NotYourJournal(Refusal):
    """Nobody writes another's journal, whatever their role."""

    code = "NOT_YOUR_JOURNAL"
    template = "The journal is not the sender's own."
    remedy_template = "Let its owner write it, with their own account."


class JournalEntry(Told):
    """One entry."""

    kind = "journal"
    fold_version = 2
    voids, reinstates = JournalEntryVoided, JournalEntryReinstated

    health_worker_id: UUID
    mentorship_id: UUID
    voided_on: date | None

    @property
    def key(self) -> UUID:
        """The person who wrote it."""
        return self.health_worker_id

    @classmethod
    def written(
        cls,
        *,
        id: UUID,
        agreement: Agreement,
        asked: JournalWrite,
        writers: frozenset[UUID],
        on: date,
    ) -> "JournalEntry":
        """Begin an entry of a party of the mentorship; it may be written after the end too.

        Args:
            writers: the health workers that the sender is.

        Raises:
            NotYourJournal, MentorshipOver, NotOfThisMentorship: as they say.
        """
        if asked.health_worker_id not in writers:
            raise NotYourJournal("healthWorkerId")
        agreement.must_not_be_declined()
        agreement.must_be_party(asked.health_worker_id, "healthWorkerId")
        return cls.begin(
            id,
            JournalEntryWritten(
                health_worker_id=asked.health_worker_id,
                mentorship_id=agreement.mentorship_id,
                programme=agreement.rules.programme,
                org_unit_id=agreement.org_unit_id,
                session_id=asked.session_id,
                written_on=on,
                text=asked.text,
            ),
        )

    @event(JournalEntryWritten)
    def _written(self, event: JournalEntryWritten) -> None:
        self.health_worker_id, self.mentorship_id = event.health_worker_id, event.mentorship_id
        self.voided_on = None

    def must_be_of(self, writers: Collection[UUID]) -> None:
        """Raise NotYourJournal unless one of these health workers wrote it."""
        if self.health_worker_id not in writers:
            raise NotYourJournal("journalEntryId")

    def correct(self, agreement: Agreement, told: JournalCorrect) -> None:
        """Put it otherwise.

        Raises:
            RecordVoided: they took it back.
            NotOfThisMentorship: they were no party of it on the day that it was of after all.
        """
        self.must_stand("journalEntryId")
        agreement.must_be_party(self.health_worker_id, "journalEntryId")
        self.record(
            JournalEntryCorrected(
                **self.about(),
                programme=agreement.rules.programme,
                org_unit_id=agreement.org_unit_id,
                session_id=told.session_id,
                written_on=told.written_on,
                text=told.text,
            )
        )

    @event(JournalEntryCorrected)
    def _corrected(self, _event: JournalEntryCorrected) -> None:
        """No rule reads it."""

    def about(self) -> dict[str, Any]:
        """Return who wrote it, and of which mentorship."""
        return {"health_worker_id": self.health_worker_id, "mentorship_id": self.mentorship_id}
