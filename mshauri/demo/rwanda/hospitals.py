"""The hospital tier: every command of three fiscal years, stage by stage; pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from mshauri.api import Wish
from mshauri.demo.rwanda.attempts import with_coaching
from mshauri.demo.rwanda.cast import BEFORE, Cast, Mentee, Mentor, Team
from mshauri.demo.rwanda.places import Place
from mshauri.demo.rwanda.table1 import YEARS
from mshauri.demo.rwanda.visits import Day, fiscal_year
from mshauri.demo.stage import Script, Stage
from shared.contracts.definition import Definition

PRE_TEST_POINTS = 20


def write(
    script: Script, cast: Cast, definition: Definition, version_id: UUID, root: UUID
) -> list[Stage]:
    """Return every stage of three fiscal years, in order.

    Args:
        cast: who plays.
        version_id: the programme version that the cohorts keep.
        root: the org unit that they are over.
    """
    return _Writer(script, cast, definition, version_id, root).write()


class _Writer:
    def __init__(
        self, script: Script, cast: Cast, definition: Definition, version_id: UUID, root: UUID
    ) -> None:
        self._script = script
        self._wish = script.wish
        self._cast = cast
        self._definition = definition
        self._version_id = version_id
        self._root = root
        self._random = Random(f"script/{script.seed}")
        self._assessed: dict[UUID, list[date]] = {}
        """The days each mentee is assessed on: they are there on those, whoever else is."""

    def write(self) -> list[Stage]:
        places = {team.place.code: team.place for team in self._cast.teams}
        stages = [
            Stage("hospital mentors", [list(self._certify(one)) for one in self._cast.mentors]),
            Stage(
                "hospital baselines",
                [
                    [baseline(self._script, self._definition, self._version_id, one, BEFORE)]
                    for one in places.values()
                ],
            ),
        ]
        for year in YEARS:
            stages += self._year(year, [team for team in self._cast.teams if team.year == year])
        return stages

    def _certify(self, mentor: Mentor) -> Iterator[Wish]:
        yield self._wish("healthWorkerRegister", mentor.person.posted, **mentor.person.register())
        yield self._wish(
            "mentorNominate",
            BEFORE,
            id=mentor.id,
            healthWorkerId=mentor.person.id,
            programmeVersionId=self._version_id,
            area=mentor.area,
            criteria=[one.code for one in self._definition.selection],
        )
        yield self._wish(
            "mentorOrient",
            BEFORE + timedelta(days=35),
            mentorId=mentor.id,
            theory=self._random.randint(72, 98),
            practical=self._random.randint(82, 99),
        )
        yield self._wish("mentorCertify", BEFORE + timedelta(days=42), mentorId=mentor.id)

    def _year(self, year: int, teams: list[Team]) -> list[Stage]:
        label = f"FY{year % 100}"
        cared_for = [(team, mentee) for team in teams for mentee in team.mentees]
        for team, mentee in cared_for:
            days = [day.on for day in team.days if day.assessing]
            self._assessed[mentee.id] = sorted(self._random.sample(days, len(mentee.attempts)))
        assessments = [list(self._assess(team, mentee)) for team, mentee in cared_for]
        return [
            Stage(f"{label} cohort", [list(self._open(teams[0].cohort, year))]),
            Stage(f"{label} mentees", [list(self._enrol(team, one)) for team, one in cared_for]),
            Stage(f"{label} agreements", [[self._agree(team)] for team in teams]),
            Stage(f"{label} plans", [lane for team in teams for lane in self._plans(team)]),
            Stage(f"{label} visits", [list(self._visit(team)) for team in teams]),
            Stage(f"{label} assessments", assessments),
            Stage(f"{label} ends", [[self._end(team)] for team in teams]),
        ]

    def _open(self, cohort: UUID, year: int) -> Iterator[Wish]:
        first, last = fiscal_year(year)
        yield self._wish(
            "cohortOpen",
            first - timedelta(days=14),
            id=cohort,
            programmeVersionId=self._version_id,
            code=f"FY{year}-{self._script.seed}",
            name=f"Fiscal year {year}",
            orgUnitId=self._root,
            starts=first,
            ends=last,
        )
        yield self._wish("cohortStart", first, cohortId=cohort)

    def _enrol(self, team: Team, mentee: Mentee) -> Iterator[Wish]:
        yield self._wish("healthWorkerRegister", mentee.person.posted, **mentee.person.register())
        yield self._wish(
            "menteeEnrol",
            mentee.enrolled,
            id=mentee.id,
            healthWorkerId=mentee.person.id,
            cohortId=team.cohort,
            area=mentee.area,
        )

    def _agree(self, team: Team) -> Wish:
        return self._wish(
            "mentorshipPropose",
            team.proposed,
            id=team.id,
            cohortId=team.cohort,
            orgUnitId=team.place.id,
            mentorIds=[mentor.id for mentor in team.mentors],
            enrolmentIds=[mentee.id for mentee in team.mentees],
        )

    def _plans(self, team: Team) -> Iterator[list[Wish]]:
        """Yield a plan for every visit, which reaches the hospital five days before it."""
        visits: dict[tuple[int, int], list[Day]] = {}
        for day in team.days:
            visits.setdefault((day.on.year, day.on.month), []).append(day)
        for month, days in visits.items():
            plan = self._script.id("plan", team.id, *month)
            before = days[0].on - timedelta(days=5)
            yield [
                self._wish(
                    "planAgree",
                    before,
                    id=plan,
                    mentorshipId=team.id,
                    planKind="VISIT",
                    starts=days[0].on,
                    ends=days[-1].on,
                    objectives=["What the last action plan left open", "The month's competencies"],
                ),
                self._wish("planSend", before, planId=plan, sentTo="The hospital's management"),
            ]

    def _visit(self, team: Team) -> Iterator[Wish]:
        for day in team.days:
            many = len(team.mentees)
            chosen = set(self._random.sample(range(many), self._random.randint(many // 2, many)))
            mentees = [
                mentee
                for number, mentee in enumerate(team.mentees)
                if number in chosen or day.on in self._assessed[mentee.id]
            ]
            yield self._wish(
                "sessionLog",
                day.on,
                mentorshipId=team.id,
                mode=day.mode,
                minutes=day.minutes,
                steps=day.steps,
                present=[
                    *(one.person.id for one in team.mentors),
                    *(one.person.id for one in mentees or team.mentees),
                ],
                consentRecorded=day.consent,
            )

    def _assess(self, team: Team, mentee: Mentee) -> Iterator[Wish]:
        """Assess by the area's mentor: the pre-test, then each attempt on a later visit; coach
        between two at one competency.
        """
        who: dict[str, Any] = {
            "enrolmentId": mentee.id,
            "assessorId": team.assessor(mentee.area).person.id,
        }
        raw = self._random.randint(6, 15)
        yield self._wish(
            "competencyBaselineAssess", mentee.enrolled, **who, raw=raw, max=PRE_TEST_POINTS
        )
        days = self._assessed[mentee.id]
        for (attempt, again), on in zip(with_coaching(mentee.attempts), days, strict=True):
            yield self._wish(
                "competencyAssess",
                on,
                **who,
                competency=attempt.competency,
                items=[{"item": item, "points": points} for item, points in attempt.items],
                technique=attempt.technique,
            )
            if again:
                yield coaching(self._script, mentee.id, attempt.competency, on)

    def _end(self, team: Team) -> Wish:
        _, last = fiscal_year(team.year)
        with self._script.because("The fiscal year is over."):
            return self._wish("mentorshipConclude", last, mentorshipId=team.id)


def coaching(script: Script, enrolment: UUID, competency: str, on: date) -> Wish:
    """Return what will be practised after an attempt that failed."""
    return script.wish(
        "competencyCoach",
        on,
        enrolmentId=enrolment,
        competency=competency,
        actions=["The steps that were missed, on the model, until they come by themselves"],
    )


def baseline(
    script: Script, definition: Definition, version_id: UUID, place: Place, on: date
) -> Wish:
    """Return how a facility stands before mentoring begins there: a good half of all points."""
    random = Random(f"baseline/{script.seed}/{place.code}")
    return script.wish(
        "facilityBaselineAssess",
        on,
        orgUnitId=place.id,
        programmeVersionId=version_id,
        areas=[
            {
                "area": area.code,
                "items": [
                    {"item": item.code, "points": random.randint(item.points // 3, item.points)}
                    for item in area.items
                ],
            }
            for area in definition.facility_baseline
        ],
    )
