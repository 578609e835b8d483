"""On the whole stack: somebody reads a name, and an auditor finds who; in an emergency, too."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from mshauri.stack.stack import OPERATOR, Stack
from services.gateway.graphql.ids import global_id
from shared.access.issuer import DevelopmentIssuer
from tests.support.servers import temporary_directory

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

NAME = "query Name($id: ID!) { healthWorker(id: $id) { familyName } }"
EVENTS = """query { accessEvents(first: 50, orderBy: AT) {
  nodes { actor purpose name asked fields brokenGlass healthWorker { number } }
} }"""


class Field:
    """A stack, and how it is asked."""

    def __init__(self, stack: Stack, client: httpx.AsyncClient) -> None:
        self.stack = stack
        self._client = client
        self._issuer = DevelopmentIssuer(stack.data_dir)

    async def ask(self, document: str, subject: str = OPERATOR, **variables: Any) -> Any:
        """Ask, for a purpose; return the data."""
        answer = await self._client.post(
            f"{self.stack.gateway_url}/graphql",
            json={"query": document, "variables": variables},
            headers={
                "Authorization": f"Bearer {self._issuer.mint(subject)}",
                "X-Mshauri-Purpose": "SUPERVISION",
            },
        )
        said = answer.json()
        assert not said.get("errors"), said
        return said["data"]

    async def send(self, command: str, kind: str, subject: str = OPERATOR, **input: Any) -> str:
        """Send a command that begins a record; return the record's id."""
        document = f"""mutation($input: {command[0].upper()}{command[1:]}Input!) {{
          {command}(input: $input) {{ positions userErrors {{ code message }} }} }}"""
        wish = {"commandId": str(uuid4()), "id": (id := global_id(kind, uuid4()))} | input
        answer = (await self.ask(document, subject, input=wish))[command]
        assert not answer["userErrors"], answer
        return id


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def field() -> AsyncIterator[Field]:
    with temporary_directory() as directory:
        async with Stack(directory) as stack, httpx.AsyncClient(timeout=30) as client:
            yield Field(stack, client)


async def until(field: Field, subject: str, found: Any) -> list[Any]:
    """Ask for access events until some are there."""
    async with asyncio.timeout(60):
        while True:
            nodes: list[Any] = (await field.ask(EVENTS, subject))["accessEvents"]["nodes"]
            if len(those := [node for node in nodes if found(node)]):
                return those
            await asyncio.sleep(0.3)


async def test_who_read_a_name_is_found_by_who_audits_there(field: Field) -> None:
    made = {"unitKind": "COUNTRY", "occurredOn": "2020-01-01"}
    country = await field.send("orgUnitEstablish", "OrgUnit", code="AA", name="A land", **made)
    made = {"unitKind": "FACILITY", "occurredOn": "2020-01-01", "parentId": country}
    here, there = [
        await field.send("orgUnitEstablish", "OrgUnit", code=code, name=code, **made)
        for code in ("HERE", "THERE")
    ]
    nurse = await field.send(
        "healthWorkerRegister", "HealthWorker", number="N1", givenNames="Given",
        familyName="Uwabaho", cadre="NURSE", orgUnitId=there, occurredOn="2020-01-01",
    )  # fmt: skip
    for subject, role, unit in (
        ("auditor", "AUDITOR", country),
        ("nearby", "COORDINATOR", there),
        ("elsewhere", "COORDINATOR", here),
    ):
        await field.send(
            "accessGrantGive", "AccessGrant", subjectName=subject, role=role, orgUnitId=unit,
            occurredOn="2020-01-01",
        )  # fmt: skip
    await seen(field, "nearby", nurse)

    told = await until(field, "auditor", lambda node: node["actor"] == "nearby")

    assert told[0]["healthWorker"] == {"number": "N1"}
    assert told[0]["purpose"] == "SUPERVISION"
    assert (told[0]["name"], told[0]["fields"]) == ("Name", ["HealthWorker.familyName"])

    # And in an emergency, by somebody who holds no grant there.
    assert (await field.ask(NAME, "elsewhere", id=nurse))["healthWorker"] is None
    glass = await field.send(
        "accessBreakGlass", "AccessGrant", "elsewhere", healthWorkerId=nurse, hours=1,
        reason="She collapsed at work.",
    )  # fmt: skip
    await seen(field, "elsewhere", nurse)

    told = await until(field, "auditor", lambda node: node["actor"] == "elsewhere")

    assert told[0]["brokenGlass"] == [glass]
    # To look at who looked is told, too.
    await until(field, "auditor", lambda node: node["actor"] == "auditor")


async def seen(field: Field, subject: str, nurse: str) -> None:
    """Read a name as soon as the grant for it is known."""
    async with asyncio.timeout(60):
        while True:
            found = (await field.ask(NAME, subject, id=nurse))["healthWorker"]
            if found and found["familyName"]:
                return
            await asyncio.sleep(0.2)
