"""At half past one in Nairobi it is yesterday in UTC: the house means the day of Nairobi."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from services.gateway.clock import in_zone, this_day, today
from services.gateway.graphql.context import Context
from services.gateway.web import InZone
from shared.access.directory import Directory
from shared.access.grants import Read
from shared.access.tokens import Principal
from shared.domain.errors import MshauriError
from tests.support import days
from tests.support.days import have_it_be
from tests.support.house import House

LATE = datetime(2026, 3, 9, 22, 30, tzinfo=UTC)
THERE = date(2026, 3, 10)
CLOCKS = (
    "services.gateway.clock",
    "shared.access.directory",
    "shared.deciding.commanding",
    "tests.support.days",
)


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    have_it_be(LATE, monkeypatch, *CLOCKS)


async def test_who_was_let_in_today_may_read_at_once() -> None:
    house = await House.built()
    made: dict[str, Any] = {"unitKind": "COUNTRY", "occurredOn": "2020-01-01"}
    unit = (await house.send("orgUnitEstablish", code="XA", name="Anyland", **made)).id
    await house.send("accessGrantGive", subjectName="newcomer", role="COORDINATOR", orgUnitId=unit)
    context = Context(
        parts=SimpleNamespace(  # type: ignore[arg-type]
            directory=house.directory, database=None, figures=None, stands=None
        ),
        principal=Principal(subject="newcomer", expires=LATE + timedelta(hours=1), token=""),
        trace_id="",
    )

    assert context.renew().scopes[Read.PERSONAL].parts


async def test_a_unit_that_joined_a_group_today_is_reached_by_its_grants_at_once() -> None:
    directory, group, unit = Directory(""), uuid4(), uuid4()
    grant: dict[str, Any] = dict.fromkeys(
        ("org_unit_id", "programme", "health_worker_id", "until", "revoked", "ends", "over_person")
    )
    grant |= {"grant_id": uuid4(), "subject": "keeper", "role": "COORDINATOR", "group_id": group}
    grant |= {"since": date(2020, 1, 1), "own_mentorships": False, "position": 1}
    member = {"group_id": group, "org_unit_id": unit, "since": THERE, "until": None, "position": 2}
    directory.learn([grant], [], [], [member])

    assert unit in {one.org_unit_id for one in directory.grants_of("keeper")}


async def test_today_has_come_for_whoever_records_and_tomorrow_has_not() -> None:
    house = await House.built()
    made: dict[str, Any] = {"unitKind": "COUNTRY", "name": "Anyland"}
    assert days.today() == THERE
    await house.send("orgUnitEstablish", code="XA", occurredOn=days.today(), **made)

    tomorrow = days.today() + timedelta(days=1)
    with pytest.raises(MshauriError) as refused:
        await house.send("orgUnitEstablish", code="XB", occurredOn=tomorrow, **made)

    assert refused.value.code == "OCCURRED_IN_FUTURE"


async def test_a_gateway_has_the_day_of_the_zone_it_is_told() -> None:
    seen: list[date] = []

    async def app(*_: Any) -> None:
        seen.append(today())

    for zone in ("Africa/Kigali", "Africa/Abidjan"):
        await InZone(app, ZoneInfo(zone))({}, None, None)  # type: ignore[arg-type]

    assert seen == [THERE, THERE - timedelta(days=1)]
    with in_zone(ZoneInfo("UTC")):
        assert this_day() == THERE - timedelta(days=1)
    assert this_day() == THERE
