"""A journal entry: what one of the pair wrote, once; no rule ever reads it."""

from datetime import date
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.sessions.journal import JournalEntryWritten, JournalWrite
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class NotYourJournal(Refusal):
    """Nobody writes another's journal, whatever their role."""

    code = "NOT_YOUR_JOURNAL"
    template = "The journal is not the sender's own."
    remedy_template = "Let its owner write it, with their own account."


class JournalEntry(Aggregate):
    """One entry."""

    kind = "journal"
    constant = True

    health_worker_id: UUID

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
        self.health_worker_id = event.health_worker_id
