"""By what people and places are found: the rows, from the events on."""

from typing import Any

import pytest

from services.gateway.projections.finding import FINDING, folded_phone
from shared.contracts.registry.health_worker import HealthWorkerRegistered, HealthWorkerRenamed
from shared.privacy.payload import ERASED
from tests.support.finding import PEOPLE, PLACES
from tests.support.rows import Rows
from tests.support.story import happenings
from tests.support.telling import Told, id_of, of


def rows_of(told: list[Told]) -> Rows:
    rows = Rows()
    for happening in happenings(told):
        rows.happen((FINDING,), happening)
    return rows


def about(rows: Rows, table: str, who: str) -> list[dict[str, Any]]:
    return [row for row in rows.of(table) if row["health_worker_id"] == id_of(who)]


def test_each_name_is_a_row_and_says_whether_it_corrects_the_one_before() -> None:
    names = about(rows_of(PEOPLE), "person_name", "corrected")
    assert [(row["name"], row["corrected"]) for row in names] == [
        ("Rehma Kosa", False), ("Rehema Sahihi", True), ("Rehema Mpya", False),
    ]  # fmt: skip


def test_a_phone_that_is_told_no_more_is_no_row() -> None:
    assert about(rows_of(PEOPLE), "person_number", "unreached") == []


def test_a_phone_takes_the_place_of_the_one_before() -> None:
    (phone,) = about(rows_of(PEOPLE), "person_number", "reached")
    assert (phone["kind"], phone["folded"]) == ("PHONE", "788999000")


def test_who_was_erased_is_found_by_nothing_that_is_personal() -> None:
    who = id_of("erased")
    told = HealthWorkerRegistered(
        health_worker_id=who, number="KE-1", given_names=ERASED, family_name=ERASED,
        cadre="NURSE", org_unit_id=id_of("lake"), since=happenings(PLACES)[0].meta.occurred_on,
    )  # fmt: skip
    again = HealthWorkerRenamed(health_worker_id=who, given_names=ERASED, family_name=None)
    rows = rows_of(of("health_worker", who, told, again))
    assert about(rows, "person_name", "erased") == []
    assert [row["kind"] for row in about(rows, "person_number", "erased")] == ["NUMBER"]


def test_a_unit_keeps_its_former_names_and_its_code() -> None:
    rows = rows_of(PLACES)
    shore = [row for row in rows.of("place_name") if row["org_unit_id"] == id_of("shore")]
    assert [row["name"] for row in shore] == ["Shore Dispensary", "Harbour Clinic"]


@pytest.mark.parametrize(
    "text",
    [
        "0722 123 456", "+254722123456", "+254 722 123-456", "00254 722 123456", "254722123456",
        "(0722) 123.456", "722123456", "+2540722123456",
    ],
)  # fmt: skip
def test_a_phone_has_one_form(text: str) -> None:
    assert folded_phone(text) == "722123456"


@pytest.mark.parametrize("text", ["Zawadi", "KE-10482", "12 34", "", "+", "0722 123 456 x"])
def test_what_is_no_phone_has_none(text: str) -> None:
    assert folded_phone(text) is None
