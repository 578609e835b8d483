"""Sessions: mentors and mentees met, for so long, in this way, and did these steps; planned before,
corrected or voided after, and never deleted.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    CohortId,
    Command,
    Event,
    HealthWorkerId,
    Instant,
    MentorshipId,
    NewId,
    OrgUnitId,
    ProgrammeVersionId,
    SessionId,
    VisitId,
    asked,
    happened,
    later,
    ref,
)
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.definition.visits import Initiative, Mode, SessionFormat
from shared.contracts.deviation import Deviations
from shared.contracts.sessions.guest import Guests, GuestsPresent
from shared.contracts.sessions.substance import NOTHING_SAID, Debriefs, Substance

Minutes = Annotated[int, Meta(ge=1, le=4320, description="How long it lasted, in minutes.")]
Steps = Annotated[
    tuple[Code, ...],
    Meta(max_length=50, description="The visit steps done, by the programme's codes."),
]
People = Annotated[
    tuple[Annotated[UUID, ref("HealthWorker")], ...],
    Meta(max_length=200, description="Health workers, mentors and mentees alike."),
]
EnrolmentIds = Annotated[
    tuple[Annotated[UUID, ref("Mentee")], ...], Meta(max_length=200, description="Enrolments.")
]


class PartAttendance(Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody who was there for a part of a session."""

    health_worker_id: HealthWorkerId
    minutes: Minutes


class Credit(Struct, frozen=True, kw_only=True, rename="camel"):
    """For how long a session counts for somebody."""

    health_worker_id: HealthWorkerId
    minutes: Annotated[int, Meta(ge=0, description="Minutes that count; 0: none do.")]


Credits = Annotated[tuple[Credit, ...], Meta(max_length=200, description="A person each.")]
At = Annotated[Instant, Meta(description="When it was, to the minute.")]


PartAttendances = Annotated[
    tuple[PartAttendance, ...],
    Meta(max_length=200, description="Those of the present who were there for a part of it."),
]


@happened("sessions.session.planned")
class SessionPlanned(Event, kw_only=True):
    """A session is to be held on a day."""

    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    planned_for: date
    mode: Mode


@happened("sessions.session.rescheduled")
class SessionRescheduled(Event, kw_only=True):
    """It is to be held on another day; the event's reason says why."""

    mentorship_id: MentorshipId
    planned_for: date


@happened("sessions.session.cancelled")
class SessionCancelled(Event, kw_only=True):
    """It will not be held; the event's reason says why."""

    mentorship_id: MentorshipId


class SessionFacts(Event, kw_only=True):
    """What is said of a session that was held.

    Attributes:
        mentees: those of the mentees who were there; `absent` are the parties who were not.
        enrolments: the enrolments that the mentees who were there are in its care by.
        partly: who of them was there for less than `minutes`.
        begins, ends: the instants, where they are known.
        credited: those for whom less of it counts than they were there for.
        visit_id: the visit that it was held in, if in one.
        words_version: the version of the record whose names and words hold on; None: its own.
        settled: suspicions about it that a person has found to be none.
        about: topics, competencies, drills and cases; what somebody took away follows in events of
            their own.
        guests: who else was there; they are no parties, and earn nothing.
        consent_recorded: each observed patient agreed; no patient is ever named.
        phase: of the mentorship, on that day as it was known.
        format: by who was there; None: recorded before it was told apart.
        counts: for points, ends and figures; every deviation's rule says whether it does.
        counts_to_end: it counts, and the programme's end rule counts sessions.
        deviations: the rules of the programme that it departs from.
    """

    mentorship_id: MentorshipId
    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    held_on: date
    mode: Mode
    minutes: Minutes
    steps: Steps = ()
    mentors: People
    mentees: People
    absent: People = ()
    enrolments: EnrolmentIds = ()
    partly: PartAttendances = ()
    begins: At | None = None
    ends: At | None = None
    credited: Credits = ()
    settled: tuple[ConductRule, ...] = ()
    words_version: int | None = None
    visit_id: VisitId | None = None
    guests: GuestsPresent = ()
    about: Substance = NOTHING_SAID
    format: SessionFormat | None = None
    phase: Code | None = None
    initiative: Initiative | None = None
    consent_recorded: bool = False
    counts: bool = True
    counts_to_end: bool = False
    deviations: Deviations = ()


@happened("sessions.session.held")
class SessionHeld(SessionFacts, kw_only=True):
    """A session took place."""


@happened("sessions.session.corrected")
class SessionCorrected(SessionFacts, kw_only=True):
    """What was said of a session is replaced by this, whole; the event's reason says why.

    Attributes:
        no_more: the enrolments that it counted for as it was said before, and counts for no more.
        facts_version: the version of the record that said what is judged again here: nothing else
            is said of it, but what it departs from and for how long it counts. None: it is told.
    """

    no_more: EnrolmentIds = ()
    facts_version: int | None = None


@happened("sessions.session.voided")
class SessionVoided(Event, kw_only=True):
    """It did not take place after all, or does not count; the event's reason says why."""

    mentorship_id: MentorshipId
    enrolments: EnrolmentIds = ()
    voided_on: date


@happened("sessions.session.reinstated")
class SessionReinstated(Event, kw_only=True):
    """It counts again; the event's reason says why."""

    mentorship_id: MentorshipId
    enrolments: EnrolmentIds = ()
    counts_to_end: bool = False
    reinstated_on: date


@asked("sessions", "Session", by="coordinator mentor")
class SessionPlan(Command, kw_only=True):
    """Plan a session of a mentorship."""

    id: NewId = None
    mentorship_id: MentorshipId
    planned_for: Annotated[date, Meta(description="The day it is to be held.")]
    mode: Mode
    org_unit_id: (
        Annotated[UUID, ref("OrgUnit", "Where, if not where the mentorship is.")] | None
    ) = None


@asked("sessions", "Session", by="coordinator mentor")
class SessionReschedule(Command, kw_only=True):
    """Put a planned session on another day; `reason` says why."""

    session_id: SessionId
    planned_for: Annotated[date, Meta(description="The day it is to be held instead.")]


@asked("sessions", "Session", by="coordinator mentor")
class SessionCancel(Command, kw_only=True):
    """Cancel a planned session; `reason` says why."""

    session_id: SessionId


Consent = Annotated[bool, Meta(description="Each observed patient agreed, before the observation.")]
Begun = Annotated[Initiative, Meta(description="Whose initiative it was, if that is known.")] | None
Where = Annotated[UUID, ref("OrgUnit", "Where, if not where the mentorship is.")] | None
InVisit = (
    Annotated[
        UUID,
        ref("Visit", "The visit it was held in, if in one."),
        later("The visit it was held in, if in one."),
    ]
    | None
)
About = Annotated[Substance, later("What it was about.")]
TakenAway = Annotated[Debriefs, later("What those present took away, in words.")]
Begins = Annotated[Instant, later("When it began, if that is known.")] | None
Ends = Annotated[Instant, later("When it ended; left out: `minutes` after it began.")] | None
OtherGuests = Annotated[Guests, later("Who else was there, and as what; they earn nothing.")]


@asked("sessions", "Session", by="coordinator mentor")
class SessionLog(Command, kw_only=True):
    """Log a session that was held on the day it occurred on.

    One that was planned is logged under its own `id`.
    """

    id: NewId = None
    mentorship_id: MentorshipId
    mode: Mode
    minutes: Minutes
    steps: Steps = ()
    present: People
    partly: PartAttendances = ()
    org_unit_id: Where = None
    initiative: Begun = None
    consent_recorded: Consent = False
    guests: OtherGuests = ()
    begins: Begins = None
    ends: Ends = None
    about: About = NOTHING_SAID
    debriefs: TakenAway = ()
    visit_id: InVisit = None


@asked("sessions", "Session", by="coordinator mentor")
class SessionCorrect(Command, kw_only=True):
    """Correct what was logged: give it again, whole, with its day; `reason` says why."""

    session_id: SessionId
    held_on: Annotated[date, Meta(description="The day it was held.")]
    mode: Mode
    minutes: Minutes
    steps: Steps = ()
    present: People
    partly: PartAttendances = ()
    org_unit_id: Where = None
    initiative: Begun = None
    consent_recorded: Consent = False
    guests: OtherGuests = ()
    begins: Begins = None
    ends: Ends = None
    about: About = NOTHING_SAID
    debriefs: TakenAway = ()
    visit_id: InVisit = None


@asked("sessions", "Session", by="coordinator mentor")
class SessionVoid(Command, kw_only=True):
    """Void a session: it counts no more, and stays on record; `reason` says why."""

    session_id: SessionId


@asked("sessions", "Session", by="coordinator")
class SessionReinstate(Command, kw_only=True):
    """Let a voided session count again; `reason` says why."""

    session_id: SessionId


@asked("sessions", "Session", by="coordinator policy")
class SessionTwinsWeigh(Command, kw_only=True):
    """Look again at the sessions that are, or are to be, suspected of being this one: it was
    corrected, voided or reinstated.
    """

    session_id: SessionId


@asked("sessions", "Session", by="coordinator")
class SessionSettle(Command, kw_only=True):
    """Say that a session is none of what it is suspected of; `reason` says how that is known.

    What it is after all, is voided or corrected.
    """

    session_id: SessionId


@asked("sessions", "Session", by="coordinator policy")
class SessionsWeigh(Command, kw_only=True):
    """Weigh sessions again by what is known by now of their days: from a day on, those of a
    mentorship, of a cohort, or with somebody present.
    """

    since: Annotated[date, Meta(description="The first day whose sessions are weighed again.")]
    mentorship_id: MentorshipId | None = None
    cohort_id: CohortId | None = None
    health_worker_id: HealthWorkerId | None = None
