"""What rests on what was refused in the same batch, and what only seems to."""

import json
from typing import Any
from uuid import uuid4

import pytest

from shared.domain.errors import Unavailable
from tests.integration.test_batches import asked, batch, unit
from tests.support.services import Asked

__all__ = ["asked"]


def codes(outcomes: list[dict[str, Any]]) -> list[str | None]:
    return [each.get("problem", {}).get("code") for each in outcomes]


async def test_a_record_that_was_there_before_is_named_freely(asked: Asked) -> None:
    country = str(uuid4())
    assert codes(await batch(asked, [unit("RW", unitKind="COUNTRY", id=country)])) == [None]
    begun_twice = unit("RX", unitKind="COUNTRY", id=country)
    child = unit("D-1", unitKind="DISTRICT", parentId=country)
    assert codes(await batch(asked, [begun_twice, child])) == ["ALREADY_RECORDED", None]


async def test_what_is_recorded_is_answered_alike_behind_a_refused_command(asked: Asked) -> None:
    country = str(uuid4())
    child = unit("D-1", unitKind="DISTRICT", parentId=country)
    first = await batch(asked, [unit("RW", unitKind="COUNTRY", id=country), child])
    # The client lost the parent's command id and made another one.
    again = await batch(asked, [unit("RW", unitKind="COUNTRY", id=country), child])
    assert codes(again) == ["ALREADY_RECORDED", None]
    assert again[1]["answer"] == first[1]["answer"]


async def test_what_a_later_command_of_the_batch_mends_is_there(asked: Asked) -> None:
    taken, country = unit("RW", unitKind="COUNTRY"), str(uuid4())
    refused = unit("RW", unitKind="COUNTRY", id=country)
    mended = unit("KE", unitKind="COUNTRY", id=country)
    child = unit("D-1", unitKind="DISTRICT", parentId=country)
    outcomes = await batch(asked, [taken, refused, mended, child])
    assert codes(outcomes) == [None, "ALREADY_TAKEN", None, None]


async def test_what_rests_on_an_unanswered_command_is_unanswered(asked: Asked) -> None:
    country = str(uuid4())
    parent = unit("RW", unitKind="COUNTRY", id=country)
    child = unit("D-1", unitKind="DISTRICT", parentId=country)

    def nothing_is_decided() -> None:
        raise Unavailable(part="everything")

    commander = asked.decider.served.deciding.commander
    admit, commander._admit = commander._admit, nothing_is_decided
    outcomes = await batch(asked, [parent, child])
    assert codes(outcomes) == ["UNAVAILABLE", "RESTS_ON_UNANSWERED"]
    assert [each["problem"]["status"] for each in outcomes] == [503, 503]
    commander._admit = admit
    assert codes(await batch(asked, [parent, child])) == [None, None]


@pytest.mark.parametrize("depth", [900, 100_000])
async def test_a_command_as_deep_as_it_likes_is_malformed(asked: Asked, depth: int) -> None:
    bad = json.dumps(unit("D-1", unitKind="COUNTRY", device="DEEP"))
    deep = bad.replace('"DEEP"', "[" * depth + "]" * depth)
    good = json.dumps(unit("RW", unitKind="COUNTRY"))
    answer = await asked.client.post(
        "/commands", content=f"[{deep},{good}]", headers=asked.bearer("operator")
    )
    assert answer.status_code in (200, 400), answer.text
    told = answer.json()
    if answer.status_code == 200:
        assert codes(told) == ["MALFORMED", None]
    else:
        assert told["code"] == "MALFORMED"


@pytest.mark.parametrize("field", ["name", "device", "onBehalfOf", "reason"])
async def test_what_no_column_can_hold_is_not_recorded(asked: Asked, field: str) -> None:
    command = unit("RW", unitKind="COUNTRY", **{field: "a\0b"})["command"]
    refused = await asked.send("orgUnitEstablish", expect=400, **command)
    assert (refused["code"], refused["field"]) == ("UNFIT_VALUE", field)
    assert await asked.written() == 0


async def test_a_position_of_no_service_is_waited_for_by_nobody(asked: Asked) -> None:
    command = unit("RW", unitKind="COUNTRY", after=["nobody.1.1"])["command"]
    refused = await asked.send("orgUnitEstablish", expect=400, **command)
    assert (refused["code"], refused["field"]) == ("MALFORMED", "after")
