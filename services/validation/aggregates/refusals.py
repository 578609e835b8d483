"""What a competency record refuses, and what would be right instead."""

from shared.domain.errors import Departure, Refusal


class BaselineTaken(Refusal):
    """The pre-test shows where mentoring began; it is taken once."""

    code = "BASELINE_TAKEN"
    template = "The pre-test was taken on {assessed_on}."
    remedy_template = (
        "Correct it with `competencyBaselineCorrect`; record later results with `competencyAssess`."
    )


class BaselineMissing(Departure):
    """The programme asks for a pre-test before the first assessment."""

    code = "BASELINE_MISSING"
    template = "The mentee had not taken the pre-test by {day}."
    remedy_template = "Record it with `competencyBaselineAssess` first."


class FacilityBaselineMissing(Departure):
    """The programme looks at a facility before anybody is assessed there."""

    code = "FACILITY_BASELINE_MISSING"
    template = "The mentee's facility {facility} had no baseline by {day}."
    remedy_template = "Record it with `facilityBaselineAssess` first."


class NotValidated(Refusal):
    """Only a validation that counts can be taken back, or lapse."""

    code = "NOT_VALIDATED"
    template = "The mentee is not validated on {competency}."
    remedy_template = "Name a competency that they are validated on."


class BeforeValidation(Refusal):
    """A validation is not taken back before it was given."""

    code = "BEFORE_VALIDATION"
    template = "{day} is before {validated_on}, when the mentee was validated on {competency}."
    remedy_template = "Give a day on or after {validated_on}."


class StillValid(Refusal):
    """A validation lapses when its last day has passed."""

    code = "STILL_VALID"
    template = "The validation on {competency} holds up to and with {valid_until}."
    remedy_template = "Let it lapse after {valid_until}, or revoke it with `competencyRevoke`."


class NeverLapses(Refusal):
    """The programme's validations had no last day when this one was given."""

    code = "VALIDATION_NEVER_LAPSES"
    template = "The validation on {competency} has no last day."
    remedy_template = "Revoke it with `competencyRevoke` if it must not count any more."


class CoachingPlanMissing(Departure):
    """After a failed attempt, what will be practised comes before the next one."""

    code = "COACHING_PLAN_MISSING"
    template = "Attempt {attempt} at {competency} failed, and no coaching plan was set since."
    remedy_template = "Set one with `competencyCoach` first."


class NothingToCoach(Refusal):
    """A coaching plan follows a failed attempt."""

    code = "NO_FAILED_ATTEMPT"
    template = "The mentee's last attempt at {competency} did not fail, or there was none."
    remedy_template = "Set a coaching plan for a competency whose last attempt failed."


class CoachingPlanThere(Refusal):
    """One failed attempt, one coaching plan."""

    code = "COACHING_PLAN_THERE"
    template = "A coaching plan was set after attempt {attempt} at {competency}."
    remedy_template = "Assess the mentee again when it was practised."


class CoachingBeforeAttempt(Refusal):
    """A coaching plan follows what it was made for."""

    code = "COACHING_BEFORE_ATTEMPT"
    template = "{day} is before {attempted_on}, when the attempt failed."
    remedy_template = "Give a day on or after {attempted_on}."


class CoachingEndsBeforeSet(Refusal):
    """What will be practised is practised after it was agreed."""

    code = "COACHING_ENDS_BEFORE_SET"
    template = "The plan is to be practised by {until}, before {day}, when it is set."
    remedy_template = "Give a day on or after {day} in `until`, or none."


class AttemptUnknown(Refusal):
    """Only an attempt that was told is corrected, voided or signed."""

    code = "ATTEMPT_UNKNOWN"
    template = "There is no attempt {attempt} at {competency}."
    remedy_template = "Give the number of an attempt that was recorded."


class AttemptVoidedAlready(Refusal):
    """What is voided stands no more."""

    code = "ATTEMPT_VOIDED"
    template = "Attempt {attempt} at {competency} is voided."
    remedy_template = "Let it count again with `competencyAttemptReinstate` first."


class AttemptStands(Refusal):
    """What is not voided need not be let count again."""

    code = "ATTEMPT_STANDS"
    template = "Attempt {attempt} at {competency} is not voided."
    remedy_template = "Nothing is left to do."


class NothingToSign(Refusal):
    """What its assessor recorded, or has signed, awaits no signature."""

    code = "ATTEMPT_NOT_UNSIGNED"
    template = "Attempt {attempt} at {competency} awaits no signature."
    remedy_template = "Nothing is left to do."


class SignedByAnother(Refusal):
    """Nobody signs for the assessor."""

    code = "SIGNED_BY_ANOTHER"
    template = "{actor} is not the assessor of attempt {attempt} at {competency}."
    remedy_template = "Let the assessor sign under their own grant."


class BaselineNotTaken(Refusal):
    """Only a pre-test that was told is corrected."""

    code = "BASELINE_NOT_TAKEN"
    template = "No such pre-test of the mentee was recorded."
    remedy_template = "Record it with `competencyBaselineAssess`."


class ProvedByAnother(Refusal):
    """What somebody else proved proves nothing of the mentee."""

    code = "PROVED_BY_ANOTHER"
    template = "The enrolment {from_enrolment} is another person's."
    remedy_template = "Name another enrolment of the same person."


class NotProvedThere(Refusal):
    """Only what counts there is recognised here."""

    code = "NOT_PROVED_THERE"
    template = "On {day} the enrolment {from_enrolment} proves no {competency}."
    remedy_template = "Name a competency that is validated there, or assess it here."


class NotEquivalent(Refusal):
    """Only what the programme holds for the same is recognised."""

    code = "NOT_EQUIVALENT"
    template = "{competency} of the framework {framework} does not count as {counts_as}."
    remedy_template = "Say in `recognises` of a new version that it does, or assess it here."


class ProvedHere(Refusal):
    """What counts here is not recognised on top."""

    code = "PROVED_HERE"
    template = "The mentee is validated on {competency} here, since {validated_on}."
    remedy_template = "Nothing is left to recognise."


class RecogniserIsMentee(Refusal):
    """Nobody recognises what they proved themselves."""

    code = "RECOGNISER_IS_MENTEE"
    template = "Whoever recognises it is the mentee."
    remedy_template = "Let somebody else recognise it."


class NothingToAddUp(Refusal):
    """What was proved under another name is added up once, and parted once."""

    code = "NOTHING_TO_ADD_UP"
    template = "What was proved in the enrolment counts where it is to count."
    remedy_template = "Nothing is left to do."


class RecognitionsHold(Refusal):
    """What was recognised is looked at again when what it rests on has changed."""

    code = "RECOGNITIONS_HOLD"
    template = "What was recognised of {competency} in other enrolments is as it was."
    remedy_template = "Nothing is left to do."
