"""How a mentee sees herself was typed wrongly, or for another: it is said anew, or voided."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import SELF_RATING
from tests.support.mentoring import Country, day

WHY = "The form was read wrongly."


def ratings(**levels: int) -> list[dict[str, Any]]:
    return [{"skill": skill, "level": level} for skill, level in levels.items()]


class Learner:
    """A mentee who assessed herself on the fifth day."""

    country: Country
    id: UUID

    async def assessed(self) -> "Learner":
        self.country = await Country.under()
        self.id = await self.country.enrolment()
        await self.send("SelfAssess", ratings=ratings(CPAP=2, BIRTH=3), on=5)
        return self

    async def send(self, name: str, **content: Any) -> None:
        await self.country.send(f"mentee{name}", enrolmentId=self.id, **content)

    async def refused(self, name: str, **content: Any) -> tuple[str, str | None]:
        wish = {"enrolmentId": self.id, "reason": WHY, "on": 90} | content
        return await self.country.refused(f"mentee{name}", **wish)

    def shown(self) -> dict[tuple[int, str], int]:
        rows = self.country.house.rows(SELF_RATING, mentee_id=self.id)
        return {((r["assessed_on"] - day(0)).days, r["skill"]): r["level"] for r in rows}


@pytest.fixture
async def hers() -> Learner:
    return await Learner().assessed()


def anew(**content: Any) -> dict[str, Any]:
    said = {"insteadOf": day(5), "assessedOn": day(6), "ratings": ratings(CPAP=4)}
    return {**said, "reason": WHY, "on": 90, **content}


async def test_a_correction_followed_by_its_undoing_restores_every_row(hers: Learner) -> None:
    before = hers.shown()
    await hers.send("CorrectSelfAssessment", **anew())
    assert hers.shown() == {(6, "CPAP"): 4}
    back = {"insteadOf": day(6), "assessedOn": day(5), "ratings": ratings(CPAP=2, BIRTH=3)}
    await hers.send("CorrectSelfAssessment", **anew(**back))
    assert hers.shown() == before


async def test_what_she_did_not_say_is_voided_and_may_be_said_again(hers: Learner) -> None:
    before = hers.shown()
    await hers.send("VoidSelfAssessment", assessedOn=day(5), reason=WHY, on=90)
    assert hers.shown() == {}
    await hers.send("SelfAssess", ratings=ratings(CPAP=2, BIRTH=3), on=5)
    assert hers.shown() == before


async def test_others_of_hers_stay_as_they_are(hers: Learner) -> None:
    await hers.send("SelfAssess", ratings=ratings(CPAP=5), on=50)
    await hers.send("VoidSelfAssessment", assessedOn=day(5), reason=WHY, on=90)
    assert hers.shown() == {(50, "CPAP"): 5}


async def test_only_what_was_said_is_said_anew(hers: Learner) -> None:
    name = "CorrectSelfAssessment"
    assert await hers.refused(name, **anew(insteadOf=day(4))) == ("NOT_SELF_ASSESSED", "insteadOf")
    early = await hers.refused(name, **anew(assessedOn=day(-1)))
    assert early == ("BEFORE_ENROLMENT", "occurredOn")
    late = await hers.refused(name, **anew(assessedOn=day(91)))
    assert late == ("OCCURRED_IN_FUTURE", "assessedOn")
    twice = await hers.refused(name, **anew(ratings=[*ratings(CPAP=4), *ratings(CPAP=5)]))
    assert twice == ("SKILL_RATED_TWICE", "ratings")
    await hers.send("SelfAssess", ratings=ratings(CPAP=5), on=6)
    assert await hers.refused(name, **anew()) == ("DATED_TWICE", "assessedOn")
    silent = {"VoidSelfAssessment": {"assessedOn": day(5), "reason": None}, name: anew(reason=None)}
    for asked, wish in silent.items():
        assert await hers.refused(asked, **wish) == ("REASON_MISSING", "reason")
