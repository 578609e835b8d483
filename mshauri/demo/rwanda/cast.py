"""Who plays: the team of each hospital, each year's mentees, and how each of them will fare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from mshauri.demo.people import People, Person
from mshauri.demo.rwanda.attempts import Attempt, Learner, spread
from mshauri.demo.rwanda.places import Place
from mshauri.demo.rwanda.table1 import AREAS, PRINTED, YEARS
from mshauri.demo.rwanda.visits import Day, fiscal_year, visit_days
from mshauri.demo.stage import Script
from shared.contracts.definition import Definition

MENTEE_CADRES = {
    "PAEDIATRICS": ("Nurse", "Nurse", "Medical doctor", "Intern doctor"),
    "MIDWIFERY": ("Midwife", "Midwife", "Nurse"),
    "OBSTETRICS": ("Medical doctor", "Medical doctor", "Midwife", "Anaesthetist"),
}
MENTOR_CADRES = {
    "PAEDIATRICS": "Paediatrician",
    "MIDWIFERY": "Senior midwife",
    "OBSTETRICS": "Obstetrician-gynaecologist",
}
LANGUAGES = ("rw", "fr")

BEFORE = fiscal_year(YEARS[0])[0] - timedelta(days=90)
"""The day the associations' members are nominated, ahead of the first year."""


@dataclass(frozen=True, slots=True)
class Mentor:
    """A member of an association, in the team of one hospital."""

    id: UUID
    person: Person
    area: str


@dataclass(frozen=True, slots=True)
class Mentee:
    """A person enrolled in an area for a year, and the attempts they will make."""

    id: UUID
    person: Person
    area: str
    enrolled: date
    attempts: list[Attempt]
    validated: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Team:
    """A hospital's mentorship in a year."""

    id: UUID
    cohort: UUID
    place: Place
    year: int
    mentors: list[Mentor]
    mentees: list[Mentee]
    days: list[Day]

    @property
    def proposed(self) -> date:
        """The day the team and its mentees were put together."""
        return fiscal_year(self.year)[0] + timedelta(days=24)

    def assessor(self, area: str) -> Mentor:
        """Return who assesses in an area."""
        return next(mentor for mentor in self.mentors if mentor.area == area)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody.

    Attributes:
        mentors: the three of each hospital.
        teams: every mentorship, year by year.
    """

    mentors: list[Mentor]
    teams: list[Team]

    @property
    def example(self) -> Mentee:
        """A mentee who tried one competency often before they were validated."""
        steady = [
            mentee
            for team in self.teams
            for mentee in team.mentees
            if mentee.validated and len({one.competency for one in mentee.attempts}) == 1
        ]
        return max(steady, key=lambda mentee: len(mentee.attempts))


def cast_of(script: Script, programme: Definition, places: Sequence[Place]) -> Cast:
    """Return the cast of three fiscal years; the same script, the same cast."""
    return _Casting(script, programme, places).cast()


class _Casting:
    """Chance comes from one generator a purpose, so that a change in one moves no other."""

    def __init__(self, script: Script, programme: Definition, places: Sequence[Place]) -> None:
        self._script = script
        self._seed = seed = script.seed
        self._places = places
        self._people = People(script, "RW")
        self._random = Random(f"cast/{seed}")
        assert programme.validation is not None
        self._learners = {}
        for area in programme.areas:
            framework = next(one for one in programme.frameworks if one.code == area.framework)
            random = Random(f"learner/{area.code}/{seed}")
            self._learners[area.code] = Learner(framework, programme.validation, random)

    def cast(self) -> Cast:
        """Make the mentors, then year after year the mentees."""
        teams = {place.code: self._team(place, at) for at, place in enumerate(self._places)}
        mentors = [mentor for team in teams.values() for mentor in team]
        mentorships = [team for year in YEARS for team in self._mentorships(year, teams)]
        return Cast(mentors, mentorships)

    def _team(self, place: Place, at: int) -> list[Mentor]:
        """Make a hospital's team: members who work at another hospital and travel here."""
        home = self._places[(at + 1) % len(self._places)]
        known = BEFORE - timedelta(days=900)
        return [
            Mentor(
                self._script.id("mentor", place.code, area),
                self._people.person(MENTOR_CADRES[area], home.id, known, LANGUAGES),
                area,
            )
            for area in AREAS.values()
        ]

    def _mentorships(self, year: int, teams: dict[str, list[Mentor]]) -> list[Team]:
        mentees = self._mentees(year)
        return [
            Team(
                id=self._script.id("mentorship", year, place.code),
                cohort=self._script.id("cohort", year),
                place=place,
                year=year,
                mentors=teams[place.code],
                mentees=[mentee for mentee in mentees if mentee.place is place],
                days=visit_days(year, Random(f"visits/{year}/{place.code}/{self._seed}")),
            )
            for place in self._places
        ]

    def _mentees(self, year: int) -> list[Mentee]:
        """Share the year's mentees out over the hospitals, exactly so many of them validated."""
        first, _ = fiscal_year(year)
        found: list[Mentee] = []
        for association, area in AREAS.items():
            cell = PRINTED[association, year].cell
            everybody = range(cell.mentees)
            validated = set(self._random.sample(everybody, cell.validated))
            # One mentee of each cell stands right on the threshold, another right below it.
            edges = {min(validated), min(set(everybody) - validated)}
            for number, place in enumerate(self._homes(cell.mentees)):
                cadre = self._random.choice(MENTEE_CADRES[area])
                posted = first - timedelta(days=self._random.randint(60, 3000))
                found.append(
                    Mentee(
                        id=self._script.id("enrolment", year, area, number),
                        person=self._people.person(cadre, place.id, posted, LANGUAGES),
                        area=area,
                        enrolled=first + timedelta(days=self._random.randint(3, 18)),
                        attempts=self._attempts(area, number in validated, number in edges),
                        validated=number in validated,
                        place=place,
                    )
                )
        return found

    def _homes(self, mentees: int) -> list[Place]:
        shares = spread(mentees, len(self._places), self._random)
        pairs = zip(self._places, shares, strict=True)
        return [place for place, share in pairs for _ in range(share)]

    def _attempts(self, area: str, validated: bool, edge: bool) -> list[Attempt]:
        learner = self._learners[area]
        if edge:
            return learner.just_reached() if validated else learner.just_below()
        return learner.validated() if validated else learner.not_validated()
