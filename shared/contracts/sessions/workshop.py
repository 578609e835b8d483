"""Workshops: many people together for some days, outside of any one mentorship: to be told what a
programme is, to be trained, to be put together, to begin and to end with everybody.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    CohortId,
    Command,
    Event,
    HealthWorkerId,
    NewId,
    OrgUnitId,
    PersonalLongText,
    PersonalText,
    ProgrammeVersionId,
    Text,
    WorkshopId,
    asked,
    happened,
    ref,
)


class WorkshopKind(StrEnum):
    """What a workshop was for."""

    SENSITISATION = "SENSITISATION"
    """Those who might mentor hear of the programme; it orients them."""
    ORIENTATION = "ORIENTATION"
    """Mentors are oriented."""
    TRAINING = "TRAINING"
    """Mentees are trained; its days add up with others of the same course."""
    MATCHING = "MATCHING"
    """Mentors and mentees find each other."""
    OPENING = "OPENING"
    """It begins, with everybody together."""
    CLOSING = "CLOSING"
    """It ends, with everybody together."""
    WRAP_UP = "WRAP_UP"
    """What was learned is shared, and certificates are handed out."""
    OTHER = "OTHER"
    """Something else."""


OPENING_KINDS = frozenset(
    {WorkshopKind.TRAINING, WorkshopKind.SENSITISATION, WorkshopKind.ORIENTATION}
)
"""The kinds by which those who were there become trained, or oriented."""


class TeachingMethod(StrEnum):
    """How a module was taught."""

    LECTURE = "LECTURE"
    GROUP_DISCUSSION = "GROUP_DISCUSSION"
    CASE_STUDY = "CASE_STUDY"
    ROLE_PLAY = "ROLE_PLAY"
    FILM = "FILM"
    DEMONSTRATION = "DEMONSTRATION"
    SIMULATION = "SIMULATION"
    EXPERIENTIAL = "EXPERIENTIAL"
    """By doing, and by looking back on it."""
    OTHER = "OTHER"


Days = Annotated[tuple[date, ...], Meta(max_length=31, description="Days of the workshop.")]
Minutes = Annotated[int, Meta(ge=1, le=14_400, description="How long it took, in minutes.")]
Mark = Annotated[int, Meta(ge=0, le=100, description="Out of 100.")]
First = Annotated[date, Meta(description="Its first day.")]
Last = Annotated[date, Meta(description="Its last day.")]
Place = Annotated[Text, Meta(description="Where people met, in words: a hotel, a college.")]
Others = Annotated[
    int, Meta(ge=0, le=100_000, description="How many were there who have no record here.")
]
Notes = Annotated[
    PersonalLongText, Meta(description="What was said, and how it is to go on. Personal.")
]


class WorkshopModule(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A part of a workshop, about one topic.

    Attributes:
        days: on which of its days; none: that is not known.
    """

    topic: Annotated[Code, Meta(description="What it was about, by a code of the course.")]
    name: Annotated[Text, Meta(description="What it was about, in words.")] | None = None
    methods: Annotated[
        tuple[TeachingMethod, ...], Meta(max_length=20, description="How it was taught.")
    ] = ()
    minutes: Minutes | None = None
    days: Days = ()


Modules = Annotated[
    tuple[WorkshopModule, ...], Meta(max_length=50, description="Its parts, in order.")
]
Topics = Annotated[tuple[Code, ...], Meta(max_length=50, description="Modules, by their topics.")]


class Facilitator(Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody who led a workshop: by their record, by name, or by whom they came from."""

    health_worker_id: HealthWorkerId | None = None
    name: (
        Annotated[
            PersonalText, Meta(description="Who they are, where they have no record. Personal.")
        ]
        | None
    ) = None
    organisation: Annotated[Text, Meta(description="Whom they came from.")] | None = None


class Attendee(Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody who was there.

    Attributes:
        days: on which of its days; none: on those of their modules, and else on all.
        modules: which of its modules; none: all.
        pre_test, post_test: what they scored before and after it.
    """

    health_worker_id: HealthWorkerId
    days: Annotated[Days, Meta(description="The days they were there, if not all.")] = ()
    modules: Annotated[Topics, Meta(description="The modules they took, if not all.")] = ()
    pre_test: Mark | None = None
    post_test: Mark | None = None


class Facilitated(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A facilitator as the workshop's record says; a name follows in an event of its own."""

    health_worker_id: HealthWorkerId | None = None
    organisation: Text | None = None


class Attended(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Somebody who was there, with every day on which they were.

    What they scored follows in an event of their own: it is nobody else's to read.
    """

    health_worker_id: HealthWorkerId
    days: Days
    modules: Topics = ()


Facilitators = Annotated[tuple[Facilitator, ...], Meta(max_length=50, description="Who led it.")]
Attendees = Annotated[
    tuple[Attendee, ...], Meta(max_length=300, description="Who was there, by their records.")
]
People = Annotated[tuple[Annotated[UUID, ref("HealthWorker")], ...], Meta(max_length=300)]


class WorkshopFacts(Event, kw_only=True):
    """What is said of a workshop.

    Attributes:
        cohort_id: the cohort that it was for, if for one.
        org_unit_id: the unit whose people came, or one above all of them.
        place: where they met, in words.
        days: every day on which it was held, from `starts` to `ends`.
        course: the course it was part of, by the programme's code; its days add up with others.
        attendance: who was there, and on which days.
        others: how many more were there, who have no record.
    """

    programme_version_id: ProgrammeVersionId
    programme: Code
    cohort_id: CohortId | None = None
    org_unit_id: OrgUnitId
    workshop_kind: WorkshopKind
    title: Text
    place: Place | None = None
    starts: date
    ends: date
    days: Days
    course: Code | None = None
    modules: Modules = ()
    facilitators: Annotated[tuple[Facilitated, ...], Meta(max_length=50)] = ()
    attendance: Annotated[tuple[Attended, ...], Meta(max_length=300)] = ()
    others: Others = 0


@happened("sessions.workshop.held")
class WorkshopHeld(WorkshopFacts, kw_only=True):
    """A workshop took place."""


@happened("sessions.workshop.corrected")
class WorkshopCorrected(WorkshopFacts, kw_only=True):
    """What was said of a workshop is replaced by this, whole; the event's reason says why.

    Attributes:
        no_more: who was there as it was said before, and was not after all.
    """

    no_more: People = ()


@happened("sessions.workshop.voided")
class WorkshopVoided(Event, kw_only=True):
    """It did not take place after all; the event's reason says why.

    Attributes:
        people: who was said to be there.
    """

    programme: Code
    org_unit_id: OrgUnitId
    people: People = ()
    voided_on: date


@happened("sessions.workshop.reinstated")
class WorkshopReinstated(Event, kw_only=True):
    """It took place, as it was said last; the event's reason says why.

    Attributes:
        people: who was there.
    """

    programme: Code
    org_unit_id: OrgUnitId
    people: People = ()
    reinstated_on: date


@happened("sessions.workshop.tested", subject="health_worker_id")
class WorkshopTested(Event, kw_only=True):
    """What somebody who was there scored before it, and after.

    `facts_version` is the version of the workshop's record that tells that they were there.
    """

    health_worker_id: HealthWorkerId
    facts_version: Annotated[int, Meta(ge=1)]
    programme: Code
    org_unit_id: OrgUnitId
    pre_test: Mark | None = None
    post_test: Mark | None = None


class NamedFacilitator(Struct, frozen=True, kw_only=True, rename="camel"):
    """The name of a facilitator who has no record; `place` is among the facilitators, from 0."""

    place: Annotated[int, Meta(ge=0)]
    name: Text


@happened("sessions.workshop.put_in_words", subject="health_worker_id")
class WorkshopPutInWords(Event, kw_only=True):
    """What of a workshop is personal.

    Who has no record has no key of their own: it is sealed with that of somebody who led it or was
    there, and is forgotten with them.

    Attributes:
        health_worker_id: whose key it is.
        facts_version: the version of the workshop's record that it belongs to.
    """

    health_worker_id: HealthWorkerId
    facts_version: Annotated[int, Meta(ge=1)]
    programme: Code
    org_unit_id: OrgUnitId
    facilitators: Annotated[
        tuple[NamedFacilitator, ...], Meta(max_length=50, extra={"personal": True})
    ] = ()
    notes: Notes | None = None


ForCohort = Annotated[UUID, ref("Cohort", "The cohort that it was for, if for one.")] | None
Whose = Annotated[UUID, ref("OrgUnit", "The unit whose people came, or one above all of them.")]
HeldOn = Annotated[
    Days, Meta(description="The days on which it was held, if not on each from first to last.")
]
Course = (
    Annotated[Code, Meta(description="The course it was part of, by the programme's code.")] | None
)


@asked("sessions", "Workshop", by="administrator coordinator")
class WorkshopLog(Command, kw_only=True):
    """Log a workshop that was held; one that goes on is logged so far, and corrected later.

    Who was at a TRAINING is trained by it, with every mentee's record in the programme; who was at
    a SENSITISATION or an ORIENTATION is oriented as mentor, unless the programme scores that.
    It does so for those who work in its unit.
    """

    id: NewId = None
    programme_version_id: ProgrammeVersionId
    cohort_id: ForCohort = None
    org_unit_id: Whose
    workshop_kind: WorkshopKind
    title: Text
    place: Place | None = None
    starts: First
    ends: Last
    days: HeldOn = ()
    course: Course = None
    modules: Modules = ()
    facilitators: Facilitators = ()
    attendees: Attendees = ()
    others: Others = 0
    notes: Notes | None = None


@asked("sessions", "Workshop", by="administrator coordinator")
class WorkshopCorrect(Command, kw_only=True):
    """Correct what was logged: give it again, whole; `reason` says why.

    The programme and the unit stay: a workshop of another is another workshop.
    """

    workshop_id: WorkshopId
    cohort_id: ForCohort = None
    workshop_kind: WorkshopKind
    title: Text
    place: Place | None = None
    starts: First
    ends: Last
    days: HeldOn = ()
    course: Course = None
    modules: Modules = ()
    facilitators: Facilitators = ()
    attendees: Attendees = ()
    others: Others = 0
    notes: Notes | None = None


@asked("sessions", "Workshop", by="administrator coordinator")
class WorkshopVoid(Command, kw_only=True):
    """Void a workshop that was not held; what it opened is taken back. `reason` says why."""

    workshop_id: WorkshopId


@asked("sessions", "Workshop", by="administrator coordinator")
class WorkshopReinstate(Command, kw_only=True):
    """Let a voided workshop stand again, as it was said last; `reason` says why."""

    workshop_id: WorkshopId
