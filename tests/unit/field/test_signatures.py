"""A letter was recorded for the wrong party, or the wrong day: it is taken back, or of another day,
and what rests on it is told.
"""

from typing import Any

from services.gateway.projections import MENTORSHIP_PARTY
from shared.deciding.commanding import Answer
from tests.support.mentoring import day
from tests.unit.field.test_mentorships import WHY, Team, team


def letters(hers: Team) -> dict[Any, Any]:
    rows = hers.country.house.rows(MENTORSHIP_PARTY, mentorship_id=hers.id)
    return {row["health_worker_id"]: row["signed_on"] for row in rows}


def shown(hers: Team) -> dict[str, Any]:
    """Return the mentorship as it is shown, without its place in the log."""
    return {
        name: value
        for name, value in hers.row.items()
        if name not in ("record_version", "position")
    }


async def signed_on(hers: Team, person: Any, on: int, **more: Any) -> None:
    content = {"healthWorkerId": person, "signedOn": day(on)} | more
    await hers.send("CorrectSignature", **content, on=90)


async def tried(hers: Team, name: str, **content: Any) -> Answer:
    """Try a command; nothing is recorded."""
    plain: dict[str, Any] = {"mentorshipId": str(hers.id), "reason": WHY, "dryRun": True}
    return await hers.country.house.send(
        name, **plain, **{key: str(value) for key, value in content.items()}
    )


async def test_a_letter_of_the_wrong_day_is_of_the_right_one_and_the_agreement_with_it() -> None:
    hers = await team()
    (mentor,), (mentee,) = hers.mentors, hers.mentees
    before, agreed = letters(hers), shown(hers)
    await signed_on(hers, mentee, 9)
    assert letters(hers) == {mentor: day(0), mentee: day(9)}
    assert shown(hers) == agreed | {"agreed_on": day(9)}
    await signed_on(hers, mentee, 0)
    assert (letters(hers), shown(hers)) == (before, agreed)


async def test_the_agreement_is_of_the_last_letter_whichever_that_is() -> None:
    hers = await team()
    await signed_on(hers, hers.mentors[0], 5)
    await signed_on(hers, hers.mentees[0], 7)
    await signed_on(hers, hers.mentees[0], 3)
    assert hers.row["agreed_on"] == day(5)


async def test_a_session_is_weighed_by_the_letter_as_it_is_said_now() -> None:
    hers = await team()
    await signed_on(hers, hers.mentees[0], 9)
    people = (hers.mentors[0], hers.mentees[0])
    early = await hers.log(*people, on=8)
    assert hers.departs(early["id"]) == {"BEFORE_AGREEMENT"}
    assert (await hers.log(*people, on=9))["counts"]
    await signed_on(hers, hers.mentees[0], 0)
    assert (await hers.log(*people, on=7))["counts"]


async def test_without_a_letter_that_was_anothers_it_is_agreed_no_more() -> None:
    hers = await team()
    (mentor,), (mentee,) = hers.mentors, hers.mentees
    before, agreed = letters(hers), shown(hers)
    await hers.send("VoidSignature", healthWorkerId=mentee, on=30)
    assert letters(hers) == {mentor: day(0), mentee: None}
    assert shown(hers) == agreed | {"status": "ACCEPTED", "agreed_on": None}
    session = await hers.log(mentor, mentee, on=31)
    assert hers.departs(session["id"]) == {"MENTORSHIP_NOT_SIGNED"}
    await hers.country.sign(hers.id, mentee)
    assert (letters(hers), shown(hers)) == (before, agreed)
    assert (await hers.log(mentor, mentee, on=32))["counts"]


async def test_a_mentee_who_left_signed_on_another_day_too() -> None:
    hers = await team(mentees=2)
    left = hers.mentees[0]
    await hers.send("RemoveMentee", enrolmentId=hers.enrolments[0], on=40)
    await signed_on(hers, left, 9)
    early = await hers.log(hers.mentors[0], left, on=8)
    assert "BEFORE_AGREEMENT" in hers.departs(early["id"])
    assert hers.row["agreed_on"] == day(9)


async def test_what_rests_on_a_letter_is_told_before_it_is_taken_back() -> None:
    hers = await team()
    (mentor,), (mentee,) = hers.mentors, hers.mentees
    await hers.log(mentor, mentee, on=5)
    await hers.log(mentor, mentee, on=12)
    answer = await tried(hers, "mentorshipVoidSignature", healthWorkerId=mentee)
    found = {each.code: each.params for each in answer.findings}
    assert found["AGREEMENT_FALLS"] == {"awaited": 1}
    assert found["SESSIONS_REST_ON_SIGNATURE"] == {"sessions": 2}
    assert letters(hers)[mentee] == day(0), "it was only tried"


async def test_only_a_letter_that_is_there_is_corrected() -> None:
    hers = await Team((await team()).country).proposed()
    stranger = {"healthWorkerId": hers.mentees[0]}
    again = stranger | {"signedOn": day(3)}
    assert await hers.refused("VoidSignature", **stranger) == "HAS_NOT_SIGNED"
    assert await hers.refused("CorrectSignature", **again, on=9) == "HAS_NOT_SIGNED"
    await hers.signed()
    same = stranger | {"signedOn": day(0)}
    assert await hers.refused("CorrectSignature", **same, on=9) == "ALREADY_SIGNED"
    assert await hers.refused("CorrectSignature", **again, on=2) == "OCCURRED_IN_FUTURE"
    silent = again | {"reason": None}
    assert await hers.refused("CorrectSignature", **silent, on=9) == "REASON_MISSING"
    nobody = {"healthWorkerId": await hers.country.person()}
    assert await hers.refused("VoidSignature", **nobody) == "NOT_A_PARTY"


async def test_a_mentorship_ends_after_its_letters_as_they_are_said_now() -> None:
    hers = await team()
    await signed_on(hers, hers.mentees[0], 60)
    assert await hers.refused("Conclude", on=50) == "DAY_OUT_OF_ORDER"
    await signed_on(hers, hers.mentees[0], 0)
    await hers.send("Conclude", on=50)
    await signed_on(hers, hers.mentees[0], 3)
    assert hers.row["status"] == "CONCLUDED", "a letter is corrected after the end too"
    ended = await hers.refused("VoidSignature", healthWorkerId=hers.mentees[0])
    assert ended == "MENTORSHIP_ENDED"
