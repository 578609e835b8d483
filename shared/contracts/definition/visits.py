"""How mentors and mentees meet: phases, sessions, visits, what is written about them, and the
support, oversight and points that come with them.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Code, Text
from shared.contracts.definition.part import Count, Part

PointsOfCpd = Annotated[Decimal, Meta(description="More than 0, such as 1 or 0.5.")]


class Mode(StrEnum):
    """How mentor and mentee meet."""

    IN_PERSON = "IN_PERSON"
    """In one place."""
    PHONE = "PHONE"
    """By voice."""
    VIDEO = "VIDEO"
    """By picture and voice."""
    MESSAGE = "MESSAGE"
    """In writing: SMS, WhatsApp."""


class SessionFormat(StrEnum):
    """Who meets whom, by who is there."""

    INDIVIDUAL = "INDIVIDUAL"
    """One mentor, one mentee."""
    GROUP = "GROUP"
    """One mentor, several mentees."""
    TEAM = "TEAM"
    """Several mentors."""


class Initiative(StrEnum):
    """Who begins."""

    MENTOR = "MENTOR"
    """The mentor: proactive."""
    MENTEE = "MENTEE"
    """The mentee, on request: reactive."""
    BOTH = "BOTH"
    """Either."""


class Phase(Part, kw_only=True):
    """A phase of a mentorship: it begins in the first, and goes to any other with a reason.

    Attributes:
        code: its key; a mentorship is in one phase at a time.
        name: what people call it.
        initiative: who begins a session: proactive mentoring is the mentor's, reactive mentoring
            the mentee's.
        formats: how they meet in it.
        support_requests: it is a phase in which mentees ask; a call for help is taken in any.
    """

    code: Code
    name: Text
    initiative: Initiative = Initiative.BOTH
    formats: Annotated[tuple[SessionFormat, ...], Meta(min_length=1)] = tuple(SessionFormat)
    support_requests: bool = True


class Period(StrEnum):
    """A span of the calendar."""

    DAY = "DAY"
    """A day."""
    WEEK = "WEEK"
    """Seven days."""
    MONTH = "MONTH"
    """A calendar month."""
    QUARTER = "QUARTER"
    """Three calendar months."""

    @property
    def days(self) -> int:
        """The most days it has."""
        return {"DAY": 1, "WEEK": 7, "MONTH": 31, "QUARTER": 92}[self.value]


class Rhythm(Part, kw_only=True):
    """How often they meet: so many sessions a period. Without one, nothing is ever overdue.

    Attributes:
        sessions: so many, at the least.
        per: in each of these.
    """

    sessions: Count
    per: Period


class Place(StrEnum):
    """Where sessions in person are held."""

    ANYWHERE = "ANYWHERE"
    """Wherever suits."""
    MENTEE_WORKPLACE = "MENTEE_WORKPLACE"
    """Where one of its mentees works on that day, or where the mentorship is."""


class ModeMinutes(Part, kw_only=True):
    """How long a session of one mode lasts.

    Attributes:
        mode: how they meet.
        min: what is shorter departs from the rule SESSION_TOO_SHORT.
        target: how long one is meant to be.
    """

    mode: Mode
    min: Count
    target: Count


class Minutes(Part, kw_only=True):
    """How long a session lasts, in minutes: no shorter than `min`, meant to be `target`.

    Attributes:
        min: what is shorter departs from the rule SESSION_TOO_SHORT.
        target: how long one is meant to be.
        by_mode: modes with minutes of their own, such as a call; the others go by `min`.
        per_day: the most that counts of one person's day; what is above departs from the rule
            DAY_TOO_LONG; none: any length.
    """

    min: Count
    target: Count
    by_mode: Annotated[tuple[ModeMinutes, ...], Meta(max_length=10)] = ()
    per_day: Annotated[int, Meta(ge=1, le=1440)] | None = None

    def least(self, mode: Mode) -> int:
        """Return how long a session of a mode lasts at the least."""
        return next((each.min for each in self.by_mode if each.mode is mode), self.min)


class VisitStep(Part, kw_only=True):
    """A step of a visit; one that observes patients needs their consent recorded.

    Attributes:
        code: its key, as sessions name the steps they took.
        name: what people call it.
        needs_consent: a patient is observed: their consent is recorded, never who they are.
    """

    code: Code
    name: Text
    needs_consent: bool = False


class ArtefactKind(StrEnum):
    """What a mentor submits."""

    PLAN = "PLAN"
    """A plan that covers the period."""
    SESSION_LOG = "SESSION_LOG"
    """The record of a session held in it."""
    JOURNAL = "JOURNAL"
    """A journal entry."""
    RELATIONSHIP_EVALUATION = "RELATIONSHIP_EVALUATION"
    """An evaluation of the relationship."""


class Artefacts(Part, kw_only=True):
    """What is due for each mentorship in every period, from its agreement on.

    Attributes:
        per: how often.
        kinds: what.
    """

    per: Period
    kinds: Annotated[tuple[ArtefactKind, ...], Meta(min_length=1)]


class RelationshipItem(Part, kw_only=True):
    """A statement about the relationship that both sides rate.

    Attributes:
        code: its key.
        text: the statement, as both sides read it.
    """

    code: Code
    text: Annotated[str, Meta(min_length=1, max_length=400)]


class RelationshipScale(Part, kw_only=True):
    """How the relationship is evaluated: each statement from 1 to `most`.

    Attributes:
        items: the statements.
        most: full agreement; the least is 1.
    """

    items: Annotated[tuple[RelationshipItem, ...], Meta(min_length=1, max_length=50)]
    most: Annotated[int, Meta(ge=2, le=10)] = 5


class Support(Part, kw_only=True):
    """How fast a mentee's request for support is meant to be answered, in hours.

    Attributes:
        acknowledge_hours: from the request to somebody's word that they saw it.
        answer_hours: from the request to its answer.
    """

    acknowledge_hours: Count
    answer_hours: Count


class DevelopmentPlan(Part, kw_only=True):
    """What a personal development plan holds by a one-to-one session: at least so many strengths.

    Attributes:
        strengths: strengths of their own that the mentee names, at the least.
        before_session: the one-to-one session before which they are named: 1 is the first.
    """

    strengths: Annotated[int, Meta(ge=0, le=50)]
    before_session: Count = 1


class GuestRole(StrEnum):
    """As what a guest came."""

    DIRECTOR = "DIRECTOR"
    """Leads the facility."""
    QI_TEAM = "QI_TEAM"
    """Of its quality improvement team."""
    SUPERVISOR = "SUPERVISOR"
    """Supervises the visit: from the hospital, the district, the ministry."""
    TRAINEE_MENTOR = "TRAINEE_MENTOR"
    """Learns to mentor by watching."""
    CHW_SUPERVISOR = "CHW_SUPERVISOR"
    """Supervises the community health workers who are mentored."""
    COLLEAGUE = "COLLEAGUE"
    """Works with the mentees."""
    OTHER = "OTHER"
    """Anybody else."""


class Oversight(Part, kw_only=True):
    """Who sees to it that mentoring is done well: at every visit, in a district, when it meets.

    Attributes:
        supervised_by: as what somebody is a guest of each session in person, to supervise it: one
            of these is enough; empty: nobody has to be there.
        supervision: how often supervisors visit a district; none: nothing is due.
        meeting: how often a district's coordination meeting is held; none: nothing is due.
    """

    supervised_by: Annotated[tuple[GuestRole, ...], Meta(max_length=10)] = ()
    supervision: Period | None = None
    meeting: Period | None = None


class CpdSide(StrEnum):
    """Who earns the points."""

    MENTOR = "MENTOR"
    """Who mentors."""
    MENTEE = "MENTEE"
    """Who is mentored."""


class CpdRule(Part, kw_only=True):
    """Points of continuing professional development, by mentoring hour.

    Attributes:
        code: its key, on every award.
        side: whom it is for.
        points_per_hour: of the time a person was there; an award is rounded to hundredths, half
            up.
        cap_per_year: the most this rule gives one person in a fiscal year; none: no cap.
    """

    code: Code
    side: CpdSide
    points_per_hour: PointsOfCpd
    cap_per_year: PointsOfCpd | None = None
