"""Outcome stories: told of a mentorship that has had its agreement."""

from datetime import date
from typing import Any

import pytest

from services.sessions.aggregates.agreement import BeforeAgreement, NotSigned
from services.sessions.aggregates.outcome_story import OutcomeStory
from shared.contracts.sessions.outcome_story import OutcomeStoryTold
from shared.domain import new_id
from tests.support.agreements import AGREED_ON, UNSIGNED, agreement


def tell(**changes: Any) -> OutcomeStory:
    return OutcomeStory.told(
        **{
            "id": new_id(),
            "agreement": agreement(),
            "title": "The fridge runs at night",
            "story": "Since the key hangs in the ward, no dose was lost.",
            "told_on": date(2019, 3, 1),
            **changes,
        }
    )


def test_a_story_is_told_of_its_mentorship() -> None:
    under = agreement()
    story = tell(agreement=under)
    (told,) = story.recorded
    assert isinstance(told, OutcomeStoryTold)
    assert (told.mentorship_id, told.programme) == (under.mentorship_id, "test-hospital")
    assert story.key == under.mentorship_id


def test_a_mentorship_that_is_over_still_has_its_stories() -> None:
    tell(agreement=agreement(live=False))


def test_there_is_no_story_before_the_mentorship_was_agreed() -> None:
    with pytest.raises(NotSigned):
        tell(agreement=agreement(signed_on=UNSIGNED))
    with pytest.raises(BeforeAgreement):
        tell(told_on=date(2018, 11, 4))
    tell(told_on=AGREED_ON)
