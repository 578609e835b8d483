"""Policies on the real parts: they act by themselves, resume where they stood, and act once."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from services.registry.app import service as registry
from services.registry.commands import screening
from services.validation.app import service as validation
from services.validation.views.validity import VALID_UNTIL
from shared.contracts.base import Event
from shared.contracts.registry.health_worker import DuplicateSuspected
from shared.contracts.registry.screening import ScreeningAdvanced, ScreeningEnded
from shared.following.policies import DUE
from shared.runtime.metrics import policy_commands
from tests.conftest import OwnBroker
from tests.support.services import Asked, running

LONG_AGO = "2018-01-01"
DUE_NOW = f"SELECT count(*) FROM policies.{DUE.physical}"


async def twins(asked: Asked) -> tuple[UUID, UUID]:
    """Register two people of one name at one place."""
    unit = await asked.send(
        "orgUnitEstablish", code="RW", name="Rwanda", unitKind="COUNTRY", occurredOn=LONG_AGO
    )
    found = []
    for given in ("Marie Claire", "Marie-Claire"):
        answer = await asked.send(
            "healthWorkerRegister",
            givenNames=given,
            familyName="Uwase",
            cadre="Nurse",
            orgUnitId=unit["id"],
            occurredOn=LONG_AGO,
        )
        found.append(UUID(answer["id"]))
    return found[0], found[1]


async def suspicions(asked: Asked) -> list[UUID]:
    """Return whose records were suspected to be of somebody else's, in order."""
    feed = await asked.decider.served.ledger.feed(after=0, limit=1_000)
    return [entry.stream for entry in feed if entry.topic == DuplicateSuspected.topic]


async def waited_for(asked: Asked, many: int) -> list[UUID]:
    """Wait until so many suspicions are recorded and nothing is due any more."""
    async with asyncio.timeout(30):
        while True:
            found = await suspicions(asked)
            due = await asked.decider.books.pool.fetchval(DUE_NOW)
            if len(found) >= many and not due:
                return found
            await asyncio.sleep(0.05)


async def test_a_policy_acts_by_itself_and_is_the_actor(
    database: str, own_broker: OwnBroker, tmp_path: Path
) -> None:
    broker = await own_broker()
    async with running(
        registry, database=database, broker=broker.address, directory=tmp_path
    ) as asked:
        people = await twins(asked)
        (suspected,) = await waited_for(asked, 1)
        assert suspected in people
        (entry,) = [
            one
            for one in await asked.decider.served.ledger.feed(after=0, limit=1_000)
            if one.topic == DuplicateSuspected.topic
        ]
        assert msgspec.json.decode(entry.meta)["actor"] == "policy:duplicates"


async def test_what_was_due_when_the_service_ended_is_done_when_it_is_back_and_once(
    database: str, own_broker: OwnBroker, tmp_path: Path
) -> None:
    broker = await own_broker()
    parts = {"database": database, "broker": broker.address, "directory": tmp_path}
    async with running(registry, **parts) as asked:  # type: ignore[arg-type]
        await twins(asked)
        # It ends here, at whatever point its policy is.
    for _ in range(2):
        async with running(registry, **parts) as asked:  # type: ignore[arg-type]
            assert len(await waited_for(asked, 1)) == 1


async def test_a_screening_goes_on_where_it_was_when_the_service_ended(
    database: str, own_broker: OwnBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening, "STEP", 1)
    broker = await own_broker()
    parts = {"database": database, "broker": broker.address, "directory": tmp_path}
    async with running(registry, **parts) as asked:  # type: ignore[arg-type]
        await twins(asked)
        await asked.send("screeningBegin")
        # It ends here, at whatever step that is.
    async with running(registry, **parts) as asked:  # type: ignore[arg-type]
        await ended(asked)
        assert len(await steps(asked, ScreeningEnded)) == 1
        marks = [int(one["upTo"]) for one in await steps(asked, ScreeningAdvanced)]
        assert marks == sorted(set(marks))
        assert len(marks) > 2
        assert len(await waited_for(asked, 1)) == 1  # the twins, once


async def ended(asked: Asked) -> None:
    """Wait until the screening has ended."""
    async with asyncio.timeout(60):
        while True:
            if await steps(asked, ScreeningEnded):
                return
            await asyncio.sleep(0.05)


async def steps(asked: Asked, kind: type[Event]) -> list[dict[str, Any]]:
    """Return what was recorded of a screening, in order."""
    feed = await asked.decider.served.ledger.feed(after=0, limit=1_000)
    return [msgspec.json.decode(entry.payload) for entry in feed if entry.topic == kind.topic]


async def test_a_refusal_leaves_nothing_due(
    database: str, own_broker: OwnBroker, tmp_path: Path
) -> None:
    broker = await own_broker()
    async with running(
        registry, database=database, broker=broker.address, directory=tmp_path
    ) as asked:
        unit = await asked.send(
            "orgUnitEstablish", code="RW", name="Rwanda", unitKind="COUNTRY", occurredOn=LONG_AGO
        )
        await asked.send(
            "healthWorkerRegister",
            givenNames="Alone",
            familyName="Here",
            cadre="Nurse",
            orgUnitId=unit["id"],
            occurredOn=LONG_AGO,
        )
        assert await waited_for(asked, 0) == []


async def test_a_new_day_calls_for_what_has_come_due(
    database: str, own_broker: OwnBroker, tmp_path: Path
) -> None:
    broker = await own_broker()
    parts = {"database": database, "broker": broker.address, "directory": tmp_path}
    async with running(validation, **parts) as asked:  # type: ignore[arg-type]
        await asked.decider.books.pool.execute(
            f"INSERT INTO views_1.{VALID_UNTIL.physical} VALUES ($1, 'PPH', $2)",
            uuid4(),
            date(2020, 1, 1),
        )
    before = outcomes("lapses", "NOT_FOUND")
    async with running(validation, **parts) as asked:  # type: ignore[arg-type]
        # Nobody knows the enrolment, so it is refused; but it was called for, and answered.
        async with asyncio.timeout(30):
            while True:
                due = await asked.decider.books.pool.fetchval(DUE_NOW)
                if outcomes("lapses", "NOT_FOUND") > before and not due:
                    return
                await asyncio.sleep(0.05)


def outcomes(policy: str, outcome: str) -> float:
    """Return how often a policy's command came to that."""
    return float(policy_commands.labels(policy, outcome)._value.get())
