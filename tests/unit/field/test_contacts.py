"""A ten-minute call, a message of five: in touch without a session."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import CONTACT, SESSION
from services.registry.views.progress import ATTENDANCE
from shared.contracts.sessions.contact import ContactMade
from tests.support.paired import Paired, days_ago, paired, rules
from tests.unit.sessions.test_session_commands import refused


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules())


def call(pair: Paired, **changes: Any) -> dict[str, Any]:
    return {
        "mentorshipId": pair.mentorship,
        "mode": "PHONE",
        "mentor": pair.mentors[0],
        "mentee": pair.mentees[0],
        "reachedBy": "MENTOR",
        "minutes": 10,
        "about": "How the newborn unit went on.",
        "occurredOn": days_ago(9),
        **changes,
    }


async def log(pair: Paired, **changes: Any) -> UUID:
    return (await pair.send("contactLog", **call(pair, **changes))).id


async def test_a_phone_follow_up_is_a_line_and_no_session(pair: Paired) -> None:
    contact = await log(pair)
    (row,) = pair.house.rows(CONTACT)
    assert (row["id"], row["mode"], row["minutes"], row["reached_by"]) == (
        contact,
        "PHONE",
        10,
        "MENTOR",
    )
    assert (pair.house.rows(SESSION), pair.house.rows(ATTENDANCE)) == ([], [])


async def test_a_message_of_a_mode_without_sessions_is_in_touch_too(pair: Paired) -> None:
    await log(pair, mode="MESSAGE", minutes=None, about=None, reachedBy="MENTEE")
    assert [row["mode"] for row in pair.house.rows(CONTACT)] == ["MESSAGE"]


async def test_what_it_was_about_is_the_mentees(pair: Paired) -> None:
    (made,) = await pair.house.events(await log(pair))
    assert isinstance(made, ContactMade)
    assert (ContactMade.subject, made.health_worker_id) == ("health_worker_id", pair.mentees[0])


async def test_a_contact_is_of_a_mentor_and_a_mentee(pair: Paired) -> None:
    turned = call(pair, mentor=pair.mentees[0])
    assert await refused(pair, "contactLog", **turned) == ("NOT_ITS_MENTOR", "mentor")
    turned = call(pair, mentee=pair.mentors[0])
    assert await refused(pair, "contactLog", **turned) == ("NOT_ITS_MENTEE", "mentee")


async def test_what_was_not_made_is_voided_once(pair: Paired) -> None:
    contact = await log(pair)
    void = {"contactId": contact, "reason": "It was another day."}
    await pair.send("contactVoid", **void)
    assert [row["voided"] for row in pair.house.rows(CONTACT)] == [True]
    assert await refused(pair, "contactVoid", **void) == ("CONTACT_VOIDED", "contactId")


async def test_either_of_the_two_tells_of_it_and_no_colleague_in_their_name(pair: Paired) -> None:
    for subject in ("person-0", "person-2"):
        await pair.send("contactLog", **call(pair), as_=subject)
    for subject in ("person-1", "person-3"):
        code, _ = await refused(pair, "contactLog", **call(pair), as_=subject)
        assert code == "ACCESS_DENIED"


async def test_either_of_the_two_voids_it_and_no_colleague(pair: Paired) -> None:
    for subject in ("person-0", "person-2"):
        void = {"contactId": await log(pair), "reason": "It was another day."}
        for other in ("person-1", "person-3"):
            assert (await refused(pair, "contactVoid", **void, as_=other))[0] == "ACCESS_DENIED"
        await pair.send("contactVoid", **void, as_=subject)
