"""When a team visits its hospital, what it does there, and who comes: three days a month."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

MONTHS = 10
"""Visits a fiscal year: from the second month, when all have signed, to the eleventh."""

FAR_APART = (date(2020, 3, 15), date(2020, 6, 15))
"""Rwanda's first lockdown of the COVID-19 pandemic: mentors met their mentees from afar."""

DAYS = (
    ("ENTRY-MEETING", "DATA-REVIEW", "SIMULATION"),
    ("CASE-OBSERVATION", "WARD-ROUND"),
    ("SIMULATION", "DEBRIEF", "ROOT-CAUSE", "ACTION-PLAN"),
)
AFAR = ("FOLLOW-UP", "DATA-REVIEW")


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a visit.

    Attributes:
        consent: each observed patient agreed; asked on days with observation.
    """

    on: date
    mode: str
    minutes: int
    steps: tuple[str, ...]
    consent: bool

    @property
    def assessing(self) -> bool:
        """Whether mentees can be assessed: at the hospital, hands on."""
        return self.mode == "IN_PERSON"


def fiscal_year(year: int) -> tuple[date, date]:
    """Return the first and the last day of the programme's fiscal year."""
    return date(year - 1, 10, 1), date(year, 9, 30)


def visit_days(year: int, random: Random) -> list[Day]:
    """Return all days of a team's visits in a fiscal year, in order."""
    first, _ = fiscal_year(year)
    days: list[Day] = []
    for month in range(1, MONTHS + 1):
        begin = _monday(first, month, random)
        if FAR_APART[0] <= begin <= FAR_APART[1]:
            mode = random.choice(["PHONE", "VIDEO"])
            days.append(Day(begin, mode, random.choice([60, 90, 120]), AFAR, False))
            continue
        for place, steps in enumerate(DAYS):
            minutes = random.choice([300, 330, 360, 390])
            consent = "CASE-OBSERVATION" in steps
            days.append(Day(begin + timedelta(place), "IN_PERSON", minutes, steps, consent))
    return days


def _monday(first: date, month: int, random: Random) -> date:
    """Return a Monday of the month so many months after the year's first, its 8th at least."""
    years, number = divmod(first.month - 1 + month, 12)
    eighth = date(first.year + years, number + 1, 8)
    return eighth + timedelta(days=(7 - eighth.weekday()) % 7 + 7 * random.randint(0, 1))
