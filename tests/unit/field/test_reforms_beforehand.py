"""What a reform would do is told before it is recorded: it is what it does once it is."""

from random import Random
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.gateway.figures.supposing import Supposed, Unit
from services.gateway.projections import ORG_UNIT
from shared.access.known import Known
from shared.contracts.registry.reform import ReformChange
from tests.unit.field.test_reforms import DAY, LATER, TODAY, Ministry, a_reform, move, part, split


def units_of(ministry: Ministry) -> dict[UUID, Unit]:
    return {
        row["id"]: Unit(
            row["id"], row["code"], row["name"], row["unit_kind"],
            row["state"] == "ACTIVE", row["into_id"],
        )
        for row in ministry.country.house.rows(ORG_UNIT)
    }  # fmt: skip


def supposed(ministry: Ministry, changes: list[dict[str, Any]]) -> Supposed:
    told = msgspec.convert(changes, tuple[ReformChange, ...])
    return Supposed.by(told, DAY, ministry.country.house.directory.known, units_of(ministry))


def reach(known: Known, ministry: Ministry) -> dict[str, frozenset[UUID]]:
    """Return what each district's coordinator reaches."""
    return {
        grant.subject: known.tree.subtree(
            (each.org_unit_id for each in known.reaching([grant], TODAY) if each.org_unit_id),
            TODAY,
        )
        for grant in known.given()
        if grant.subject.startswith("district")
    }


@pytest.mark.parametrize("seed", range(12))
async def test_units_and_grants_come_to_stand_as_was_told(seed: int) -> None:
    ministry = await Ministry().founded()
    for at, district in enumerate(ministry.districts):
        await ministry.give(f"district {at}", "COORDINATOR", district)
    changes = list(a_reform(Random(seed), ministry, seed))
    Random(seed).shuffle(changes[:2])
    told = supposed(ministry, changes)
    after = told.after
    await ministry.carried_out(*changes)
    known, units = ministry.country.house.directory.known, units_of(ministry)
    assert {id: (one.code, one.open, one.into_id) for id, one in told.units.items()} == {
        id: (one.code, one.open, one.into_id) for id, one in units.items()
    }
    for unit in units:
        assert after.tree.path(unit, TODAY) == known.tree.path(unit, TODAY)
    assert reach(after, ministry) == reach(known, ministry)


async def test_supposing_changes_nothing_of_what_is_known() -> None:
    ministry = await Ministry().founded()
    known, facility = ministry.country.house.directory.known, ministry.facilities[0]
    before = known.tree.path(facility, TODAY)
    changes = [move(ministry.districts[0], ministry.provinces[1])]
    assert supposed(ministry, changes).after.tree.path(facility, TODAY) != before
    assert known.tree.path(facility, TODAY) == before
    assert ministry.districts[0] in known.tree.children(ministry.provinces[0], LATER)


async def test_a_unit_without_a_word_stays_under_what_is_no_more() -> None:
    ministry = await Ministry().founded()
    parted = split(ministry.districts[0], "N", "S")
    here, there = ministry.facilities[:2]
    parted["children"] = [{"orgUnitId": str(here), "parentId": str(part(parted, 0))}]
    told = supposed(ministry, [parted])
    assert told.parents[here] == part(parted, 0)
    assert there not in told.parents
    assert set(told.ended) == {ministry.districts[0]}
