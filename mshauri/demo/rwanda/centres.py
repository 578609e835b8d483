"""The health-centre tier in fiscal year 2021: who mentors at which of the 323 centres, and Table 2.

District-based mentors come from the district's hospital. Some of them earned the right by their own
validations there; the others were selected. Visits are played four times a year instead of two days
a month: the table counts people, and 31,000 sessions would add nothing to it but time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle
from random import Random
from uuid import UUID

from mshauri.api import Wish
from mshauri.demo.people import People, Person
from mshauri.demo.rwanda.attempts import Attempt, Learner, spread, with_coaching
from mshauri.demo.rwanda.cast import LANGUAGES
from mshauri.demo.rwanda.hospitals import PRE_TEST_POINTS, baseline, coaching
from mshauri.demo.rwanda.places import Place
from mshauri.demo.rwanda.table2 import PRINTED, YEAR
from mshauri.demo.rwanda.visits import fiscal_year
from mshauri.demo.stage import Lane, Script, Stage
from shared.contracts.definition import Definition

FIRST, LAST = fiscal_year(YEAR)
BEFORE = FIRST - timedelta(days=60)
AGREED = FIRST + timedelta(days=24)
ENROLLED = FIRST + timedelta(days=10)
VISITS = tuple(FIRST + timedelta(days=days) for days in (45, 130, 220, 310))
STEPS = ("ENTRY-MEETING", "SIMULATION", "DEBRIEF")


@dataclass(frozen=True, slots=True)
class Risen:
    """Somebody whom the cascade put forward: validated in one tier, now to mentor the one below.

    Attributes:
        id: the mentor record that the policy made.
        person_id: who they are.
        unit: the code of the unit where they work.
    """

    id: UUID
    person_id: UUID
    area: str
    unit: str


@dataclass(frozen=True, slots=True)
class DistrictMentor:
    """A mentor of one area, for one health centre or two.

    Attributes:
        person: who must be registered first; None: the cascade put them forward.
    """

    id: UUID
    person_id: UUID
    area: str
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class CentreMentee:
    """An enrolment at a health centre, and the attempts they will make."""

    id: UUID
    person: Person
    area: str
    attempts: list[Attempt]


@dataclass(slots=True)
class Care:
    """A mentorship: one mentor, one area, one health centre."""

    id: UUID
    place: Place
    mentor: DistrictMentor
    mentees: list[CentreMentee] = field(default_factory=list)


class Centres:
    """Casts and writes the tier."""

    def __init__(
        self, script: Script, definition: Definition, version_id: UUID, places: Sequence[Place]
    ) -> None:
        self._script = script
        self._wish = script.wish
        self._definition = definition
        self._version_id = version_id
        self._places = places
        self._people = People(Script(f"{script.story}-centres", script.seed), "RW")
        self._random = Random(f"centres/{script.seed}")
        self.cohort = script.id("cohort", "centres", YEAR)
        self.cares: list[Care] = []
        self._staff: dict[str, list[Person]] = defaultdict(list)

    def cast(self, risen: Sequence[Risen]) -> None:
        """Give every centre a mentor in every area, those who rose first, then the mentees.

        Who rose in several areas mentors in one of them: two centres are all that one person has.
        """
        rose: dict[UUID, list[Risen]] = defaultdict(list)
        for one in risen:
            rose[one.person_id].append(one)
        ready: list[Risen] = []
        for theirs in rose.values():
            of_area = Counter(one.area for one in ready)
            ready.append(min(theirs, key=lambda one: of_area[one.area]))
        for area, (line, _) in PRINTED.items():
            mentors = self._mentors(area, line.mentors, ready)
            cares = [
                Care(self._script.id("mentorship", place.code, area), place, mentor)
                for place, mentor in zip(self._places, mentors, strict=True)
            ]
            self._mentees(area, line.mentees, line.validated, cares)
            self.cares += cares

    def _mentors(self, area: str, many: int, risen: Sequence[Risen]) -> Iterator[DistrictMentor]:
        """Yield the mentor of each centre in turn: so many in all, one or two centres each."""
        doubles = len(self._places) - many
        ready = [one for one in risen if one.area == area][:many]
        for number in range(many):
            if number < len(ready):
                one = ready[number]
                mentor = DistrictMentor(one.id, one.person_id, area)
            else:
                place = self._places[number]
                known = BEFORE - timedelta(days=self._random.randint(400, 2500))
                person = self._people.person("Senior nurse or midwife", place.id, known, LANGUAGES)
                mentor = DistrictMentor(
                    self._script.id("mentor", area, number), person.id, area, person
                )
            yield mentor
            if number < doubles:
                yield mentor

    def _mentees(self, area: str, many: int, validated: int, cares: Sequence[Care]) -> None:
        """Share the area's mentees out, exactly so many of them validated; staff serve in turn."""
        rule = self._definition.validation
        assert rule is not None
        code = next(one.framework for one in self._definition.areas if one.code == area)
        framework = next(one for one in self._definition.frameworks if one.code == code)
        learner = Learner(framework, rule, Random(f"learner/{area}/{self._script.seed}"))
        reached = set(self._random.sample(range(many), validated))
        shares = spread(many, len(cares), self._random)
        number = 0
        for care, share in zip(cares, shares, strict=True):
            for place in range(share):
                person = self._person(care.place, place)
                # Whoever a risen mentor mentors first does very well: so the cascade goes on.
                best = care.mentor.person is None and place == 0
                care.mentees.append(
                    CentreMentee(
                        self._script.id("enrolment", area, care.place.code, place),
                        person,
                        area,
                        self._attempts(learner, number in reached, best),
                    )
                )
                number += 1

    def _attempts(self, learner: Learner, validated: bool, best: bool) -> list[Attempt]:
        if validated:
            return learner.excellent() if best else learner.validated()[-2:]
        return learner.not_validated()[:1]

    def _person(self, place: Place, number: int) -> Person:
        """Return the so-manieth person of a centre's staff: mentored in one area or in four."""
        staff = self._staff[place.code]
        if number == len(staff):
            known = FIRST - timedelta(days=self._random.randint(60, 2500))
            cadre = self._random.choice(["Nurse", "Nurse", "Midwife"])
            staff.append(self._people.person(cadre, place.id, known, LANGUAGES))
        return staff[number]

    def stages(self, root: UUID) -> list[Stage]:
        """Return every stage of the tier, in order."""
        mentors = {care.mentor.id: care.mentor for care in self.cares}
        people = {one.id: one for staff in self._staff.values() for one in staff}
        return [
            Stage("FY21 centres, cohort", [list(self._open(root))]),
            Stage("FY21 centres, mentors", [list(self._certify(one)) for one in mentors.values()]),
            Stage("FY21 centres, staff", [[self._register(one)] for one in people.values()]),
            Stage("FY21 centres, baselines", [[self._baseline(one)] for one in self._places]),
            Stage("FY21 centres, mentees", [self._enrol(care) for care in self.cares]),
            Stage("FY21 centres, agreements", [[self._agree(care)] for care in self.cares]),
            Stage("FY21 centres, plans", [self._plan(care) for care in self.cares]),
            Stage("FY21 centres, visits", [self._visit(care) for care in self.cares]),
            Stage(
                "FY21 centres, assessments",
                [self._assess(care, one) for care in self.cares for one in care.mentees],
            ),
        ]

    def _open(self, root: UUID) -> Iterator[Wish]:
        yield self._wish(
            "cohortOpen",
            BEFORE,
            id=self.cohort,
            programmeVersionId=self._version_id,
            code=f"CENTRES-FY{YEAR}-{self._script.seed}",
            name=f"Health centres, fiscal year {YEAR}",
            orgUnitId=root,
            starts=FIRST,
            ends=LAST,
        )
        yield self._wish("cohortStart", FIRST, cohortId=self.cohort)

    def _certify(self, mentor: DistrictMentor) -> Iterator[Wish]:
        if mentor.person is not None:
            yield self._register(mentor.person)
            yield self._wish(
                "mentorNominate",
                BEFORE,
                id=mentor.id,
                healthWorkerId=mentor.person_id,
                programmeVersionId=self._version_id,
                area=mentor.area,
                criteria=[one.code for one in self._definition.selection],
            )
        yield self._wish(
            "mentorOrient",
            BEFORE + timedelta(days=20),
            mentorId=mentor.id,
            theory=self._random.randint(72, 98),
            practical=self._random.randint(82, 99),
        )
        yield self._wish("mentorCertify", BEFORE + timedelta(days=25), mentorId=mentor.id)

    def _register(self, person: Person) -> Wish:
        return self._wish("healthWorkerRegister", person.posted, **person.register())

    def _baseline(self, place: Place) -> Wish:
        return baseline(self._script, self._definition, self._version_id, place, BEFORE)

    def _enrol(self, care: Care) -> Lane:
        return [
            self._wish(
                "menteeEnrol",
                ENROLLED,
                id=one.id,
                healthWorkerId=one.person.id,
                cohortId=self.cohort,
                area=one.area,
            )
            for one in care.mentees
        ]

    def _agree(self, care: Care) -> Wish:
        return self._wish(
            "mentorshipPropose",
            AGREED,
            id=care.id,
            cohortId=self.cohort,
            orgUnitId=care.place.id,
            mentorIds=[care.mentor.id],
            enrolmentIds=[one.id for one in care.mentees],
        )

    def _plan(self, care: Care) -> Lane:
        plan = self._script.id("plan", care.id)
        on = AGREED + timedelta(days=6)
        return [
            self._wish(
                "planAgree",
                on,
                id=plan,
                mentorshipId=care.id,
                planKind="MENTORSHIP",
                starts=on,
                ends=LAST,
                objectives=["The year's competencies, those of the baseline's gaps first"],
            ),
            self._wish("planSend", on, planId=plan, sentTo="The health centre's titular"),
        ]

    def _visit(self, care: Care) -> Lane:
        return [
            self._wish(
                "sessionLog",
                self._day(on, care),
                mentorshipId=care.id,
                mode="IN_PERSON",
                minutes=self._random.choice([240, 300, 360]),
                steps=STEPS,
                present=[care.mentor.person_id, *(one.person.id for one in care.mentees)],
            )
            for on in VISITS
        ]

    def _day(self, on: date, care: Care) -> date:
        return on + timedelta(days=care.id.int % 12)

    def _assess(self, care: Care, mentee: CentreMentee) -> Lane:
        who = {"enrolmentId": mentee.id, "assessorId": care.mentor.person_id}
        raw = self._random.randint(6, 15)
        lane = [
            self._wish(
                "competencyBaselineAssess",
                AGREED + timedelta(days=3),
                **who,
                raw=raw,
                max=PRE_TEST_POINTS,
            )
        ]
        visits = cycle(VISITS[1:])
        days = sorted(self._day(next(visits), care) for _ in mentee.attempts)
        for (attempt, again), on in zip(with_coaching(mentee.attempts), days, strict=True):
            lane.append(
                self._wish(
                    "competencyAssess",
                    on,
                    **who,
                    competency=attempt.competency,
                    items=[{"item": item, "points": points} for item, points in attempt.items],
                    technique=attempt.technique,
                )
            )
            if again:
                lane.append(coaching(self._script, mentee.id, attempt.competency, on))
        return lane
