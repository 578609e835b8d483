"""Where a session stands, and what cannot happen to it there."""

from enum import StrEnum

from shared.domain.errors import Conflict, Refusal


class State(StrEnum):
    """Where a session stands."""

    PLANNED = "PLANNED"
    CANCELLED = "CANCELLED"
    HELD = "HELD"
    VOIDED = "VOIDED"


class PlannedForThePast(Refusal):
    """What is planned is still to come."""

    code = "PLANNED_FOR_THE_PAST"
    template = "{planned_for} was over when it was planned, on {planned_on}."
    remedy_template = "Plan it for {planned_on} or later, or log it with `sessionLog` if held."


class PlannedForThatDay(Refusal):
    """It is put on another day, not on its own."""

    code = "PLANNED_FOR_THAT_DAY"
    template = "The session is planned for {planned_for} already."
    remedy_template = "Give another day."


class PlannedInAnother(Refusal):
    """A planned session is held in its own mentorship."""

    code = "PLANNED_IN_ANOTHER_MENTORSHIP"
    template = "The session {session} was planned in another mentorship."
    remedy_template = "Name the mentorship it was planned in, or log it without an id."


class HeldAlready(Conflict):
    """What was held can be corrected, not planned or held anew."""

    code = "SESSION_HELD_ALREADY"
    template = "The session was logged already, as held on {held_on}."
    remedy_template = "Correct it with `sessionCorrect`, or void it with `sessionVoid`."


class Cancelled(Refusal):
    """A cancelled session is not held."""

    code = "SESSION_CANCELLED"
    template = "The session was cancelled."
    remedy_template = "Plan or log it anew, without this id."


class NotHeld(Refusal):
    """Only what was held is corrected, voided or reinstated."""

    code = "SESSION_NOT_HELD"
    template = "The session is {state}; it was not held."
    remedy_template = "Log it with `sessionLog`, under its own id, if it was."


class Voided(Refusal):
    """A voided session does not count; there is nothing to correct or to void."""

    code = "SESSION_VOIDED"
    template = "The session is voided."
    remedy_template = "Let it count again first, with `sessionReinstate`."


class NotSuspected(Refusal):
    """Only what is suspected of something is settled."""

    code = "SESSION_NOT_SUSPECTED"
    template = "The session is suspected of nothing."
    remedy_template = "Void it with `sessionVoid`, or correct it, if it is not as it was told."


class NothingSuspected(Refusal):
    """What is suspected of being a session is looked at again when that has changed."""

    code = "SESSION_NOTHING_SUSPECTED"
    template = "What was suspected of being the session is as it was."
    remedy_template = "Nothing is left to do."


class CountsAlready(Refusal):
    """Only a voided session is reinstated."""

    code = "SESSION_COUNTS"
    template = "The session counts; it is not voided."
    remedy_template = "Nothing is left to do."
