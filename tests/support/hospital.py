"""A hospital in the house in memory: a mentee, certified mentors, and the programme under test."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

import msgspec
from msgspec.structs import replace

from shared.deciding.commanding import Answer
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.definitions import definition
from tests.support.house import House

BEGAN = "2018-10-01"
DAY = date(2018, 12, 1)
WELL = {
    "HBB": [{"item": "prepare", "points": 40}, {"item": "ventilate", "points": 60}],
    "PPH": [{"item": "oxytocin", "points": 20}],
}
POORLY = {"HBB": [{"item": "prepare", "points": 0}, {"item": "ventilate", "points": 60}]}


@dataclass(slots=True)
class Hospital:
    """Ids are those of health workers, but `enrolment`."""

    house: House
    unit: UUID
    version: UUID
    cohort: UUID
    mentee: UUID
    mentor: UUID
    mentor_record: UUID
    enrolment: UUID

    @classmethod
    async def built(cls, **changes: Any) -> Self:
        """Enrol a mentee in midwifery, under the test programme with these changes."""
        house = await House.built()
        hospital = cls(house, *(new_id() for _ in range(7)))
        await hospital._establish(replace(definition(), **changes))
        return hospital

    async def _establish(self, rules: Any) -> None:
        unit = self.unit
        await self.send(
            "orgUnitEstablish", BEGAN, id=unit, code="H1", name="Hospital", unitKind="FACILITY"
        )
        for person, name in ((self.mentee, "Keza"), (self.mentor, "Uwase")):
            await self.register(person, name)
        for framework in rules.frameworks:
            fields = msgspec.to_builtins(framework)
            fields["frameworkVersion"] = fields.pop("version")
            await self.send("frameworkPublish", BEGAN, **fields)
        text = msgspec.json.encode(rules).decode()
        self.version = (await self.send("programmePublish", BEGAN, definition=text)).id
        await self.send(
            "cohortOpen",
            BEGAN,
            id=self.cohort,
            programmeVersionId=self.version,
            code="C1",
            name="First",
            orgUnitId=unit,
            starts=BEGAN,
            ends="2030-12-31",
        )
        await self.certify(self.mentor_record, self.mentor)
        await self.send(
            "menteeEnrol",
            "2018-11-01",
            id=self.enrolment,
            healthWorkerId=self.mentee,
            cohortId=self.cohort,
            area="RAM",
        )

    async def register(self, person: UUID, name: str) -> None:
        """Register a health worker who is posted here."""
        await self.send(
            "healthWorkerRegister",
            BEGAN,
            id=person,
            givenNames=name,
            familyName=name,
            cadre="NURSE",
            orgUnitId=self.unit,
        )

    async def certify(self, mentor: UUID, person: UUID, area: str = "RAM") -> None:
        """Make a health worker a certified mentor of an area."""
        await self.send(
            "mentorNominate",
            BEGAN,
            id=mentor,
            healthWorkerId=person,
            programmeVersionId=self.version,
            area=area,
        )
        await self.send("mentorOrient", BEGAN, mentorId=mentor, theory=90, practical=90)
        await self.send("mentorCertify", BEGAN, mentorId=mentor)

    async def send(self, name: str, on: date | str = DAY, /, **content: Any) -> Answer:
        """Send a command about a day."""
        return await self.house.send(name, occurredOn=str(on), **content)

    async def assess(self, competency: str, on: date | str = DAY, **changes: Any) -> Answer:
        """Assess the mentee, well and by their mentor if `changes` say nothing else."""
        return await self.send("competencyAssess", on, **self.attempt(competency, **changes))

    def attempt(self, competency: str, **changes: Any) -> dict[str, Any]:
        """Return what `competencyAssess` says of an attempt."""
        return {
            "enrolmentId": self.enrolment,
            "competency": competency,
            "assessorId": self.mentor,
            "items": WELL[competency],
            "technique": True,
            **changes,
        }

    async def refused(self, name: str, on: date | str = DAY, /, **content: Any) -> str:
        """Send a command that is refused, and return the code."""
        try:
            await self.send(name, on, **content)
        except MshauriError as refusal:
            return refusal.code
        msg = f"{name} was not refused"
        raise AssertionError(msg)
