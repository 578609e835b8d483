"""What a pause is refused: of a mentorship, or of a cohort with all of its mentorships."""

from shared.domain.errors import Refusal


class AlreadyPaused(Refusal):
    """What pauses is not paused."""

    code = "ALREADY_PAUSED"
    template = "It pauses since {since}."
    remedy_template = "Nothing is left to do; let it go on with its `resume` command first."


class NotPaused(Refusal):
    """Only what pauses goes on."""

    code = "NOT_PAUSED"
    template = "It does not pause."
    remedy_template = "Nothing is left to do."
