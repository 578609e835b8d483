"""When a mentee is ready to be put into a mentorship: what the programme's gates ask before."""

from services.registry.aggregates.enrolment import Enrolment
from shared.contracts.definition import Definition, Gate
from shared.domain.errors import Refusal


class NotTrained(Refusal):
    """The programme trains its mentees before they are mentored."""

    code = "NOT_TRAINED"
    template = "The mentee {mentee} took {days} days of training; the programme asks for {asked}."
    remedy_template = "Record their training with `menteeTrain` first."


class NoGoalSet(Refusal):
    """The programme's mentees know what they want to reach before they are mentored."""

    code = "NO_GOAL_SET"
    template = "The mentee {mentee} has no learning goal."
    remedy_template = "Set one with `menteeSetGoal` first."


def must_be_ready(mentee: Enrolment, definition: Definition, *, field: str) -> None:
    """Refuse a mentee who has ended, or has not passed the gates before a mentorship.

    Raises:
        EnrolmentEnded, NotTrained, NoGoalSet: as they say.
    """
    mentee.must_be_active(field)
    if Gate.TRAINING in definition.gates:
        asked = definition.training.days if definition.training else 1
        if mentee.trained_days < asked:
            raise NotTrained(field, mentee=mentee.id, days=mentee.trained_days, asked=asked)
    if Gate.GOALS in definition.gates and not mentee.goals:
        raise NoGoalSet(field, mentee=mentee.id)
