"""A stack that holds a thousand people whose events fail, for twenty causes: it starts, serves, and
is emptied by the operator's commands.
"""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import msgspec
import pytest

from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from shared.ledger import NewEvent, StreamAppend, Transaction
from shared.ledger.postgres import PostgresLedger
from shared.projection.quarantine import held
from tests.support.servers import temporary_directory
from tests.support.stacks import command

pytestmark = [pytest.mark.timeout(700), pytest.mark.slow]

PATIENCE_S = 240.0
PEOPLE = 1_000
UNIT = {"code": "X", "name": "X", "unitKind": "DISTRICT", "since": "2020-01-01"}
WORKER = {"givenNames": None, "familyName": None, "cadre": "Nurse", "since": "2020-01-01"}
CAUSES: list[tuple[str, dict[str, Any]]] = [
    *(("org_unit.established", {**UNIT, "unitKind": kind}) for kind in ("", 7, None)),
    *(("org_unit.established", UNIT | {"since": day}) for day in ("2020-13-01", "soon", "")),
    *(("org_unit.established", UNIT | {"parentId": id}) for id in ("x", "00", "RW")),
    *(("org_unit.established", {**UNIT, name: 7}) for name in ("code", "name", "predecessors")),
    *(("cohort.opened", {"code": code}) for code in ("a", "b")),
    *(("mentor.certified", {"theory": points}) for points in ("many", "-1")),
    *(("group.established", {"name": name}) for name in ("7", "")),
    *(("mentorship.proposed", {"phase": phase}) for phase in ("7", "")),
]
META = {"actor": "a-list", "occurredOn": "2020-01-01", "correlationId": str(uuid4()),
        "causationId": str(uuid4())}  # fmt: skip


def a_mistake(number: int) -> Transaction:
    """Return what a release that minded nothing may have recorded."""
    topic, payload = CAUSES[number % len(CAUSES)]
    stream = uuid4()
    event = NewEvent(
        id=uuid4(),
        topic=f"registry.{topic}",
        meta=msgspec.json.encode(META),
        payload=msgspec.json.encode(payload),
    )
    kind = topic.partition(".")[0]
    append = StreamAppend(stream=stream, kind=kind, key=stream, expected=0, events=(event,))
    return Transaction(command_id=uuid4(), fingerprint=bytes(32), appends=(append,))


async def waiting(stack: Stack, process: str = "projector") -> int:
    connection = await asyncpg.connect(stack.database_url(process))
    try:
        return len(await held(connection))
    finally:
        await connection.close()


async def establishes(stack: Stack, code: str) -> None:
    """Record a unit, and read it again."""
    token = DevelopmentIssuer(stack.data_dir).mint(OPERATOR)
    text = (
        "mutation ($input: OrgUnitEstablishInput!) { orgUnitEstablish(input: $input)"
        " { userErrors { code message } orgUnit { id code } } }"
    )
    wish = {"commandId": str(uuid4()), "code": code, "name": code, "unitKind": "COUNTRY",
               "occurredOn": "2018-01-01"}  # fmt: skip
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient(base_url=stack.gateway_url, headers=headers, timeout=30) as client,
        asyncio.timeout(PATIENCE_S),
    ):
        while True:
            answer = await client.post(
                "/graphql", json={"query": text, "variables": {"input": wish}}
            )
            said = answer.json()
            if not said.get("errors"):
                assert said["data"]["orgUnitEstablish"]["orgUnit"]["code"] == code, said
                return
            assert said["errors"][0]["extensions"]["code"] in ("UNAVAILABLE", "STALE_READ"), said
            await asyncio.sleep(0.3)


async def test_a_thousand_whose_events_fail_stop_nobody_and_an_operator_lets_them_go() -> None:
    with temporary_directory() as directory:
        async with Stack(directory, environ={}) as stack:
            await establishes(stack, "BEFORE")
            await stack.stop("registry")
            async with PostgresLedger(stack.database_url("registry"), service="registry") as ledger:
                await asyncio.gather(*(ledger.append(a_mistake(n)) for n in range(PEOPLE)))
            await stack.start("registry")
            async with asyncio.timeout(PATIENCE_S):
                while await waiting(stack) < PEOPLE:  # noqa: ASYNC110 - elsewhere
                    await asyncio.sleep(0.5)
            await establishes(stack, "BESIDE")
        # It starts with them, too, and serves.
        async with Stack(directory, environ={}) as stack:
            await establishes(stack, "AFTER")
            said = await asyncio.to_thread(command, directory, "quarantine", "list")
            assert f"gateway: {PEOPLE:,} events of {PEOPLE:,} people wait" in said
            place = next(word for word in said.split() if word.startswith("registry."))
            shown = await asyncio.to_thread(command, directory, "quarantine", "show", place)
            assert "wrong" in shown
            why = ["--reason", "recorded by a list that nobody checked"]
            said = await asyncio.to_thread(command, directory, "quarantine", "skip", "--all", *why)
            assert "0 still wait" in said
            assert await waiting(stack) == 0
            said = await asyncio.to_thread(command, directory, "quarantine", "list")
            assert f"{PEOPLE:,} skipped" in said
            await establishes(stack, "AT-LAST")
            # Passed over for good: in what is made anew, too.
            await asyncio.to_thread(command, directory, "rebuild", "read-models")
            assert await waiting(stack) == 0
