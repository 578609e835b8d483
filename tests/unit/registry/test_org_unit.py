"""Org units: names, parents and ends are dated; what has ended is left as it was."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.registry.aggregates.facility_line import Held
from services.registry.aggregates.org_unit import (
    BeforeEstablished,
    KindsDiffer,
    MergedWithItself,
    NotAFacility,
    OrgUnit,
    OwnAncestor,
    UnitClosed,
    UnitMerged,
    UnitsBelow,
    UnitSplitUp,
)
from shared.contracts.registry.org_unit import (
    Facility,
    OrgUnitClosed,
    OrgUnitEstablished,
    OrgUnitFacilityUpdated,
    OrgUnitKind,
    OrgUnitMergedInto,
    OrgUnitRenamed,
    OrgUnitReparented,
    OrgUnitSplitUp,
)
from shared.domain import new_id
from shared.domain.errors import Refusal

SINCE = date(2018, 1, 1)


def district(
    parent_id: UUID | None = None, *, kind: OrgUnitKind = OrgUnitKind.DISTRICT, since: date = SINCE
) -> OrgUnit:
    unit = OrgUnit.begin(
        new_id(),
        OrgUnitEstablished(
            code="RW-0101",
            name="Gasabo",
            unit_kind=kind,
            sees_patients=kind is OrgUnitKind.FACILITY,
            parent_id=parent_id,
            since=since,
        ),
    )
    unit.collect()
    return unit


def test_a_rename_is_a_fact_of_its_day() -> None:
    unit = district()
    unit.rename("Gasabo North", date(2020, 7, 1))
    assert unit.collect() == [OrgUnitRenamed(name="Gasabo North", since=date(2020, 7, 1))]


def test_what_the_master_list_says_of_a_facility_is_a_fact_of_its_day() -> None:
    unit, says = district(kind=OrgUnitKind.FACILITY), Facility(type="Clinic", beds=12)
    unit.tell_facility(Held(says), date(2020, 7, 1))
    assert unit.collect() == [OrgUnitFacilityUpdated(facility=says, since=date(2020, 7, 1))]
    with pytest.raises(BeforeEstablished) as refused:
        unit.tell_facility(Held(Facility()), SINCE - timedelta(days=1))
    assert refused.value.code == "BEFORE_LAST_CHANGE"
    with pytest.raises(BeforeEstablished):
        unit.close(None, date(2020, 6, 30))
    unit.tell_facility(Held(Facility(type="Hospital")), date(2020, 7, 1))


def test_only_of_a_facility_does_the_master_list_say_something() -> None:
    with pytest.raises(NotAFacility) as refused:
        district().tell_facility(Held(Facility()), SINCE)
    assert (refused.value.code, refused.value.field) == ("NOT_A_FACILITY", "orgUnitId")


def test_a_unit_is_not_renamed_before_it_existed() -> None:
    with pytest.raises(BeforeEstablished) as refused:
        district().rename("Early", date(2017, 12, 31))
    assert refused.value.field == "occurredOn"


def test_a_unit_is_not_renamed_before_its_last_name() -> None:
    unit = district()
    unit.rename("Second", date(2020, 1, 1))
    with pytest.raises(BeforeEstablished):
        unit.rename("Between", date(2019, 1, 1))


def test_a_unit_moves_under_another_parent_since_a_day() -> None:
    unit, parent = district(), new_id()
    unit.reparent(parent, ancestors=(new_id(),), since=date(2021, 1, 1))
    assert unit.parent_id == parent
    assert unit.collect() == [OrgUnitReparented(parent_id=parent, since=date(2021, 1, 1))]


def test_a_unit_is_not_its_own_parent() -> None:
    unit = district()
    with pytest.raises(OwnAncestor):
        unit.reparent(unit.id, ancestors=(), since=date(2021, 1, 1))


def test_a_unit_does_not_move_under_what_is_below_it() -> None:
    unit = district()
    with pytest.raises(OwnAncestor):
        unit.reparent(new_id(), ancestors=(new_id(), unit.id), since=date(2021, 1, 1))
    assert unit.recorded == []


def test_a_move_that_is_told_late_is_put_between() -> None:
    unit, between, last = district(), new_id(), new_id()
    first = unit.parent_id
    unit.reparent(last, ancestors=(), since=date(2021, 1, 1))
    unit.reparent(between, ancestors=(), since=date(2020, 1, 1))
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2021, 1, 1))
    assert [unit.parent_on(day) for day in days] == [first, between, last]
    assert unit.parent_id == last


def test_a_unit_is_not_moved_before_it_existed() -> None:
    unit = district()
    with pytest.raises(BeforeEstablished):
        unit.reparent(new_id(), ancestors=(), since=unit.established - timedelta(days=1))


def test_a_unit_is_split_up_into_others_since_a_day() -> None:
    unit, north, south = district(), new_id(), new_id()
    unit.split((north, south), date(2021, 1, 1))
    assert unit.collect() == [OrgUnitSplitUp(successors=(north, south), since=date(2021, 1, 1))]
    assert not unit.open


def test_a_unit_becomes_part_of_another_of_its_kind() -> None:
    unit, into = district(), district()
    unit.merge(into, ancestors=(new_id(),), since=date(2021, 1, 1))
    assert unit.collect() == [OrgUnitMergedInto(into_id=into.id, since=date(2021, 1, 1))]
    assert into.open
    assert into.recorded == []


def test_a_unit_is_not_merged_into_itself() -> None:
    unit = district()
    with pytest.raises(MergedWithItself):
        unit.merge(unit, ancestors=(), since=date(2021, 1, 1))


def test_a_district_does_not_become_part_of_a_facility() -> None:
    with pytest.raises(KindsDiffer, match="FACILITY"):
        district().merge(district(kind=OrgUnitKind.FACILITY), ancestors=(), since=date(2021, 1, 1))


def test_a_unit_is_not_merged_into_what_lies_below_it() -> None:
    unit = district()
    with pytest.raises(OwnAncestor):
        unit.merge(district(unit.id), ancestors=(unit.id,), since=date(2021, 1, 1))


def test_a_unit_is_not_merged_into_one_that_was_not_there_yet() -> None:
    with pytest.raises(BeforeEstablished):
        district().merge(district(since=date(2021, 6, 1)), ancestors=(), since=date(2021, 5, 31))


def test_a_unit_is_not_merged_into_one_that_is_no_more() -> None:
    closed = district()
    closed.close(None, date(2020, 1, 1))
    with pytest.raises(UnitClosed) as refused:
        district().merge(closed, ancestors=(), since=date(2021, 1, 1))
    assert refused.value.field == "intoId"


def test_a_unit_is_closed_since_a_day() -> None:
    unit = district()
    unit.close(None, date(2021, 1, 1))
    assert unit.collect() == [OrgUnitClosed(since=date(2021, 1, 1))]


def test_a_unit_with_another_open_below_it_is_not_closed() -> None:
    below = new_id()
    with pytest.raises(UnitsBelow, match=str(below)):
        district().close(below, date(2021, 1, 1))


ENDINGS: list[Callable[[OrgUnit, date], None]] = [
    lambda unit, day: unit.split((new_id(), new_id()), day),
    lambda unit, day: unit.merge(district(), (), day),
    lambda unit, day: unit.close(None, day),
]


@pytest.mark.parametrize("end", ENDINGS)
def test_a_unit_does_not_end_before_it_was_last_moved(
    end: Callable[[OrgUnit, date], None],
) -> None:
    unit = district()
    unit.reparent(new_id(), ancestors=(), since=date(2021, 1, 1))
    with pytest.raises(BeforeEstablished):
        end(unit, date(2020, 12, 31))


@pytest.mark.parametrize(
    ("end", "refusal"), list(zip(ENDINGS, (UnitSplitUp, UnitMerged, UnitClosed), strict=True))
)
@pytest.mark.parametrize(
    "change",
    [
        lambda unit: unit.rename("Later", date(2022, 1, 1)),
        lambda unit: unit.reparent(new_id(), (), date(2022, 1, 1)),
        lambda unit: unit.split((new_id(), new_id()), date(2022, 1, 1)),
        lambda unit: unit.merge(district(), (), date(2022, 1, 1)),
        lambda unit: unit.close(None, date(2022, 1, 1)),
    ],
)
def test_nothing_happens_to_a_unit_that_is_no_more(
    end: Callable[[OrgUnit, date], None],
    refusal: type[Refusal],
    change: Callable[[OrgUnit], None],
) -> None:
    unit = district()
    end(unit, date(2021, 1, 1))
    with pytest.raises(refusal):
        change(unit)


def test_what_was_at_a_unit_before_it_ended_may_become_known_later() -> None:
    unit = district()
    unit.close(None, date(2021, 1, 1))
    unit.must_be_open_on(date(2020, 12, 31), "orgUnitId")
    with pytest.raises(UnitClosed):
        unit.must_be_open_on(date(2021, 1, 1), "orgUnitId")


def test_who_names_a_unit_that_was_split_up_is_told_its_successors() -> None:
    unit, north, south = district(), new_id(), new_id()
    unit.split((north, south), date(2021, 1, 1))
    with pytest.raises(UnitSplitUp) as refused:
        unit.must_be_open("orgUnitId")
    assert str(north) in refused.value.remedy
    assert str(south) in refused.value.remedy
