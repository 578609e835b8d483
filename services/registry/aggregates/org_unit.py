"""An org unit: a place in the hierarchy that can be renamed and moved, each since a day."""

from datetime import date
from uuid import UUID

from shared.contracts.registry.org_unit import (
    OrgUnitEstablished,
    OrgUnitRenamed,
    OrgUnitReparented,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class BeforeEstablished(Refusal):
    """Something would happen to a unit before it existed, or before what happened last."""

    code = "BEFORE_LAST_CHANGE"
    template = "{since} is before {last}, when the unit last changed in this."
    remedy_template = "Give a day on or after {last}."


class OwnAncestor(Refusal):
    """A unit cannot lie under itself."""

    code = "OWN_ANCESTOR"
    template = "The unit would come to lie under itself."
    remedy_template = "Choose a parent that is not below the unit."


class OrgUnit(Aggregate):
    """A country, district, facility …: under whom it stands is a dated fact."""

    kind = "org_unit"

    parent_id: UUID | None
    established: date
    renamed: date
    placed: date

    @event(OrgUnitEstablished)
    def _established(self, event: OrgUnitEstablished) -> None:
        self.parent_id = event.parent_id
        self.established = self.renamed = self.placed = event.since

    def rename(self, name: str, since: date) -> None:
        """Call the unit `name` since a day.

        Raises:
            BeforeEstablished: it had a later name already, or did not exist.
        """
        if since < self.renamed:
            raise BeforeEstablished("occurredOn", since=since, last=self.renamed)
        self.record(OrgUnitRenamed(name=name, since=since))

    @event(OrgUnitRenamed)
    def _renamed(self, event: OrgUnitRenamed) -> None:
        self.renamed = event.since

    def reparent(self, parent_id: UUID, ancestors: tuple[UUID, ...], since: date) -> None:
        """Put the unit under `parent_id`, whose own line upwards is `ancestors`, since a day.

        Raises:
            OwnAncestor: the new parent is the unit, or lies below it.
            BeforeEstablished: it was moved later than that already, or did not exist.
        """
        if self.id in (parent_id, *ancestors):
            raise OwnAncestor("parentId")
        if since < self.placed:
            raise BeforeEstablished("occurredOn", since=since, last=self.placed)
        self.record(OrgUnitReparented(parent_id=parent_id, since=since))

    @event(OrgUnitReparented)
    def _reparented(self, event: OrgUnitReparented) -> None:
        self.parent_id, self.placed = event.parent_id, event.since
