"""The command log is asked first, and answers whatever else is away."""

from uuid import uuid4

import pytest

from shared.domain.errors import Unavailable
from tests.support.house import House


async def test_a_recorded_command_is_not_decided_again(monkeypatch: pytest.MonkeyPatch) -> None:
    house = await House.built()
    command = {"commandId": str(uuid4()), "code": "RW", "name": "Rwanda", "unitKind": "COUNTRY"}
    answer = await house.post("orgUnitEstablish", command)

    async def decided(*_: object) -> None:
        raise AssertionError("it would be remembered otherwise than it was recorded")

    monkeypatch.setattr(house.commander("registry"), "_decide", decided)
    assert await house.post("orgUnitEstablish", command) == answer


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
