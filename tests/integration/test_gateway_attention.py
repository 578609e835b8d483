"""Whom nobody heard of, what lapses, who could do more, and who had access: over the story."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.gateway.projections import (
    COMPETENCY_PROGRESS,
    EMPLOYMENT,
    HEALTH_WORKER,
    MENTOR,
    PROGRAMME_VERSION,
    TABLES,
)
from services.gateway.projections import MENTEE as MENTEES
from services.gateway.projector import KEPT
from shared.access.facts import ACCESS as RIGHTS_TO_READ
from tests.support.gateway import OPERATOR, RunningGateway, running_gateway
from tests.support.rows import Rows
from tests.support.servers import PostgresServer
from tests.support.story import happenings
from tests.support.story_validation import NUMBER
from tests.support.telling import CENTRE, ENROLMENT, HOSPITAL, HUYE, MENTEE, RWANDA, SOUTH

pytestmark = pytest.mark.asyncio(loop_scope="module")

STAFF = (
    '[{"code": "STAFF", "name": "Staff", "items": ['
    '{"code": "1", "text": "All posts are filled", "points": 5, "critical": false}]}]'
)


async def fill(gateway: RunningGateway) -> None:
    """Write what the story leaves in every read model; one validation will lapse."""
    rows = Rows()
    for happening in happenings():
        rows.happen(KEPT, happening)
    for table in (*TABLES.values(), *RIGHTS_TO_READ.tables):
        for row in rows.of(table.name):
            await gateway.insert(table, **row)
    await gateway.database.execute(
        f'UPDATE "{COMPETENCY_PROGRESS.physical}" SET valid_until = $1'
        " WHERE mentee_id = $2 AND competency = 'CPAP'",
        date(2022, 11, 20),
        ENROLMENT,
    )
    await gateway.database.execute(
        f'UPDATE "{PROGRAMME_VERSION.physical}"'
        f" SET definition = jsonb_set(definition, '{{facilityBaseline}}', '{STAFF}')"
    )
    await gateway.grant("of the centre", "COORDINATOR", CENTRE)
    await gateway.grant("audits the south", "AUDITOR", SOUTH)
    await gateway.grant("audits the centre", "AUDITOR", CENTRE)
    await gateway.grant("follows", "VIEWER", RWANDA)
    await gateway.told()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway over the story, for all tests here: they read."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        await fill(running)
        yield running
    await postgres.drop_database(name)


# ── mentees without contact ───────────────────────────────────────────────────────────────────

QUIET = """
query Quiet($asOf: Date!, $days: Int!, $unit: ID) {
  quietMentees(programme: "INGOBYI", first: 50, days: $days, asOf: $asOf, orgUnitId: $unit) {
    area lastOn days mentee { id }
  }
}
"""


async def quiet(
    gateway: RunningGateway, as_of: str, days: int, subject: str = OPERATOR, **more: Any
) -> dict[str, tuple[str | None, int]]:
    found = await gateway.ask(QUIET, subject, asOf=as_of, days=days, **more)
    return {one["mentee"]["id"]: (one["lastOn"], one["days"]) for one in found["quietMentees"]}


async def test_a_mentee_is_quiet_since_the_last_session_they_were_at(
    gateway: RunningGateway,
) -> None:
    muhire = global_id("Mentee", ENROLMENT)
    assert (await quiet(gateway, "2021-01-29", 60))[muhire] == ("2020-11-30", 60)
    assert muhire not in await quiet(gateway, "2021-01-29", 61)
    # A message of 3 November counts as contact; the call of the 4th was none: it is voided.
    assert (await quiet(gateway, "2020-11-29", 20))[muhire] == ("2020-11-03", 26)


async def test_who_was_enrolled_lately_is_not_quiet_and_who_left_is_nobodys_to_call(
    gateway: RunningGateway,
) -> None:
    early = await quiet(gateway, "2021-01-15", 30)
    late = await quiet(gateway, "2021-04-18", 30)
    after = await quiet(gateway, "2021-06-30", 30)
    assert len(late) > len(early)
    assert all(last is None for id, (last, _) in late.items() if id not in early)
    gone = late.keys() - after.keys()
    assert len(gone) == 2, "one withdrew in April, one completed in June"


async def test_quiet_mentees_are_those_of_the_readers_scope(gateway: RunningGateway) -> None:
    everybody = await quiet(gateway, "2021-04-18", 1)
    of_the_centre = await quiet(gateway, "2021-04-18", 1, "of the centre")
    assert 0 < len(of_the_centre) < len(everybody)
    hospital = global_id("OrgUnit", HOSPITAL)
    assert await quiet(gateway, "2021-04-18", 1, "of the centre", unit=hospital) == {}


async def test_nobody_is_quiet_for_no_days(gateway: RunningGateway) -> None:
    answer = await gateway.send(QUIET, asOf="2021-04-18", days=0)
    assert answer["errors"][0]["extensions"]["code"] == "DAYS_OUT_OF_RANGE"


# ── what lapses ───────────────────────────────────────────────────────────────────────────────

LAPSING = """
query Lapsing($asOf: Date!, $days: Int!) {
  lapsingValidations(programme: "INGOBYI", first: 50, days: $days, asOf: $asOf) {
    competency name area validatedOn validUntil daysLeft
  }
}
"""


@pytest.mark.parametrize(
    ("as_of", "days", "found"),
    [
        ("2022-08-22", 90, True),  # 90 days before the last one
        ("2022-08-21", 90, False),
        ("2022-11-20", 1, True),  # it holds on its last day
        ("2022-11-21", 90, False),
    ],
)
async def test_a_validation_lapses_within_so_many_days(
    gateway: RunningGateway, as_of: str, days: int, found: bool
) -> None:
    answer = (await gateway.ask(LAPSING, asOf=as_of, days=days))["lapsingValidations"]
    assert [one["competency"] for one in answer] == (["CPAP"] if found else [])
    if as_of == "2022-11-20":
        assert answer[0]["daysLeft"] == 1
        assert (answer[0]["validatedOn"], answer[0]["name"]) == ("2020-11-20", "Bubble CPAP")


# ── who may mentor, and does not ──────────────────────────────────────────────────────────────

IDLE = """
query Idle($asOf: Date!) {
  idleRights(programme: "INGOBYI", first: 50, asOf: $asOf) {
    tier tierArea earnedOn days standsAt healthWorker { id }
  }
}
"""


async def test_who_earned_a_right_and_mentors_nobody_is_told_with_what_is_missing(
    gateway: RunningGateway,
) -> None:
    before = (await gateway.ask(IDLE, asOf="2020-12-10"))["idleRights"]
    assert [(one["tierArea"], one["standsAt"]) for one in before] == [("PAED", "NOT_NOMINATED")]
    assert (before[0]["days"], before[0]["healthWorker"]["id"]) == (
        10,
        global_id("HealthWorker", MENTEE),
    )
    nominated = (await gateway.ask(IDLE, asOf="2021-03-01"))["idleRights"]
    assert [(one["tierArea"], one["standsAt"]) for one in nominated] == [("PAED", "NOT_CERTIFIED")]
    # Another right was held for four days.
    held = (await gateway.ask(IDLE, asOf="2021-02-01"))["idleRights"]
    assert {one["tierArea"] for one in held} == {"PAED", "OBS"}


@asynccontextmanager
async def another_name(gateway: RunningGateway) -> AsyncIterator[UUID]:
    """Have the mentee's record merged into another one, for as long as it is looked at."""
    database, worker, other = gateway.database, HEALTH_WORKER.physical, uuid4()
    columns = ", ".join(f'"{name}"' for name in HEALTH_WORKER.columns if name not in _OWN)
    await database.execute(
        f'INSERT INTO "{worker}" (id, number, {columns})'
        f' SELECT $1, NULL, {columns} FROM "{worker}" WHERE id = $2',
        other,
        MENTEE,
    )
    merge = f'UPDATE "{worker}" SET merged_into_id = $1 WHERE id = $2'
    await database.execute(merge, other, MENTEE)
    try:
        yield other
    finally:
        await database.execute(merge, None, MENTEE)
        await database.execute(f'DELETE FROM "{worker}" WHERE id = $1', other)


_OWN = ("id", "number")


async def test_nobody_is_asked_to_mentor_who_left_the_service(gateway: RunningGateway) -> None:
    left = {"health_worker_id": MENTEE, "since": date(2020, 12, 5), "employment": "DECEASED"}
    await gateway.insert(EMPLOYMENT, **left)
    try:
        assert (await gateway.ask(IDLE, asOf="2020-12-10"))["idleRights"] == []
        earlier = (await gateway.ask(IDLE, asOf="2020-12-04"))["idleRights"]
        assert len(earlier) == 1, "in service by then"
    finally:
        await gateway.database.execute(f'DELETE FROM "{EMPLOYMENT.physical}"')


async def test_who_mentors_under_another_name_makes_use_of_their_right(
    gateway: RunningGateway,
) -> None:
    async with another_name(gateway) as other:
        await gateway.database.execute(
            f'UPDATE "{MENTOR.physical}" SET health_worker_id = $1 WHERE health_worker_id = $2',
            other,
            MENTEE,
        )
        nominated = (await gateway.ask(IDLE, asOf="2021-03-01"))["idleRights"]
        await gateway.database.execute(
            f'UPDATE "{MENTOR.physical}" SET health_worker_id = $1 WHERE health_worker_id = $2',
            MENTEE,
            other,
        )
    assert [(one["tierArea"], one["standsAt"]) for one in nominated] == [("PAED", "NOT_CERTIFIED")]


async def test_a_mentee_is_not_quiet_who_was_met_under_another_name(
    gateway: RunningGateway,
) -> None:
    muhire = global_id("Mentee", ENROLMENT)
    enrol = f'UPDATE "{MENTEES.physical}" SET health_worker_id = $1 WHERE id = $2'
    async with another_name(gateway) as other:
        await gateway.database.execute(enrol, other, ENROLMENT)
        found = await quiet(gateway, "2021-01-29", 1)
        await gateway.database.execute(enrol, MENTEE, ENROLMENT)
    assert found[muhire] == ("2020-11-30", 60)


# ── what facilities lack ──────────────────────────────────────────────────────────────────────

LACKS = """
query Lacks($asOf: Date!, $item: String) {
  facilityLacks(programme: "INGOBYI", first: 50, asOf: $asOf, item: $item) {
    area item text points max assessedOn orgUnit { id }
  }
}
"""


async def test_a_facility_lacks_what_its_last_look_did_not_find(gateway: RunningGateway) -> None:
    (lack,) = (await gateway.ask(LACKS, asOf="2021-02-01"))["facilityLacks"]
    assert lack["text"] == "All posts are filled"
    assert (lack["points"], lack["max"], lack["assessedOn"]) == (3, 5, "2021-01-08")
    assert lack["orgUnit"]["id"] == global_id("OrgUnit", CENTRE)
    assert (await gateway.ask(LACKS, asOf="2021-05-01"))["facilityLacks"] == []
    other = await gateway.ask(LACKS, asOf="2021-02-01", item="2")
    assert other["facilityLacks"] == []


# ── who has room ──────────────────────────────────────────────────────────────────────────────

ROOM = """
query Room($area: String, $roomFor: Int) {
  mentorCaseload(programme: "INGOBYI", first: 50, asOf: "2021-03-01", area: $area,
                 roomFor: $roomFor) { area places mentorships }
}
"""


async def test_mentors_of_an_area_with_room_for_more(gateway: RunningGateway) -> None:
    everybody = (await gateway.ask(ROOM))["mentorCaseload"]
    assert {one["area"] for one in everybody} == {"PAED", "OBS"}
    (obstetric,) = (await gateway.ask(ROOM, area="OBS"))["mentorCaseload"]
    free = obstetric["places"] - obstetric["mentorships"]
    assert (await gateway.ask(ROOM, area="OBS", roomFor=free))["mentorCaseload"] == [obstetric]
    assert (await gateway.ask(ROOM, area="OBS", roomFor=free + 1))["mentorCaseload"] == []


# ── lists by days ─────────────────────────────────────────────────────────────────────────────

DAYS = """
query Days($since: Date, $before: Date) {
  sessions(first: 50, filter: {since: $since, before: $before}) { nodes { day } }
  contacts(first: 50, filter: {since: $since, before: $before}) { nodes { madeOn } }
}
"""


async def test_sessions_and_contacts_of_a_period(gateway: RunningGateway) -> None:
    november = await gateway.ask(DAYS, since="2020-11-01", before="2020-12-01")
    assert [one["day"] for one in november["sessions"]["nodes"]] == ["2020-11-03", "2020-11-30"]
    assert [one["madeOn"] for one in november["contacts"]["nodes"]] == ["2020-11-03", "2020-11-04"]
    day = await gateway.ask(DAYS, since="2020-11-30", before="2020-12-01")
    assert [one["day"] for one in day["sessions"]["nodes"]] == ["2020-11-30"]


# ── who had access ────────────────────────────────────────────────────────────────────────────

ACCESS = """
query Access($unit: ID!, $on: Date!) {
  accessTo(orgUnitId: $unit, on: $on, first: 50) { subjectName role since ends givenBy }
}
"""


async def access(
    gateway: RunningGateway, unit: UUID, on: str, subject: str = OPERATOR
) -> list[tuple[str, str | None]]:
    found = await gateway.ask(ACCESS, subject, unit=global_id("OrgUnit", unit), on=on)
    return [(one["subjectName"], one["ends"]) for one in found["accessTo"]]


async def test_who_had_access_to_a_unit_on_a_day_from_above_too(gateway: RunningGateway) -> None:
    both = [("coordinator@example.org", "2021-04-19"), ("mentor@example.org", None)]
    assert sorted(await access(gateway, HUYE, "2021-01-01")) == both
    assert sorted(await access(gateway, CENTRE, "2021-01-01")) == both
    later = [("gasana@example.org", None), both[1]]
    assert sorted(await access(gateway, CENTRE, "2021-04-19")) == later, "one was revoked that day"
    assert await access(gateway, CENTRE, "2020-09-30") == [], "given later"
    assert await access(gateway, RWANDA, "2021-01-01") == [], "a grant reaches no unit above"


async def test_who_has_access_is_told_to_the_auditors_of_the_unit_alone(
    gateway: RunningGateway,
) -> None:
    assert len(await access(gateway, CENTRE, "2021-01-01", "audits the centre")) == 2
    assert await access(gateway, HOSPITAL, "2021-01-01", "audits the centre") == []
    assert await access(gateway, CENTRE, "2021-01-01", "of the centre") == []
    assert await access(gateway, CENTRE, "2021-01-01", "follows") == []


GRANTS = """
query Grants($of: String) {
  accessGrants(first: 50, filter: {subjectName: $of}) {
    nodes { subjectName role programme since until givenBy revokedOn revokedBy orgUnit { id } }
  }
}
"""


async def test_grants_are_listed_to_whoever_may_read_names_where_they_lie(
    gateway: RunningGateway,
) -> None:
    seen = (await gateway.ask(GRANTS, "audits the south"))["accessGrants"]["nodes"]
    assert {one["subjectName"] for one in seen} == {
        "coordinator@example.org",
        "gasana@example.org",
        "mentor@example.org",
    }
    theirs = (await gateway.ask(GRANTS, of="coordinator@example.org"))["accessGrants"]["nodes"]
    assert {one["role"] for one in theirs} == {"COORDINATOR", "BREAK_GLASS"}
    (one,) = (one for one in theirs if one["role"] == "COORDINATOR")
    assert one["revokedOn"] == "2021-04-19"
    assert one["revokedBy"] == "coordinator@example.org"
    own = (await gateway.ask(GRANTS, "of the centre"))["accessGrants"]["nodes"]
    assert {one["subjectName"]: one["role"] for one in own} == {
        "coordinator@example.org": "BREAK_GLASS",
        "gasana@example.org": "MENTOR",
    }, "none from above"
    assert (await gateway.ask(GRANTS, "follows"))["accessGrants"]["nodes"] == []


# ── whose a certificate is ────────────────────────────────────────────────────────────────────

WHOSE = """
query Whose($number: String!) {
  certificate(number: $number) { area status healthWorker { id } }
}
"""


async def test_a_paper_tells_whose_it_is_to_those_alone_who_may_see_them(
    gateway: RunningGateway,
) -> None:
    seen = (await gateway.ask(WHOSE, "audits the south", number=NUMBER))["certificate"]
    assert seen["healthWorker"] == {"id": global_id("HealthWorker", MENTEE)}
    checked = (await gateway.ask(WHOSE, "of the centre", number=NUMBER))["certificate"]
    assert checked == {"area": "PAED", "status": "REVOKED", "healthWorker": None}
