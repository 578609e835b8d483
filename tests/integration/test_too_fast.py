"""Whoever asks faster than one client may waits as long as it is told, and is answered."""

import asyncio
from pathlib import Path

import pytest

from mshauri import api
from services.gateway.graphql.limits import Buckets
from tests.support.gateway import OPERATOR, running_gateway

DEAR = "{ mentees(first: 100) { nodes { id healthWorker { givenNames } } } }"


async def test_a_client_that_is_too_fast_waits_its_turn_and_loses_nothing(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "ATTEMPTS", 1)  # to wait as one is told is no failed attempt
    async with running_gateway(database, tmp_path) as gateway:
        assert gateway.gateway._endpoint is not None
        parts = gateway.gateway._endpoint._parts
        # Each of them empties the bucket, and it is full again after a moment.
        object.__setattr__(parts, "buckets", Buckets(capacity=400, restored=1_500, most=400))
        async with api.Api(gateway.url, gateway.token(OPERATOR)) as client:
            answers = await asyncio.gather(*(client.ask(DEAR) for _ in range(12)))
    assert [one["mentees"]["nodes"] for one in answers] == [[]] * 12
