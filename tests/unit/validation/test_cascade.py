"""The right to mentor the tier below: given by validations, lost with them, not held otherwise."""

from datetime import date

import pytest

from services.validation.aggregates.cascade import rights_given
from services.validation.aggregates.competency_record import CompetencyRecord
from services.validation.aggregates.proof import Proof
from shared.contracts.definition import CascadeStep
from shared.contracts.validation.competency_record import RightToMentorEarned, RightToMentorLost
from tests.support.definitions import BLEEDING
from tests.support.records import FRAMEWORK, TODAY, WELL, attempt, mentee, told

CENTRE = ("test-centre", "MNH")


def proof(raw: int, most: int = 100) -> Proof:
    return Proof(on=date(2018, 12, 1), until=None, raw=raw, max=most)


def step(**changes: object) -> CascadeStep:
    return CascadeStep(**{"programme": "test-centre", "area": "MNH", **changes})  # type: ignore[arg-type]


def test_all_of_them_is_every_competency_of_the_area() -> None:
    assert rights_given([step()], "RAM", {"HBB": proof(90)}, 2) == {}
    both = {"HBB": proof(90), "PPH": proof(90)}
    assert rights_given([step()], "RAM", both, 2) == {CENTRE: ("HBB", "PPH")}


def test_a_number_of_them_is_enough_where_the_step_says_so() -> None:
    assert rights_given([step(validated=1)], "RAM", {"PPH": proof(85)}, 2) == {CENTRE: ("PPH",)}


@pytest.mark.parametrize(("raw", "most", "enough"), [(90, 100, True), (71, 79, False)])
def test_only_high_scores_count_where_the_step_asks_for_them(
    raw: int, most: int, enough: bool
) -> None:
    # 71 of 79 is 89.87 %: it is not 90 %, whatever it would round to.
    asks = step(validated=1, least_percent=90)
    assert bool(rights_given([asks], "RAM", {"HBB": proof(raw, most)}, 2)) is enough


def test_one_more_validation_however_poor_takes_no_right_away() -> None:
    asks = step(validated=1, least_percent=90)
    scores = {"HBB": proof(95), "PPH": proof(85)}
    assert rights_given([asks], "RAM", scores, 2) == {CENTRE: ("HBB",)}


def test_a_step_of_other_areas_gives_nothing_here() -> None:
    only = step(validated=1, areas=("RSOG",))
    assert rights_given([only], "RAM", {"HBB": proof(100)}, 2) == {}
    assert rights_given([only], "RSOG", {"HBB": proof(100)}, 2)


def test_two_steps_to_one_tier_are_one_right() -> None:
    steps = [step(), step(validated=1, area="FP"), step(validated=1)]
    assert rights_given(steps, "RAM", {"HBB": proof(90)}, 2) == {
        ("test-centre", "FP"): ("HBB",),
        CENTRE: ("HBB",),
    }


def test_the_right_is_recorded_with_the_validation_that_earns_it() -> None:
    about = mentee(cascade=(step(),))
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    assert not told(record, RightToMentorEarned)
    attempt(record, about, WELL, BLEEDING)
    (earned,) = told(record, RightToMentorEarned)
    assert (earned.tier, earned.tier_area, earned.because) == (*CENTRE, ("HBB", "PPH"))
    assert earned.earned_on == TODAY


def test_the_right_is_lost_with_a_validation_it_rests_on_and_earned_again_with_a_new_one() -> None:
    about = mentee(cascade=(step(),))
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    attempt(record, about, WELL, BLEEDING)
    record.revoke(about, FRAMEWORK, "PPH", TODAY)
    (lost,) = told(record, RightToMentorLost)
    assert (lost.tier, lost.tier_area, lost.because) == (*CENTRE, "PPH")
    record.revoke(about, FRAMEWORK, "HBB", TODAY)
    assert len(told(record, RightToMentorLost)) == 1
    attempt(record, about, WELL)
    attempt(record, about, WELL, BLEEDING)
    assert len(told(record, RightToMentorEarned)) == 2


def test_the_right_stays_while_enough_validations_are_left() -> None:
    about = mentee(cascade=(step(validated=1),))
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    attempt(record, about, WELL, BLEEDING)
    record.revoke(about, FRAMEWORK, "HBB", TODAY)
    assert not told(record, RightToMentorLost)
    assert len(told(record, RightToMentorEarned)) == 1
