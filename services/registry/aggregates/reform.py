"""A reform of the hierarchy: drafted as a whole, approved by another, carried out on its day."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.registry.reform import (
    ReformApproved,
    ReformCarriedOut,
    ReformChange,
    ReformChangeKind,
    ReformDrafted,
    ReformFault,
    ReformHeldUp,
    ReformWithdrawn,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Consequence, Refusal

MOST_RECORDS = 2_000
"""Org units that one reform may change, with the children that it moves: one commit takes them."""


class ReformOver(Refusal):
    """What was carried out or withdrawn is not changed any more."""

    code = "REFORM_OVER"
    template = "The reform is {state} already."
    remedy_template = "Draft another one."


class ReformNotApproved(Refusal):
    """Nobody carries out what only one person has seen."""

    code = "REFORM_NOT_APPROVED"
    template = "Nobody has approved the reform as it was drafted last."
    remedy_template = "Have it approved with `reformApprove` by somebody who did not draft it."


class ReformApprovedAlready(Refusal):
    """A reform is approved once."""

    code = "REFORM_APPROVED_ALREADY"
    template = "The reform is approved already."
    remedy_template = "Nothing is left to do."


class ApprovedByDrafter(Refusal):
    """Two people see a reform before it is."""

    code = "REFORM_APPROVED_BY_DRAFTER"
    template = "{subject} drafted the reform."
    remedy_template = "Have somebody else approve it."


class ReformNotDue(Refusal):
    """A reform is carried out on its day or later."""

    code = "REFORM_NOT_DUE"
    template = "The reform is for {day}; today is {today}."
    remedy_template = "Nothing is left to do: it is carried out on that day."


class ReformHeldUpStill(Refusal):
    """What held a reform up does so still, as it was told."""

    code = "REFORM_HELD_UP"
    template = "The reform cannot be carried out, for the reasons it was held up for."
    remedy_template = "Mend what they name, or draft the reform anew."


class ChangeLacks(Refusal):
    """A change says all that it needs."""

    code = "REFORM_CHANGE_LACKS"
    template = "A change of the kind {kind} needs this, and does not say it."
    remedy_template = "Say it: {kind} needs {needs}."


class ChangeHasNoUse(Refusal):
    """A change says nothing that it has no use for."""

    code = "REFORM_CHANGE_HAS_NO_USE"
    template = "A change of the kind {kind} has no use for this."
    remedy_template = "Leave it out, or put it into a change of another kind."


class NotAChild(Refusal):
    """Where it goes, is said of a unit right under the one that ends."""

    code = "REFORM_CHILD_ELSEWHERE"
    template = "The unit does not stand right under the one that ends."
    remedy_template = "Leave it out; move it with a change of the kind MOVE."


class RestsOnBroken(Refusal):
    """A change that rests on one that cannot be cannot be either."""

    code = "REFORM_CHANGE_RESTS_ON_BROKEN"
    template = "The change names a unit that a change before it would bring, and cannot."
    remedy_template = "Mend the change before it first."


class ReformTooLarge(Refusal):
    """One commit takes all of a reform."""

    code = "REFORM_TOO_LARGE"
    template = "The reform changes {count} units, with those that it moves."
    remedy_template = "Part it into several of {most} at most."


class LeftBehind(Consequence):
    """A unit would stand under one that is no more."""

    code = "REFORM_LEAVES_BEHIND"
    template = "{unit} stays under {parent}, which is no more then."
    remedy_template = "Say in `children`, or in `childrenTo`, where it goes."


class ReformState(StrEnum):
    """How far a reform has come."""

    DRAFTED = "DRAFTED"
    APPROVED = "APPROVED"
    HELD_UP = "HELD_UP"
    CARRIED_OUT = "CARRIED_OUT"
    WITHDRAWN = "WITHDRAWN"


_OPEN = frozenset({ReformState.DRAFTED, ReformState.APPROVED, ReformState.HELD_UP})
_APPROVED = frozenset({ReformState.APPROVED, ReformState.HELD_UP})

_NEEDS: dict[ReformChangeKind, tuple[str, ...]] = {
    ReformChangeKind.ESTABLISH: ("code", "name"),
    ReformChangeKind.RENAME: ("orgUnitId", "name"),
    ReformChangeKind.MOVE: ("orgUnitId", "parentId"),
    ReformChangeKind.SPLIT: ("orgUnitId", "successors"),
    ReformChangeKind.MERGE: ("orgUnitId", "intoId"),
    ReformChangeKind.CLOSE: ("orgUnitId",),
}
_MAY_SAY: dict[ReformChangeKind, frozenset[str]] = {
    ReformChangeKind.ESTABLISH: frozenset({"id", "unitKind", "kindCode", "parentId", "facility"}),
    ReformChangeKind.SPLIT: frozenset({"children", "childrenTo"}),
    ReformChangeKind.MERGE: frozenset({"children", "childrenTo"}),
}


class Reform(Aggregate):
    """What is meant to change, and how far that has come.

    Attributes:
        drafters: whoever drafted it, by the subjects of their tokens.
        faults: what held it up last.
    """

    kind = "reform"

    org_unit_id: UUID
    effective_on: date
    name: str
    changes: tuple[ReformChange, ...]
    drafters: list[str]
    state: ReformState
    faults: tuple[ReformFault, ...]

    @staticmethod
    def must_say_what_it_needs(change: ReformChange) -> None:
        """Refuse a change that says too little for its kind, or too much.

        Raises:
            ChangeLacks, ChangeHasNoUse: as they say; they name the field.
        """
        needs = _NEEDS[change.kind]
        said = {
            wire
            for name, wire in zip(
                change.__struct_fields__, change.__struct_encode_fields__, strict=True
            )
            if getattr(change, name) not in (None, ())
        }
        for name in needs:
            if name not in said:
                raise ChangeLacks(name, kind=change.kind.value, needs=", ".join(needs))
        for name in sorted(said - {"kind", *needs} - _MAY_SAY.get(change.kind, frozenset())):
            raise ChangeHasNoUse(name, kind=change.kind.value)

    @event(ReformDrafted)
    def _drafted(self, event: ReformDrafted) -> None:
        # It begins with this, and is drafted anew with it.
        if self.version == 1:
            self.drafters = []
        if event.drafted_by not in self.drafters:
            self.drafters.append(event.drafted_by)
        self.org_unit_id, self.effective_on = event.org_unit_id, event.effective_on
        self.name, self.changes = event.name, event.changes
        self.state, self.faults = ReformState.DRAFTED, ()

    def must_be_open(self) -> None:
        """Raise ReformOver once it was carried out or withdrawn."""
        if self.state not in _OPEN:
            raise ReformOver("reformId", state=self.state.value)

    def redraft(
        self, changes: tuple[ReformChange, ...], effective_on: date, drafted_by: str
    ) -> None:
        """Let it be something else.

        Raises:
            ReformOver: it was carried out or withdrawn.
        """
        self.must_be_open()
        self.record(
            ReformDrafted(
                name=self.name,
                org_unit_id=self.org_unit_id,
                effective_on=effective_on,
                changes=changes,
                drafted_by=drafted_by,
            )
        )

    def approve(self, approved_by: str) -> None:
        """Agree to it as it is.

        Raises:
            ReformOver, ReformApprovedAlready: it comes too late, or twice.
            ApprovedByDrafter: they drafted it, now or before.
        """
        self.must_be_open()
        if self.state in _APPROVED:
            raise ReformApprovedAlready("reformId")
        if approved_by in self.drafters:
            raise ApprovedByDrafter("reformId", subject=approved_by)
        self.record(ReformApproved(effective_on=self.effective_on, approved_by=approved_by))

    @event(ReformApproved)
    def _approved(self, _event: ReformApproved) -> None:
        self.state = ReformState.APPROVED

    def must_be_due(self, today: date) -> None:
        """Refuse to carry out what is not approved, or not due.

        Raises:
            ReformOver, ReformNotApproved, ReformNotDue: as they say.
        """
        self.must_be_open()
        if self.state not in _APPROVED:
            raise ReformNotApproved("reformId")
        if today < self.effective_on:
            raise ReformNotDue("reformId", day=self.effective_on, today=today)

    def carry_out(self, on: date) -> None:
        """Say that all of it is recorded; `must_be_due` was asked before."""
        self.record(ReformCarriedOut(carried_out_on=on))

    @event(ReformCarriedOut)
    def _carried_out(self, _event: ReformCarriedOut) -> None:
        self.state, self.faults = ReformState.CARRIED_OUT, ()

    def hold_up(self, faults: tuple[ReformFault, ...]) -> None:
        """Say what keeps it from being carried out.

        Raises:
            ReformHeldUpStill: that was said.
        """
        if self.state is ReformState.HELD_UP and faults == self.faults:
            raise ReformHeldUpStill("reformId")
        self.record(ReformHeldUp(faults=faults))

    @event(ReformHeldUp)
    def _held_up(self, event: ReformHeldUp) -> None:
        self.state, self.faults = ReformState.HELD_UP, event.faults

    def withdraw(self) -> None:
        """Let it not be.

        Raises:
            ReformOver: it was carried out or withdrawn.
        """
        self.must_be_open()
        self.record(ReformWithdrawn())

    @event(ReformWithdrawn)
    def _withdrawn(self, _event: ReformWithdrawn) -> None:
        self.state = ReformState.WITHDRAWN
