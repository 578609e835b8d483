"""The command log is asked where it may matter, and answers whatever else is away."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from shared.domain.errors import Unavailable
from shared.ledger import Answered
from tests.support.house import House


async def test_a_command_that_is_recorded_now_does_not_ask_the_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = await House.built()
    asked: list[UUID] = []

    async def receipts(command_ids: Sequence[UUID]) -> dict[UUID, Answered]:
        asked.extend(command_ids)
        return {}

    monkeypatch.setattr(house.ledger("registry"), "receipts", receipts)
    await house.send("orgUnitEstablish", code="RW", name="Rwanda", unitKind="COUNTRY")
    assert asked == []


async def test_a_recorded_command_is_answered_while_nothing_may_be_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = await House.built()
    command = {"commandId": str(uuid4()), "code": "RW", "name": "Rwanda", "unitKind": "COUNTRY"}
    answer = await house.post("orgUnitEstablish", command)

    def refuse() -> None:
        raise Unavailable(part="the views")

    monkeypatch.setattr(house.commander("registry"), "_admit", refuse)
    assert await house.post("orgUnitEstablish", command) == answer
    with pytest.raises(Unavailable):
        await house.post("orgUnitEstablish", command | {"commandId": str(uuid4())})
