"""A health worker's erasure: asked for by one person, agreed to by another, and final."""

from uuid import UUID

from shared.contracts.registry.erasure import (
    ErasureDeclined,
    ErasureRequested,
    HealthWorkerErased,
    LegalBasis,
    LegalHoldLifted,
    LegalHoldPlaced,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class ErasedAlready(Refusal):
    """Nobody is erased twice."""

    code = "ERASED_ALREADY"
    template = "Their personal data is erased."
    remedy_template = "Nothing is left to do."


class ErasureAskedAlready(Refusal):
    """One request is open at a time."""

    code = "ERASURE_ASKED_ALREADY"
    template = "{subject} asked for it already, by {basis}."
    remedy_template = "Let somebody else agree with `healthWorkerErase`, or decline it first."


class ErasureNotAsked(Refusal):
    """What nobody asked for is neither agreed to nor declined."""

    code = "ERASURE_NOT_ASKED"
    template = "Nobody asks that their data be erased."
    remedy_template = "Ask for it with `healthWorkerRequestErasure`."


class ErasureByOneAlone(Refusal):
    """Two people erase somebody: one asks, another agrees."""

    code = "ERASURE_BY_ONE_ALONE"
    template = "{subject} asked for it."
    remedy_template = "Have somebody else agree."


class ErasureOfOneself(Refusal):
    """Whoever is to be forgotten does not decide that they are."""

    code = "ERASURE_OF_ONESELF"
    template = "By their grants, {subject} is the person whose data would be erased."
    remedy_template = "Have somebody else agree."


class UnderLegalHold(Refusal):
    """What a case is open on is kept."""

    code = "UNDER_LEGAL_HOLD"
    template = "Their data is kept for {reference}."
    remedy_template = "Lift the hold with `healthWorkerLiftLegalHold` once the case is closed."


class HeldAlready(Refusal):
    """A hold is placed once."""

    code = "LEGAL_HOLD_PLACED_ALREADY"
    template = "Their data is kept already, for {reference}."
    remedy_template = "Nothing is left to do; or lift that hold first."


class NotHeld(Refusal):
    """Only a hold is lifted."""

    code = "NO_LEGAL_HOLD"
    template = "Their data is under no hold."
    remedy_template = "Nothing is left to do."


class StillBusy(Refusal):
    """Who mentors, is mentored or lets themselves in is needed by name."""

    code = "STILL_BUSY"
    template = "They have still: {what}."
    remedy_template = (
        "Withdraw them from what they are enrolled in, conclude or leave what they are a party of, "
        "and revoke their grants; then erase."
    )


class Erasable(Aggregate):
    """What is decided about the erasure of a person's data.

    Attributes:
        asked_by: the subject of who asks that they be erased; None: nobody does. With it, by which
            law, and the file's number.
        held_for: what their data must be kept for.
        erased: whether it is.
    """

    asked_by: str | None
    asked_basis: LegalBasis | None
    asked_reference: str | None
    held_for: str | None
    erased: bool

    def _begin_unasked(self) -> None:
        self.asked_by = self.asked_basis = self.asked_reference = self.held_for = None
        self.erased = False

    def must_not_be_erased(self) -> None:
        """Raise ErasedAlready if they are."""
        if self.erased:
            raise ErasedAlready("healthWorkerId")

    def request_erasure(self, basis: LegalBasis, reference: str, asked_by: str) -> None:
        """Ask that they be erased.

        Raises:
            ErasedAlready, ErasureAskedAlready: there is nothing to ask for.
        """
        self.must_not_be_erased()
        if self.asked_by is not None:
            assert self.asked_basis is not None
            raise ErasureAskedAlready(
                "healthWorkerId", subject=self.asked_by, basis=self.asked_basis.value
            )
        self.record(
            ErasureRequested(
                health_worker_id=self.id, basis=basis, reference=reference, asked_by=asked_by
            )
        )

    @event(ErasureRequested)
    def _erasure_requested(self, event: ErasureRequested) -> None:
        self.asked_by, self.asked_basis = event.asked_by, event.basis
        self.asked_reference = event.reference

    def decline_erasure(self, declined_by: str) -> None:
        """Decline what is asked.

        Raises:
            ErasedAlready, ErasureNotAsked: there is nothing to decline.
        """
        self._must_be_asked()
        self.record(ErasureDeclined(health_worker_id=self.id, declined_by=declined_by))

    @event(ErasureDeclined)
    def _erasure_declined(self, _event: ErasureDeclined) -> None:
        self.asked_by = self.asked_basis = self.asked_reference = None

    def must_be_erasable(self, approved_by: str) -> None:
        """Refuse an erasure that nobody asked for, that one would decide alone, or that must wait.

        Raises:
            ErasedAlready, ErasureNotAsked, ErasureByOneAlone, UnderLegalHold: as they say.
        """
        self._must_be_asked()
        if approved_by == self.asked_by:
            raise ErasureByOneAlone("healthWorkerId", subject=approved_by)
        if self.held_for is not None:
            raise UnderLegalHold("healthWorkerId", reference=self.held_for)

    def erased_by(self, approved_by: str) -> HealthWorkerErased:
        """Return what is recorded of this record, which was asked for, and of its other names."""
        assert self.asked_by is not None
        assert self.asked_basis is not None
        assert self.asked_reference is not None
        return HealthWorkerErased(
            health_worker_id=self.id,
            basis=self.asked_basis,
            reference=self.asked_reference,
            asked_by=self.asked_by,
            approved_by=approved_by,
        )

    @event(HealthWorkerErased)
    def _erased(self, _event: HealthWorkerErased) -> None:
        self.erased = True
        self.asked_by = self.asked_basis = self.asked_reference = None

    def _must_be_asked(self) -> None:
        self.must_not_be_erased()
        if self.asked_by is None:
            raise ErasureNotAsked("healthWorkerId")

    def place_legal_hold(self, reference: str) -> None:
        """Keep what is personal of them for a case.

        Raises:
            ErasedAlready, HeldAlready: it comes too late, or twice.
        """
        self.must_not_be_erased()
        if self.held_for is not None:
            raise HeldAlready("healthWorkerId", reference=self.held_for)
        self.record(LegalHoldPlaced(health_worker_id=self.id, reference=reference))

    @event(LegalHoldPlaced)
    def _hold_placed(self, event: LegalHoldPlaced) -> None:
        self.held_for = event.reference

    def lift_legal_hold(self) -> None:
        """End it.

        Raises:
            NotHeld: there is none.
        """
        if self.held_for is None:
            raise NotHeld("healthWorkerId")
        self.record(LegalHoldLifted(health_worker_id=self.id))

    @event(LegalHoldLifted)
    def _hold_lifted(self, _event: LegalHoldLifted) -> None:
        self.held_for = None


def not_by_themselves(people: frozenset[UUID], records: frozenset[UUID], subject: str) -> None:
    """Refuse who would agree to their own erasure.

    Raises:
        ErasureOfOneself: by their grants they are that person.
    """
    if people & records:
        raise ErasureOfOneself("healthWorkerId", subject=subject)
