"""Guests of a session: who can be one."""

import pytest

from shared.domain import new_id
from tests.support.paired import Paired, days_ago, paired, rules
from tests.unit.sessions.test_session_commands import refused, told


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules())


async def test_a_party_is_no_guest(pair: Paired) -> None:
    guests = [{"role": "COLLEAGUE", "healthWorkerId": pair.mentees[1]}]
    assert await refused(pair, "sessionLog", **told(pair, guests=guests)) == (
        "GUEST_IS_A_PARTY",
        "guests",
    )


async def test_nobody_is_a_guest_twice(pair: Paired) -> None:
    person = await pair.send(
        "healthWorkerRegister",
        givenNames="Aline",
        familyName="Mukamana",
        cadre="NURSE",
        orgUnitId=pair.facility,
        occurredOn=days_ago(40),
    )
    guest = {"role": "SUPERVISOR", "healthWorkerId": person.id}
    assert await refused(pair, "sessionLog", **told(pair, guests=[guest, guest])) == (
        "GUEST_TWICE",
        "guests",
    )


async def test_a_guest_with_a_record_has_one(pair: Paired) -> None:
    guests = [{"role": "SUPERVISOR", "healthWorkerId": new_id()}]
    assert await refused(pair, "sessionLog", **told(pair, guests=guests)) == ("NOT_FOUND", "guests")
