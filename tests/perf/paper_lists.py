"""Years of paper, made up: the lists of a country's people, and of what they did, from a seed.

    facilities      as `national_list.py` makes them
    people          whole names in one column, phones and days in several hands
    mentors, certifications, enrolments, mentorships, signatures, sessions: one mentor for one
    mentee, as the programme asks; both sign, and meet ten times

At full scale 12,000 facilities, 50,000 people and 200,000 sessions. The same every time; every
name is invented.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from tests.perf.national_list import write_national_list

FACILITIES, PEOPLE, MENTEES, MENTORS = 12_000, 50_000, 20_000, 5_000
MET = 10
"""Sessions of each mentorship."""
PROGRAMME, COHORT, AREA = "kenya-hrh", "PAPER", "HRM"
POSTED, NOMINATED, ENROLLED = date(2019, 6, 30), date(2020, 1, 6), date(2020, 2, 3)
SIGNED, FIRST = date(2020, 2, 24), date(2020, 3, 2)
BEGINS, ENDS = date(2020, 1, 1), date(2022, 12, 31)

STAFF = """
columns:
  number: P/No.
  wholeName: Name of officer
  cadre: Designation
  phone: Mobile
  orgUnit: Station
  occurredOn: {heading: Date posted, days: [DD/MM/YYYY, SERIAL, DD-MON-YY]}
names: FAMILY_FIRST
"""
"""How the list of people is read."""

Row = tuple[object, ...]
_CADRES = (
    "KRCHN",
    "Nursing officer",
    "RCO",
    "Clinical officer",
    "KECHN",
    "Lab technologist",
    "HRH officer",
)
_SYLLABLES = ("ba", "che", "do", "ka", "ki", "lu", "ma", "mwe", "nja", "o", "re", "sa", "tho", "wa")
_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Paper:
    """The lists of a country, or of a part of it.

    Attributes:
        scale: 1 for a country; 0.02 for a fiftieth of it.
    """

    scale: float = 1.0

    @property
    def facilities(self) -> int:
        """How many facilities there are."""
        return max(round(FACILITIES * self.scale), 1)

    @property
    def people(self) -> int:
        """How many people work there; the first are mentors, the next are mentees."""
        return round(PEOPLE * self.scale)

    @property
    def mentors(self) -> int:
        """How many of them mentor."""
        return max(round(MENTORS * self.scale), 1)

    @property
    def mentees(self) -> int:
        """How many of them are mentored."""
        return round(MENTEES * self.scale)

    @property
    def sessions(self) -> int:
        """How often they met."""
        return self.mentees * MET

    def write(self, folder: Path) -> dict[str, Path]:
        """Write every list, in the order in which they rest on each other."""
        place = folder / "facilities.csv"
        write_national_list(place, self.facilities)
        with (folder / "staff.yaml").open("w", encoding="utf-8") as mapping:
            mapping.write(STAFF)
        area, cohort = f"{PROGRAMME},{AREA}".split(","), (PROGRAMME, COHORT)
        criteria = "MEMBER;EXPERIENCED;WORKPLACE;COMMITMENT;CONFIDENTIAL;NOTICE"
        mentors = range(self.mentors)
        mentees = range(self.mentors, self.mentors + self.mentees)
        lists: dict[str, tuple[str, Iterable[Row]]] = {
            "health-workers": (
                "P/No.,Name of officer,Designation,Mobile,Station,Date posted",
                self._staff(),
            ),
            "mentors": (
                "number,programme,area,criteria,occurredOn",
                ((number(one), *area, criteria, NOMINATED) for one in mentors),
            ),
            "certifications": (
                "healthWorker,programme,area,occurredOn",
                ((number(one), *area, NOMINATED + timedelta(7)) for one in mentors),
            ),
            "enrolments": (
                "healthWorker,programme,cohort,area,occurredOn",
                ((number(one), *cohort, AREA, ENROLLED) for one in mentees),
            ),
            "mentorships": (
                "programme,cohort,orgUnit,mentors,mentees,area,occurredOn",
                (
                    (*cohort, self.station(one), self.mentor_of(one), number(one), AREA, ENROLLED)
                    for one in mentees
                ),
            ),
            "signatures": (
                "programme,cohort,mentee,healthWorker,occurredOn",
                (
                    (*cohort, number(one), signs, SIGNED)
                    for one in mentees
                    for signs in (number(one), self.mentor_of(one))
                ),
            ),
            "sessions": (
                "programme,cohort,mentee,mode,minutes,present,orgUnit,occurredOn",
                self._sessions(mentees),
            ),
        }
        found = {"facilities": place}
        for name, (headings, rows) in lists.items():
            found[name] = _written(folder / f"{name}.csv", headings, rows)
        return found

    def station(self, one: int) -> int:
        """Return the code of the facility where somebody works."""
        return 10_000 + one % self.facilities

    def mentor_of(self, one: int) -> str:
        """Return the number of a mentee's mentor."""
        return number((one - self.mentors) % self.mentors)

    def _staff(self) -> Iterator[Row]:
        random = Random("staff return")

        def word(least: int) -> str:
            return "".join(random.choices(_SYLLABLES, k=random.randint(least, 4))).capitalize()

        for one in range(self.people):
            family, given = word(2), f"{word(1)} {word(2)}"
            name = f"{family}, {given}" if one % 5 == 0 else f"{family.upper()} {given}"
            yield (
                number(one),
                name,
                random.choice(_CADRES),
                _phone(one),
                self.station(one),
                _day(POSTED - timedelta(random.randint(0, 2_000)), one),
            )

    def _sessions(self, mentees: range) -> Iterator[Row]:
        """Yield what a mentor's drawer holds: mentee after mentee, each from the first day on."""
        for one in mentees:
            mentor, place = self.mentor_of(one), self.station(one)
            # Those of one mentor meet on different days of the week.
            first = FIRST + timedelta((one - self.mentors) // self.mentors)
            for week in range(MET):
                yield (
                    *(PROGRAMME, COHORT, number(one), "In person", 120),
                    *(f"{mentor};{number(one)}", place, first + timedelta(7 * week)),
                )


def number(one: int) -> str:
    """Return somebody's number."""
    return f"P{one:06}"


def _phone(one: int) -> str:
    national = f"7{one % 10}{one // 10 % 10}{one % 1_000_000:06}"
    return (
        f"0{national[:3]} {national[3:6]} {national[6:]}",
        f"+254 {national}",
        f"254{national}",
        f"0{national} / 0{national[:-1]}0",
        "",
    )[one % 5]


def _day(day: date, one: int) -> str:
    serial = str((day - _EPOCH).days)
    return (f"{day:%d/%m/%Y}", serial, f"{day:%d-%b-%y}")[one % 3]


def _written(path: Path, headings: str, rows: Iterable[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings.split(","))
        writer.writerows(rows)
    return path
