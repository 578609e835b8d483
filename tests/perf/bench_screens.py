"""How long the screens of a coordinator's and a mentor's app take, on the demonstration's data.

    python -m tests.perf.bench_screens [--only overdue …] [--data DIR]

The demonstration is played once, which takes some minutes, and kept in DIR, if one is given; then
its stack is started again and asked, by one client over one connection, as coordinators of the
country and of a district of it. A screen's time is that of all of its requests, each until its last
byte is here; its KB are what came. `make bench-screens AGAINST=../other-checkout` plays that one's
own demonstration and asks it the same; a screen that it does not know is left out.
"""

import argparse
import asyncio
import hashlib
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import msgspec

from mshauri.api import Api, Wish, global_id
from mshauri.stack.stack import OPERATOR, Stack
from services.gateway.projections import TABLES
from shared.access.issuer import DevelopmentIssuer
from tests.perf.reads.screens import SCREENS, TIER, Place, Screen

READERS = 6
"""Of each place, who take turns: one alone would have to wait for what may be asked a second."""

_UNIT = """
SELECT org_unit_id FROM "{mentorship}" WHERE programme = $1
 GROUP BY org_unit_id ORDER BY count(*) DESC, org_unit_id LIMIT 1"""
_MENTORSHIP = """
SELECT m.id, m.org_unit_id FROM "{mentorship}" m JOIN "{session}" s ON s.mentorship_id = m.id
 GROUP BY m.id ORDER BY count(*) DESC, m.id LIMIT 1"""
_MENTEE = """
SELECT m.id, m.org_unit_id, w.id AS person, w.given_names || ' ' || w.family_name AS name
  FROM "{mentee}" m JOIN "{assessment}" a ON a.mentee_id = m.id
  JOIN "{health_worker}" w ON w.id = m.health_worker_id
 GROUP BY m.id, w.id ORDER BY count(*) DESC, m.id LIMIT 1"""
_NAME = """
SELECT w.given_names || ' ' || w.family_name FROM "{health_worker}" w
 WHERE w.org_unit_id = $1 ORDER BY w.id LIMIT 1"""
_ABOVE = """
WITH RECURSIVE up AS (
    SELECT $1::uuid AS id
     UNION
    SELECT p.parent_id FROM up JOIN "{org_unit_parent}" p ON p.org_unit_id = up.id)
SELECT u.unit_kind, u.id FROM up JOIN "{org_unit}" u ON u.id = up.id"""


class NotKnown(Exception):
    """The schema has not what a screen asks for."""


class Client:
    """One connection; counts what it asks for and what comes."""

    def __init__(self, url: str, tokens: Sequence[str]) -> None:
        self._client = httpx.AsyncClient(timeout=60.0, trust_env=False)
        self._url = f"{url}/graphql"
        self._tokens = tokens
        self._turn = 0
        self.requests = self.bytes = 0
        self.seconds = 0.0

    def next(self) -> None:
        """Begin a screen anew, as the next reader."""
        self._turn += 1
        self.requests = self.bytes = 0
        self.seconds = 0.0

    async def ask(self, document: str, **variables: Any) -> Any:
        """Return the data of an answer; the seconds count until its last byte has come.

        Raises:
            NotKnown: it is not valid here.
        """
        while True:
            token = self._tokens[self._turn % len(self._tokens)]
            body = msgspec.json.encode({"query": document, "variables": variables})
            began = perf_counter()
            response = await self._client.post(
                self._url,
                content=body,
                headers={
                    "authorization": f"Bearer {token}",
                    "content-type": "application/json",
                    "accept-encoding": "identity",
                },
            )
            took = perf_counter() - began
            answer = msgspec.json.decode(response.content)
            if not answer.get("errors"):
                self.requests += 1
                self.bytes += len(response.content)
                self.seconds += took
                return answer["data"]
            first = answer["errors"][0]
            wait = first.get("extensions", {}).get("params", {}).get("wait")
            if wait is None:
                raise NotKnown(first["message"])
            await asyncio.sleep(wait)

    async def close(self) -> None:
        """Disconnect."""
        await self._client.aclose()


def played(data: Path) -> Path:
    """Return the directory of this build's demonstration, after playing it if it was not."""
    tables = "\n".join(sorted(table.physical for table in TABLES.values()))
    directory = data / f"demonstration-{hashlib.sha256(tables.encode()).hexdigest()[:12]}"
    if not (directory / "played").exists():
        print("playing the demonstration, which takes some minutes", flush=True)
        demo = [sys.executable, "-m", "mshauri", "demo", "--data-dir", str(directory)]
        subprocess.run(demo, check=True, stdout=subprocess.DEVNULL)
        (directory / "played").touch()
    return directory


async def places(stack: Stack) -> tuple[dict[str, str], dict[str, str]]:
    """Return the units that readers read, and what else screens are about."""
    connection = await asyncpg.connect(stack.database_url("gateway"))
    named = {name: table.physical for name, table in TABLES.items()}

    async def above(unit: UUID) -> dict[str, str]:
        rows = await connection.fetch(_ABOVE.format(**named), unit)
        return {row["unit_kind"]: global_id("OrgUnit", row["id"]) for row in rows}

    try:
        schema = await connection.fetchval(
            "SELECT relnamespace::regnamespace::text FROM pg_class WHERE relname = $1"
            " ORDER BY oid DESC LIMIT 1",
            TABLES["mentee"].physical,
        )
        await connection.execute("SELECT set_config('search_path', $1, false)", schema)
        unit = await connection.fetchval(_UNIT.format(**named), TIER)
        mentorship = await connection.fetchrow(_MENTORSHIP.format(**named))
        mentee = await connection.fetchrow(_MENTEE.format(**named))
        tier = await above(unit)
        units = {
            "country": tier["COUNTRY"],
            "district": tier["DISTRICT"],
            "mentorship": (await above(mentorship["org_unit_id"]))["COUNTRY"],
            "mentee": (await above(mentee["org_unit_id"]))["COUNTRY"],
        }
        return units, {
            "mentorship": global_id("Mentorship", mentorship["id"]),
            "mentee": global_id("Mentee", mentee["id"]),
            "mentee_person": global_id("HealthWorker", mentee["person"]),
            "name": await connection.fetchval(_NAME.format(**named), unit),
        }
    finally:
        await connection.close()


async def readers(stack: Stack, units: dict[str, str]) -> dict[str, list[str]]:
    """Make coordinators of each unit; return their tokens."""
    issuer = DevelopmentIssuer(stack.data_dir)
    tokens: dict[str, list[str]] = {}
    async with Api(stack.gateway_url, issuer.mint(OPERATOR)) as api:
        for kind, unit in units.items():
            subjects = [f"screens of {kind} {uuid4()}" for _ in range(READERS)]
            given = [
                {
                    "commandId": str(uuid4()),
                    "subjectName": subject,
                    "role": "COORDINATOR",
                    "orgUnitId": unit,
                }
                for subject in subjects
            ]
            for answer in await api.send([Wish("accessGrantGive", one) for one in given]):
                assert answer.recorded, answer
            tokens[kind] = [issuer.mint(subject) for subject in subjects]
    await asyncio.sleep(2.0)  # until every process has heard of them
    return tokens


async def times(client: Client, screen: Screen, place: Place) -> tuple[list[float], int, float]:
    """Return the milliseconds each time took, how many requests one makes, and its KB."""
    taken = []
    for number in range(screen.times + 1):
        client.next()
        await screen.load(client.ask, place)
        if number:  # the first time, everything is cold
            taken.append(client.seconds * 1000)
    return taken, client.requests, client.bytes / 1000


async def main(data: Path, only: Sequence[str]) -> None:
    """Measure and print."""
    lines = []
    async with Stack(await asyncio.to_thread(played, data)) as stack:
        units, about = await places(stack)
        tokens = await readers(stack, units)
        print(f"{'':32}{'requests':>9}{'median ms':>11}{'p95':>9}{'KB':>9}{'asked for':>11}")
        for screen in SCREENS:
            if only and not any(part in screen.name for part in only):
                continue
            client = Client(stack.gateway_url, tokens[screen.reader])
            try:
                known = await client.ask('{ __type(name: "Query") { fields { name } } }')
                has = frozenset(field["name"] for field in known["__type"]["fields"])
                place = Place(unit=units[screen.reader], has=has, **about)
                taken, requests, size = await times(client, screen, place)
            except NotKnown as problem:
                print(f"{screen.name:32}  {problem}")
                continue
            finally:
                await client.close()
            middle = statistics.median(taken)
            slow = sorted(taken)[max(0, round(0.95 * len(taken)) - 1)]
            asked = "" if screen.bar is None else f"{screen.bar:,.0f}"
            print(
                f"{screen.name:32}{requests:9}{middle:11,.1f}{slow:9,.1f}{size:9,.1f}{asked:>11}",
                flush=True,
            )
            name = re.sub("[^a-z]+", "-", screen.name.lower())
            lines.append(f"{name} {middle:.2f} {slow:.2f}")
    print("\n" + "\n".join(lines))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", nargs="+", default=())
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mshauri-bench-") as temporary:
        asyncio.run(main(given.data or Path(temporary), given.only))
