"""The trainings of an enrolment, as days: told one by one, and taken at workshops.

A day counts once. What was told by hand of a workshop that was logged as well is the same training:
of the two, the one with more days counts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shared.contracts.registry.enrolment import TrainingFacts
from shared.contracts.sessions.workshop import WorkshopKind
from shared.domain.errors import Refusal


class TrainingUnknown(Refusal):
    """Only what was told is corrected, voided or reinstated."""

    code = "TRAINING_UNKNOWN"
    template = "No training was told at the version {told}."
    remedy_template = "Those of the enrolment were told at: {known}."


class TrainingOfWorkshop(Refusal):
    """What was taken at a workshop is as the workshop says."""

    code = "TRAINING_OF_WORKSHOP"
    template = "The training was taken at the workshop {workshop}."
    remedy_template = "Correct the workshop with `workshopCorrect`."


class TrainingIsVoided(Refusal):
    """What is voided is not corrected, and not voided again."""

    code = "TRAINING_VOIDED"
    template = "The training is voided."
    remedy_template = "Let it stand again first, with `menteeTrainingReinstate`."


class TrainingStands(Refusal):
    """Only what is voided is reinstated."""

    code = "TRAINING_STANDS"
    template = "The training is not voided."
    remedy_template = "Nothing is left to do."


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What somebody took at a workshop: on which of its days, in order."""

    workshop_id: UUID
    programme: str
    org_unit_id: UUID
    kind: WorkshopKind
    title: str
    course: str | None
    days: tuple[date, ...]


def days_by(trainings: Collection[TrainingFacts], course: str | None, day: date) -> int:
    """Return how many days of a course, or of any, trainings that stand come to by a day."""
    asked = [one for one in trainings if course in (None, one.course)]
    left = {
        number: one.days
        for number, one in enumerate(asked)
        if not one.taken_on and one.completed_on <= day
    }
    total = sum(left.values())
    counted: set[date] = set()
    for one in sorted(asked, key=lambda one: one.completed_on):
        fresh = {each for each in one.taken_on if each <= day} - counted
        counted |= fresh
        more = len(fresh)
        for number in left:
            if more and _tells_of(asked[number], one):
                same = min(more, left[number])
                left[number] -= same
                more -= same
        total += more
    return total


def _tells_of(by_hand: TrainingFacts, at_workshop: TrainingFacts) -> bool:
    """Say whether the days of one may be those of the other."""
    first = by_hand.completed_on - timedelta(days=by_hand.days - 1)
    return first <= at_workshop.taken_on[-1] and at_workshop.taken_on[0] <= by_hand.completed_on
