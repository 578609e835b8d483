"""When a mentee has come to the end: what the programme's end rule asks, against what is counted.

The rule is judged by this alone, for whoever asks: a coordinator, or the policy that notices.
"""

from collections.abc import Iterator

from msgspec import Struct

from shared.contracts.definition.assessment import End
from shared.domain.errors import Refusal
from shared.domain.phrases import Phrase


class NoEndRule(Refusal):
    """Without a rule, nothing is completed by itself."""

    code = "NO_END_RULE"
    template = "The programme {programme} names no end that could be reached."
    remedy_template = "A coordinator says with `menteeComplete` when a mentee is done."


class EndRuleNotReached(Refusal):
    """The mentee has not yet done all that the programme ends with."""

    code = "END_RULE_NOT_REACHED"
    template = "The end is not reached: {missing}."
    remedy_template = "Complete them when this is done, or withdraw them with a reason."


class Counted(Struct, frozen=True, kw_only=True):
    """What is counted of one enrolment.

    Attributes:
        sessions: attended, without those that were voided.
        validated: competencies validated now, of the framework's `competencies`.
        goals: learning goals set; `open_goals` of them are not reached.
        indicators: every indicator is scored at baseline and again.
    """

    sessions: int = 0
    validated: int = 0
    competencies: int = 0
    goals: int = 0
    open_goals: int = 0
    indicators: bool = False


def must_be_reached(end: End, counted: Counted) -> None:
    """Raise EndRuleNotReached, naming all that is missing, unless the end is reached."""
    missing = list(_missing(end, counted))
    if missing:
        raise EndRuleNotReached("enrolmentId", missing=Phrase.listed(missing))


def is_reached(end: End, counted: Counted) -> bool:
    """Say whether nothing is missing that the end asks."""
    return not list(_missing(end, counted))


def _missing(end: End, counted: Counted) -> Iterator[Phrase]:
    if end.sessions is not None and counted.sessions < end.sessions:
        yield Phrase(
            "{attended} of {asked} sessions attended",
            attended=counted.sessions,
            asked=end.sessions,
        )
    if end.validated is not None:
        # `all` of none is not all: before the first validation nothing says how many there are.
        asked = max(counted.competencies, 1) if end.validated == "all" else end.validated
        if counted.validated < asked:
            of = Phrase("all") if end.validated == "all" else asked
            yield Phrase(
                "{validated} of {of} competencies validated", validated=counted.validated, of=of
            )
    if end.goals and not counted.goals:
        yield Phrase("no learning goal set")
    if end.goals and counted.open_goals:
        yield Phrase(
            "{open} of {goals} learning goals open", open=counted.open_goals, goals=counted.goals
        )
    if end.indicators and not counted.indicators:
        yield Phrase("indicators not all scored at baseline and again")
