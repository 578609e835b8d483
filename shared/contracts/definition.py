"""What a programme definition says: the shape of the files in `programmes/`, and of what is
published from them. Everything a programme decides differently from another stands in here.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import Code, Text

Percent = Annotated[int, Meta(ge=0, le=100, description="Out of 100.")]
MonthDay = Annotated[
    str, Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", description="Month and day.")
]


class _Part(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    pass


class Mode(StrEnum):
    """How mentor and mentee meet."""

    IN_PERSON = "IN_PERSON"
    PHONE = "PHONE"
    VIDEO = "VIDEO"
    MESSAGE = "MESSAGE"


class Gate(StrEnum):
    """What must have happened before what."""

    PRE_TEST = "PRE_TEST"
    """A mentee's pre-test before the first assessment."""
    SIGNATURES = "SIGNATURES"
    """Every party's signature before the first session."""


class Model(StrEnum):
    """Where the mentors come from."""

    INTERNAL = "INTERNAL"
    EXTERNAL = "EXTERNAL"
    COMMUNITY = "COMMUNITY"
    COACHING = "COACHING"


class Calendar(_Part, kw_only=True):
    """Which day it is there, and when the programme's year begins.

    Attributes:
        zone: IANA name of the time zone.
        fiscal_year_start: `10-01`: the year 2019 runs from 1 October 2018.
    """

    zone: str
    fiscal_year_start: MonthDay


class Ratio(_Part, kw_only=True):
    """How many mentors care for how many mentees.

    Attributes:
        mentors: the size of the team.
        mentees: the least and the most mentees in the care of one team.
        one_of_each_area: the team has exactly one mentor of each area.
        load: the most mentorships one mentor carries at a time.
    """

    mentors: Annotated[int, Meta(ge=1)]
    mentees: tuple[Annotated[int, Meta(ge=1)], Annotated[int, Meta(ge=1)]]
    one_of_each_area: bool = False
    load: Annotated[int, Meta(ge=1)]


class Orientation(_Part, kw_only=True):
    """The least a candidate mentor scores to be certified."""

    theory: Percent
    practical: Percent


class Minutes(_Part, kw_only=True):
    """How long a session lasts, in minutes: no shorter than `min`, meant to be `target`."""

    min: Annotated[int, Meta(ge=1)]
    target: Annotated[int, Meta(ge=1)]


class VisitStep(_Part, kw_only=True):
    """A step of a visit; one that observes patients needs their consent recorded."""

    code: Code
    name: Text
    needs_consent: bool = False


class ChecklistItem(_Part, kw_only=True):
    """One thing to see done: how many points it is worth, and whether all hangs on it."""

    code: Code
    text: Annotated[str, Meta(min_length=1, max_length=400)]
    points: Annotated[int, Meta(ge=1, le=100)]
    critical: bool = False


class Competency(_Part, kw_only=True):
    """A skill with the checklist that it is assessed by."""

    code: Code
    name: Text
    checklist: Annotated[tuple[ChecklistItem, ...], Meta(min_length=1)]


class Framework(_Part, kw_only=True):
    """The competencies of one area, at one version of their checklists."""

    code: Code
    version: Annotated[int, Meta(ge=1)]
    name: Text
    competencies: Annotated[tuple[Competency, ...], Meta(min_length=1)]


class Area(_Part, kw_only=True):
    """What a mentee is mentored in, by whose mentors, assessed by which framework."""

    code: Code
    name: Text
    technical_area: Code
    association: Code | None = None
    association_name: Text | None = None
    framework: Code
    framework_version: Annotated[int, Meta(ge=1)]


class Validation(_Part, kw_only=True):
    """When an assessment validates a competency: `raw × 100 ≥ threshold × max`, exactly.

    Attributes:
        threshold: out of 100.
        technique: the technique must be performed properly too.
        critical_items: every critical item must have its full points.
    """

    threshold: Percent
    technique: bool
    critical_items: bool = False


class Definition(_Part, kw_only=True):
    """A programme, whole.

    Attributes:
        programme: the programme's code; every version has the same.
        version: counts up; a published version never changes.
        source: where its rules come from.
    """

    programme: Code
    version: Annotated[int, Meta(ge=1)]
    name: Text
    source: Annotated[str, Meta(max_length=400)]
    model: Model
    languages: tuple[Annotated[str, Meta(pattern="^[a-z]{2}$")], ...]
    calendar: Calendar
    ratio: Ratio
    cadence: Annotated[str, Meta(max_length=100)]
    minutes: Minutes
    modes: Annotated[tuple[Mode, ...], Meta(min_length=1)]
    gates: tuple[Gate, ...]
    orientation: Orientation
    visit_steps: tuple[VisitStep, ...]
    areas: Annotated[tuple[Area, ...], Meta(min_length=1)]
    validation: Validation
    frameworks: Annotated[tuple[Framework, ...], Meta(min_length=1)]

    def area(self, code: str) -> Area | None:
        """Return the area of that code."""
        return next((area for area in self.areas if area.code == code), None)
