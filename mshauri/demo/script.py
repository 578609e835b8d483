"""All commands of the demonstration, stage by stage: made here, sent elsewhere, always the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from mshauri.api import Wish
from mshauri.demo.cast import BEFORE, Cast, Mentee, Mentor, Team
from mshauri.demo.table1 import YEARS
from mshauri.demo.visits import fiscal_year
from shared.domain import derived_id

PRE_TEST_POINTS = 20


@dataclass(frozen=True, slots=True)
class Stage:
    """Lanes that can be sent side by side; a stage rests on those before it.

    Attributes:
        lanes: each is what one record, or one mentee, goes through, in its order.
        rests: the first command of each lane rests on facts of another service: it carries the
            positions of all that was answered before.
    """

    name: str
    lanes: list[list[Wish]]
    rests: bool = False

    def __len__(self) -> int:
        return sum(map(len, self.lanes))


def write_script(seed: int, cast: Cast, version_id: UUID, root: UUID) -> list[Stage]:
    """Return every stage of three fiscal years, in order.

    Args:
        seed: the same seed and cast, the same script.
        cast: who plays.
        version_id: the programme version that the cohorts keep.
        root: the org unit that they are over.
    """
    return _Writer(seed, cast, version_id, root).write()


class _Writer:
    def __init__(self, seed: int, cast: Cast, version_id: UUID, root: UUID) -> None:
        self._seed = seed
        self._cast = cast
        self._version_id = str(version_id)
        self._root = str(root)
        self._random = Random(f"script/{seed}")
        self._made = 0
        self._assessed: dict[UUID, list[date]] = {}
        """The days each mentee is assessed on: they are there on those, whoever else is."""

    def write(self) -> list[Stage]:
        stages = [Stage("mentors", [list(self._certify(one)) for one in self._cast.mentors])]
        for year in YEARS:
            stages += self._year(year, [team for team in self._cast.teams if team.year == year])
        return stages

    def _certify(self, mentor: Mentor) -> Iterator[Wish]:
        yield self._wish("healthWorkerRegister", mentor.person.register())
        nomination = {
            "id": str(mentor.id),
            "healthWorkerId": str(mentor.person.id),
            "programmeVersionId": self._version_id,
            "area": mentor.area,
        }
        yield self._wish("mentorNominate", nomination, BEFORE)
        orientation = {
            "mentorId": str(mentor.id),
            "theory": self._random.randint(72, 98),
            "practical": self._random.randint(82, 99),
        }
        yield self._wish("mentorOrient", orientation, BEFORE + timedelta(days=35))
        yield self._wish("mentorCertify", {"mentorId": str(mentor.id)}, BEFORE + timedelta(days=42))

    def _year(self, year: int, teams: list[Team]) -> list[Stage]:
        label = f"FY{year % 100}"
        cared_for = [(team, mentee) for team in teams for mentee in team.mentees]
        for team, mentee in cared_for:
            days = [day.on for day in team.days if day.assessing]
            self._assessed[mentee.id] = sorted(self._random.sample(days, len(mentee.attempts)))
        assessments = [list(self._assess(team, mentee)) for team, mentee in cared_for]
        return [
            Stage(f"{label} cohort", [[self._open(teams[0].cohort, year)]]),
            Stage(f"{label} mentees", [list(self._enrol(team, one)) for team, one in cared_for]),
            Stage(f"{label} agreements", [list(self._agree(team)) for team in teams]),
            Stage(f"{label} visits", [list(self._visit(team)) for team in teams], rests=True),
            Stage(f"{label} assessments", assessments, rests=True),
        ]

    def _open(self, cohort: UUID, year: int) -> Wish:
        first, last = fiscal_year(year)
        content = {
            "id": str(cohort),
            "programmeVersionId": self._version_id,
            "code": f"FY{year}-{self._seed}",
            "name": f"Fiscal year {year}",
            "orgUnitId": self._root,
            "starts": first.isoformat(),
            "ends": last.isoformat(),
        }
        return self._wish("cohortOpen", content, first - timedelta(days=14))

    def _enrol(self, team: Team, mentee: Mentee) -> Iterator[Wish]:
        yield self._wish("healthWorkerRegister", mentee.person.register())
        content = {
            "id": str(mentee.id),
            "healthWorkerId": str(mentee.person.id),
            "cohortId": str(team.cohort),
            "area": mentee.area,
        }
        yield self._wish("menteeEnrol", content, mentee.enrolled)

    def _agree(self, team: Team) -> Iterator[Wish]:
        content = {
            "id": str(team.id),
            "cohortId": str(team.cohort),
            "orgUnitId": str(team.place.id),
            "mentorIds": [str(mentor.id) for mentor in team.mentors],
            "enrolmentIds": [str(mentee.id) for mentee in team.mentees],
        }
        yield self._wish("mentorshipPropose", content, team.proposed)
        parties = team.parties
        days = sorted(self._random.randint(1, 9) for _ in parties)
        for person, day in zip(parties, days, strict=True):
            signature = {"mentorshipId": str(team.id), "healthWorkerId": str(person.id)}
            yield self._wish("mentorshipSign", signature, team.proposed + timedelta(days=day))

    def _visit(self, team: Team) -> Iterator[Wish]:
        for day in team.days:
            many = len(team.mentees)
            chosen = set(self._random.sample(range(many), self._random.randint(many // 2, many)))
            mentees = [
                mentee
                for number, mentee in enumerate(team.mentees)
                if number in chosen or day.on in self._assessed[mentee.id]
            ]
            present = [
                *(one.person.id for one in team.mentors),
                *(one.person.id for one in mentees or team.mentees),
            ]
            content = {
                "mentorshipId": str(team.id),
                "mode": day.mode,
                "minutes": day.minutes,
                "steps": list(day.steps),
                "present": list(map(str, present)),
                "consentRecorded": day.consent,
            }
            yield self._wish("sessionLog", content, day.on)

    def _assess(self, team: Team, mentee: Mentee) -> Iterator[Wish]:
        """Assess by the area's mentor: the pre-test, then each attempt on a later visit."""
        who = {
            "enrolmentId": str(mentee.id),
            "assessorId": str(team.assessor(mentee.area).person.id),
        }
        pre_test = {"raw": self._random.randint(6, 15), "max": PRE_TEST_POINTS}
        yield self._wish("competencyBaselineAssess", who | pre_test, mentee.enrolled)
        for attempt, on in zip(mentee.attempts, self._assessed[mentee.id], strict=True):
            content = {
                "competency": attempt.competency,
                "items": [{"item": item, "points": points} for item, points in attempt.items],
                "technique": attempt.technique,
            }
            yield self._wish("competencyAssess", who | content, on)

    def _wish(self, name: str, content: dict[str, Any], on: date | None = None) -> Wish:
        self._made += 1
        command = {"commandId": str(derived_id("demo_command", self._seed, self._made)), **content}
        if on is not None:
            command["occurredOn"] = on.isoformat()
        return Wish(name, command)
