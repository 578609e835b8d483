"""Completion: whenever something happens that an end rule counts, the enrolment is judged by it;
whenever something is taken back, its completion is.

Whether the end is reached is the command's to say; that it is not is an ordinary answer.
"""

from collections.abc import Iterable
from uuid import UUID

from shared.contracts.registry.enrolment import (
    EnrolmentRestored,
    EnrolmentSetAside,
    GoalCorrected,
    GoalReached,
    GoalReinstated,
    GoalVoided,
    MenteeComplete,
    MenteeReopen,
)
from shared.contracts.sessions.session import (
    SessionCorrected,
    SessionFacts,
    SessionHeld,
    SessionReinstated,
    SessionVoided,
)
from shared.contracts.validation.competency_record import (
    AboutMentee,
    CompetencyLapsed,
    CompetencyRevoked,
    CompetencyValidated,
)
from shared.contracts.validation.indicator import (
    IndicatorCorrected,
    IndicatorFacts,
    IndicatorReinstated,
    IndicatorScored,
    IndicatorVoided,
)
from shared.domain import derived_id
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

COMPLETION = Policy("completion")

SESSION, VALIDATION, SCORE, GOAL = "A session", "A validation", "A score", "A goal"
OTHER_NAME = "What was done under another name"
"""What a completion may rest on, as its reopening says it."""


@COMPLETION.on(SessionHeld, SessionCorrected)
def attended(body: SessionFacts, _happening: Happening) -> Iterable[Reaction]:
    """Judge everybody who was there, if the programme's end counts sessions at all; doubt the
    completion of whoever was not there after all.
    """
    if isinstance(body, SessionCorrected):
        yield from _without(SESSION, body.no_more)
    if body.counts_to_end:
        yield from map(_judge, body.enrolments)
    elif isinstance(body, SessionCorrected):
        yield from _without(SESSION, body.enrolments)


@COMPLETION.on(SessionVoided)
def voided(body: SessionVoided, _happening: Happening) -> Iterable[Reaction]:
    """Doubt the completion of everybody for whom it counts no more."""
    yield from _without(SESSION, body.enrolments)


@COMPLETION.on(SessionReinstated)
def reinstated(body: SessionReinstated, _happening: Happening) -> Iterable[Reaction]:
    """Judge everybody for whom it counts again."""
    if body.counts_to_end:
        yield from map(_judge, body.enrolments)


@COMPLETION.on(CompetencyValidated)
def validated(body: CompetencyValidated, _happening: Happening) -> Iterable[Reaction]:
    """Judge whoever is validated on as much as the end asks."""
    if body.counts_to_end:
        yield _judge(body.enrolment_id)


@COMPLETION.on(CompetencyRevoked, CompetencyLapsed)
def ended(body: AboutMentee, _happening: Happening) -> Iterable[Reaction]:
    """Doubt the completion of whoever was not validated on the day of it after all."""
    yield _doubt(body.enrolment_id, VALIDATION)


@COMPLETION.on(IndicatorScored, IndicatorCorrected)
def scored(body: IndicatorFacts, _happening: Happening) -> Iterable[Reaction]:
    """Judge whoever has all indicators scored twice."""
    if body.complete:
        yield _judge(body.enrolment_id)


@COMPLETION.on(IndicatorReinstated)
def score_reinstated(body: IndicatorReinstated, _happening: Happening) -> Iterable[Reaction]:
    """Judge whoever has them scored twice after all."""
    if body.complete:
        yield _judge(body.enrolment_id)


@COMPLETION.on(IndicatorVoided)
def score_voided(body: IndicatorVoided, _happening: Happening) -> Iterable[Reaction]:
    """Doubt the completion of whoever has an indicator that is not scored twice any more."""
    if not body.complete:
        yield _doubt(body.enrolment_id, SCORE)


@COMPLETION.on(GoalReached)
def goal_reached(body: GoalReached, happening: Happening) -> Iterable[Reaction]:
    """Judge whoever has no goal open."""
    if not body.open:
        yield _judge(happening.stream)


@COMPLETION.on(GoalCorrected)
def goal_corrected(body: GoalCorrected, happening: Happening) -> Iterable[Reaction]:
    """Judge, or doubt, whoever reached it, or did not, after all."""
    return _goal_said_anew(happening.stream, body.open)


@COMPLETION.on(GoalVoided)
def goal_voided(body: GoalVoided, happening: Happening) -> Iterable[Reaction]:
    """Judge whoever has no other goal open; doubt the completion of whoever has none at all."""
    return _goal_said_anew(happening.stream, body.open)


@COMPLETION.on(GoalReinstated)
def goal_reinstated(body: GoalReinstated, happening: Happening) -> Iterable[Reaction]:
    """Judge, or doubt, whoever has it again."""
    return _goal_said_anew(happening.stream, body.open)


@COMPLETION.on(EnrolmentSetAside)
def added_up(body: EnrolmentSetAside, _happening: Happening) -> Iterable[Reaction]:
    """Judge the person by what they did under both names."""
    if body.goes_on_in is not None:
        yield _judge(body.goes_on_in)


@COMPLETION.on(EnrolmentRestored)
def parted(body: EnrolmentRestored, happening: Happening) -> Iterable[Reaction]:
    """Judge each of the two by what they did themselves."""
    yield _judge(happening.stream)
    if body.went_on_in is not None:
        yield _doubt(body.went_on_in, OTHER_NAME)


def _goal_said_anew(enrolment_id: UUID, open: int) -> Iterable[Reaction]:
    if not open:
        yield _judge(enrolment_id)
    yield _doubt(enrolment_id, GOAL)


def _judge(enrolment_id: UUID) -> Reaction:
    return Reaction(MenteeComplete, about=enrolment_id, enrolment_id=enrolment_id)


def _without(fact: str, enrolments: Iterable[UUID]) -> Iterable[Reaction]:
    return (_doubt(enrolment_id, fact) for enrolment_id in enrolments)


def _doubt(enrolment_id: UUID, fact: str) -> Reaction:
    return Reaction(
        MenteeReopen,
        # Not about the enrolment alone: a doubt does not take the place of a judgement due.
        about=derived_id("doubt", enrolment_id),
        enrolment_id=enrolment_id,
        reason=f"{fact} that the completion rested on counts no more.",
    )
