"""An outcome story: what changed because of a mentorship."""

from datetime import date
from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.sessions.outcome_story import (
    OutcomeStoryCorrected,
    OutcomeStoryReinstated,
    OutcomeStoryTold,
    OutcomeStoryVoided,
)
from shared.domain import event
from shared.domain.told import Told


class OutcomeStory(Told):
    """Something that changed, told by those who were part of it."""

    kind = "outcome_story"
    fold_version = 2
    voids, reinstates = OutcomeStoryVoided, OutcomeStoryReinstated

    mentorship_id: UUID
    voided_on: date | None

    @event(OutcomeStoryTold)
    def _told(self, event: OutcomeStoryTold) -> None:
        self.mentorship_id, self.voided_on = event.mentorship_id, None

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

    def correct(self, agreement: Agreement, *, title: str, story: str, told_on: date) -> None:
        """Tell it again, of the mentorship as it stood on the day that it was told after all.

        Raises:
            RecordVoided, NotSigned, BeforeAgreement: as they say.
        """
        self.must_stand("outcomeStoryId")
        agreement.must_be_signed(agreement.people, told_on, day_field="toldOn")
        self.record(
            OutcomeStoryCorrected(
                mentorship_id=self.mentorship_id,
                programme=agreement.rules.programme,
                org_unit_id=agreement.org_unit_id,
                title=title,
                story=story,
                told_on=told_on,
            )
        )

    @event(OutcomeStoryCorrected)
    def _corrected(self, _event: OutcomeStoryCorrected) -> None:
        """No rule asks what changed."""

    def about(self) -> dict[str, Any]:
        """Return the mentorship."""
        return {"mentorship_id": self.mentorship_id}
