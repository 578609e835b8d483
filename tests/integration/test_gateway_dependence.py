"""What the gateway says of items that rest on an item of another service in the same batch."""

from typing import Any
from uuid import uuid4

import pytest

from tests.integration.test_gateway_commands import BATCH, gateway, item, log, running, unit
from tests.support.gateway import RunningGateway, refusal

__all__ = ["gateway", "running"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_item_waits_by_its_place_in_the_clients_batch(gateway: RunningGateway) -> None:
    made, there = uuid4(), uuid4()

    def decide(name: str, command: dict[str, Any]) -> dict[str, Any] | None:
        if name == "mentorshipPropose":
            return refusal("MENTEE_HAS_MENTOR", 422, "No.")
        if command.get("mentorshipId") == str(made):
            return refusal("NOT_FOUND", 404, "No.", field="mentorshipId")
        return None

    gateway.services.decide = decide
    refused = item("mentorshipPropose", id=str(made))
    commands = [
        {"name": "orgUnitEstablish", "command": unit()},
        refused,
        log(made, uuid4()),
        log(there, uuid4()),
    ]
    payload = (await gateway.ask(BATCH_WITH_PARAMS, commands=commands))["commandBatch"]
    outcomes = [result["outcome"] for result in payload["results"]]
    assert outcomes == ["RECORDED", "REFUSED", "REFUSED", "RECORDED"]
    (error,) = payload["results"][2]["userErrors"]
    assert (error["code"], error["field"]) == ("RESTS_ON_REFUSED", "mentorshipId")
    assert error["params"]["place"] == 1
    assert error["params"]["command"] == refused["command"]["commandId"]


async def test_what_was_recorded_before_is_recorded_whatever_is_away(
    gateway: RunningGateway,
) -> None:
    made = uuid4()
    gateway.services.away.add("registry")
    commands = [item("mentorshipPropose", id=str(made)), log(made, uuid4())]
    payload = (await gateway.ask(BATCH, commands=commands))["commandBatch"]
    # The sessions service has its answer in its log.
    assert [r["outcome"] for r in payload["results"]] == ["UNANSWERED", "RECORDED"]


BATCH_WITH_PARAMS = BATCH.replace("userErrors { code", "userErrors { params code")
