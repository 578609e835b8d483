"""A sixth programme, written by docs/programmes.md alone, runs in the house from its first day to
the recommendation for a certificate: nothing in the code knows of it.
"""

import pytest

from services.gateway.projections import DEVIATION
from shared.domain.errors import MshauriError
from tests.support.house import House
from tests.support.ward import WEEKS, Ward


async def test_the_sixth_programme_runs_from_its_file_alone() -> None:
    house = await House.built()
    ward = Ward(house)
    await ward.open()

    with pytest.raises(MshauriError) as no_goal:
        await ward.pair()
    assert no_goal.value.code == "NO_GOAL_SET"
    await ward.do("menteeSetGoal", 0, enrolmentId=ward.enrolment, goal="SAFE", text="Be safe")
    await ward.pair()

    await ward.prove(2)
    assert {row["rule"] for row in house.rows(DEVIATION)} == {"BASELINE_MISSING"}
    await ward.do(
        "competencyBaselineAssess",
        2,
        enrolmentId=ward.enrolment,
        assessorId=ward.mentor,
        raw=10,
        max=30,
    )
    for week in range(WEEKS):
        await ward.meet(week)
    await ward.prove(52)
    await ward.do("menteeReachGoal", 53, enrolmentId=ward.enrolment, goal="SAFE")

    done = [("completion", "menteeComplete"), ("certificates", "certificateRecommend")]
    assert [one[:2] for one in house.outcomes if one[2] == "ok" and one[:2] in done] == done
