"""When a mentee is ready to be put into a mentorship: what the programme's gates ask before."""

from datetime import date

from services.registry.aggregates.enrolment import Enrolment
from shared.contracts.definition import Definition, Gate
from shared.domain.errors import Departure
from shared.domain.findings import Findings


class NotTrained(Departure):
    """The programme trains its mentees before they are mentored."""

    code = "NOT_TRAINED"
    template = "The mentee {mentee} took {days} days of training; the programme asks for {asked}."
    remedy_template = "Record their training with `menteeTrain` first."


class NoGoalSet(Departure):
    """The programme's mentees know what they want to reach before they are mentored."""

    code = "NO_GOAL_SET"
    template = "The mentee {mentee} has no learning goal."
    remedy_template = "Set one with `menteeSetGoal` first."


def must_be_ready(
    mentee: Enrolment, definition: Definition, day: date, findings: Findings, *, field: str
) -> None:
    """Weigh a mentee by the programme's gates before a mentorship, as of a day.

    EnrolmentEnded, BeforeEnrolment, NotTrained, NoGoalSet: as they say.
    """
    with findings.weighing():
        mentee.must_go_on_after(day, field)
    days, asked = training_of(mentee, definition, day)
    with findings.weighing():
        if days < asked:
            raise NotTrained(field, mentee=mentee.id, days=days, asked=asked)
    with findings.weighing():
        if Gate.GOALS in definition.gates and not mentee.set_goals:
            raise NoGoalSet(field, mentee=mentee.id)


def training_of(mentee: Enrolment, definition: Definition, day: date) -> tuple[int, int]:
    """Return how many days of the programme's training a mentee had by a day, and how many its gate
    asks for: none, where it has none.
    """
    training = definition.training
    days = mentee.trained_days(training.code if training else None, day)
    if Gate.TRAINING not in definition.gates:
        return days, 0
    return days, training.days if training else 1
