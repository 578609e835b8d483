"""What a mentor is refused: each rule with its code, its sentence, and what would be right."""

from shared.domain.errors import Consequence, Departure, Refusal


class AlreadyCertified(Refusal):
    """The mentor is certified; what comes before that is over."""

    code = "ALREADY_CERTIFIED"
    template = "The mentor is certified already."
    remedy_template = "Nothing is left to do; mentorships can be proposed."


class NothingCertified(Refusal):
    """Only a certification that was given is corrected or taken back."""

    code = "NOTHING_CERTIFIED"
    template = "The mentor is not certified."
    remedy_template = "Certify them with `mentorCertify`."


class MentoredUncertified(Consequence):
    """What somebody carried while they were certified, and were not after all."""

    code = "MENTORED_UNCERTIFIED"
    template = "They mentored in {mentorships} mentorships before they were certified."
    remedy_template = "Look at what they held in them: it was weighed by their certification."


class ScoresMissing(Refusal):
    """The programme evaluates its orientation, in theory and in practice."""

    code = "ORIENTATION_SCORES_MISSING"
    template = "The programme evaluates its orientation, and a score is missing."
    remedy_template = "Give both `theory` and `practical`, out of 100."


class ScoresNotAsked(Refusal):
    """The programme does not evaluate its orientation."""

    code = "ORIENTATION_NOT_SCORED"
    template = "The programme has no evaluation of its orientation, and a score was given."
    remedy_template = "Leave `theory` and `practical` out."


class NotOriented(Refusal):
    """A mentor is certified on the evaluations of an orientation, and there was none."""

    code = "NOT_ORIENTED"
    template = "The mentor has not taken the orientation."
    remedy_template = "Record the orientation with `mentorOrient` first."


class OrientationOfWorkshop(Refusal):
    """Whom a workshop oriented is oriented as long as the workshop says so."""

    code = "ORIENTATION_OF_WORKSHOP"
    template = "The mentor was oriented at the workshop {workshop}."
    remedy_template = "Correct the workshop with `workshopCorrect`."


class OrientationTooLow(Refusal):
    """The evaluations do not reach what the programme asks of its mentors."""

    code = "ORIENTATION_TOO_LOW"
    template = (
        "The evaluations are {theory} % in theory and {practical} % in practice; the programme "
        "asks {least_theory} % and {least_practical} %."
    )
    remedy_template = "Record a new orientation that reaches both, or nominate someone else."


class NotCertified(Departure):
    """Only certified mentors mentor."""

    code = "MENTOR_NOT_CERTIFIED"
    template = "The mentor {mentor} was not certified by {day}."
    remedy_template = "Certify them with `mentorCertify`, or choose a certified mentor."


class MentorSuspendedNow(Departure):
    """Whoever is suspended takes on nothing new."""

    code = "MENTOR_SUSPENDED"
    template = "The mentor {mentor} is suspended since {since}."
    remedy_template = "Choose another mentor, or reinstate them with `mentorReinstate`."


class AlreadySuspended(Refusal):
    """One is suspended once."""

    code = "ALREADY_SUSPENDED"
    template = "The mentor is suspended since {since}."
    remedy_template = "Nothing is left to do."


class NotSuspended(Refusal):
    """Only the suspended are reinstated."""

    code = "NOT_SUSPENDED"
    template = "The mentor is not suspended."
    remedy_template = "Nothing is left to do."


class BeforeSuspension(Refusal):
    """A suspension ends after it began."""

    code = "BEFORE_SUSPENSION"
    template = "{day} is before {since}, when the suspension began."
    remedy_template = "Give a day on or after {since}."


class PlacesAboveLoad(Refusal):
    """Nobody offers more than the programme lets them carry."""

    code = "PLACES_ABOVE_LOAD"
    template = "{places} mentorships at a time are more than the {load} that the programme allows."
    remedy_template = "Offer {load} or fewer."


class AvailabilityBackwards(Refusal):
    """The period is the wrong way round."""

    code = "AVAILABILITY_ENDS_BEFORE_START"
    template = "The availability would end on {until}, before it begins on {since}."
    remedy_template = "Give a last day on or after {since}, or none."


class LaterDeclared(Refusal):
    """What was declared for a later day holds."""

    code = "LATER_AVAILABILITY_DECLARED"
    template = "The availability of {day} was replaced by one declared for {since}."
    remedy_template = "Declare it for a day on or after {since}."


class NotAvailable(Departure):
    """The mentor said when they are available."""

    code = "MENTOR_NOT_AVAILABLE"
    template = "The mentor {mentor} is not available on {day}, by what they declared."
    remedy_template = "Choose another mentor or day, or declare their availability anew."


class LoadReached(Departure):
    """The mentor carries as many mentorships as the programme, or they themselves, allow."""

    code = "MENTOR_LOAD_REACHED"
    template = "The mentor {mentor} carried {load} mentorships on {day}, the most that is allowed."
    remedy_template = "Choose another mentor, or conclude one of theirs first."


class NotCarried(Refusal):
    """What is not carried is not given back."""

    code = "MENTORSHIP_NOT_CARRIED"
    template = "The mentor {mentor} does not carry this mentorship."
    remedy_template = "Nothing is left to do."
