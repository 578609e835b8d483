"""An org unit: named, placed and ended, each since a day; what was before stays as it was."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from re import fullmatch
from typing import Self
from uuid import UUID

from services.registry.aggregates.dated_line import (
    Line,
    no_longer_begun,
    said_anew,
    value_on,
    with_late,
)
from services.registry.aggregates.facility_line import Held, must_be_somewhere, with_said
from services.registry.aggregates.nesting import Kind, must_lie_under
from services.registry.aggregates.unit_codes import (
    NoOwnCode,
    NoSuchCode,
    OwnCodeStays,
    SameCode,
    codes_kept,
)
from shared.contracts.base import CODE
from shared.contracts.registry.org_unit import (
    OrgUnitClosed,
    OrgUnitEstablished,
    OrgUnitFacilityUpdated,
    OrgUnitMergedInto,
    OrgUnitPlacesTold,
    OrgUnitRenamed,
    OrgUnitReopened,
    OrgUnitReparented,
    OrgUnitSplitUp,
    PlaceSince,
)
from shared.contracts.registry.org_unit_codes import OWN, CodeSince, OrgUnitCodesTold
from shared.contracts.registry.org_unit_facility import (
    FacilityOn,
    FacilitySince,
    OrgUnitFacilityTold,
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


class UnitNoMore(Refusal):
    """Something is said of a unit that is no more.

    Attributes:
        in_its_place: the units that took its place, by their ids: none of one that was closed.
    """

    in_its_place: tuple[UUID, ...] = ()


class UnitClosed(UnitNoMore):
    """Nothing new happens at a unit that was closed."""

    code = "ORG_UNIT_CLOSED"
    template = "The unit was closed on {since}."
    remedy_template = "Name a unit that is open."


class UnitSplitUp(UnitNoMore):
    """Nothing new happens at a unit that was split up."""

    code = "ORG_UNIT_SPLIT_UP"
    template = "The unit was split up on {since}."
    remedy_template = "Name one of the units that stand in its place: {heirs}."


class UnitMerged(UnitNoMore):
    """Nothing new happens at a unit that became part of another."""

    code = "ORG_UNIT_MERGED"
    template = "The unit became part of another on {since}."
    remedy_template = "Name the unit that stands in its place: {heirs}."


class SuccessorsAlike(Refusal):
    """The units that a split leaves behind are told apart."""

    code = "SUCCESSORS_ALIKE"
    template = "{what} stands twice among the successors."
    remedy_template = "Give each successor a code and an id of its own."


class MergedWithItself(Refusal):
    """It takes two units to merge."""

    code = "ORG_UNIT_MERGED_WITH_ITSELF"
    template = "The unit would be merged into itself."
    remedy_template = "Name the other unit."


class KindsDiffer(Refusal):
    """A unit becomes part of one of its own kind."""

    code = "ORG_UNIT_KINDS_DIFFER"
    template = "A {kind} does not become part of a {into}."
    remedy_template = "Name a {kind}; to put the unit under another one, reparent it."


class UnitsBelow(Refusal):
    """What others belong under is not closed."""

    code = "ORG_UNITS_BELOW"
    template = "Units are open below it: {below} is one."
    remedy_template = "Reparent, merge or close the units below it first."


class ParentEnded(Refusal):
    """Nothing new is put under a unit that is no more."""

    code = "ORG_UNIT_PARENT_ENDED"
    template = "The unit still stands under {parent}, which is no more since {since}."
    remedy_template = "Reparent the unit first, under one that is open."


class UnitNotClosed(Refusal):
    """Only a unit that was closed is opened again."""

    code = "ORG_UNIT_NOT_CLOSED"
    template = "The unit was not closed: it is {standing}."
    remedy_template = "Nothing is left to do; a split or a merger is not taken back."


class NotAFacility(Refusal):
    """Only of facilities does a master facility list say something."""

    code = "NOT_A_FACILITY"
    template = "The unit is a {kind}, not a facility."
    remedy_template = "Name a unit of a kind that sees patients, such as FACILITY."


class Standing(StrEnum):
    """Whether a unit is there; if it is not, how it ended."""

    OPEN = "OPEN"
    SPLIT_UP = "SPLIT_UP"
    MERGED = "MERGED"
    CLOSED = "CLOSED"


_NO_MORE: dict[Standing, type[UnitNoMore]] = {
    Standing.CLOSED: UnitClosed,
    Standing.SPLIT_UP: UnitSplitUp,
    Standing.MERGED: UnitMerged,
}


class OrgUnit(Aggregate):
    """A country, district, facility …: under whom it stands is a dated fact."""

    kind = "org_unit"
    fold_version = 4

    unit_kind: str
    sees_patients: bool
    name: str
    codes: dict[str, list[tuple[date, str | None]]]
    places: list[tuple[date, UUID | None]]
    facilities: list[tuple[date, Held]]
    established: date
    renamed: date
    standing: Standing
    ended: date | None
    heirs: list[UUID]

    @event(OrgUnitEstablished)
    def _established(self, event: OrgUnitEstablished) -> None:
        self.unit_kind, self.sees_patients = event.unit_kind, event.sees_patients
        self.name, self.places = event.name, [(event.since, event.parent_id)]
        self.codes = {one.system: [(event.since, one.code)] for one in event.codes}
        self.codes[OWN] = [(event.since, event.code)]
        self.facilities = [(event.since, Held(event.facility))] if event.facility else []
        self.established = self.renamed = event.since
        self.standing, self.ended, self.heirs = Standing.OPEN, None, []

    @property
    def code(self) -> str:
        """Its own code now."""
        own = self.codes[OWN][-1][1]
        assert own is not None, "a unit's own code is never given up"
        return own

    @property
    def described(self) -> date:
        """Since when what the master facility list says of it last holds."""
        return self.facilities[-1][0] if self.facilities else self.established

    @property
    def parent_id(self) -> UUID | None:
        """Under whom it stands now."""
        return self.places[-1][1]

    @property
    def placed(self) -> date:
        """Since when it stands there."""
        return self.places[-1][0]

    def parent_on(self, day: date) -> UUID | None:
        """Return under whom it stood on a day."""
        return value_on(self.places, day)

    @property
    def open(self) -> bool:
        """Whether it is there now."""
        return self.standing is Standing.OPEN

    def must_be_open(self, field: str) -> None:
        """Raise UnitClosed, UnitSplitUp or UnitMerged unless the unit is there now."""
        if not self.open:
            heirs = ", ".join(map(str, self.heirs))
            refused = _NO_MORE[self.standing](field, since=self.ended, heirs=heirs)
            refused.in_its_place = tuple(self.heirs)
            raise refused

    def must_be_open_on(self, day: date, field: str) -> None:
        """Raise as `must_be_open` does, unless the unit was there on that day.

        What happened before the unit ended may become known after it.
        """
        if self.ended is None or day >= self.ended:
            self.must_be_open(field)

    def must_take_in(
        self, kind: Kind, since: date, *, field: str = "parentId", still: bool = True
    ) -> None:
        """Refuse a unit of that kind under this one since a day.

        Args:
            still: it stands there now; otherwise it went elsewhere since, and this one may have
                ended.

        Raises:
            UnitClosed, UnitSplitUp, UnitMerged: this one is no more.
            BeforeEstablished: this one was not there yet.
            KindNotUnder: its kind does not lie under this one's.
        """
        if still:
            self.must_be_open(field)
        else:
            self.must_be_open_on(since, field)
        if since < self.established:
            raise BeforeEstablished("occurredOn", since=since, last=self.established)
        must_lie_under(kind, self.unit_kind, field)

    def must_be_there_for_successors(self) -> None:
        """Raise ParentEnded unless what stands in for a unit under this one would stand there."""
        if not self.open:
            raise ParentEnded("orgUnitId", parent=self.id, since=self.ended)

    def rename(self, name: str, since: date) -> None:
        """Call the unit `name` since a day.

        Raises:
            UnitClosed, UnitSplitUp, UnitMerged: it is no more.
            BeforeEstablished: it had a later name already, or did not exist.
        """
        self.must_be_open("orgUnitId")
        if since < self.renamed:
            raise BeforeEstablished("occurredOn", since=since, last=self.renamed)
        self.record(OrgUnitRenamed(name=name, since=since))

    @event(OrgUnitRenamed)
    def _renamed(self, event: OrgUnitRenamed) -> None:
        self.name, self.renamed = event.name, event.since

    def must_not_lie_under_itself(
        self, parent_id: UUID, ancestors: tuple[UUID, ...], field: str = "parentId"
    ) -> None:
        """Raise OwnAncestor if a parent is the unit, or has it in its own line upwards."""
        if self.id in (parent_id, *ancestors):
            raise OwnAncestor(field)

    def reparent(self, parent_id: UUID, ancestors: tuple[UUID, ...], since: date) -> None:
        """Put the unit under `parent_id`, whose own line upwards is `ancestors`, since a day.

        It may be said late: that it stood there before it went elsewhere.

        Whether the parent takes it in is asked of the parent: `must_take_in`.

        Raises:
            UnitClosed, UnitSplitUp, UnitMerged: it is no more.
            OwnAncestor: the new parent is the unit, or lies below it.
            BeforeEstablished: it did not exist.
            DatedTwice: it was moved on that day already, and later again.
        """
        self.must_be_open("orgUnitId")
        self.must_not_lie_under_itself(parent_id, ancestors)
        if since < self.established:
            raise BeforeEstablished("occurredOn", since=since, last=self.established)
        if since < self.placed:
            late = with_late(self.places, since, parent_id)
            self._tell_places(said_anew(late, self.places, field="occurredOn"))
            return
        self.record(OrgUnitReparented(parent_id=parent_id, since=since))

    @event(OrgUnitReparented)
    def _reparented(self, event: OrgUnitReparented) -> None:
        others = [place for place in self.places if place[0] != event.since]
        self.places = [*others, (event.since, event.parent_id)]

    def correct_places(self, told: Sequence[PlaceSince]) -> None:
        """Say anew under whom it stood since when; whether each took it in, the handler asked.

        Raises:
            NothingOnTheLine, DatedTwice, SameAsBefore: as they say.
            BeforeEstablished: it does not begin on the day it was established.
            UnitClosed, UnitSplitUp, UnitMerged: it was no more by one of the days.
        """
        line = said_anew([(one.since, one.parent_id) for one in told], self.places, field="places")
        if line[0][0] != self.established:
            raise BeforeEstablished("places", since=line[0][0], last=self.established)
        self.must_be_open_on(line[-1][0], "places")
        self._tell_places(line)

    def _tell_places(self, line: Line[UUID | None]) -> None:
        self.record(
            OrgUnitPlacesTold(
                places=tuple(PlaceSince(since=since, parent_id=parent) for since, parent in line),
                removed=no_longer_begun(self.places, line),
            )
        )

    @event(OrgUnitPlacesTold)
    def _places_told(self, event: OrgUnitPlacesTold) -> None:
        self.places = [(one.since, one.parent_id) for one in event.places]

    def tell_facility(self, told: Held, since: date) -> None:
        """Take what the master facility list says of the facility since a day, all or some of it.

        It may be said late: each fact holds until it was said again.

        Raises:
            UnitClosed, UnitSplitUp, UnitMerged: it was no more by that day.
            NotAFacility: it is of a kind that sees no patients.
            BeforeEstablished: it did not exist.
            HalfACoordinate, NowhereOnLand: it lies nowhere.
        """
        self._must_be_a_facility_on(since, "orgUnitId")
        must_be_somewhere(told.facility, "facility")
        line = with_said(self.facilities, since, told)
        if since < self.described:
            self._tell_facilities(said_anew(line, self.facilities, field="occurredOn"))
            return
        held = line[-1][1]
        self.record(OrgUnitFacilityUpdated(facility=held.facility, since=since, said=held.said))

    @event(OrgUnitFacilityUpdated)
    def _facility_updated(self, event: OrgUnitFacilityUpdated) -> None:
        others = [one for one in self.facilities if one[0] != event.since]
        self.facilities = [*others, (event.since, Held(event.facility, event.said))]

    def correct_facility(self, told: Sequence[FacilityOn]) -> None:
        """Say anew what held of the facility since when.

        Raises:
            NothingOnTheLine, DatedTwice, SameAsBefore: as they say.
            Others: as `tell_facility` does, of each day.
        """
        line = said_anew(
            [(one.since, Held(one.facility)) for one in told],
            self.facilities,
            field="facilities",
        )
        for place, one in enumerate(told):
            self._must_be_a_facility_on(one.since, f"facilities[{place}].since")
            must_be_somewhere(one.facility, f"facilities[{place}].facility")
        self._tell_facilities(line)

    def _must_be_a_facility_on(self, day: date, field: str) -> None:
        self.must_be_open_on(day, field)
        if not self.sees_patients:
            raise NotAFacility("orgUnitId", kind=self.unit_kind)
        if day < self.established:
            raise BeforeEstablished(
                "occurredOn" if field == "orgUnitId" else field, since=day, last=self.established
            )

    def _tell_facilities(self, line: Line[Held]) -> None:
        self.record(
            OrgUnitFacilityTold(
                facilities=tuple(
                    FacilitySince(since=since, facility=held.facility, said=held.said)
                    for since, held in line
                ),
                removed=no_longer_begun(self.facilities, line),
            )
        )

    @event(OrgUnitFacilityTold)
    def _facility_told(self, event: OrgUnitFacilityTold) -> None:
        self.facilities = [(one.since, Held(one.facility, one.said)) for one in event.facilities]

    def change_code(self, system: str, code: str, since: date) -> None:
        """Have a code in a list since a day; it may be said late.

        Raises:
            UnitClosed, UnitSplitUp, UnitMerged: it was no more by that day.
            BeforeEstablished: it did not exist.
            SameCode: it has that code there on that day.
            DatedTwice: another code of that list begins on that day.
            NoOwnCode: a unit's own code is not written so.
        """
        self.must_be_open_on(since, "orgUnitId")
        if since < self.established:
            raise BeforeEstablished("occurredOn", since=since, last=self.established)
        line = self.codes.get(system, [])
        for begun, value in reversed(line):
            if begun <= since:
                if value == code:
                    raise SameCode("code", value=code, system=system, since=begun)
                break
        self._tell_codes(
            system, said_anew(with_late(line, since, code), line, field="occurredOn"), "code"
        )

    def give_up_code(self, system: str, since: date) -> None:
        """Be in a list of codes no more since a day.

        Raises:
            OwnCodeStays: it is the unit's own.
            NoSuchCode: it has none there on that day.
            DatedTwice: a code of that list begins on that day.
        """
        line = self.codes.get(system, [])
        if system == OWN:
            raise OwnCodeStays("system")
        if value_on(line, since) is None:
            known = ", ".join(sorted(name for name in self.codes if name != OWN)) or "–"
            raise NoSuchCode("system", system=system, known=known)
        self._tell_codes(
            system, said_anew(with_late(line, since, None), line, field="occurredOn"), "system"
        )

    def correct_codes(self, system: str, told: Sequence[CodeSince]) -> None:
        """Say anew which codes it had in a list since when; none: it never was in it.

        Raises:
            DatedTwice, SameAsBefore, NothingOnTheLine: as they say.
            BeforeEstablished: one begins before the unit; its own, not on the day it began.
            OwnCodeStays: it would be without its own.
            NoOwnCode: its own is not written so.
            UnitClosed, UnitSplitUp, UnitMerged: it was no more by one of the days.
        """
        before = self.codes.get(system, [])
        line: Line[str | None] = [(one.since, one.code) for one in told]
        if line or not before:
            line = said_anew(line, before, field="codes")
        if system == OWN and (not line or any(value is None for _, value in line)):
            raise OwnCodeStays("codes")
        first = line[0][0] if line else self.established
        if first < self.established or (system == OWN and first > self.established):
            raise BeforeEstablished("codes", since=first, last=self.established)
        for since, value in line:
            if value is not None:
                self.must_be_open_on(since, "codes")
        self._tell_codes(system, line, "codes")

    def _tell_codes(self, system: str, line: Line[str | None], field: str) -> None:
        for _, value in line:
            if system == OWN and not (value and fullmatch(CODE, value)):
                raise NoOwnCode(field, value=value)
        self.record(
            OrgUnitCodesTold(
                system=system,
                codes=tuple(CodeSince(since=since, code=value) for since, value in line),
                removed=no_longer_begun(self.codes.get(system, []), line),
            )
        )

    @event(OrgUnitCodesTold)
    def _codes_told(self, event: OrgUnitCodesTold) -> None:
        others = {name: line for name, line in self.codes.items() if name != event.system}
        line = [(one.since, one.code) for one in event.codes]
        self.codes = {**others, event.system: line} if line else others

    def codes_kept(self, system: str) -> tuple[str, ...]:
        """Return its codes in a list that are its alone: what no other unit may have there."""
        return codes_kept(self.codes.get(system, []))

    def split(self, successors: tuple[UUID, ...], since: date) -> None:
        """Let `successors` take the unit's place since a day.

        Raises:
            UnitClosed, UnitSplitUp, UnitMerged: it is no more.
            BeforeEstablished: something happened to it later than that.
        """
        self._must_end(since)
        self.record(OrgUnitSplitUp(successors=successors, since=since))

    @event(OrgUnitSplitUp)
    def _split_up(self, event: OrgUnitSplitUp) -> None:
        self._end(Standing.SPLIT_UP, event.since, event.successors)

    def merge(self, into: Self, ancestors: tuple[UUID, ...], since: date) -> None:
        """Make the unit part of `into`, whose line upwards is `ancestors`, since a day.

        Raises:
            UnitClosed, UnitSplitUp, UnitMerged: it, or the other, is no more.
            MergedWithItself, KindsDiffer: it cannot be part of that one.
            OwnAncestor: the other lies below it.
            BeforeEstablished: something happened to it later, or the other was not there yet.
        """
        if into.id == self.id:
            raise MergedWithItself("intoId")
        into.must_be_open("intoId")
        if into.unit_kind != self.unit_kind:
            raise KindsDiffer("intoId", kind=self.unit_kind, into=into.unit_kind)
        if self.id in ancestors:
            raise OwnAncestor("intoId")
        if since < into.established:
            raise BeforeEstablished("occurredOn", since=since, last=into.established)
        self._must_end(since)
        self.record(OrgUnitMergedInto(into_id=into.id, since=since))

    @event(OrgUnitMergedInto)
    def _merged(self, event: OrgUnitMergedInto) -> None:
        self._end(Standing.MERGED, event.since, (event.into_id,))

    def close(self, below: UUID | None, since: date) -> None:
        """End the unit since a day; `below` is a unit that is open under it, if there is one.

        Raises:
            UnitClosed, UnitSplitUp, UnitMerged: it is no more.
            UnitsBelow: something is open under it.
            BeforeEstablished: something happened to it later than that.
        """
        self._must_end(since)
        if below is not None:
            raise UnitsBelow("orgUnitId", below=below)
        self.record(OrgUnitClosed(since=since))

    @event(OrgUnitClosed)
    def _closed(self, event: OrgUnitClosed) -> None:
        self._end(Standing.CLOSED, event.since, ())

    def reopen(self) -> None:
        """Take back that it was closed; whether its parent is there still, the handler asked.

        Raises:
            UnitNotClosed: it was not.
        """
        if self.standing is not Standing.CLOSED or self.ended is None:
            raise UnitNotClosed("orgUnitId", standing=self.standing.value)
        self.record(OrgUnitReopened(closed_on=self.ended))

    @event(OrgUnitReopened)
    def _reopened(self, _event: OrgUnitReopened) -> None:
        self.standing, self.ended = Standing.OPEN, None

    def _must_end(self, since: date) -> None:
        self.must_be_open("orgUnitId")
        coded = (line[-1][0] for line in self.codes.values())
        last = max(self.renamed, self.placed, self.described, *coded)
        if since < last:
            raise BeforeEstablished("occurredOn", since=since, last=last)

    def _end(self, standing: Standing, since: date, heirs: tuple[UUID, ...]) -> None:
        self.standing, self.ended, self.heirs = standing, since, list(heirs)
