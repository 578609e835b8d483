"""A ward under the sixth programme, which nobody has seen: in a house in memory, or on a stack."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from mshauri.programme import publish_wishes
from shared.contracts.definition import Definition
from shared.domain import derived_id
from shared.programmes.file import read_programme

FILE = Path(__file__).parents[1] / "e2e" / "data" / "ward-peer-mentoring.yaml"
BEGAN = date(2024, 6, 3)
WEEKS = 8


class Recorded(Protocol):
    """What a command is answered with."""

    @property
    def id(self) -> UUID:
        """The record's id."""


class Recorder(Protocol):
    """Whoever commands are sent to."""

    async def send(self, name: str, /, **content: Any) -> Recorded:
        """Send a command by its wire name and fields; raise what it is refused for."""


class Ward:
    """A ward of one mentor and one newcomer, under the sixth programme."""

    def __init__(self, house: Recorder) -> None:
        self.house = house
        text = FILE.read_text(encoding="utf-8")
        read = read_programme(text)
        assert isinstance(read, Definition), read
        self.rules, self._text = read, text

    async def do(self, name: str, day: int, /, **content: Any) -> UUID:
        """Send a command of that day, counted from the first; return the record's id."""
        occurred = (BEGAN + timedelta(days=day)).isoformat()
        answer = await self.house.send(name, occurredOn=occurred, **content)
        return answer.id

    async def open(self, *, published: bool = False) -> None:
        """Publish the programme, certify the mentor, enrol the newcomer.

        Args:
            published: it is there already.
        """
        if not published:
            for wish in publish_wishes(self._text, self.rules, BEGAN):
                await self.house.send(wish.name, **wish.command)
        self.unit = await self.do(
            "orgUnitEstablish", 0, code="WARD-1", name="Ward 1", unitKind="COUNTRY"
        )
        self.mentor = await self._register("Ama", "Owusu")
        self.newcomer = await self._register("Kofi", "Mensah")
        version = derived_id("programme_version", self.rules.programme, self.rules.version)
        self.cohort = await self.do(
            "cohortOpen",
            0,
            programmeVersionId=version,
            code="INTAKE",
            name="The intake of June",
            orgUnitId=self.unit,
            starts=BEGAN,
            ends=BEGAN + timedelta(weeks=WEEKS),
        )
        await self.do("cohortStart", 0, cohortId=self.cohort)
        self.mentor_id = await self.do(
            "mentorNominate",
            0,
            healthWorkerId=self.mentor,
            programmeVersionId=version,
            area="WARD",
            criteria=[criterion.code for criterion in self.rules.selection],
        )
        await self.do("mentorOrient", 0, mentorId=self.mentor_id)
        await self.do("mentorCertify", 0, mentorId=self.mentor_id)
        self.enrolment = await self.do(
            "menteeEnrol", 0, healthWorkerId=self.newcomer, cohortId=self.cohort, area="WARD"
        )

    async def pair(self) -> None:
        """Propose the two, and have both sign."""
        self.mentorship = await self.do(
            "mentorshipPropose",
            1,
            cohortId=self.cohort,
            orgUnitId=self.unit,
            mentorIds=[self.mentor_id],
            enrolmentIds=[self.enrolment],
        )
        for person in (self.mentor, self.newcomer):
            await self.do("mentorshipSign", 1, mentorshipId=self.mentorship, healthWorkerId=person)

    async def meet(self, week: int) -> None:
        """Hold a week's session."""
        await self.do(
            "sessionLog",
            2 + 7 * week,
            mentorshipId=self.mentorship,
            mode="IN_PERSON",
            minutes=45,
            steps=["WEEK", "AT-WORK"],
            consentRecorded=True,
            present=[self.mentor, self.newcomer],
        )

    async def prove(self, day: int) -> None:
        """Assess the newcomer on every competency, with full points."""
        for competency in self.rules.frameworks[0].competencies:
            await self.do(
                "competencyAssess",
                day,
                enrolmentId=self.enrolment,
                competency=competency.code,
                assessorId=self.mentor,
                technique=True,
                items=[{"item": item.code, "points": item.points} for item in competency.checklist],
            )

    async def _register(self, given: str, family: str) -> UUID:
        return await self.do(
            "healthWorkerRegister",
            0,
            givenNames=given,
            familyName=family,
            cadre="NURSE",
            orgUnitId=self.unit,
        )
