"""Three county officers and their mentors: who they are, and every command about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from mshauri.api import Wish
from mshauri.demo.people import People, Person
from mshauri.demo.programmes import Programme
from mshauri.demo.stage import Lane, Script
from shared.domain import derived_id

ENROLLED, AGREED = date(2024, 7, 15), date(2024, 8, 20)
ENDS = date(2024, 10, 31)
"""The last day of their cohort, as it was meant."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A mentor and an officer."""

    id: UUID
    mentor: Person
    mentor_id: UUID
    officer: Person
    enrolment: UUID

    @property
    def people(self) -> tuple[UUID, UUID]:
        """Both, as health workers."""
        return self.mentor.id, self.officer.id


class Pairs:
    """The officers' cohort.

    Args:
        file: the programme, in the version that they are under.
        unit: the county, where all of them work.
    """

    def __init__(self, script: Script, people: People, file: Programme, unit: UUID) -> None:
        self._script, self._wish = script, script.wish
        self.rules = file.definition
        self._version = derived_id("programme_version", "kenya-hrh", self.rules.version)
        self.unit = unit
        self.cohort = script.id("cohort", "officers")
        self.all = [self._pair(people, number) for number in range(3)]

    def _pair(self, people: People, number: int) -> Pair:
        posted = ENROLLED - timedelta(days=900)
        return Pair(
            self._script.id("mentorship", "officers", number),
            people.person("Human resource professional", self.unit, posted, ("en", "sw")),
            self._script.id("mentor", "officers", number),
            people.person("County HRH officer", self.unit, posted, ("en", "sw")),
            self._script.id("enrolment", "officers", number),
        )

    def open(self) -> Iterator[Wish]:
        """Open the cohort, with its leadership's word."""
        on = ENROLLED - timedelta(days=14)
        yield self._wish(
            "cohortOpen",
            on,
            id=self.cohort,
            programmeVersionId=self._version,
            code=f"VIHIGA-{self._script.seed}",
            name="Vihiga's officers",
            orgUnitId=self.unit,
            starts=on,
            ends=ENDS,
        )
        yield self._wish(
            "cohortApprove", on, cohortId=self.cohort, approvedBy="The county executive for health"
        )
        yield self._wish("cohortStart", on, cohortId=self.cohort)

    def begin(self, pair: Pair) -> Iterator[Wish]:
        """Make both known: the mentor certified, the officer enrolled and trained."""
        wish = self._wish
        for person in (pair.mentor, pair.officer):
            yield wish("healthWorkerRegister", person.posted, **person.register())
        yield wish(
            "mentorNominate",
            ENROLLED,
            id=pair.mentor_id,
            healthWorkerId=pair.mentor.id,
            programmeVersionId=self._version,
            area="HRM",
            criteria=[one.code for one in self.rules.selection],
        )
        yield wish("mentorOrient", ENROLLED, mentorId=pair.mentor_id)
        yield wish("mentorCertify", ENROLLED, mentorId=pair.mentor_id)
        yield wish(
            "menteeEnrol",
            ENROLLED,
            id=pair.enrolment,
            healthWorkerId=pair.officer.id,
            cohortId=self.cohort,
            area="HRM",
        )
        assert self.rules.training is not None
        yield wish(
            "menteeTrain",
            AGREED - timedelta(days=10),
            enrolmentId=pair.enrolment,
            training=self.rules.training.name,
            days=self.rules.training.days,
        )

    def agree(self, pair: Pair) -> Iterator[Wish]:
        """Put them together, and let both sign."""
        yield self._wish(
            "mentorshipPropose",
            AGREED,
            id=pair.id,
            cohortId=self.cohort,
            orgUnitId=self.unit,
            mentorIds=[pair.mentor_id],
            enrolmentIds=[pair.enrolment],
        )
        for person in pair.people:
            yield self._wish("mentorshipSign", AGREED, mentorshipId=pair.id, healthWorkerId=person)

    def session(self, pair: Pair, on: date) -> UUID:
        """Return the id of their session of a day."""
        return self._script.id("session", pair.id, on)

    def held(self, pair: Pair, minutes: int = 120, at: UUID | None = None) -> dict[str, object]:
        """Return what is said of a session, when it is logged and when it is corrected."""
        return {
            "mode": "IN_PERSON",
            "minutes": minutes,
            "present": pair.people,
            "orgUnitId": at,
        }

    def meet(
        self, pair: Pair, days: Sequence[date], minutes: int = 120, at: UUID | None = None
    ) -> Lane:
        """Log a session on each day; `at`: not where the mentorship is."""
        return [
            self._wish(
                "sessionLog",
                on,
                id=self.session(pair, on),
                mentorshipId=pair.id,
                **self.held(pair, minutes, at),
            )
            for on in days
        ]
