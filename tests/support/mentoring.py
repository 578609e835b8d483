"""A small country in the house in memory, for tests of who is mentored by whom: what each step of
a mentorship takes is one short call here, with all else filled in.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any, Self
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from shared.contracts.definition import Area, Definition, Gate, Phase, Ratio
from shared.domain import new_id
from shared.domain.errors import MshauriError
from shared.following.policy_runner import carry_out
from tests.support.days import today
from tests.support.definitions import definition
from tests.support.house import House

BEGAN = today() - timedelta(days=100)
"""The day everything begins on, unless a test says otherwise."""


def day(number: int) -> date:
    """Return a day of the story; the first is 0, and 99 is past."""
    return BEGAN + timedelta(days=number)


def rules(**changes: Any) -> Definition:
    """Return a programme of pairs, in two areas that are not assessed, bound by letters."""
    base = replace(
        definition(),
        programme="pairs",
        ratio=Ratio(mentors=1, mentees=(1, 2), load=2),
        gates=(Gate.SIGNATURES,),
        orientation=None,
        areas=(
            Area(code="HR", name="Human resources", technical_area="HR"),
            Area(code="LAW", name="Labour law", technical_area="HR"),
        ),
        frameworks=(),
        validation=None,
        phases=(
            Phase(code="PROACTIVE", name="Proactive"),
            Phase(code="REACTIVE", name="Reactive"),
        ),
    )
    return replace(base, **changes)


@dataclass(slots=True)
class Country:
    """The house, with one facility, one programme version, and one cohort of it that started."""

    house: House
    rules: Definition
    facility: UUID
    version: UUID = field(init=False)
    cohort: UUID = field(init=False)
    _numbers: Any = field(default_factory=count)

    @classmethod
    async def under(cls, under: Definition | None = None) -> Self:
        """Return a country whose one programme is that."""
        house = await House.built()
        unit: dict[str, Any] = {
            "name": "Kenya",
            "code": "KE",
            "unitKind": "COUNTRY",
            "occurredOn": str(BEGAN),
        }
        answer = await house.send("orgUnitEstablish", **unit)
        country = cls(house, under or rules(), answer.id)
        country.version = await country.publish(country.rules)
        country.cohort = await country.start_cohort(country.version)
        return country

    async def send(self, name: str, /, **content: Any) -> UUID:
        """Send a command that occurred `on` a day of the story; return the record's id."""
        plain = {"occurredOn": day(content.pop("on", 0))} | content
        answer = await self.house.send(
            name, **{key: msgspec.to_builtins(value) for key, value in plain.items()}
        )
        return answer.id

    async def refused(self, name: str, /, **content: Any) -> tuple[str, str | None]:
        """Send a command that must be refused; return the error's code and its field."""
        with pytest.raises(MshauriError) as error:
            await self.send(name, **content)
        return error.value.code, error.value.field

    async def publish(self, rules: Definition) -> UUID:
        """Publish a version."""
        text = msgspec.json.encode(rules).decode()
        return await self.send("programmePublish", definition=text)

    async def open_cohort(self, version: UUID) -> UUID:
        """Open a cohort that runs for a year."""
        number = next(self._numbers)
        return await self.send(
            "cohortOpen",
            programmeVersionId=version,
            code=f"C{number}",
            name=f"Cohort {number}",
            orgUnitId=self.facility,
            starts=BEGAN,
            ends=day(365),
        )

    async def start_cohort(self, version: UUID) -> UUID:
        """Open a cohort and start it, with the leadership's approval where it is asked for."""
        cohort = await self.open_cohort(version)
        if Gate.LEADERSHIP_APPROVAL in self.rules.gates:
            await self.send("cohortApprove", cohortId=cohort, approvedBy="The county")
        await self.send("cohortStart", cohortId=cohort)
        return cohort

    async def person(self, org_unit: UUID | None = None) -> UUID:
        """Register somebody."""
        number = next(self._numbers)
        return await self.send(
            "healthWorkerRegister",
            givenNames=f"Given{number}",
            familyName=f"Family{number}",
            cadre="NURSE",
            orgUnitId=org_unit or self.facility,
        )

    async def nominee(self, person: UUID | None = None, area: str = "HR", **more: Any) -> UUID:
        """Nominate somebody."""
        return await self.send(
            "mentorNominate",
            healthWorkerId=person or await self.person(),
            programmeVersionId=more.pop("version", self.version),
            area=area,
            **more,
        )

    async def mentor(self, person: UUID | None = None, area: str = "HR", **more: Any) -> UUID:
        """Nominate and certify somebody."""
        mentor = await self.nominee(person, area, **more)
        await self.send("mentorCertify", mentorId=mentor)
        return mentor

    async def enrolment(self, person: UUID | None = None, area: str = "HR", **more: Any) -> UUID:
        """Enrol somebody."""
        return await self.send(
            "menteeEnrol",
            healthWorkerId=person or await self.person(),
            cohortId=more.pop("cohort", self.cohort),
            area=area,
            **more,
        )

    def pair(self, mentors: list[UUID], enrolments: list[UUID], **more: Any) -> dict[str, Any]:
        """Return the content of a proposal."""
        return {
            "cohortId": self.cohort,
            "orgUnitId": self.facility,
            "mentorIds": mentors,
            "enrolmentIds": enrolments,
        } | more

    async def propose(self, mentors: list[UUID], enrolments: list[UUID], **more: Any) -> UUID:
        """Propose a mentorship."""
        return await self.send("mentorshipPropose", **self.pair(mentors, enrolments, **more))

    async def sign(self, mentorship: UUID, *people: UUID, on: int = 0) -> None:
        """Have these people sign."""
        for person in people:
            await self.send("mentorshipSign", mentorshipId=mentorship, healthWorkerId=person, on=on)

    async def session(self, mentorship: UUID, *present: UUID, on: int = 0) -> UUID:
        """Log a session by phone."""
        return await self.send(
            "sessionLog",
            mentorshipId=mentorship,
            mode="PHONE",
            minutes=90,
            present=list(present),
            on=on,
        )

    async def complete_as_policy(self, enrolment: UUID) -> str:
        """Let the completion policy judge an enrolment; return the outcome."""
        command_id = new_id()
        content = {"commandId": str(command_id), "enrolmentId": str(enrolment)}
        commander = self.house.commander("registry")
        return await carry_out(commander, "completion", "menteeComplete", content, command_id)
