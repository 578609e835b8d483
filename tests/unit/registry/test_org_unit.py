"""Org units: names and parents are dated, and nobody stands under themselves."""

from datetime import date
from uuid import UUID

import pytest

from services.registry.aggregates.org_unit import BeforeEstablished, OrgUnit, OwnAncestor
from shared.contracts.registry.org_unit import (
    OrgUnitEstablished,
    OrgUnitKind,
    OrgUnitRenamed,
    OrgUnitReparented,
)
from shared.domain import new_id

SINCE = date(2018, 1, 1)


def district(parent_id: UUID | None = None) -> OrgUnit:
    unit = OrgUnit.begin(
        new_id(),
        OrgUnitEstablished(
            code="RW-0101",
            name="Gasabo",
            unit_kind=OrgUnitKind.DISTRICT,
            parent_id=parent_id,
            since=SINCE,
        ),
    )
    unit.collect()
    return unit


def test_a_rename_is_a_fact_of_its_day() -> None:
    unit = district()
    unit.rename("Gasabo North", date(2020, 7, 1))
    assert unit.collect() == [OrgUnitRenamed(name="Gasabo North", since=date(2020, 7, 1))]


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


def test_a_unit_is_not_moved_before_it_was_last_moved() -> None:
    unit = district()
    unit.reparent(new_id(), ancestors=(), since=date(2021, 1, 1))
    with pytest.raises(BeforeEstablished):
        unit.reparent(new_id(), ancestors=(), since=date(2020, 1, 1))
