"""What an enrolment is refused: each rule with its code, its sentence, and what would be right."""

from collections.abc import Iterable

from shared.contracts.definition import Area
from shared.domain.errors import Consequence, Departure, Refusal


class EnrolmentEnded(Refusal):
    """What is over is not changed any more."""

    code = "ENROLMENT_ENDED"
    template = "The enrolment is over: it was {standing}."
    remedy_template = "Use the person's active enrolment, or enrol them anew."


class BeforeEnrolment(Refusal):
    """Nothing happens in an enrolment before it begins."""

    code = "BEFORE_ENROLMENT"
    template = "{day} is before {since}, when the enrolment began."
    remedy_template = "Give a day on or after {since}."


class NotSetAside(Refusal):
    """Only what rests is restored."""

    code = "NOT_SET_ASIDE"
    template = "The enrolment was not set aside; it is {standing}."
    remedy_template = "Nothing is left to do."


class OwnSupervisor(Refusal):
    """Nobody supervises themselves."""

    code = "OWN_SUPERVISOR"
    template = "The health worker {person} is named as their own supervisor."
    remedy_template = "Name somebody else, or leave the supervisor out."


class CadreNotOfArea(Departure):
    """An area is for the cadres that it names."""

    code = "CADRE_NOT_OF_AREA"
    template = "The area {area} is for {cadres}; they were {cadre} on that day."
    remedy_template = (
        "Choose another area, or record first with `healthWorkerChangeCadre` what they were."
    )


class GoalTwice(Refusal):
    """A goal keeps its code."""

    code = "GOAL_SET_BEFORE"
    template = "The goal {goal} was set before."
    remedy_template = "Give the new goal a code of its own."


class GoalDueBefore(Refusal):
    """A goal is due after it is set."""

    code = "GOAL_DUE_BEFORE_SET"
    template = "The goal would be due on {due}, before it is set on {day}."
    remedy_template = "Give a day on or after {day}, or none."


class GoalUnknown(Refusal):
    """Only a goal that was set is reached."""

    code = "GOAL_UNKNOWN"
    template = "The mentee has no goal {goal!r}."
    remedy_template = "Their goals: {goals}."


class GoalAlreadyReached(Refusal):
    """A goal is reached once."""

    code = "GOAL_ALREADY_REACHED"
    template = "The goal {goal} was reached before."
    remedy_template = "Nothing is left to do; set a new goal to go on."


class CompletionRestsOnGoal(Consequence):
    """What is said of a goal anew takes the ground from a completion."""

    code = "COMPLETION_RESTS_ON_GOAL"
    template = "The completion of {completed_on} rests on it: {open} goals would be open."
    remedy_template = "It is reopened, unless the programme's end asks for no goals."


class NotSelfAssessed(Refusal):
    """Only a self-assessment that was told is corrected or voided."""

    code = "NOT_SELF_ASSESSED"
    template = "The mentee did not assess themselves on {day}."
    remedy_template = "Give one of these days: {days}."


class SkillTwice(Refusal):
    """A self-assessment rates each skill once."""

    code = "SKILL_RATED_TWICE"
    template = "The skill {skill} is rated more than once."
    remedy_template = "Rate each skill once."


class AlreadyThere(Refusal):
    """The enrolment is where the person is posted."""

    code = "ENROLMENT_ALREADY_THERE"
    template = "The person was posted on {day} where the enrolment is."
    remedy_template = "Transfer the health worker first, or give a day of the new posting."


class NotWithdrawn(Refusal):
    """Only who withdrew is readmitted."""

    code = "NOT_WITHDRAWN"
    template = "The mentee did not withdraw: the enrolment is {standing}."
    remedy_template = "Nothing is left to do; a completion is taken back with `menteeReopen`."


class NothingToReopen(Refusal):
    """Only a completion is reopened."""

    code = "NOTHING_TO_REOPEN"
    template = "The mentee did not complete: the enrolment is {standing}."
    remedy_template = "Nothing is left to do."


class StillComplete(Refusal):
    """By itself, a completion is reopened only when its end is not reached any more."""

    code = "STILL_COMPLETE"
    template = "All that the programme ends with is done still."
    remedy_template = "Nothing is left to do."


class BeforeItsEnd(Refusal):
    """What undoes an end comes after it."""

    code = "BEFORE_ITS_END"
    template = "{day} is before {ended_on}, when the enrolment ended."
    remedy_template = "Give a day on or after {ended_on}."


def must_be_for(area: Area, cadre: str, words: Iterable[str]) -> None:
    """Raise CadreNotOfArea unless an area is for people of a cadre.

    Args:
        words: all that stand for the cadre, by its country's list: a programme may name any.
    """
    if not any(map(area.is_for, (cadre, *words))):
        raise CadreNotOfArea("area", area=area.code, cadres=", ".join(area.cadres), cadre=cadre)
