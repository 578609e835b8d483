"""Somebody is erased on a real stack: their name is found in many of its bytes before, and in none
after; and every entry of every ledger still holds.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio

from mshauri.personal_data import personal_data
from mshauri.stack.stack import Stack
from services.gateway.graphql.ids import global_id
from shared.access.issuer import DevelopmentIssuer
from tests.support.stacks import command, operated
from tests.support.traces import records_of, spelled, traces_in

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(400),
    pytest.mark.slow,
]

PATIENCE_S = 60.0
GIVEN = (
    "Zanelethu Nokuthembela Quixabeira Thandolwethu Mbalienhle Xolelwanyana Ntombizodwana "
    "Sibongakonke Phumelelekile Lindokuhleni Siphokaziwe Nomvuyiseko Bukelwayo"
)
FAMILY, PHONE, NUMBER = "Vuyelwandzaba", "+254 722 987 651", "ZQ9081726354"
SOUGHT = spelled(
    [*(word.encode() for word in GIVEN.split()), FAMILY.encode(), b"722987651", NUMBER.encode()]
)
STANDS = """
query ($id: ID!, $after: [Position!]) {
  healthWorker(id: $id, after: $after) {
    givenNames phone cadre
    erasure { state askedBy decidedBy cleared parts { service } }
  }
}
"""


HELD = "query ($id: ID!) { healthWorker(id: $id) { personalData } }"


class Country:
    """A stack, and who speaks to it."""

    def __init__(self, stack: Stack, client: httpx.AsyncClient) -> None:
        self.stack, self.client = stack, client

    async def ask(self, query: str, as_: str | None = None, **variables: Any) -> Any:
        headers = {}
        if as_ is not None:
            token = DevelopmentIssuer(self.stack.data_dir).mint(as_)
            headers["Authorization"] = f"Bearer {token}"
        answer = await self.client.post(
            "/graphql", json={"query": query, "variables": variables}, headers=headers
        )
        return answer.json()

    async def send(self, name: str, as_: str | None = None, /, **fields: Any) -> dict[str, Any]:
        kind = name[0].upper() + name[1:]
        text = (
            f"mutation ($input: {kind}Input!) {{ {name}(input: $input) "
            "{ userErrors { code message } id positions } }"
        )
        wish = {"commandId": str(uuid4()), **fields}
        async with asyncio.timeout(PATIENCE_S):
            while (said := await self.ask(text, as_, input=wish)).get("errors"):
                assert said["errors"][0]["extensions"]["code"] == "UNAVAILABLE", said
                await asyncio.sleep(0.2)
        payload: dict[str, Any] = said["data"][name]
        assert payload["userErrors"] == [], payload
        return payload

    async def shown(self, worker: str, after: list[str]) -> dict[str, Any]:
        """Wait until the officer may read somebody: a grant takes a moment to be known."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                said = await self.ask(STANDS, "officer", id=worker, after=after)
                if said["data"]["healthWorker"]:
                    return dict(said["data"]["healthWorker"])
                await asyncio.sleep(0.2)

    async def cleared(self, worker: str) -> dict[str, Any]:
        """Wait until no row tells of somebody."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                said = (await self.ask(STANDS, "officer", id=worker))["data"]["healthWorker"]
                if said["erasure"] and said["erasure"]["cleared"]:
                    return dict(said)
                await asyncio.sleep(0.2)

    async def keys(self, subject: UUID) -> list[bytes]:
        """Return the wrapped keys of somebody, of each service."""
        found = []
        for service in ("registry", "sessions", "validation"):
            connection = await asyncpg.connect(self.stack.database_url(service))
            try:
                wrapped = await connection.fetchval(
                    "SELECT wrapped FROM subject_key WHERE subject = $1", subject
                )
                found += [wrapped] if wrapped else []
            finally:
                await connection.close()
        return found


@pytest_asyncio.fixture(loop_scope="module")
async def country() -> AsyncIterator[Country]:
    async with operated() as (stack, client):
        yield Country(stack, client)


async def test_of_who_was_erased_no_byte_tells_and_every_proof_holds(
    country: Country, tmp_path: Path
) -> None:
    unit = await country.send(
        "orgUnitEstablish",
        **{"code": "KE", "name": "Kenya", "unitKind": "COUNTRY", "occurredOn": "2018-01-01"},
    )
    for subject, role in (
        ("auditor", "AUDITOR"),
        ("clerk", "ADMINISTRATOR"),
        ("officer", "ADMINISTRATOR"),
    ):
        granted = await country.send(
            "accessGrantGive",
            subjectName=subject,
            role=role,
            orgUnitId=unit["id"],
            occurredOn="2018-01-01",
        )
    worker = await country.send(
        "healthWorkerRegister",
        **{"givenNames": GIVEN, "familyName": FAMILY, "phone": PHONE, "cadre": "Nurse"},
        identifiers=[{"system": "NID", "value": NUMBER}],
        orgUnitId=unit["id"],
        occurredOn="2018-01-01",
    )
    asked = await country.send(
        "healthWorkerRename",
        healthWorkerId=worker["id"],
        givenNames=GIVEN,
        familyName=FAMILY.upper(),
        reason=f"{FAMILY} asked for it.",
    )
    said = await country.shown(worker["id"], [*granted["positions"], *asked["positions"]])
    assert (said["givenNames"], said["erasure"]) == (GIVEN, None)
    held = await held_on(country, worker["id"], tmp_path / "held.json")
    [record] = held["now"]["records"]
    assert (record["given_names"], record["phone"]) == (GIVEN, PHONE.replace(" ", ""))
    assert [one["reason"] for one in held["events"] if one["topic"].endswith("renamed")] == [
        f"{FAMILY} asked for it."
    ]
    denied = await country.ask(HELD, "officer", id=worker["id"])
    assert denied["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    person = await who(country, worker["id"])
    keys = spelled_whole(await country.keys(person))
    # So that it is known of their values, and lies in files, not in memory alone.
    for process in ("registry", "projector"):
        await run(country, process, "ANALYZE", "CHECKPOINT")

    before = traces_in(country.stack.data_dir, SOUGHT)
    assert any("pg_wal" in file for file in before), before
    assert len(before) > 4, before
    assert traces_in(country.stack.data_dir, keys)

    await country.send(
        "healthWorkerRequestErasure",
        "clerk",
        healthWorkerId=worker["id"],
        basis="RIGHT_TO_ERASURE",
        reference="Act 24 of 2019, s. 40; file 7",
        reason=f"{FAMILY} asks for it.",
    )
    await country.send("healthWorkerErase", "officer", healthWorkerId=worker["id"])
    said = await country.cleared(worker["id"])
    assert (said["givenNames"], said["phone"], said["cadre"]) == (None, None, "Nurse")
    assert [part["service"] for part in said["erasure"]["parts"]] == [
        "registry",
        "sessions",
        "validation",
    ]
    assert traces_in(country.stack.data_dir, SOUGHT), "what was there is not gone by itself"

    told = await asyncio.to_thread(command, country.stack.data_dir, "scrub")
    assert "Backups" in told
    left = traces_in(country.stack.data_dir, SOUGHT)
    assert left == {}, await relations(country, left)
    assert traces_in(country.stack.data_dir, keys) == {}
    servers = country.stack.bootstrap_servers
    found = [SOUGHT.findall(record) for record in await asyncio.to_thread(all_of, servers)]
    assert found
    assert not any(found)
    for service in ("registry", "sessions", "validation"):
        holds = await asyncio.to_thread(verified, country.stack, service)
        assert "entries hold" in holds


async def held_on(country: Country, worker: str, file: Path) -> dict[str, Any]:
    """Return all that is held on somebody, as the auditor is told by the command line."""
    token = DevelopmentIssuer(country.stack.data_dir).mint("auditor")
    await asyncio.to_thread(personal_data, worker, token, file, country.stack.gateway_url)
    assert file.stat().st_mode & 0o777 == 0o600
    held: dict[str, Any] = json.loads(file.read_bytes())
    return held


def spelled_whole(words: list[bytes]) -> re.Pattern[bytes]:
    assert words
    return re.compile(b"|".join(map(re.escape, words)), re.DOTALL)


def all_of(servers: str) -> list[bytes]:
    return list(records_of(servers))


def verified(stack: Stack, service: str) -> str:
    return command(stack.data_dir, "verify", service)


async def who(country: Country, worker: str) -> UUID:
    connection = await asyncpg.connect(country.stack.database_url("registry"))
    try:
        person = await connection.fetchval("SELECT stream FROM ledger WHERE kind = 'health_worker'")
        assert global_id("HealthWorker", person) == worker
        return UUID(str(person))
    finally:
        await connection.close()


async def run(country: Country, process: str, *statements: str) -> None:
    connection = await asyncpg.connect(country.stack.database_url(process))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def relations(country: Country, files: Iterable[str]) -> dict[str, str]:
    """Return which relation each file is of, for whoever has to find out."""
    found = {}
    for file in files:
        *_, database, node = file.split("/")
        for process in ("registry", "sessions", "validation", "projector"):
            connection = await asyncpg.connect(country.stack.database_url(process))
            try:
                row = await connection.fetchrow(
                    "SELECT oid::text, pg_filenode_relation(0, $1::oid)::text AS relation "
                    "FROM pg_database WHERE datname = current_database()",
                    int(node.partition(".")[0]),
                )
            finally:
                await connection.close()
            if row["oid"] == database:
                found[file] = str(row["relation"])
    return found
