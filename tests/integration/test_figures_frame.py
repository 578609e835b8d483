"""What the frame of figures says of days, units, groups and people, where a year of one programme
does not come to it.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
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
    MENTOR,
    MENTORSHIP,
    MENTORSHIP_MENTEE,
    MENTORSHIP_MENTOR,
    ORG_UNIT,
    ORG_UNIT_PARENT,
    PROJECTIONS,
    RIGHT_TO_MENTOR,
    SESSION,
    SESSION_ATTENDANCE,
    SUPPORT_REQUEST,
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


async def registered(models: Models, **more: Any) -> UUID:
    """Let somebody be posted in the north."""
    person = uuid4()
    names = {"given_names": "A", "family_name": "B", "cadre": "NURSE", "languages": []}
    where = {"org_unit_id": NORTH, "since": date(2020, 1, 1)}
    await models.insert(HEALTH_WORKER, id=person, **names, **where, **more, **STANDS)
    return person


async def right(models: Models, person: UUID, **more: Any) -> None:
    """Let somebody hold a right to mentor in area B of the tier below since 2021."""
    what = {"tier": "T", "tier_area": "B", "programme": "P", "area": "A", "because": []}
    held = {"org_unit_id": NORTH, "mentor_id": uuid4(), "status": "HELD"}
    since = {"earned_on": date(2021, 1, 1)}
    told = {**what, **held, **since, **more}
    await models.insert(RIGHT_TO_MENTOR, mentee_id=uuid4(), health_worker_id=person, **told)


async def mentors(models: Models, person: UUID, area: str = "B", **more: Any) -> UUID:
    """Let somebody be in a mentorship as a mentor of the tier, agreed in 2022."""
    mentor, mentorship, on = uuid4(), uuid4(), date(2022, 1, 1)
    record = {"programme_version_id": uuid4(), "programme": "T", "org_unit_id": NORTH}
    lists: dict[str, Any] = {"criteria": [], "skills": [], "languages": []}
    is_one = {"area": area, "status": "CERTIFIED", "nominated_by": "CASCADE", "nominated_on": on}
    whose = {"health_worker_id": person}
    await models.insert(MENTOR, id=mentor, **whose, **record, **is_one, **lists, **TOLD)
    stands = {"cohort_id": uuid4(), "proposed_on": on, "agreed_on": on, "status": "AGREED"}
    how = {"matched": False, "letters": False, "counts": True, "reasons": []}
    ended = {name: more.pop(name) for name in ("concluded_on",) if name in more}
    await models.insert(MENTORSHIP, id=mentorship, **record, **stands, **how, **ended, **TOLD)
    place = {"mentorship_id": mentorship, "mentor_id": mentor, "area": area, "joined_on": on}
    await models.insert(MENTORSHIP_MENTOR, **whose, **{**place, **more})
    return mentorship


async def rights(models: Models, as_of: str) -> tuple[int, int]:
    """Return who may mentor as of a day, and who of them does."""
    day = date.fromisoformat(as_of)
    reader = Reader(models, dict.fromkeys(Read, Scope((Part(None, None),), "all", TODAY)))
    of = replace(EVERYTHING, as_of=day, last=day, dated=True)
    told = (await figure(reader, DECLARED["right_to_mentor_figure"], of, 0)).total
    assert told.idle == told.holders - told.mentoring
    return told.holders, told.mentoring


async def test_a_right_is_made_use_of_in_a_mentorship_of_the_tier_and_area_it_opens(
    models: Models,
) -> None:
    away = date(2023, 1, 1)
    for area, more in (
        ("B", {}),
        ("A", {}),
        ("B", {"left_on": away}),
        ("B", {"concluded_on": away}),
        ("B", {"joined_on": away}),
    ):
        person = await registered(models)
        await right(models, person)
        await mentors(models, person, area, **more)
    await right(models, await registered(models), lost_on=away)
    assert await rights(models, "2020-12-31") == (0, 0)
    assert await rights(models, "2021-12-31") == (6, 0), "nothing is agreed yet"
    assert await rights(models, "2022-12-31") == (6, 3)
    assert await rights(models, "2023-01-01") == (5, 2)


async def test_a_right_of_one_name_is_made_use_of_under_another(models: Models) -> None:
    whole = await registered(models)
    double = await registered(models, merged_into_id=whole)
    await right(models, double)
    await right(models, whole, tier_area="C")
    assert await rights(models, "2022-12-31") == (1, 0)
    await mentors(models, whole)
    assert await rights(models, "2022-12-31") == (1, 1)


async def test_a_mentor_of_two_areas_was_at_a_session_once(models: Models) -> None:
    person, session, facts = await registered(models), uuid4(), uuid4()
    mentorship = await mentors(models, person, "A")
    also = {"mentor_id": uuid4(), "health_worker_id": person, "joined_on": date(2022, 1, 1)}
    await models.insert(MENTORSHIP_MENTOR, mentorship_id=mentorship, area="B", **also)
    held = {"programme": "T", "org_unit_id": NORTH, "status": "HELD", "mode": "PHONE"}
    when = {"day": date(2022, 2, 1), "held_on": date(2022, 2, 1), "corrected": False}
    of = {"mentorship_id": mentorship, "facts_id": facts}
    await models.insert(SESSION, id=session, **held, **when, **of, **TOLD)
    there = {"session_id": session, "side": "MENTOR", "present": True, "held_on": date(2022, 2, 1)}
    minutes = {"minutes": 60, "credited": 60, "health_worker_id": person}
    await models.insert(SESSION_ATTENDANCE, facts_id=facts, **there, **minutes)
    assert await rows(models, "mentor_figure", FigureBy.AREA) == {"A": 1, "B": 1}
    reader = Reader(models, dict.fromkeys(Read, Scope((Part(None, None),), "all", TODAY)))
    told = (await figure(reader, DECLARED["mentor_figure"], EVERYTHING, 0)).total
    assert (told.active, told.attended) == (1, 1)


async def test_what_was_answered_was_seen(models: Models) -> None:
    person = await registered(models)
    asks = {"mentorship_id": uuid4(), "health_worker_id": person, "programme": "P", "area": "A"}
    what = {"status": "ANSWERED", "private": False, "topic": "Fridge", "question": "Which?"}
    raised = {"org_unit_id": NORTH, "raised_at": datetime(2021, 3, 1, 12, tzinfo=UTC)}
    promised = {"acknowledge_hours": 1, "answer_hours": 3}
    for times in (
        {"answered_after": 7200},  # as it was told before answers said so themselves
        {"answered_after": 14400, "acknowledged_after": 1800},
        {},
    ):
        told = {**asks, **what, **raised, **promised, **times}
        await models.insert(SUPPORT_REQUEST, id=uuid4(), **told, **TOLD)
    reader = Reader(models, dict.fromkeys(Read, Scope((Part(None, None),), "all", TODAY)))
    total = (await figure(reader, DECLARED["support_figure"], EVERYTHING, 0)).total
    assert (total.requests, total.acknowledged, total.answered) == (3, 2, 2)
    assert (total.acknowledged_within, total.answered_within) == (1, 1)
    assert (total.acknowledge_median, total.answer_median) == (1.25, 3)
    assert await rows(models, "support_figure", FigureBy.MONTH) == {"2021-03": 3}
