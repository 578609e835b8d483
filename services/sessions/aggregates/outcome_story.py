"""An outcome story: what changed because of a mentorship. It is told once; nothing follows it."""

from datetime import date
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.sessions.outcome_story import OutcomeStoryTold
from shared.domain import Aggregate, event


class OutcomeStory(Aggregate):
    """Something that changed, told by those who were part of it."""

    kind = "outcome_story"
    constant = True

    mentorship_id: UUID

    @event(OutcomeStoryTold)
    def _told(self, event: OutcomeStoryTold) -> None:
        self.mentorship_id = event.mentorship_id

    @property
    def key(self) -> UUID:
        """The mentorship."""
        return self.mentorship_id

    @classmethod
    def told(
        cls, *, id: UUID, agreement: Agreement, title: str, story: str, told_on: date
    ) -> "OutcomeStory":
        """Begin a story of a mentorship that has had its agreement.

        Raises:
            NotSigned, BeforeAgreement: as they say.
        """
        agreement.must_be_signed(agreement.people, told_on, day_field="occurredOn")
        return cls.begin(
            id,
            OutcomeStoryTold(
                mentorship_id=agreement.mentorship_id,
                programme=agreement.rules.programme,
                org_unit_id=agreement.org_unit_id,
                title=title,
                story=story,
                told_on=told_on,
            ),
        )
