"""Cohorts: the people who start a programme together, under one version of its rules."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    CohortId,
    Command,
    EnrolmentId,
    Event,
    GroupId,
    NewId,
    OrgUnitId,
    ProgrammeVersionId,
    Text,
    asked,
    happened,
    later,
    ref,
)
from shared.contracts.registry.pause import PauseCause, Paused, Resumed


@happened("registry.cohort.opened")
class CohortOpened(Event, kw_only=True):
    """A cohort takes enrolments, under the programme version it keeps.

    `group_id`: of the group whose units it is for besides; none: for its unit alone.
    """

    programme_version_id: ProgrammeVersionId
    programme: Code
    code: Code
    name: Text
    org_unit_id: OrgUnitId
    starts: date
    ends: date
    group_id: GroupId | None = None


@happened("registry.cohort.extended")
class CohortExtended(Event, kw_only=True):
    """It ends later than was meant; the event's reason says why."""

    ends: date


@happened("registry.cohort.moved")
class CohortMoved(Event, kw_only=True):
    """It is of another unit since a day."""

    org_unit_id: OrgUnitId
    since: date


@happened("registry.cohort.paused")
class CohortPaused(Paused, kw_only=True):
    """All of its mentorships pause from a day on; the event's reason says more."""


@happened("registry.cohort.resumed")
class CohortResumed(Resumed, kw_only=True):
    """They go on from that day on."""


@happened("registry.cohort.approved")
class CohortApproved(Event, kw_only=True):
    """The leadership agreed that the cohort may begin."""

    approved_by: Text
    approved_on: date


@happened("registry.cohort.started")
class CohortStarted(Event, kw_only=True):
    """Its gates are passed: mentorships can be put together."""

    started_on: date


@happened("registry.cohort.closed")
class CohortClosed(Event, kw_only=True):
    """It is over; nobody is enrolled in it any more."""

    closed_on: date


class Constraint(StrEnum):
    """What keeps a mentee from being matched."""

    NO_MENTOR_OF_AREA = "NO_MENTOR_OF_AREA"
    NO_AVAILABILITY = "NO_AVAILABILITY"
    NO_COMMON_LANGUAGE = "NO_COMMON_LANGUAGE"
    TOO_FAR = "TOO_FAR"
    EXCLUDED = "EXCLUDED"
    RATIO = "RATIO"
    LOAD = "LOAD"


class Unmatched(Struct, frozen=True, kw_only=True, rename="camel"):
    """A mentee for whom there is no proposal, and the constraint that binds."""

    enrolment_id: EnrolmentId
    constraint: Constraint


@happened("registry.cohort.matched")
class CohortMatched(Event, kw_only=True):
    """Mentorships were proposed for the mentees that had none: the best there are, all together.

    Attributes:
        score: of all proposals together.
        bound: that no set of proposals could exceed, as the solver proved.
        unmatched: who is left, and why.
    """

    mentorships: tuple[Annotated[UUID, ref("Mentorship")], ...]
    score: float
    bound: float
    unmatched: tuple[Unmatched, ...] = ()


@asked("registry", "Cohort", by="administrator coordinator")
class CohortOpen(Command, kw_only=True):
    """Open a cohort of a published programme version, over an org unit and a period."""

    id: NewId = None
    programme_version_id: ProgrammeVersionId
    code: Code
    name: Text
    org_unit_id: OrgUnitId
    starts: Annotated[date, Meta(description="The first day of the cohort.")]
    ends: Annotated[date, Meta(description="The last day of the cohort.")]
    group_id: (
        Annotated[UUID, ref("Group"), later("The group whose units it is for besides, by its id.")]
        | None
    ) = None


@asked("registry", "Cohort", by="administrator coordinator")
class CohortMove(Command, kw_only=True):
    """Take a cohort to another unit, since the day it occurred on: to the one that stands in the
    place of its own.
    """

    cohort_id: CohortId
    org_unit_id: OrgUnitId


@asked("registry", "Cohort", by="administrator coordinator")
class CohortExtend(Command, kw_only=True):
    """Let a cohort end later than was meant; `reason` says why."""

    cohort_id: CohortId
    ends: Annotated[date, Meta(description="The last day of the cohort, from now on.")]


@asked("registry", "Cohort", by="administrator coordinator")
class CohortPause(Command, kw_only=True):
    """Let all mentorships of a cohort pause from the day it occurred on; `reason` says why."""

    cohort_id: CohortId
    cause: PauseCause


@asked("registry", "Cohort", by="administrator coordinator")
class CohortResume(Command, kw_only=True):
    """Let the mentorships of a cohort that pauses go on, from the day it occurred on."""

    cohort_id: CohortId


@asked("registry", "Cohort", by="administrator coordinator")
class CohortApprove(Command, kw_only=True):
    """Record that the leadership agreed, on the day it occurred on."""

    cohort_id: CohortId
    approved_by: Annotated[
        str, Meta(min_length=1, max_length=200, description="The office that agreed.")
    ]


@asked("registry", "Cohort", by="administrator coordinator")
class CohortStart(Command, kw_only=True):
    """Start a cohort whose gates are passed."""

    cohort_id: CohortId


@asked("registry", "Cohort", by="administrator coordinator")
class CohortClose(Command, kw_only=True):
    """Close a cohort in which nobody is active any more."""

    cohort_id: CohortId


@asked("registry", "Cohort", by="administrator coordinator")
class CohortMatch(Command, kw_only=True):
    """Propose mentorships for all mentees of a cohort that are in none.

    The proposals are the best there are, taken together, by the programme's own weights; each
    waits for a coordinator who accepts or declines it.
    """

    cohort_id: CohortId
