"""How soon somebody is found among a country's people, by each way of looking for them.

    python -m tests.perf.bench_search [--people 50000] [--times 200]

50,000 invented people, whose names are as unevenly spread as real ones, in 12,000 facilities of 30
districts, folded and written by the product's own projections into a PostgreSQL; then GraphQL over
HTTP against a gateway in this process, by who may read the whole country and by who may read one
district. Each figure is of so many searches for people or places within the reader's own; the last
column says in how many of them the one that was meant stood on the first page of ten.
"""

import argparse
import asyncio
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import psutil

from services.gateway.graphql.ids import global_id
from services.gateway.projections.finding import FINDING
from services.gateway.projections.health_workers import HEALTH_WORKERS
from services.gateway.projections.org_units import ORG_UNITS
from shared.access.facts import ORG_UNIT_PLACE
from shared.contracts.base import Event
from shared.contracts.envelope import Meta
from shared.contracts.registry.health_worker import HealthWorkerRegistered, Identifier
from shared.contracts.registry.org_unit import OrgUnitEstablished, OrgUnitKind
from shared.domain.ids import derived_id
from shared.projection import Happening
from shared.projection.batch import Batch
from shared.projection.writer import write
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.servers import a_postgres

PROJECTIONS = (ORG_UNITS, HEALTH_WORKERS, FINDING)
DISTRICTS, SECTORS, FACILITIES = 30, 300, 12_000
SINCE = date(2015, 1, 1)
BAR_MS = 50.0

SEARCH = """query Search($text: String!) { search(text: $text, first: 10) { nodes {
  why matched found { id ... on HealthWorker { givenNames familyName number orgUnit { name } }
  ... on OrgUnit { name code } } } } }"""


def id_of(kind: str, number: int) -> UUID:
    """Return the id of the so-and-so-manieth of a kind."""
    return derived_id("bench", f"{kind} {number}")


class Names:
    """Invented names of syllables, some of them common and most rare, as names are."""

    def __init__(self, random: Random, kinds: int, syllables: tuple[int, int]) -> None:
        self._random = random
        onsets = [
            *"bdfghjkklmmnnprstvwwyz",
            *("ch", "mb", "mw", "nd", "ng", "nj", "ny", "sh", "th"),
        ]
        vowels = "aaaeeiioouu"
        words: dict[str, None] = {}
        while len(words) < kinds:
            length = random.randint(*syllables)
            word = "".join(random.choice(onsets) + random.choice(vowels) for _ in range(length))
            words[word.capitalize()] = None
        self._words = list(words)
        self._weights = [1 / (place + 12) for place in range(kinds)]

    def some(self, count: int) -> list[str]:
        """Return so many, the common ones more often."""
        return self._random.choices(self._words, self._weights, k=count)


class Land:
    """Who and what there is to be found."""

    def __init__(self, people: int) -> None:
        random = Random("search")
        # The first names stand for 2 % of people, as the commonest of a country do.
        given = Names(random, 700, (2, 3)).some(people)
        middle = Names(random, 700, (2, 3)).some(people)
        family = Names(random, 6_000, (2, 4)).some(people)
        self.people = [
            (first, f"{first} {second}" if number % 3 else first, last)
            for number, (first, second, last) in enumerate(zip(given, middle, family, strict=True))
        ]
        kinds = ("Dispensary", "Health Centre", "Medical Clinic", "Hospital")
        self.places = [
            f"{word} {random.choices(kinds, (60, 25, 12, 3))[0]}"
            for word in Names(random, 5_000, (2, 4)).some(FACILITIES)
        ]
        self.districts = list(dict.fromkeys(Names(random, 90, (3, 4)).some(4_000)))[:DISTRICTS]

    def at(self, person: int) -> int:
        """Return the facility where somebody works."""
        return person % FACILITIES

    def district(self, facility: int) -> int:
        """Return the district of a facility."""
        return facility % SECTORS % DISTRICTS

    def number(self, person: int) -> str:
        """Return somebody's number."""
        return f"HW-{100_000 + person}"

    def phone(self, person: int) -> str:
        """Return somebody's phone."""
        return f"+2547{10_000_000 + person * 13:08d}"

    def events(self) -> Iterator[tuple[UUID, Event]]:
        """Yield what happened, each with its stream."""
        country = id_of("country", 0)
        yield country, _unit("COUNTRY", "Land", OrgUnitKind.COUNTRY, None)
        for number, name in enumerate(self.districts):
            told = _unit(f"D{number}", f"{name} District", OrgUnitKind.DISTRICT, country)
            yield id_of("district", number), told
        for number in range(SECTORS):
            above = id_of("district", number % DISTRICTS)
            yield (
                id_of("sector", number),
                _unit(f"W{number}", f"Ward {number}", OrgUnitKind.WARD, above),
            )
        for number, name in enumerate(self.places):
            above = id_of("sector", number % SECTORS)
            yield (
                id_of("facility", number),
                _unit(str(10_000 + number), name, OrgUnitKind.FACILITY, above),
            )
        for number, (_, names, last) in enumerate(self.people):
            person = id_of("person", number)
            yield (
                person,
                HealthWorkerRegistered(
                    health_worker_id=person,
                    number=self.number(number),
                    given_names=names,
                    family_name=last,
                    phone=self.phone(number),
                    identifiers=(Identifier(system="NCK", value=f"RN{700_000 + number}"),),
                    cadre="NURSE",
                    org_unit_id=id_of("facility", self.at(number)),
                    since=SINCE,
                ),
            )


def _unit(code: str, name: str, kind: OrgUnitKind, parent: UUID | None) -> OrgUnitEstablished:
    return OrgUnitEstablished(code=code, name=name, unit_kind=kind, parent_id=parent, since=SINCE)


def happening(position: int, stream: UUID, event: Event) -> Happening:
    """Return an event as folds see it."""
    return Happening(
        service="registry",
        position=position,
        epoch=1,
        id=derived_id("bench event", str(position)),
        stream=stream,
        kind="any",
        version=1,
        recorded=datetime(2024, 1, 1, tzinfo=UTC),
        command_id=stream,
        meta=Meta(actor="bench", correlation_id=stream, causation_id=stream, occurred_on=SINCE),
        body=event,
    )


async def project(gateway: RunningGateway, land: Land) -> tuple[float, float]:
    """Fold and write everything; return the seconds it took, and the part for being found."""
    took = found = 0.0
    places: list[tuple[UUID, date, UUID | None]] = []
    events = enumerate(land.events(), 1)
    while part := list(islice(events, 2_000)):
        for projections in ((ORG_UNITS, HEALTH_WORKERS), (FINDING,)):
            began = time.perf_counter()
            batch = Batch()
            for position, (stream, event) in part:
                for projection in projections:
                    batch.add(projection.changes(happening(position, stream, event)))
            async with gateway.database.transaction():
                await write(gateway.database, batch.work())
            seconds = time.perf_counter() - began
            took += seconds
            found += seconds if projections == (FINDING,) else 0
        places += [
            (stream, SINCE, event.parent_id)
            for _, (stream, event) in part
            if isinstance(event, OrgUnitEstablished)
        ]
    await gateway.database.executemany(
        f'INSERT INTO "{ORG_UNIT_PLACE.physical}" (org_unit_id, since, parent_id, position)'
        " VALUES ($1, $2, $3, 1)",
        places,
    )
    await gateway.database.execute("VACUUM ANALYZE")
    return took, found


def typo(random: Random, word: str) -> str:
    """Return a word with one letter wrong, missing, too many, or two exchanged."""
    at = random.randrange(1, len(word))
    letter = random.choice("abcdefghijklmnopqrstuvwxyz")
    return random.choice(
        (
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        )
    )


Ask = Callable[[Random, Land, int], str]
"""From somebody, or some facility, to what is typed to find them."""

WAYS: dict[str, tuple[str, Ask]] = {
    "exact name": ("person", lambda _, land, n: " ".join(land.people[n][1:])),
    "misspelt": (
        "person",
        lambda random, land, n: f"{land.people[n][0]} {typo(random, land.people[n][2])}",
    ),
    "both misspelt": (
        "person",
        lambda random, land, n: " ".join(
            (typo(random, land.people[n][0]), typo(random, land.people[n][2]))
        ),
    ),
    "swapped": ("person", lambda _, land, n: f"{land.people[n][2]}, {land.people[n][0]}"),
    "initial + family": (
        "person",
        lambda _, land, n: f"{land.people[n][0][0]}. {land.people[n][2]}",
    ),
    "family alone": ("person", lambda _, land, n: land.people[n][2]),
    "given name alone": ("person", lambda _, land, n: land.people[n][0]),
    "name and facility": (
        "person",
        lambda _, land, n: f"{land.people[n][2]} {land.places[land.at(n)].split()[0]}",
    ),
    "number": ("person", lambda _, land, n: land.number(n).lower()),
    "phone with spaces": (
        "person",
        lambda _, land, n: _spaced(land.phone(n)),
    ),
    "licence": ("person", lambda _, __, n: f"rn {700_000 + n}"),
    "facility": ("facility", lambda _, land, n: land.places[n]),
    "facility misspelt": (
        "facility",
        lambda random, land, n: typo(random, land.places[n].split()[0]),
    ),
}


def _spaced(phone: str) -> str:
    """Return a phone as people write it: `0710 000 013`."""
    return f"0{phone[4:7]} {phone[7:10]} {phone[10:]}"


async def _asked(gateway: RunningGateway, subject: str, text: str) -> tuple[dict[str, Any], float]:
    """Return an answer and the milliseconds it took; too many at once wait as they are told to."""
    while True:
        began = time.perf_counter()
        answer = await gateway.send(SEARCH, subject, text=text)
        took = (time.perf_counter() - began) * 1000
        if not answer.get("errors"):
            return answer["data"]["search"], took
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED", answer
        await asyncio.sleep(error["extensions"]["params"]["wait"])


async def spent(gateway: RunningGateway) -> float:
    """Return the seconds of CPU that this process has taken, and the database for it: what a search
    costs, whatever else the machine has to do.
    """
    seconds = time.process_time()
    rows = await gateway.database.fetch(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    )
    for row in rows:
        with suppress(psutil.NoSuchProcess):  # of a server that runs elsewhere
            seconds += sum(psutil.Process(row["pid"]).cpu_times()[:2])
    return seconds


async def measure(
    gateway: RunningGateway, land: Land, reader: str, top: UUID, among: range, times: int
) -> float:
    """Print a table of a reader, and return the slowest median."""
    slowest = 0.0
    for way in WAYS:
        # Each way has a reader of its own, so that none waits for what another one spent.
        await gateway.grant(f"{reader}, {way}", "COORDINATOR", top)
    await gateway.told()
    for way, (kind, ask) in WAYS.items():
        random = Random(way)
        numbers = range(
            among.start, len(land.people) if kind == "person" else FACILITIES, among.step
        )
        taken: list[float] = []
        met = 0
        before = await spent(gateway)
        for number in random.sample(numbers, times):
            text = ask(random, land, number)
            answer, took = await _asked(gateway, f"{reader}, {way}", text)
            taken.append(took)
            meant = global_id(
                "HealthWorker" if kind == "person" else "OrgUnit", id_of(kind, number)
            )
            met += any(hit["found"]["id"] == meant for hit in answer["nodes"])
        cpu = (await spent(gateway) - before) * 1000 / times
        middle, slow = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        slowest = max(slowest, middle)
        print(
            f"{reader:10} {way:20} {middle:9.1f} {slow:9.1f} {max(taken):9.1f} {cpu:9.1f}"
            f" {met / times:8.0%}"
        )
    return slowest


async def sizes(database: Any) -> None:
    """Print how large the tables are by which is found."""
    for table in FINDING.tables:
        rows, heap, indexes = await database.fetchrow(
            f'SELECT (SELECT count(*) FROM "{table.physical}"),'
            " pg_size_pretty(pg_table_size($1::regclass)),"
            " pg_size_pretty(pg_indexes_size($1::regclass))",
            table.physical,
        )
        print(f"{table.name:16} {rows:>9,} rows {heap:>9} and {indexes} of indexes")


async def main(people: int, times: int) -> None:
    """Measure, and print tables and a last line for programs."""
    land = Land(people)
    async with a_postgres() as server:
        name = f"bench_{uuid4().hex}"
        url = await server.create_database(name)
        with TemporaryDirectory(prefix="mshauri-bench-") as directory:
            async with running_gateway(url, Path(directory)) as gateway:
                took, found = await project(gateway, land)
                print(
                    f"{people:,} people and {len(land.places):,} facilities folded and written in"
                    f" {took:.1f} s, {found:.1f} s of it to be found"
                )
                await sizes(gateway.database)
                print(
                    f"\n{'reader':10} {'way':20} {'median ms':>9} {'p95':>9} {'most':>9}"
                    f" {'of CPU':>9}    found"
                )
                country, district = id_of("country", 0), id_of("district", 3)
                whole = await measure(gateway, land, "country", country, range(0, people), times)
                there = range(3, people, DISTRICTS)
                part = await measure(gateway, land, "district", district, there, times)
        await server.drop_database(name)
    slowest = max(whole, part)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nslowest median {slowest:.1f} ms, the bar is {BAR_MS:.0f}; {peak} MB at most")
    print(f"search {slowest:.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=200)
    given = parser.parse_args()
    asyncio.run(main(given.people, given.times))
