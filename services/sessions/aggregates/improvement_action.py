"""An improvement action: what its owner will do by a day; what they cannot solve goes upwards, and
may come back.
"""

from datetime import date
from uuid import UUID

from msgspec import Struct

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.sessions.improvement_action import (
    ActionAgreed,
    ActionCompleted,
    ActionDropped,
    ActionEscalated,
    ActionProgressed,
    ActionRescheduled,
    ActionResolved,
    ActionReturned,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class DueBeforeAgreed(Refusal):
    """Nothing is due before it was agreed."""

    code = "DUE_BEFORE_AGREED"
    template = "It is due on {due}, before {agreed_on}, when it was agreed."
    remedy_template = "Give a day on or after {agreed_on}."


class DueThatDay(Refusal):
    """It is moved to another day."""

    code = "DUE_THAT_DAY"
    template = "The action is due on {due} already."
    remedy_template = "Give another day."


class ActionOfWhom(Refusal):
    """Somebody does it: one health worker, or one office."""

    code = "ACTION_OF_WHOM"
    template = "An action has one owner: a health worker, or an office."
    remedy_template = "Name either `ownerId` or `ownerOffice`."


class ActionFromWhat(Refusal):
    """It arises from one thing."""

    code = "ACTION_FROM_WHAT"
    template = (
        "An action arises from one mentorship, one supervision visit or one coordination meeting."
    )
    remedy_template = (
        "Name one of `mentorshipId`, `supervisionVisitId` and `coordinationMeetingId`."
    )


class EscalateToWhom(Refusal):
    """It goes to one unit, or to one office."""

    code = "ESCALATE_TO_WHOM"
    template = "An action is escalated to a unit above, or to an office."
    remedy_template = "Name either `toOrgUnitId` or `toOffice`."


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
    """It lies with who it was escalated to, and is theirs to solve."""

    code = "ACTION_IS_ESCALATED"
    template = "The action was escalated to {holder}."
    remedy_template = (
        "Record how it was solved there with `actionResolve`, or send it back with `actionReturn`."
    )


class NotEscalated(Refusal):
    """Only what was escalated is resolved, or sent back."""

    code = "NOT_ESCALATED"
    template = "The action was not escalated."
    remedy_template = "Record that its owner has done it with `actionComplete`."


class Holder(Struct, frozen=True):
    """Who has an escalated action: a unit, or an office outside the tree."""

    unit: UUID | None
    office: str | None


class Owner(Struct, frozen=True):
    """Who does it: a health worker, or an office, perhaps of a unit."""

    person: UUID | None = None
    office: str | None = None
    unit: UUID | None = None


class Origin(Struct, frozen=True, kw_only=True):
    """What it arises from: a mentorship, perhaps at a session of it, or a supervision visit or a
    coordination meeting, perhaps one finding or decision of it, by its place.
    """

    programme: str
    org_unit_id: UUID
    mentorship_id: UUID | None = None
    session_id: UUID | None = None
    supervision_visit_id: UUID | None = None
    finding: int | None = None
    coordination_meeting_id: UUID | None = None
    decision: int | None = None

    @classmethod
    def of_mentorship(cls, agreement: Agreement, session_id: UUID | None = None) -> "Origin":
        """Return the origin of what is agreed in a mentorship.

        Raises:
            MentorshipOver: as it says.
        """
        agreement.must_be_live()
        return cls(
            programme=agreement.rules.programme,
            org_unit_id=agreement.org_unit_id,
            mentorship_id=agreement.mentorship_id,
            session_id=session_id,
        )


class ImprovementAction(Aggregate):
    """Something to be done, until it is: by its owner, or by whom it was escalated to."""

    kind = "improvement_action"
    fold_version = 3

    mentorship_id: UUID | None
    arose_from: UUID
    """The mentorship, the supervision visit or the coordination meeting."""
    programme: str
    org_unit_id: UUID
    owner: UUID | None
    agreed_on: date
    due: date
    last_on: date
    holders: list[Holder]
    """Whom it was escalated to, one after another; the last has it."""
    ended_on: date | None

    @event(ActionAgreed)
    def _agreed(self, event: ActionAgreed) -> None:
        arose_from = (
            event.mentorship_id or event.supervision_visit_id or event.coordination_meeting_id
        )
        assert arose_from is not None, "it arose from nothing"
        self.mentorship_id, self.arose_from = event.mentorship_id, arose_from
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.owner = event.owner_id
        self.due, self.agreed_on = event.due, event.agreed_on
        self.last_on = event.agreed_on
        self.holders = []
        self.ended_on = None

    @property
    def key(self) -> UUID:
        """What it arose from."""
        return self.arose_from

    @property
    def with_unit(self) -> UUID:
        """The highest unit that has had it: where it is, or where it was escalated from."""
        units = [holder.unit for holder in self.holders if holder.unit is not None]
        return units[-1] if units else self.org_unit_id

    @classmethod
    def agreed(
        cls,
        *,
        id: UUID,
        origin: Origin,
        title: str,
        root_causes: tuple[str, ...],
        owner: Owner,
        agreed_on: date,
        due: date,
    ) -> "ImprovementAction":
        """Begin an action with its owner, whoever that is.

        Raises:
            ActionOfWhom, DueBeforeAgreed: as they say.
        """
        if (owner.person is None) == (owner.office is None):
            raise ActionOfWhom("ownerId")
        _must_not_be_before(due, agreed_on)
        return cls.begin(
            id,
            ActionAgreed(
                mentorship_id=origin.mentorship_id,
                supervision_visit_id=origin.supervision_visit_id,
                finding=origin.finding,
                coordination_meeting_id=origin.coordination_meeting_id,
                decision=origin.decision,
                programme=origin.programme,
                org_unit_id=origin.org_unit_id,
                session_id=origin.session_id,
                title=title,
                root_causes=root_causes,
                owner_id=owner.person,
                owner_office=owner.office,
                owner_unit_id=owner.unit,
                agreed_on=agreed_on,
                due=due,
            ),
        )

    def reschedule(self, due: date, on: date) -> None:
        """Move the day it is due.

        Raises:
            ActionEnded, ActionTimeOrder, DueBeforeAgreed, DueThatDay: as they say.
        """
        self._must_go_on(on)
        _must_not_be_before(due, self.agreed_on)
        if due == self.due:
            raise DueThatDay("due", due=due)
        self.record(ActionRescheduled(due=due, rescheduled_on=on))

    def progress(self, note: str, on: date) -> None:
        """Note what was done so far, whoever has it.

        Raises:
            ActionEnded, ActionTimeOrder: as they say.
        """
        self._must_go_on(on)
        self.record(ActionProgressed(note=note, progressed_on=on))

    def complete(self, result: str, on: date) -> None:
        """Record that its owner has done it, and whether after the day it was due.

        Raises:
            ActionEnded, ActionIsEscalated, ActionTimeOrder: as they say.
        """
        self._must_go_on(on)
        if self.holders:
            holder = self.holders[-1]
            raise ActionIsEscalated("improvementActionId", holder=holder.office or holder.unit)
        self.record(ActionCompleted(result=result, completed_on=on, late=on > self.due))

    def drop(self, on: date) -> None:
        """Let it be, whoever has it.

        Raises:
            ActionEnded, ActionTimeOrder: as they say.
        """
        self._must_go_on(on)
        self.record(ActionDropped(dropped_on=on))

    def escalate(self, holder: Holder, on: date) -> None:
        """Pass it on from who has it.

        Raises:
            ActionEnded, ActionTimeOrder, EscalateToWhom: as they say.
        """
        self._must_go_on(on)
        if (holder.unit is None) == (holder.office is None):
            raise EscalateToWhom("toOrgUnitId")
        self.record(
            ActionEscalated(to_org_unit_id=holder.unit, to_office=holder.office, escalated_on=on)
        )

    def send_back(self, on: date) -> None:
        """Return it to who had it before.

        Raises:
            ActionEnded, NotEscalated, ActionTimeOrder: as they say.
        """
        self._must_go_on(on)
        self._must_be_escalated()
        before = self.holders[-2] if len(self.holders) > 1 else Holder(None, None)
        self.record(
            ActionReturned(to_org_unit_id=before.unit, to_office=before.office, returned_on=on)
        )

    def resolve(self, result: str, on: date) -> None:
        """Record how who has it has solved it.

        Raises:
            ActionEnded, NotEscalated, ActionTimeOrder: as they say.
        """
        self._must_go_on(on)
        self._must_be_escalated()
        self.record(ActionResolved(result=result, resolved_on=on))

    def _must_go_on(self, on: date) -> None:
        if self.ended_on is not None:
            raise ActionEnded("improvementActionId", ended_on=self.ended_on)
        if on < self.last_on:
            raise ActionTimeOrder("occurredOn", day=on, last=self.last_on)

    def _must_be_escalated(self) -> None:
        if not self.holders:
            raise NotEscalated("improvementActionId")

    @event(ActionRescheduled)
    def _rescheduled(self, event: ActionRescheduled) -> None:
        self.due, self.last_on = event.due, event.rescheduled_on

    @event(ActionProgressed)
    def _progressed(self, event: ActionProgressed) -> None:
        self.last_on = event.progressed_on

    @event(ActionCompleted)
    def _completed(self, event: ActionCompleted) -> None:
        self.ended_on = self.last_on = event.completed_on

    @event(ActionDropped)
    def _dropped(self, event: ActionDropped) -> None:
        self.ended_on = self.last_on = event.dropped_on

    @event(ActionEscalated)
    def _escalated(self, event: ActionEscalated) -> None:
        self.holders.append(Holder(event.to_org_unit_id, event.to_office))
        self.last_on = event.escalated_on

    @event(ActionReturned)
    def _returned(self, event: ActionReturned) -> None:
        del self.holders[-1]
        self.last_on = event.returned_on

    @event(ActionResolved)
    def _resolved(self, event: ActionResolved) -> None:
        self.ended_on = self.last_on = event.resolved_on


def _must_not_be_before(due: date, agreed_on: date) -> None:
    if due < agreed_on:
        raise DueBeforeAgreed("due", due=due, agreed_on=agreed_on)
