"""Goals that were reached halfway, were written down wrongly, or were never set: all is said anew,
and an end that rests on goals goes by what is said now.
"""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.gateway.projections import MENTEE, MENTEE_GOAL
from shared.contracts.definition.assessment import End
from tests.support.mentoring import Country, day, rules

WHY = "It was another mentee's."
TEXT = "Lead ten births unaided"


class Learner:
    """A mentee whose programme ends with her goals."""

    country: Country
    id: UUID

    async def enrolled(self) -> "Learner":
        self.country = await Country.under(rules(end=End(goals=True)))
        self.id = await self.country.enrolment()
        return self

    async def send(self, name: str, goal: str = "G1", **content: Any) -> None:
        await self.country.send(f"mentee{name}", enrolmentId=self.id, goal=goal, **content)

    async def set_goals(self, *goals: str) -> None:
        for goal in goals:
            await self.send("SetGoal", goal, text=TEXT, due=day(60))

    async def corrected(self, goal: str = "G1", **content: Any) -> None:
        said = {"text": TEXT, "due": day(60), "reason": WHY} | content
        await self.send("CorrectGoal", goal, on=90, **said)

    async def refused(self, name: str, goal: str = "G1", **content: Any) -> tuple[str, str | None]:
        wish = {"enrolmentId": self.id, "goal": goal, "reason": WHY, "on": 90} | content
        return await self.country.refused(f"mentee{name}", **wish)

    def goal(self, goal: str = "G1") -> dict[str, Any]:
        (row,) = self.country.house.rows(MENTEE_GOAL, mentee_id=self.id, goal=goal)
        return dict(row)

    @property
    def status(self) -> str:
        (row,) = self.country.house.rows(MENTEE, id=self.id)
        return str(row["status"])


@pytest.fixture
async def hers() -> Learner:
    return await Learner().enrolled()


async def test_a_goal_that_was_reached_halfway_is_evaluated_and_stays_open(hers: Learner) -> None:
    await hers.set_goals("G1")
    await hers.send("EvaluateGoal", howFar="PARTLY", comment="Seven of ten.", on=50)
    shown = hers.goal()
    assert (shown["how_far"], shown["evaluated_on"]) == ("PARTLY", day(50))
    assert (shown["comment"], shown["reached_on"]) == ("Seven of ten.", None)
    assert hers.status == "ENROLLED"
    await hers.send("EvaluateGoal", howFar="NOT_REACHED", on=55)
    assert hers.goal()["how_far"] == "NOT_REACHED"
    await hers.send("ReachGoal", on=58)
    assert hers.status == "COMPLETED"


async def test_a_correction_followed_by_its_undoing_restores_every_row(hers: Learner) -> None:
    await hers.set_goals("G1", "G2")
    await hers.send("ReachGoal", on=30)
    before = hers.goal()
    await hers.corrected(text="Lead two births", due=None, reachedOn=day(29))
    assert hers.goal() == before | {
        "text": "Lead two births",
        "due": None,
        "reached_on": day(29),
    }
    await hers.corrected(reachedOn=day(30))
    assert hers.goal() == before


async def test_a_voided_goal_that_is_reinstated_is_shown_as_before(hers: Learner) -> None:
    await hers.set_goals("G1", "G2")
    await hers.send("ReachGoal", on=30)
    before = hers.goal()
    await hers.send("VoidGoal", on=40, reason=WHY)
    assert hers.goal() == before | {"voided_on": day(40)}
    await hers.send("ReinstateGoal", on=41, reason=WHY)
    assert hers.goal() == before


async def test_a_completion_falls_with_the_goal_that_was_not_reached_after_all(
    hers: Learner,
) -> None:
    await hers.set_goals("G1")
    await hers.send("ReachGoal", on=30)
    assert hers.status == "COMPLETED"
    plain = {"enrolmentId": str(hers.id), "goal": "G1", "text": TEXT, "reason": WHY, "dryRun": True}
    tried = await hers.country.house.send("menteeCorrectGoal", **msgspec.to_builtins(plain))
    assert [(each.code, each.params["open"]) for each in tried.findings] == [
        ("COMPLETION_RESTS_ON_GOAL", 1)
    ]
    await hers.corrected()
    assert (hers.status, hers.goal()["reached_on"]) == ("ENROLLED", None)
    await hers.corrected(reachedOn=day(30))
    assert hers.status == "COMPLETED"


async def test_nobody_waits_for_a_goal_that_was_set_by_mistake(hers: Learner) -> None:
    await hers.set_goals("G1", "G2")
    await hers.send("ReachGoal", on=30)
    assert hers.status == "ENROLLED"
    await hers.send("VoidGoal", "G2", on=40, reason=WHY)
    assert hers.status == "COMPLETED"
    await hers.send("ReinstateGoal", "G2", on=41, reason=WHY)
    assert hers.status == "ENROLLED"


async def test_a_completion_without_any_goal_left_is_none(hers: Learner) -> None:
    await hers.set_goals("G1")
    await hers.send("ReachGoal", on=30)
    await hers.send("VoidGoal", on=40, reason=WHY)
    assert hers.status == "ENROLLED"


async def test_a_goal_is_said_anew_while_it_stands(hers: Learner) -> None:
    await hers.set_goals("G1", "G2")
    said: dict[str, Any] = {"text": TEXT}
    assert await hers.refused("CorrectGoal", "G3", **said) == ("GOAL_UNKNOWN", "goal")
    assert await hers.refused("ReinstateGoal") == ("RECORD_STANDS", "goal")
    early = said | {"reachedOn": day(-1)}
    assert await hers.refused("CorrectGoal", **early) == ("BEFORE_ENROLMENT", "occurredOn")
    late = said | {"reachedOn": day(91)}
    assert await hers.refused("CorrectGoal", **late) == ("OCCURRED_IN_FUTURE", "reachedOn")
    await hers.send("VoidGoal", on=40, reason=WHY)
    for name, more in (
        ("CorrectGoal", said),
        ("VoidGoal", {}),
        ("ReachGoal", {}),
        ("EvaluateGoal", {"howFar": "PARTLY"}),
    ):
        assert await hers.refused(name, **more) == ("RECORD_VOIDED", "goal")
    await hers.send("ReachGoal", "G2", on=40)
    half = await hers.refused("EvaluateGoal", "G2", howFar="PARTLY", on=40)
    assert half == ("GOAL_ALREADY_REACHED", "goal")


@pytest.mark.parametrize("name", ["CorrectGoal", "VoidGoal", "ReinstateGoal"])
async def test_whoever_says_a_goal_anew_says_why(hers: Learner, name: str) -> None:
    await hers.set_goals("G1")
    more = {"text": TEXT} if name == "CorrectGoal" else {}
    assert await hers.refused(name, reason=None, **more) == ("REASON_MISSING", "reason")
