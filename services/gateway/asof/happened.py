"""Which of all that is known today had happened by a day.

An event counts by the day on which it says that something happened, however late it was recorded.
What corrects a fact, voids it or lets it stand again says something about that day, whenever it was
said: so a fact counts, with all that was ever said of it, if the day it is told of by now has come;
one that was moved to a later day is not there. A line of days that is said anew, whole, counts up
to that day. What fell, because what it rested on was otherwise, never was.

Where an event says how many there are by then, of things that are recorded in any order, it is
counted again (`recounted.py`).
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from shared.contracts.base import Event
from shared.contracts.registry.employment import HealthWorkerEmploymentTold
from shared.contracts.registry.enrolment import CompletionReopened, MenteeNeedsTold
from shared.contracts.registry.group import GroupMemberTold, GroupOfficeTold
from shared.contracts.registry.health_worker import (
    HealthWorkerCadresTold,
    HealthWorkerPostingsTold,
)
from shared.contracts.registry.org_unit import OrgUnitPlacesTold
from shared.contracts.registry.org_unit_codes import OrgUnitCodesTold
from shared.contracts.registry.org_unit_facility import OrgUnitFacilityTold
from shared.contracts.registry.second_posting import SecondPostingsTold
from shared.contracts.sessions.visit import VisitCorrected, VisitMade
from shared.contracts.sessions.workshop import WorkshopFacts
from shared.contracts.validation.competency_correction import FacilityLookedAt
from shared.contracts.validation.competency_record import (
    AttemptsWeighed,
    Cause,
    CompetencyLapsed,
    CompetencyRecordOpened,
    CompetencyRevoked,
    CompetencyValidated,
    MenteeFullyValidated,
    RightToMentorEarned,
    RightToMentorLost,
)
from shared.projection import Happening

if TYPE_CHECKING:
    from services.gateway.asof.past import Told

_DAYS = (
    *("held_on", "assessed_on", "scored_on", "evaluated_on", "written_on", "told_on", "made_on"),
    *("renewed_on", "validated_on", "earned_on", "lost_on", "revoked_on", "lapsed_on", "set_on"),
    *("recognised_on", "completed_on", "withdrawn_on", "reached_on", "left_on", "signed_on"),
    *("certified_on", "oriented_on", "agreed_on", "concluded_on", "posted_on", "since"),
)
"""The fields by which events say when it was: the first that one has."""

_RECORDS: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {
    "validation.competency_record": {
        (
            "assessment_recorded",
            "attempt_corrected",
            "attempt_voided",
            "attempt_reinstated",
            "attempt_countersigned",
            "attempt_judged",
        ): ("competency", "attempt"),
        ("baseline_assessed", "baseline_corrected"): ("competency",),
        ("recognised", "recognition_weighed"): ("competency", "attempt"),
    },
    "validation.indicator_record": {
        ("scored", "corrected", "voided", "reinstated"): ("indicator", "round")
    },
    "validation.facility_baseline": {
        ("assessed", "corrected", "voided", "reinstated", "countersigned"): ("attempt",)
    },
    "registry.enrolment": {
        ("goal_set", "goal_corrected", "goal_voided", "goal_reinstated"): ("goal",),
        ("self_assessed", "self_assessment_corrected"): ("assessed_on",),
    },
    "registry.health_worker": {
        ("licence_told", "licence_renewed", "licence_corrected"): ("licence_id",)
    },
    "registry.mentor": {
        ("certified", "certification_corrected", "certification_voided"): (),
        ("suspended", "suspension_voided"): ("since",),
    },
    "registry.mentorship": {
        ("signed", "signature_corrected", "signature_voided"): ("health_worker_id",),
        ("mentee_left", "mentor_disengaged", "leaving_voided"): ("health_worker_id", "left_on"),
    },
    "sessions.session": {
        ("held", "corrected", "voided", "reinstated", "debriefed", "guest_named"): ()
    },
    "sessions.contact": {("made", "voided"): ()},
    "sessions.cpd_account": {("awarded", "reversed"): ("source", "rule")},
    "sessions.exchange": {("posted", "withdrawn", "reinstated"): ()},
    "sessions.visit": {("made", "corrected"): ()},
    "sessions.workshop": {
        ("held", "corrected", "voided", "reinstated", "put_in_words", "tested"): ()
    },
    **{
        f"sessions.{record}": {(first, "corrected", "voided", "reinstated"): ()}
        for record, first in (
            ("coordination_meeting", "held"),
            ("journal", "written"),
            ("outcome_story", "told"),
            ("relationship", "evaluated"),
            ("supervision_visit", "held"),
        )
    },
}
"""By record, the events that tell of one fact, the first of them first, and by which of their
fields it is told apart from the record's other facts of that kind."""

_FACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    f"{record}.{name}": (names[0], identity)
    for record, facts in _RECORDS.items()
    for names, identity in facts.items()
    for name in names
}
_NEVER_EMPTY = (
    HealthWorkerCadresTold,
    HealthWorkerPostingsTold,
    MenteeNeedsTold,
    OrgUnitPlacesTold,
)
"""Lines with something on every day since their first."""

_LINES = (
    *_NEVER_EMPTY,
    GroupMemberTold,
    GroupOfficeTold,
    HealthWorkerEmploymentTold,
    OrgUnitCodesTold,
    OrgUnitFacilityTold,
    SecondPostingsTold,
)

_FOLLOWS = (
    AttemptsWeighed,
    CompetencyLapsed,
    CompetencyRecordOpened,
    CompetencyRevoked,
    CompetencyValidated,
    FacilityLookedAt,
    MenteeFullyValidated,
    RightToMentorEarned,
    RightToMentorLost,
)
"""What follows from facts: without one that counts, nothing does."""

Fact = tuple[UUID, Any]


def happened_by(told: "Sequence[Told]", day: date) -> "list[Told]":
    """Return what counts, in the order in which it was recorded, as far as it goes by then."""
    days: dict[Fact, date] = {}
    for one in told:
        fact, says = _fact(one), _day(one.happening.body)
        if says is not None:
            days[fact] = says
        elif fact not in days:
            days[fact] = one.happening.meta.occurred_on
    never = _never_earned(told)
    counted = [
        one
        for one in told
        if one.entry.position not in never
        and (days[_fact(one)] <= day or isinstance(one.happening.body, _LINES))
    ]
    begun = {one.entry.stream for one in counted if not isinstance(one.happening.body, _FOLLOWS)}
    kept = {one.entry.position for one in counted}
    return [
        upto
        for one in told
        if one.entry.stream in begun
        and (one.entry.position in kept or _is_of_no_day(one.happening.body))
        and (upto := _up_to(one, day)) is not None
    ]


def _fact(told: "Told") -> Fact:
    entry, event = told.entry, told.happening.body
    known = _FACTS.get(entry.topic)
    if known is None:
        return entry.stream, entry.version
    first, identity = known
    return entry.stream, (first, *(getattr(event, name, None) for name in identity))


def _day(event: Event) -> date | None:
    if isinstance(event, VisitMade | VisitCorrected | WorkshopFacts):
        return event.ends
    for name in _DAYS:
        value = getattr(event, name, None)
        if isinstance(value, date):
            return value
    return None


def _is_of_no_day(event: Event) -> bool:
    """Say whether an event is of whichever day its record is first of: it opens the record, looks
    at it, or tells that what was told before was not so.
    """
    match event:
        case CompetencyRevoked(cause=Cause.FELL) | RightToMentorLost(fell=True):
            return True
    return isinstance(
        event, AttemptsWeighed | CompetencyRecordOpened | CompletionReopened | FacilityLookedAt
    )


def _never_earned(told: "Sequence[Told]") -> set[int]:
    """Return the positions at which a right is said to be earned that was not: it fell, or is told
    to be earned otherwise, before it was lost.
    """
    never: set[int] = set()
    earned: dict[Fact, int] = {}
    for one in told:
        event = one.happening.body
        if not isinstance(event, RightToMentorEarned | RightToMentorLost):
            continue
        right = one.entry.stream, (event.tier, event.tier_area)
        before = earned.pop(right, None)
        if isinstance(event, RightToMentorEarned):
            earned[right] = one.entry.position
        if before is not None and (isinstance(event, RightToMentorEarned) or event.fell):
            never.add(before)
    return never


def _up_to(told: "Told", day: date) -> "Told | None":
    """Return an event as far as it tells of days up to this one; None: it tells of none."""
    happening = told.happening
    changed = {}
    for name in happening.body.__struct_fields__:
        line = getattr(happening.body, name)
        if isinstance(line, tuple) and line and _is_of_days(line[0]):
            upto = tuple(one for one in line if one.since <= day)
            if len(upto) < len(line):
                changed[name] = upto
    if not changed:
        return told
    if isinstance(happening.body, _NEVER_EMPTY) and not all(changed.values()):
        return None
    body = replace(happening.body, **changed)
    return replace(told, read=_with(happening, body))


def _with(happening: Happening, body: Event) -> Happening:
    return replace(happening, body=body)


def _is_of_days(one: Any) -> bool:
    return isinstance(one, Struct) and isinstance(getattr(one, "since", None), date)
