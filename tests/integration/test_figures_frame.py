"""What the frame of figures says of days, units, groups and people, where a year of one programme
does not come to it.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

import services.gateway.graphql.schema
from services.gateway.figures.frame.answer import figure
from services.gateway.figures.frame.asked import Asked, FigureBy
from services.gateway.figures.frame.declared import DECLARED
from services.gateway.projections import (
    CONTACT,
    GROUP,
    GROUP_MEMBER,
    HEALTH_WORKER,
    MENTEE,
    MENTORSHIP_MENTEE,
    ORG_UNIT,
    ORG_UNIT_PARENT,
    PROJECTIONS,
    VALIDATION_FACT,
)
from services.gateway.read.loader import Reader
from services.gateway.read.scope import Part, Scope
from shared.access.grants import Read
from shared.projection.schema import ensure
from tests.support.house import House
from tests.support.models import Models
from tests.support.servers import PostgresServer

assert services.gateway.graphql.schema, "it declares every figure"

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = date(2026, 3, 1)
EVERYTHING = Asked(
    programme=None,
    since=None,
    last=None,
    as_of=TODAY,
    dated=False,
    year_starts=(1, 1),
    as_is=False,
    today=TODAY,
)
TOLD = {"record_version": 1, "position": 1}
COUNTRY, OLD, NORTH, SOUTH = uuid4(), uuid4(), uuid4(), uuid4()
STANDS = {**TOLD, "employment": "ACTIVE"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def connection(postgres: PostgresServer) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """Empty read models."""
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(await postgres.create_database(name))
    await ensure(connection, PROJECTIONS)
    yield connection
    await connection.close()
    await postgres.drop_database(name)


@pytest_asyncio.fixture(loop_scope="module")
async def models(connection: "asyncpg.Connection[Any]") -> Models:
    """Read models of a country whose one district was split up into two in 2022."""
    models = await Models(connection).hold(await House.built())
    await _unit(models, COUNTRY, "C", "COUNTRY", None)
    ended = {"state": "SPLIT", "ended_on": date(2022, 1, 1), "successors": [NORTH, SOUTH]}
    await _unit(models, OLD, "OLD", "DISTRICT", COUNTRY, **ended)
    for id, code in ((NORTH, "N"), (SOUTH, "S")):
        await _unit(models, id, code, "DISTRICT", COUNTRY)
    return models


async def _unit(
    models: Models, id: UUID, code: str, kind: str, parent: UUID | None, **more: Any
) -> None:
    values = {"id": id, "code": code, "name": code, "name_folded": code, "unit_kind": kind}
    values |= {"since": date(2020, 1, 1), "state": "ACTIVE", "predecessors": [], "successors": []}
    await models.insert(ORG_UNIT, **{**values, "parent_id": parent, **TOLD, **more})
    place = {"org_unit_id": id, "since": date(2020, 1, 1), "parent_id": parent}
    await models.insert(ORG_UNIT_PARENT, **place)


async def met(models: Models, unit: UUID, *days: str, **whom: UUID) -> None:
    """Let there be a contact at a unit on each of these days."""
    for day in days:
        told = {"programme": "P", "mode": "PHONE", "reached_by": "MENTOR", "recorded_by": "she"}
        people = {"mentorship_id": uuid4(), "mentee": uuid4(), "mentor": uuid4()} | whom
        on = {"made_on": date.fromisoformat(day), "org_unit_id": unit, "voided": False}
        await models.insert(CONTACT, id=uuid4(), **told, **people, **on, **TOLD)


async def rows(models: Models, name: str, *by: FigureBy, **more: Any) -> dict[Any, Any]:
    """Return the first value of each row, by its keys, of all that is recorded."""
    reader = Reader(models, dict.fromkeys(Read, Scope((Part(None, None),), "all", TODAY)))
    declared = DECLARED[name]
    of = replace(EVERYTHING, by=by, **more)
    answer = await figure(reader, declared, of, 0)
    first = next(iter(declared.values))
    keys = [tuple(key.key for key in row.keys) for row in answer.rows]
    keyed = [key[0] if len(key) == 1 else key for key in keys]
    counts = [getattr(row.values, first) for row in answer.rows]
    return dict(zip(keyed, counts, strict=True))


@pytest.mark.parametrize(
    ("starts", "years", "quarters"),
    [
        (
            (1, 1),
            {"2020": 2, "2021": 3},
            {"2020-Q3": 1, "2020-Q4": 1, "2021-Q1": 2, "2021-Q2": 1},
        ),
        ((7, 1), {"2021": 5}, {"2021-Q1": 1, "2021-Q2": 1, "2021-Q3": 2, "2021-Q4": 1}),
        (
            (10, 1),
            {"2020": 1, "2021": 4},
            {"2020-Q4": 1, "2021-Q1": 1, "2021-Q2": 2, "2021-Q3": 1},
        ),
        (
            (2, 15),
            {"2021": 3, "2022": 2},
            {"2021-Q3": 2, "2021-Q4": 1, "2022-Q1": 2},
        ),
    ],
)
async def test_a_year_begins_on_whatever_day_it_begins(
    models: Models, starts: tuple[int, int], years: Any, quarters: Any
) -> None:
    days = ("2020-09-30", "2020-10-01", "2021-02-14", "2021-02-15", "2021-04-01")
    await met(models, NORTH, *days)
    asked = {"year_starts": starts}
    assert await rows(models, "encounter_figure", FigureBy.FISCAL_YEAR, **asked) == years
    assert await rows(models, "encounter_figure", FigureBy.QUARTER, **asked) == quarters


async def test_somebody_is_as_old_as_they_are_in_the_year_of_the_day(models: Models) -> None:
    person = uuid4()
    names = {"given_names": "A", "family_name": "B", "cadre": "NURSE", "languages": []}
    where = {"org_unit_id": NORTH, "since": date(2020, 1, 1)}
    told = {"birth_year": 1996, "sex": "FEMALE"}
    await models.insert(HEALTH_WORKER, id=person, **names, **where, **told, **STANDS)
    for on in (date(2020, 12, 31), date(2021, 1, 1), date(2031, 1, 1)):
        what = {"programme": "P", "area": "A", "org_unit_id": NORTH, "since": on}
        await models.insert(MENTEE, id=uuid4(), health_worker_id=person, status="ENROLLED", **what)
    bands = await rows(models, "validation_figure", FigureBy.AGE_BAND)
    assert bands == {"<25": 1, "25-34": 1, "35-44": 1}
    once = await rows(models, "reach_figure", FigureBy.AGE_BAND, last=date(2021, 6, 1))
    assert list(once) == ["25-34"], "who is counted once is as old as at the end of it"


async def test_what_a_member_was_split_up_into_stands_in_the_group_in_its_place(
    models: Models,
) -> None:
    group = uuid4()
    named = {"code": "G", "name": "G", "name_folded": "g", "group_kind": "CLUSTER"}
    await models.insert(GROUP, id=group, since=date(2020, 1, 1), **named, **TOLD)
    member = {"member_id": OLD, "org_unit_id": OLD, "since": date(2020, 1, 1)}
    await models.insert(GROUP_MEMBER, group_id=group, **member)
    await met(models, OLD, "2021-05-01")
    await met(models, NORTH, "2021-12-31", "2022-01-01", "2023-01-01")
    assert await rows(models, "encounter_figure", FigureBy.GROUP) == {"G": 3, None: 1}
    by_day = await rows(models, "encounter_figure", FigureBy.MONTH, group=group)
    assert by_day == {"2021-05": 1, "2022-01": 1, "2023-01": 1}
    as_is = await rows(models, "encounter_figure", FigureBy.GROUP, as_is=True)
    assert as_is == {"G": 4}, "as it is today, the north is in it whenever that was"


async def test_who_is_in_contact_is_reached_in_what_they_had_enrolled_for_by_then(
    models: Models,
) -> None:
    person, mentorship = uuid4(), uuid4()
    names = {"given_names": "A", "family_name": "B", "cadre": "NURSE", "languages": []}
    where = {"org_unit_id": NORTH, "since": date(2020, 1, 1)}
    await models.insert(HEALTH_WORKER, id=person, **names, **where, **STANDS)
    for area, since in (("A", date(2021, 1, 1)), ("B", date(2021, 6, 1))):
        enrolment = uuid4()
        what = {"programme": "P", "area": area, "org_unit_id": NORTH, "since": since}
        await models.insert(
            MENTEE, id=enrolment, health_worker_id=person, status="ENROLLED", **what
        )
        care = {"mentorship_id": mentorship, "mentee_id": enrolment, "joined_on": since}
        await models.insert(MENTORSHIP_MENTEE, health_worker_id=person, area=area, **care)
    await met(models, NORTH, "2021-03-01", mentee=person, mentorship_id=mentorship)
    assert await rows(models, "reach_figure", FigureBy.AREA) == {"A": 1, "B": 0}
    await met(models, NORTH, "2021-06-01", mentee=person, mentorship_id=mentorship)
    assert await rows(models, "reach_figure", FigureBy.AREA) == {"A": 1, "B": 1}


async def test_a_validation_holds_up_to_the_day_of_its_end_and_not_where_it_never_was(
    models: Models,
) -> None:
    ended, never = uuid4(), uuid4()
    for mentee in (ended, never):
        what = {"programme": "P", "area": "A", "org_unit_id": NORTH, "since": date(2021, 1, 1)}
        whom = {"health_worker_id": uuid4(), "status": "ENROLLED", "competencies": 2}
        await models.insert(MENTEE, id=mentee, **what, **whom)
    facts = (
        (ended, 1, date(2021, 2, 1), True, None),
        (ended, 2, date(2021, 3, 1), False, None),
        (never, 1, date(2021, 2, 1), True, None),
        (never, 2, date(2021, 3, 1), False, True),
    )
    for mentee, version, on, counts, afresh in facts:
        key = {"mentee_id": mentee, "competency": "HBB", "record_version": version}
        await models.insert(VALIDATION_FACT, **key, day=on, counts=counts, afresh=afresh)
    for as_of, validated in (
        (date(2021, 1, 31), 0),
        (date(2021, 2, 1), 1),
        (date(2021, 2, 28), 1),
        (date(2021, 3, 1), 0),
    ):
        reader = Reader(models, dict.fromkeys(Read, Scope((Part(None, None),), "all", TODAY)))
        of = replace(EVERYTHING, as_of=as_of, last=as_of, dated=True)
        answer = await figure(reader, DECLARED["validation_figure"], of, 0)
        assert (answer.total.mentees, answer.total.validated) == (2, validated), as_of
