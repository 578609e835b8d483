"""The two phases, who is in them, and what came of it in the four counties that the seed names."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from mshauri.demo.people import Person

TOPICS = (
    "PERFORMANCE-MANAGEMENT",
    "EMPLOYEE-RELATIONS",
    "LABOUR-LAW",
    "HR-PLANNING",
    "TRAINING-DEVELOPMENT",
    "RECRUITMENT",
    "HR-INFORMATION-SYSTEMS",
)
STORIES = {
    "KE/HOMA-BAY": (
        "A disciplinary committee at work again",
        "The county's advisory committee on discipline had stopped meeting; it meets again and "
        "sends its recommendations to the public service board. Overlapping roles of senior staff "
        "were found, and their job descriptions written anew.",
    ),
    "KE/KISUMU": (
        "Appraisal that fits the county",
        "With the leadership's agreement, the national guidelines and forms for performance "
        "appraisal were adapted to the county.",
    ),
    "KE/SIAYA": (
        "An exit questionnaire in use",
        "After many doctors had left, a questionnaire was made for staff who leave. What it finds "
        "will shape how the county keeps its doctors.",
    ),
    "KE/MOMBASA": (
        "A strategic plan for the health workforce",
        "To settle what lay behind frequent industrial unrest, a strategic plan for human "
        "resources was written with those concerned. It awaits its launch.",
    ),
}
WEEKS = 7


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of the programme, with its own version of the rules.

    Attributes:
        begins: a Monday: the first session's week.
        minutes: of each session.
    """

    number: int
    version: int
    begins: date
    pairs: int
    minutes: int


PHASES = (
    Phase(1, 1, date(2017, 2, 6), 20, 60),
    Phase(2, 2, date(2017, 9, 4), 12, 120),
)
PUBLISHED = PHASES[0].begins - timedelta(days=120)
"""Since when every version of the rules is known."""


@dataclass(frozen=True, slots=True)
class Party:
    """A mentor or mentee, with their record in the programme and their token."""

    id: UUID
    person: Person
    topics: tuple[str, ...]

    @property
    def subject(self) -> str:
        """Their token's subject."""
        return f"demo-{self.person.number.lower()}"


@dataclass(slots=True)
class Pair:
    """A mentorship that the matching proposed.

    Attributes:
        mentor, mentee: who they are, as health workers; another mentor may take over.
        unit: the mentee's county.
    """

    id: UUID
    phase: Phase
    score: float
    reasons: list[str]
    mentor: UUID
    mentee: UUID
    enrolment: UUID
    unit: UUID
