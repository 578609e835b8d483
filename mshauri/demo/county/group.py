"""Four community health promoters and who comes to them: every command about them."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from mshauri.api import Wish
from mshauri.demo.people import People, Person
from mshauri.demo.programmes import Programme
from mshauri.demo.stage import Lane, Script
from shared.domain import derived_id

ENROLLED, AGREED = date(2024, 7, 15), date(2024, 8, 5)
ENDS = date(2025, 6, 30)


class Group:
    """The promoters' group.

    Args:
        centre: the health centre that they belong to; `hospital`, whose supervisor comes along.
    """

    def __init__(
        self, script: Script, people: People, file: Programme, centre: UUID, hospital: UUID
    ) -> None:
        self._script, self._wish = script, script.wish
        self.rules = file.definition
        self._version = derived_id("programme_version", self.rules.programme, 1)
        self.centre = centre
        self.cohort = script.id("cohort", "promoters")
        self.id = script.id("mentorship", "promoters")
        self._mentor_id = script.id("mentor", "promoters")
        posted = ENROLLED - timedelta(days=700)
        self.mentor = people.person("Community health assistant", centre, posted, ("sw", "en"))
        self._supervisor = people.person("Community health focal person", hospital, posted)
        self.four = [
            people.person("Community health promoter", centre, posted, ("sw",)) for _ in range(4)
        ]

    def enrolment(self, person: Person) -> UUID:
        """Return the id of somebody's enrolment."""
        return self._script.id("enrolment", person.number)

    def open(self) -> Iterator[Wish]:
        """Open the cohort."""
        yield self._wish(
            "cohortOpen",
            ENROLLED,
            id=self.cohort,
            programmeVersionId=self._version,
            code=f"PROMOTERS-{self._script.seed}",
            name="Promoters of one health centre",
            orgUnitId=self.centre,
            starts=ENROLLED,
            ends=ENDS,
        )
        yield self._wish("cohortStart", ENROLLED, cohortId=self.cohort)

    def begin(self) -> Iterator[Wish]:
        """Make everybody known: the mentor certified, the four enrolled."""
        wish = self._wish
        for person in (self.mentor, self._supervisor, *self.four):
            yield wish("healthWorkerRegister", person.posted, **person.register())
        yield wish(
            "mentorNominate",
            ENROLLED,
            id=self._mentor_id,
            healthWorkerId=self.mentor.id,
            programmeVersionId=self._version,
            area="ICCM",
        )
        yield wish("mentorCertify", ENROLLED, mentorId=self._mentor_id)
        for person in self.four:
            yield wish(
                "menteeEnrol",
                ENROLLED,
                id=self.enrolment(person),
                healthWorkerId=person.id,
                cohortId=self.cohort,
                area="ICCM",
            )

    def propose(self, waived: Mapping[str, str] | None = None) -> Wish:
        """Put them together; rules are `waived` by the offices that they are named with."""
        waivers = [{"rule": rule, "approvedBy": by} for rule, by in (waived or {}).items()]
        return self._wish(
            "mentorshipPropose",
            AGREED,
            id=self.id,
            cohortId=self.cohort,
            orgUnitId=self.centre,
            mentorIds=[self._mentor_id],
            enrolmentIds=[self.enrolment(one) for one in self.four],
            waivers=waivers or None,
        )

    def sign(self) -> Lane:
        """Let everybody sign."""
        return [
            self._wish("mentorshipSign", AGREED, mentorshipId=self.id, healthWorkerId=one.id)
            for one in (self.mentor, *self.four)
        ]

    def session(self, on: date) -> UUID:
        """Return the id of the session of a day."""
        return self._script.id("session", self.id, on)

    def held(self, *, supervised: bool = True) -> dict[str, Any]:
        """Return what is said of a session, when it is logged and when it is corrected."""
        guest = {"role": "SUPERVISOR", "healthWorkerId": self._supervisor.id}
        return {
            "mode": "IN_PERSON",
            "minutes": 120,
            "present": [self.mentor.id, *(one.id for one in self.four)],
            "guests": [guest] if supervised else [],
        }

    def meet(self, on: date, *, supervised: bool = True) -> Wish:
        """Log the session of a day."""
        return self._wish(
            "sessionLog",
            on,
            id=self.session(on),
            mentorshipId=self.id,
            **self.held(supervised=supervised),
        )

    def assess(self, person: Person, competency: str, on: date, missing: str | None = None) -> Wish:
        """Assess somebody; an item may be `missing` two of its points."""
        return self._wish(
            "competencyAssess",
            on,
            enrolmentId=self.enrolment(person),
            competency=competency,
            assessorId=self.mentor.id,
            items=self.items(competency, missing),
            technique=True,
        )

    def items(self, competency: str, missing: str | None = None) -> list[dict[str, Any]]:
        """Give every item its points, and two less to the one that something was missing at."""
        (framework,) = self.rules.frameworks
        checklist = next(one for one in framework.competencies if one.code == competency).checklist
        return [
            {"item": one.code, "points": one.points - (2 if one.code == missing else 0)}
            for one in checklist
        ]

    def coach(self, person: Person, competency: str, on: date) -> Wish:
        """Set what is practised after a failed attempt."""
        return self._wish(
            "competencyCoach",
            on,
            enrolmentId=self.enrolment(person),
            competency=competency,
            actions=["Step by step with the job aid, at two home visits together"],
        )
