"""What the cascade leads to in fiscal year 2021: health posts, and groups of community workers.

Whoever mentors here was validated at a health centre first, by a mentor of the district; or is a
community environmental health officer, who mentors those whom they supervise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

from mshauri.api import Wish
from mshauri.demo.people import People, Person
from mshauri.demo.rwanda.attempts import Learner
from mshauri.demo.rwanda.cast import LANGUAGES
from mshauri.demo.rwanda.centres import BEFORE, FIRST, LAST, Risen
from mshauri.demo.rwanda.hospitals import PRE_TEST_POINTS
from mshauri.demo.rwanda.places import Place
from mshauri.demo.stage import Lane, Script, Stage
from shared.contracts.definition import Definition, Gate, Validation

OFFICER = "Community environmental health officer"
AGREED = FIRST + timedelta(days=326)
"""After the centres' last visits: who was validated there can mentor now."""


@dataclass(frozen=True, slots=True)
class Group:
    """A mentor, and those below in their care.

    Attributes:
        officer: who mentors as their supervisor; None: somebody whom the cascade put forward.
    """

    id: UUID
    mentor: Risen
    area: str
    unit: UUID
    name: str
    people: list[Person]
    officer: Person | None = None


class Below:
    """Casts and writes one tier below the health centres.

    Args:
        tier: names it in the script: `posts`, `chw`.
        cadre: of those who are mentored there.
    """

    def __init__(
        self,
        script: Script,
        tier: str,
        definition: Definition,
        version_id: UUID,
        cadre: str,
    ) -> None:
        self._script = script
        self._wish = script.wish
        self._tier = tier
        self._definition = definition
        self._version_id = version_id
        self._cadre = cadre
        self._people = People(Script(f"{script.story}-{tier}", script.seed), "RW")
        self._random = Random(f"{tier}/{script.seed}")
        self.cohort = script.id("cohort", tier)
        self.groups: list[Group] = []

    def cast(
        self, risen: Sequence[Risen], places: Sequence[Place], sizes: range, officers: int = 0
    ) -> None:
        """Give each place mentees, and a mentor who rose, in its district if there is one.

        Args:
            officers: so many places, the last ones, have an officer for their mentor.
        """
        free = list(risen)
        for number, place in enumerate(places):
            known = FIRST - timedelta(days=self._random.randint(100, 2500))
            officer = None
            if number >= len(places) - officers:
                officer = self._people.person(OFFICER, place.id, known, LANGUAGES[:1])
                area = self._definition.areas[number % len(self._definition.areas)].code
                mentor = Risen(
                    self._script.id("mentor", officer.number), officer.id, area, place.code
                )
            elif free:
                near = [one for one in free if one.unit.startswith(place.district)]
                mentor = (near or free)[0]
                free.remove(mentor)
            else:
                continue
            self.groups.append(
                Group(
                    self._script.id("mentorship", self._tier, place.code, mentor.area),
                    mentor,
                    mentor.area,
                    place.id,
                    place.name,
                    [
                        self._people.person(self._cadre, place.id, known, LANGUAGES[:1])
                        for _ in range(self._random.randint(sizes.start, sizes.stop - 1))
                    ],
                    officer,
                )
            )

    def stages(self, root: UUID) -> list[Stage]:
        """Return every stage of the tier, in order."""
        label = f"FY21 {self._tier}"
        return [
            Stage(f"{label}, cohort", [list(self._open(root))]),
            Stage(f"{label}, mentors", [list(self._certify(one)) for one in self.groups]),
            Stage(f"{label}, mentees", [self._enrol(one) for one in self.groups]),
            Stage(f"{label}, agreements", [[self._agree(one)] for one in self.groups]),
            Stage(f"{label}, sessions", [self._meet(one) for one in self.groups]),
            Stage(f"{label}, assessments", [self._assess(one) for one in self.groups]),
        ]

    def _open(self, root: UUID) -> Iterator[Wish]:
        yield self._wish(
            "cohortOpen",
            BEFORE,
            id=self.cohort,
            programmeVersionId=self._version_id,
            code=f"{self._tier.upper()}-FY21-{self._script.seed}",
            name=self._definition.name,
            orgUnitId=root,
            starts=FIRST,
            ends=LAST,
        )
        yield self._wish("cohortStart", FIRST, cohortId=self.cohort)

    def _certify(self, group: Group) -> Iterator[Wish]:
        on = AGREED - timedelta(days=1)
        if group.officer is not None:
            officer = group.officer
            yield self._wish("healthWorkerRegister", officer.posted, **officer.register())
            yield self._wish(
                "mentorNominate",
                on,
                id=group.mentor.id,
                healthWorkerId=officer.id,
                programmeVersionId=self._version_id,
                area=group.area,
                criteria=[one.code for one in self._definition.selection],
            )
        if self._definition.orientation is not None:
            yield self._wish("mentorOrient", on, mentorId=group.mentor.id, theory=88, practical=92)
        yield self._wish("mentorCertify", on, mentorId=group.mentor.id)

    def _enrolment(self, group: Group, person: Person) -> UUID:
        return self._script.id("enrolment", group.id, person.number)

    def _enrol(self, group: Group) -> Lane:
        lane: Lane = []
        for person in group.people:
            lane.append(self._wish("healthWorkerRegister", person.posted, **person.register()))
            lane.append(
                self._wish(
                    "menteeEnrol",
                    FIRST + timedelta(days=20),
                    id=self._enrolment(group, person),
                    healthWorkerId=person.id,
                    cohortId=self.cohort,
                    area=group.area,
                    supervisorId=group.officer and group.officer.id,
                )
            )
        return lane

    def _agree(self, group: Group) -> Wish:
        return self._wish(
            "mentorshipPropose",
            AGREED,
            id=group.id,
            cohortId=self.cohort,
            orgUnitId=group.unit,
            mentorIds=[group.mentor.id],
            enrolmentIds=[self._enrolment(group, one) for one in group.people],
        )

    def _meet(self, group: Group) -> Lane:
        """Log two visits, both supervised where the programme asks for it: but one, of the last."""
        oversight = self._definition.oversight
        supervisor = oversight and [{"role": role} for role in oversight.supervised_by[:1]]
        missed = 16 if group is self.groups[-1] else None
        present = [group.mentor.person_id, *(one.id for one in group.people)]
        steps = [one.code for one in self._definition.visit_steps if not one.needs_consent]
        return [
            self._wish(
                "sessionLog",
                AGREED + timedelta(days=days),
                mentorshipId=group.id,
                mode="IN_PERSON",
                minutes=120,
                steps=steps,
                present=present,
                guests=None if days == missed else supervisor,
            )
            for days in (2, 16)
        ]

    def _assess(self, group: Group) -> Lane:
        code = next(one.framework for one in self._definition.areas if one.code == group.area)
        framework = next(one for one in self._definition.frameworks if one.code == code)
        # Where the programme names no score to reach, what is seen is recorded all the same.
        rule = self._definition.validation or Validation(threshold=60, technique=False)
        learner = Learner(framework, rule, self._random)
        lane: Lane = []
        for person in group.people:
            who = {
                "enrolmentId": self._enrolment(group, person),
                "assessorId": group.mentor.person_id,
            }
            if Gate.PRE_TEST in self._definition.gates:
                lane.append(
                    self._wish(
                        "competencyBaselineAssess", AGREED, **who, raw=9, max=PRE_TEST_POINTS
                    )
                )
            attempt = learner.validated()[-1]
            lane.append(
                self._wish(
                    "competencyAssess",
                    AGREED + timedelta(days=16),
                    **who,
                    competency=attempt.competency,
                    items=[{"item": item, "points": points} for item, points in attempt.items],
                    technique=attempt.technique,
                )
            )
        return lane
