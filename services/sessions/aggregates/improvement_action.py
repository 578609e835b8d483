"""An improvement action: somebody will do something by a day; what the facility cannot solve is
escalated, and resolved by whom it was escalated to.
"""

from datetime import date
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.sessions.improvement_action import (
    ActionAgreed,
    ActionCompleted,
    ActionEscalated,
    ActionResolved,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class DueBeforeAgreed(Refusal):
    """Nothing is due before it was agreed."""

    code = "DUE_BEFORE_AGREED"
    template = "It is due on {due}, before {agreed_on}, when it was agreed."
    remedy_template = "Give a day on or after {agreed_on}."


class ActionTimeOrder(Refusal):
    """What becomes of an action follows what was agreed."""

    code = "ACTION_TIME_ORDER"
    template = "{day} is before {last}, the last day something was recorded of the action."
    remedy_template = "Give a day on or after {last}."


class ActionEnded(Refusal):
    """Nothing follows the end of an action."""

    code = "ACTION_ENDED"
    template = "The action ended on {ended_on}."
    remedy_template = "Agree on another for what is still to be done."


class ActionIsEscalated(Refusal):
    """It lies with the unit above, and is theirs to solve."""

    code = "ACTION_IS_ESCALATED"
    template = "The action was escalated to the unit {unit} on {escalated_on}."
    remedy_template = "Record how it was solved there with `actionResolve`."


class NotEscalated(Refusal):
    """Only what was escalated is resolved."""

    code = "NOT_ESCALATED"
    template = "The action was not escalated."
    remedy_template = "Record that its owner has done it with `actionComplete`."


class ImprovementAction(Aggregate):
    """Something to be done, until it is: by its owner, or by the unit it was escalated to."""

    kind = "improvement_action"

    mentorship_id: UUID
    programme: str
    org_unit_id: UUID
    due: date
    last_on: date
    escalated_to: UUID | None
    ended_on: date | None

    @event(ActionAgreed)
    def _agreed(self, event: ActionAgreed) -> None:
        self.mentorship_id = event.mentorship_id
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.due, self.last_on = event.due, event.agreed_on
        self.escalated_to = self.ended_on = None

    @property
    def key(self) -> UUID:
        """The mentorship."""
        return self.mentorship_id

    @classmethod
    def agreed(
        cls,
        *,
        id: UUID,
        agreement: Agreement,
        session_id: UUID | None,
        title: str,
        root_causes: tuple[str, ...],
        owner: UUID,
        agreed_on: date,
        due: date,
    ) -> "ImprovementAction":
        """Begin an action that its owner, a party of the mentorship, has agreed to.

        Raises:
            MentorshipOver, NotOfThisMentorship, DueBeforeAgreed: as they say.
        """
        agreement.must_be_live()
        agreement.must_be_party(owner, "ownerId")
        if due < agreed_on:
            raise DueBeforeAgreed("due", due=due, agreed_on=agreed_on)
        return cls.begin(
            id,
            ActionAgreed(
                mentorship_id=agreement.mentorship_id,
                programme=agreement.rules.programme,
                org_unit_id=agreement.org_unit_id,
                session_id=session_id,
                title=title,
                root_causes=root_causes,
                owner_id=owner,
                agreed_on=agreed_on,
                due=due,
            ),
        )

    def complete(self, result: str, on: date) -> None:
        """Record that its owner has done it, and whether after the day it was due.

        Raises:
            ActionEnded, ActionIsEscalated, ActionTimeOrder: as they say.
        """
        self._must_go_on()
        self._must_not_be_escalated()
        self._must_follow(on)
        self.record(ActionCompleted(result=result, completed_on=on, late=on > self.due))

    def escalate(self, to_org_unit_id: UUID, on: date) -> None:
        """Pass it on to a unit above.

        Raises:
            ActionEnded, ActionIsEscalated, ActionTimeOrder: as they say.
        """
        self._must_go_on()
        self._must_not_be_escalated()
        self._must_follow(on)
        self.record(ActionEscalated(to_org_unit_id=to_org_unit_id, escalated_on=on))

    def resolve(self, result: str, on: date) -> None:
        """Record how the unit above has solved it.

        Raises:
            ActionEnded, NotEscalated, ActionTimeOrder: as they say.
        """
        self._must_go_on()
        if self.escalated_to is None:
            raise NotEscalated("improvementActionId")
        self._must_follow(on)
        self.record(ActionResolved(result=result, resolved_on=on))

    def _must_go_on(self) -> None:
        if self.ended_on is not None:
            raise ActionEnded("improvementActionId", ended_on=self.ended_on)

    def _must_not_be_escalated(self) -> None:
        if self.escalated_to is not None:
            raise ActionIsEscalated(
                "improvementActionId", unit=self.escalated_to, escalated_on=self.last_on
            )

    def _must_follow(self, on: date) -> None:
        if on < self.last_on:
            raise ActionTimeOrder("occurredOn", day=on, last=self.last_on)

    @event(ActionCompleted)
    def _completed(self, event: ActionCompleted) -> None:
        self.ended_on = self.last_on = event.completed_on

    @event(ActionEscalated)
    def _escalated(self, event: ActionEscalated) -> None:
        self.escalated_to, self.last_on = event.to_org_unit_id, event.escalated_on

    @event(ActionResolved)
    def _resolved(self, event: ActionResolved) -> None:
        self.ended_on = self.last_on = event.resolved_on
