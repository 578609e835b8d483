"""What a programme definition says: the shape of the files in `programmes/`, and of what is
published from them. Everything a programme decides differently from another stands in here.

    people       who mentors whom, how they are chosen and matched
    conduct      what becomes of what departs from its rules
    visits       how they meet, and what comes with it
    assessment   what is proved, by which rule, and what follows from it
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Code, Language, Text
from shared.contracts.definition.assessment import (
    Area,
    BaselineArea,
    CascadeStep,
    Certificate,
    ChecklistItem,
    Competency,
    End,
    Equivalence,
    Framework,
    Indicator,
    Validation,
)
from shared.contracts.definition.conduct import Conduct, ConductRule, Judgement
from shared.contracts.definition.part import Count, Part, Percent
from shared.contracts.definition.people import (
    Criterion,
    Disengagement,
    Matching,
    Orientation,
    Ratio,
    Training,
)
from shared.contracts.definition.visits import (
    Artefacts,
    CpdRule,
    DevelopmentPlan,
    Minutes,
    Mode,
    Oversight,
    Phase,
    Place,
    RelationshipScale,
    Rhythm,
    Support,
    VisitStep,
)

__all__ = [
    "Area",
    "Calendar",
    "CascadeStep",
    "ChecklistItem",
    "Competency",
    "Conduct",
    "Definition",
    "Framework",
    "Gate",
    "Minutes",
    "Mode",
    "Model",
    "Orientation",
    "Percent",
    "Phase",
    "Ratio",
    "Validation",
    "VisitStep",
]

MonthDay = Annotated[
    str, Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", description="Month and day.")
]


class Gate(StrEnum):
    """What must have happened before what."""

    LEADERSHIP_APPROVAL = "LEADERSHIP_APPROVAL"
    """The leadership's approval before a cohort starts."""
    TRAINING = "TRAINING"
    """A mentee's training before they are put into a mentorship."""
    GOALS = "GOALS"
    """A learning goal of a mentee before they are put into a mentorship."""
    SIGNATURES = "SIGNATURES"
    """The letter: everybody's signature before their first session."""
    PLAN_SENT = "PLAN_SENT"
    """A plan that covers the day, sent before a session in person."""
    DEVELOPMENT_PLAN = "DEVELOPMENT_PLAN"
    """A mentee's personal development plan before a one-to-one session: `developmentPlan` says
    before which, the first if it does not."""
    PRE_TEST = "PRE_TEST"
    """A mentee's pre-test before the first assessment."""
    FACILITY_BASELINE = "FACILITY_BASELINE"
    """The facility's baseline before the first assessment there."""


class Model(StrEnum):
    """Where the mentors come from."""

    INTERNAL = "INTERNAL"
    """Colleagues mentor each other where they work."""
    EXTERNAL = "EXTERNAL"
    """Mentors visit, one by one or as a team."""
    COMMUNITY = "COMMUNITY"
    """Mentors come to health workers in the community."""
    COACHING = "COACHING"
    """Coaches work with managers, together and one-to-one."""


class Calendar(Part, kw_only=True):
    """Which day it is there, and when the programme's year begins.

    Attributes:
        zone: IANA name of the time zone.
        fiscal_year_start: `10-01`: the year 2019 runs from 1 October 2018.
    """

    zone: str
    fiscal_year_start: MonthDay


class Definition(Part, kw_only=True):
    """A programme, whole. What it leaves out, it does not ask for.

    Attributes:
        programme: the programme's code; every version has the same.
        version: counts up; a published version never changes.
        name: what people call the programme.
        languages: what it is held in.
        source: where its rules come from.
        cadence: how often they meet, in words; `rhythm` says it for reckoning.
        end: when a mentee has completed it; none: that is for the coordinator to say.
        grace_days: so many days after the end, goals and self-assessments are still recorded.
        support: how fast a mentee's request for support is meant to be answered; none: nothing is
            promised.
        relationship: how both sides evaluate the relationship; none: they do not.
        cascade: who earns the right to mentor which tier below.
        facility_baseline: what a facility is looked at for before mentoring begins.
        recognises: what proved elsewhere counts here too. The same competency of the same framework
            always does, in whatever programme and version.
    """

    programme: Code
    version: Count
    name: Text
    source: Annotated[str, Meta(min_length=1, max_length=400)]
    model: Model
    languages: tuple[Language, ...]
    calendar: Calendar
    ratio: Ratio
    cadence: Annotated[str, Meta(min_length=1, max_length=100)]
    minutes: Minutes
    modes: Annotated[tuple[Mode, ...], Meta(min_length=1)]
    gates: tuple[Gate, ...] = ()
    conduct: Conduct = Conduct()
    areas: Annotated[tuple[Area, ...], Meta(min_length=1)]
    selection: Annotated[tuple[Criterion, ...], Meta(max_length=30)] = ()
    orientation: Orientation | None = None
    training: Training | None = None
    matching: Matching = Matching()
    disengagement: Disengagement | None = None
    phases: tuple[Phase, ...] = ()
    rhythm: Rhythm | None = None
    place: Place = Place.ANYWHERE
    visit_steps: Annotated[tuple[VisitStep, ...], Meta(max_length=50)] = ()
    artefacts: Artefacts | None = None
    relationship: RelationshipScale | None = None
    support: Support | None = None
    development_plan: DevelopmentPlan | None = None
    oversight: Oversight | None = None
    cpd: tuple[CpdRule, ...] = ()
    facility_baseline: Annotated[tuple[BaselineArea, ...], Meta(max_length=20)] = ()
    validation: Validation | None = None
    frameworks: tuple[Framework, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    recognises: Annotated[tuple[Equivalence, ...], Meta(max_length=200)] = ()
    cascade: tuple[CascadeStep, ...] = ()
    certificate: Certificate | None = None
    end: End | None = None
    grace_days: Annotated[int, Meta(ge=0, le=366)] = 30

    @property
    def least_team(self) -> int:
        """How many mentors agree on a mentorship: as many as the ratio asks for at the least, or
        whoever there is, where a team of another size counts.
        """
        any_size = self.conduct.judge(ConductRule.TEAM_SIZE) is Judgement.COUNT
        return 1 if any_size else self.ratio.team[0]

    def area(self, code: str) -> Area | None:
        """Return the area of that code."""
        return next((area for area in self.areas if area.code == code), None)

    def phase(self, code: str) -> Phase | None:
        """Return the phase of that code."""
        return next((phase for phase in self.phases if phase.code == code), None)
