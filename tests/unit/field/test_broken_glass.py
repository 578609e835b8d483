"""What somebody opened in an emergency, somebody else looks into: when it is over, and in words."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import AUDIT_TRAIL, BROKEN_GLASS
from shared.domain.errors import MshauriError
from tests.support.days import have_it_be
from tests.unit.field.test_break_glass import WHY, Countries

FOUND = "I asked at the ward: she had collapsed, and nobody there knew her family."


@pytest.fixture
async def countries() -> Countries:
    drawn = await Countries().drawn()
    for role in ("ADMINISTRATOR", "COORDINATOR", "AUDITOR", "MENTOR", "VIEWER"):
        await drawn.give(f"{role.lower()} there", role, orgUnitId=drawn.there)
    return drawn


async def reviews(countries: Countries, id: UUID, as_: str, **said: Any) -> None:
    wish: dict[str, Any] = {"accessGrantId": id, "outcome": "JUSTIFIED", "reason": FOUND} | said
    await countries.house.send("accessBreakGlassReview", as_=as_, **wish)


async def refused(countries: Countries, id: UUID, as_: str, **said: Any) -> str:
    with pytest.raises(MshauriError) as error:
        await reviews(countries, id, as_, **said)
    return error.value.code


def row(countries: Countries, id: UUID) -> dict[str, Any]:
    (found,) = countries.house.rows(BROKEN_GLASS, id=id)
    return dict(found)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is five hours later for whoever decides: what was taken since is over."""
    have_it_be(datetime.now(UTC) + timedelta(hours=5), monkeypatch, "shared.deciding.work")


async def test_it_waits_to_be_looked_into(countries: Countries) -> None:
    id = await countries.breaks()

    waits = row(countries, id)
    assert (waits["taken_by"], waits["reason"]) == ("coordinator", WHY)
    assert (waits["org_unit_id"], waits["over_person_id"]) == (countries.there, countries.patient)
    assert waits["outcome"] is None


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("role", ["administrator", "coordinator", "auditor"])
async def test_who_answers_for_the_place_looks_into_it(countries: Countries, role: str) -> None:
    id = await countries.breaks()

    await reviews(countries, id, f"{role} there")

    seen = row(countries, id)
    assert (seen["outcome"], seen["reviewed_by"]) == ("JUSTIFIED", f"{role} there")
    assert (seen["reason"], seen["found"]) == (WHY, FOUND)


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("subject", ["mentor there", "viewer there", "viewer", "nobody"])
async def test_nobody_else_does(countries: Countries, subject: str) -> None:
    assert await refused(countries, await countries.breaks(), subject) == "ACCESS_DENIED"


@pytest.mark.usefixtures("later")
async def test_who_took_it_does_not(countries: Countries) -> None:
    id = await countries.breaks("coordinator there")

    assert await refused(countries, id, "coordinator there") == "GLASS_OF_ONES_OWN"


@pytest.mark.usefixtures("later")
async def test_nor_under_another_token_of_theirs(countries: Countries) -> None:
    own: dict[str, Any] = {"healthWorkerId": countries.other, "orgUnitId": countries.there}
    await countries.give("their phone", "MENTOR", **own)
    await countries.give("their office", "COORDINATOR", **own)
    id = await countries.breaks("their phone")

    assert await refused(countries, id, "their office") == "GLASS_OF_ONES_OWN"


async def test_as_long_as_more_may_be_read_nobody_says_what_was(countries: Countries) -> None:
    id = await countries.breaks()
    assert await refused(countries, id, "auditor there") == "GLASS_NOT_OVER"

    await countries.house.send("accessGrantRevoke", accessGrantId=id)

    await reviews(countries, id, "auditor there")


async def test_what_was_given_is_no_emergency(countries: Countries) -> None:
    given = await countries.give("newcomer", "COORDINATOR", orgUnitId=countries.there)

    assert await refused(countries, given, "auditor there") == "NOT_BROKEN_GLASS"


@pytest.mark.usefixtures("later")
async def test_what_was_found_is_said(countries: Countries) -> None:
    id = await countries.breaks()

    assert await refused(countries, id, "auditor there", reason=None) == "REASON_MISSING"


@pytest.mark.usefixtures("later")
async def test_what_is_said_last_stands_and_both_are_in_the_trail_of_whom_it_opened(
    countries: Countries,
) -> None:
    id = await countries.breaks()
    before = countries.house.rows(AUDIT_TRAIL, health_worker_id=countries.patient)

    await reviews(countries, id, "coordinator there")
    await reviews(countries, id, "auditor there", outcome="NOT_JUSTIFIED", reason="There was none.")

    seen = row(countries, id)
    assert (seen["outcome"], seen["found"]) == ("NOT_JUSTIFIED", "There was none.")
    trail = countries.house.rows(AUDIT_TRAIL, health_worker_id=countries.patient)
    assert len(trail) == len(before) + 2


@pytest.mark.usefixtures("later")
async def test_why_and_what_was_found_are_sealed_with_the_key_of_whom_it_opened(
    countries: Countries,
) -> None:
    """So they are erased with all else that was said of her."""
    await reviews(countries, await countries.breaks(), "auditor there")

    ledger = countries.house._parts["registry"].ledger
    for entry in (await ledger.feed(after=0, limit=1_000))[-2:]:
        assert b"collapsed" not in entry.meta + entry.payload
        assert f'"by":"{countries.patient}"'.encode() in entry.meta
