"""What a mentee wants to learn changes on the way, is found on paper, and was written down wrongly;
whoever is matched is matched by what they wanted on that day.
"""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import MENTEE, MENTEE_NEEDS
from shared.contracts.definition import Ratio
from tests.support.mentoring import Country, day, rules
from tests.unit.registry.test_matching_commands import matched, proposal

WHY = "Her ward has changed."


@pytest.fixture
async def country() -> Country:
    return await Country.under(rules(ratio=Ratio(mentors=1, mentees=(1, 1), load=1)))


async def change(country: Country, mentee: UUID, *needs: str, on: int) -> None:
    content: dict[str, Any] = {"enrolmentId": mentee, "needs": list(needs), "reason": WHY}
    await country.send("menteeChangeNeeds", **content, on=on)


async def correct(country: Country, mentee: UUID, **line: str) -> None:
    """Say the line anew; `d3="A"` is what she wanted since day 3."""
    await country.send("menteeCorrectNeeds", **said(mentee, **line), on=90)


def said(mentee: UUID, **line: str) -> dict[str, Any]:
    needs = [{"since": day(int(at[1:])), "needs": codes.split()} for at, codes in line.items()]
    return {"enrolmentId": mentee, "needs": needs, "reason": WHY}


def needs(country: Country, mentee: UUID) -> list[str]:
    (row,) = country.house.rows(MENTEE, id=mentee)
    assert row["since"] == day(0)
    return list(row["needs"])


def line(country: Country, mentee: UUID) -> dict[int, list[str]]:
    rows = country.house.rows(MENTEE_NEEDS, mentee_id=mentee)
    return {(row["since"] - day(0)).days: list(row["needs"]) for row in rows}


async def offers(country: Country, *skills: str) -> list[UUID]:
    """Return a mentor for each of these skills."""
    found = []
    for skill in skills:
        mentor = await country.mentor()
        await country.send("mentorDeclareAvailability", mentorId=mentor, skills=[skill], places=1)
        found.append(mentor)
    return found


async def test_who_wants_to_learn_something_else_is_matched_with_who_can_teach_it(
    country: Country,
) -> None:
    _, of_b = await offers(country, "A", "B")
    mentee = await country.enrolment(needs=["A"])
    await change(country, mentee, "B", on=20)
    (mentorship,) = (await matched(country, on=20)).mentorships
    (mentor,) = (await proposal(country, mentorship)).mentors
    assert mentor.mentor_id == of_b


async def test_a_matching_goes_by_the_needs_of_its_day(country: Country) -> None:
    of_a, _ = await offers(country, "A", "B")
    mentee = await country.enrolment(needs=["A"])
    await change(country, mentee, "B", on=20)
    (mentorship,) = (await matched(country, on=19)).mentorships
    (mentor,) = (await proposal(country, mentorship)).mentors
    assert mentor.mentor_id == of_a


async def test_what_is_found_late_is_put_between(country: Country) -> None:
    mentee = await country.enrolment(needs=["A"])
    await change(country, mentee, "C", on=40)
    await change(country, mentee, "B", on=20)
    assert needs(country, mentee) == ["C"]
    assert line(country, mentee) == {0: ["A"], 20: ["B"], 40: ["C"]}


async def test_a_correction_followed_by_its_undoing_restores_every_row(country: Country) -> None:
    mentee = await country.enrolment(needs=["A"])
    await change(country, mentee, "B", on=20)
    before = line(country, mentee)
    await correct(country, mentee, d0="A", d30="C")
    assert line(country, mentee) == {0: ["A"], 30: ["C"]}
    assert needs(country, mentee) == ["C"]
    await correct(country, mentee, d0="A", d20="B")
    assert line(country, mentee) == before
    assert needs(country, mentee) == ["B"]


async def test_what_follows_goes_by_the_line_as_it_is_said_now(country: Country) -> None:
    of_a, _ = await offers(country, "A", "B")
    mentee = await country.enrolment(needs=["A"])
    await change(country, mentee, "B", on=20)
    await correct(country, mentee, d0="A")
    (mentorship,) = (await matched(country, on=25)).mentorships
    (mentor,) = (await proposal(country, mentorship)).mentors
    assert mentor.mentor_id == of_a


async def test_a_change_changes_something_once_a_day(country: Country) -> None:
    mentee = await country.enrolment(needs=["A"])
    name, content = "menteeChangeNeeds", {"enrolmentId": mentee, "reason": WHY}
    same = await country.refused(name, **content, needs=["A"], on=9)
    assert same == ("LINE_UNCHANGED", "needs")
    await change(country, mentee, "B", on=9)
    twice = await country.refused(name, **content, needs=["C"], on=9)
    assert twice == ("DATED_TWICE", "needs")


async def test_needs_begin_with_the_enrolment_and_end_with_it(country: Country) -> None:
    mentee = await country.enrolment(needs=["A"], on=5)
    name, content = "menteeChangeNeeds", {"enrolmentId": mentee, "needs": ["B"], "reason": WHY}
    assert await country.refused(name, **content, on=4) == ("BEFORE_ENROLMENT", "occurredOn")
    nothing = await country.refused("menteeCorrectNeeds", **said(mentee))
    assert nothing == ("LINE_EMPTY", "needs")
    to_come = await country.refused("menteeCorrectNeeds", **said(mentee, d5="A", d60="B"), on=50)
    assert to_come == ("OCCURRED_IN_FUTURE", "needs[1].since")
    await country.send("menteeWithdraw", enrolmentId=mentee, reason=WHY, on=30)
    assert await country.refused(name, **content, on=31) == ("ENROLMENT_ENDED", "enrolmentId")
    await change(country, mentee, "B", on=29)


async def test_whoever_changes_needs_says_why(country: Country) -> None:
    mentee = await country.enrolment(needs=["A"])
    silent = {"enrolmentId": mentee, "needs": ["B"]}
    assert await country.refused("menteeChangeNeeds", **silent) == ("REASON_MISSING", "reason")
    silent = said(mentee, d0="B") | {"reason": None}
    assert await country.refused("menteeCorrectNeeds", **silent) == ("REASON_MISSING", "reason")
