"""A country to read: 43,000 mentees and 430,000 competency records, as the projections make them.

12,331 units (a country, 30 districts, 300 wards, 12,000 facilities), 43,000 people, each enrolled
once; events of ten assessments each, folded and written by the product's own projections and their
writer. What happened is invented, and the same every time. The trail of all events is left out: it
holds nothing of what is asked here, and is as large as all the rest.

A database is kept by the tables that the projections declare: another checkout makes its own beside
it. The names that are imported here, builds of long ago have too.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg

from mshauri.stack.postgres import EmbeddedPostgres
from services.gateway.projections import PROJECTIONS, TABLES
from shared.access.facts import ORG_UNIT_PLACE
from shared.contracts.base import Event
from shared.contracts.envelope import Meta
from shared.contracts.registry.cohort import CohortOpened
from shared.contracts.registry.enrolment import MenteeEnrolled
from shared.contracts.registry.health_worker import HealthWorkerRegistered
from shared.contracts.registry.org_unit import OrgUnitEstablished, OrgUnitKind
from shared.contracts.validation.competency_record import (
    AssessmentRecorded,
    BaselineAssessed,
    CompetencyRecordOpened,
    CompetencyValidated,
    ItemScore,
)
from shared.domain.ids import derived_id
from shared.projection import Happening, Projection
from shared.projection.batch import Batch
from shared.projection.writer import write
from tests.support.gateway import running_gateway

DISTRICTS, WARDS, FACILITIES = 30, 300, 12_000
MENTEES, COMPETENCIES = 43_000, 10
READERS = 64
"""Who may read the whole country: each has a budget of its own, as partners' users have."""

PROGRAMME = "NURSES"
AREAS = ("NEWBORN", "MATERNITY", "HIV", "TB", "MALARIA", "SURGERY")
_FIRST = date(2020, 1, 1)
_SINCE = date(2015, 1, 1)
_ITEMS = tuple(ItemScore(item=f"I{number}", points=number) for number in range(3))
_LEFT_OUT = {"audit", "audit_trail", "audit_findings"}
_BATCH = 12_000
"""Events that are written at once."""


def id_of(kind: str, number: int = 0) -> UUID:
    """Return the id of the so-and-so-manieth of a kind."""
    return derived_id("reads", f"{kind} {number}")


def reader(number: int) -> str:
    """Return the subject of somebody who may read the whole country."""
    return f"reader {number}"


def _unit(code: str, kind: str, parent: UUID | None) -> OrgUnitEstablished:
    return OrgUnitEstablished(
        code=code,
        name=f"{kind.title()} {code}",
        unit_kind=OrgUnitKind(kind),
        parent_id=parent,
        since=_SINCE,
    )


def units() -> Iterator[tuple[UUID, OrgUnitEstablished]]:
    """Yield the units from the top down."""
    yield id_of("country"), _unit("L", "COUNTRY", None)
    for number in range(DISTRICTS):
        yield id_of("district", number), _unit(f"D{number}", "DISTRICT", id_of("country"))
    for number in range(WARDS):
        above = id_of("district", number % DISTRICTS)
        yield id_of("ward", number), _unit(f"W{number}", "WARD", above)
    for number in range(FACILITIES):
        above = id_of("ward", number % WARDS)
        yield id_of("facility", number), _unit(f"{10_000 + number}", "FACILITY", above)


def _mentee(number: int) -> Iterator[tuple[UUID, Event]]:
    """Yield what happened to one mentee, from the day they were registered on."""
    person, mentee = id_of("person", number), id_of("mentee", number)
    facility, area = id_of("facility", number % FACILITIES), AREAS[number % len(AREAS)]
    since = _FIRST + timedelta(days=number * 7 % 1_400)
    yield (
        person,
        HealthWorkerRegistered(
            health_worker_id=person,
            number=f"HW-{100_000 + number}",
            given_names=f"Given{number % 700}",
            family_name=f"Family{number % 6_000}",
            cadre="NURSE",
            org_unit_id=facility,
            since=_SINCE,
        ),
    )
    yield (
        mentee,
        MenteeEnrolled(
            health_worker_id=person,
            cohort_id=id_of("cohort"),
            programme_version_id=id_of("version"),
            programme=PROGRAMME,
            area=area,
            technical_area=area,
            org_unit_id=facility,
            since=since,
            fiscal_year=since.year + (since.month >= 7),
        ),
    )
    about: dict[str, Any] = {
        "health_worker_id": person,
        "enrolment_id": mentee,
        "programme_version_id": id_of("version"),
        "programme": PROGRAMME,
        "area": area,
        "org_unit_id": facility,
    }
    record = id_of("record", number)
    framework: dict[str, Any] = {"framework": "CORE", "framework_version": 1}
    yield record, CompetencyRecordOpened(**about, **framework, competencies=COMPETENCIES)
    assessor = id_of("person", (number * 31 + 7) % MENTEES)
    yield (
        record,
        BaselineAssessed(
            **about, assessor_id=assessor, assessed_on=since, raw=number % 60, max=100
        ),
    )
    validated = 0
    for place in range(COMPETENCIES):
        assessed_on = since + timedelta(days=30 + 20 * place)
        raw = 40 + (number * 13 + place * 29) % 60
        competency, reached = f"C{place + 1:02}", raw >= 70
        yield (
            record,
            AssessmentRecorded(
                **about,
                **framework,
                competency=competency,
                competency_name=f"Competency {place + 1} of the core framework",
                assessor_id=assessor,
                assessed_on=assessed_on,
                attempt=1,
                items=_ITEMS,
                raw=raw,
                max=100,
                technique=raw % 2 == 0,
                reached=reached,
            ),
        )
        if reached:
            validated += 1
            yield (
                record,
                CompetencyValidated(
                    **about,
                    competency=competency,
                    attempt=1,
                    validated_on=assessed_on,
                    validated=validated,
                    competencies=COMPETENCIES,
                ),
            )


def events(mentees: int) -> Iterator[tuple[UUID, Event]]:
    """Yield all that happened, each with its stream."""
    yield from units()
    yield (
        id_of("cohort"),
        CohortOpened(
            programme_version_id=id_of("version"),
            programme=PROGRAMME,
            code="COHORT",
            name="Cohort",
            org_unit_id=id_of("country"),
            starts=_FIRST,
            ends=date(2030, 12, 31),
        ),
    )
    for number in range(mentees):
        yield from _mentee(number)


def _folds(kept: list[Projection], happening: Happening, batch: Batch) -> None:
    for projection in kept:
        batch.add(projection.changes(happening))


async def fill(database: Any, mentees: int) -> float:
    """Fold and write all of it; return the seconds it took."""
    began = perf_counter()
    projections = [one for one in PROJECTIONS if one.name not in _LEFT_OUT]
    hearing: dict[type[Event], list[Projection]] = {}
    versions: dict[UUID, int] = {}
    recorded = datetime(2024, 1, 1, tzinfo=UTC)
    nobody = id_of("nobody")
    meta = Meta(actor="bench", occurred_on=_FIRST, correlation_id=nobody, causation_id=nobody)
    told = enumerate(events(mentees), 1)
    while part := list(islice(told, _BATCH)):
        batch = Batch()
        for position, (stream, event) in part:
            kind = type(event)
            if kind not in hearing:
                hearing[kind] = [one for one in projections if one._folds.get(kind)]
            versions[stream] = version = versions.get(stream, 0) + 1
            happening = Happening(
                service="bench",
                position=position,
                epoch=1,
                id=UUID(int=position),
                stream=stream,
                kind="any",
                version=version,
                recorded=recorded,
                command_id=nobody,
                meta=meta,
                body=event,
            )
            _folds(hearing[kind], happening, batch)
        async with database.transaction():
            await write(database, batch.work())
    return perf_counter() - began


async def _places(database: Any) -> None:
    """Write which unit lies under which, as whoever decides who may read what has it."""
    await database.executemany(
        f'INSERT INTO "{ORG_UNIT_PLACE.physical}" (org_unit_id, since, parent_id, position)'
        " VALUES ($1, $2, $3, 1)",
        [(unit, _SINCE, event.parent_id) for unit, event in units()],
    )


class Country:
    """The database, on a PostgreSQL of its own in a directory that may be kept."""

    def __init__(self, directory: Path, mentees: int = MENTEES) -> None:
        """Say where it is, or shall be."""
        tables = "\n".join(sorted(table.physical for table in TABLES.values()))
        built = hashlib.sha256(f"{mentees}\n{tables}".encode()).hexdigest()[:12]
        self.name = f"reads_{built}"
        self.directory = directory
        self.mentees = mentees
        # What a crash of the machine would cost is another two minutes.
        self.server = EmbeddedPostgres(
            directory / "postgres",
            settings={"fsync": "off", "shared_buffers": "512MB", "max_wal_size": "4GB"},
        )

    @property
    def url(self) -> str:
        """The address of its database."""
        return self.server.url(self.name)

    @property
    def access_url(self) -> str:
        """The address of the database for the ledger of who looked."""
        return self.server.url(f"{self.name}_access")

    async def open(self) -> None:
        """Start its server, and make it where it is not there yet."""
        await self.server.start()
        marked = self.directory / f"{self.name}.made"
        if marked.exists():
            return
        # What an earlier attempt left of it is not it.
        connection = await asyncpg.connect(self.server.url())
        for name in (self.name, f"{self.name}_access"):
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.close()
        await self.server.create_database(self.name)
        await self.server.create_database(f"{self.name}_access")
        async with running_gateway(self.url, self.directory) as gateway:
            seconds = await fill(gateway.database, self.mentees)
            print(f"{self.mentees:,} mentees folded and written in {seconds:.0f} s", flush=True)
            await _places(gateway.database)
            for number in range(READERS):
                await gateway.grant(reader(number), "COORDINATOR", id_of("country"))
            await gateway.grant("district reader", "COORDINATOR", id_of("district", 3))
            await gateway.database.execute("VACUUM ANALYZE")
            # Where whoever knows nothing of builds finds the tables: floor, peers and pgbench.
            schema = await gateway.database.fetchval("SELECT current_schema()")
            await gateway.database.execute(
                f'ALTER DATABASE "{self.name}" SET search_path = "{schema}", public'
            )
        marked.touch()

    async def close(self) -> None:
        """Stop its server; what is in it stays."""
        await self.server.stop()


async def main(directory: Path) -> None:
    """Make it, and leave its server stopped."""
    country = Country(directory)
    await country.open()
    print(country.url)
    await country.close()


if __name__ == "__main__":
    import sys

    asyncio.run(main(Path(sys.argv[1])))
