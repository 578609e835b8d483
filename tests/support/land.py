"""A land under a real programme's own settings, in the house in memory: the file of its highest
version, as a version would have it that says nothing of conduct, and so records what happens.
"""

from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from services.gateway.projections import DEVIATION, SESSION
from shared.contracts.definition import Conduct, Definition, Gate
from shared.domain.errors import MshauriError
from shared.programmes.file import read_programme
from tests.support.house import House

PROGRAMMES = Path(__file__).parents[2] / "programmes"
BEGAN = date(2019, 3, 4)
WHY = "So it was."


def day(number: int) -> date:
    """Return a day of the story, whose first is 0."""
    return BEGAN + timedelta(days=number)


def real(programme: str, **changes: Any) -> Definition:
    """Return the rules in a programme's file of the highest version, with these changes."""
    read = [read_programme(path.read_text(encoding="utf-8")) for path in PROGRAMMES.glob("*.yaml")]
    versions = [one for one in read if isinstance(one, Definition) and one.programme == programme]
    latest = max(versions, key=lambda one: one.version)
    return replace(latest, **{"version": latest.version + 1, "conduct": Conduct(), **changes})


class Land:
    """Two counties with a facility each, and a cohort over the first that has started."""

    def __init__(self, rules: Definition) -> None:
        self.house = House()
        self.rules = rules
        self.area = rules.areas[0].code
        self._numbers = count()
        self.country: UUID
        self.counties: list[UUID]
        self.facilities: list[UUID]
        self.version: UUID
        self.cohort: UUID

    @classmethod
    async def of(cls, programme: str, **changes: Any) -> Self:
        """Return a land under a real programme's rules, with these changes."""
        land = cls(real(programme, **changes))
        await land._opened()
        return land

    async def _opened(self) -> None:
        self.country = await self._unit("COUNTRY")
        self.counties = [await self._unit("COUNTY", self.country) for _ in range(2)]
        self.facilities = [await self._unit("FACILITY", one) for one in self.counties]
        for framework in self.rules.frameworks:
            fields = msgspec.to_builtins(framework)
            fields["frameworkVersion"] = fields.pop("version")
            await self.send("frameworkPublish", **fields)
        self.version = await self.publish(self.rules)
        self.cohort = await self.start(self.counties[0])

    async def _unit(self, kind: str, parent: UUID | None = None) -> UUID:
        code = f"U{next(self._numbers)}"
        content = {"code": code, "name": code, "unitKind": kind}
        return await self.send("orgUnitEstablish", **content, parentId=parent)

    async def publish(self, rules: Definition, on: int = 0) -> UUID:
        """Publish a version."""
        text = msgspec.json.encode(rules).decode()
        return await self.send("programmePublish", on, definition=text)

    async def start(self, unit: UUID, days: int = 500) -> UUID:
        """Start a cohort of a unit."""
        code = f"C{next(self._numbers)}"
        about = {"code": code, "name": code, "starts": day(0), "ends": day(days)}
        version = {"programmeVersionId": self.version, "orgUnitId": unit}
        cohort = await self.send("cohortOpen", **about, **version)
        if Gate.LEADERSHIP_APPROVAL in self.rules.gates:
            await self.send("cohortApprove", cohortId=cohort, approvedBy="The leadership")
        await self.send("cohortStart", cohortId=cohort)
        return cohort

    async def send(self, name: str, on: int = 0, /, **content: Any) -> UUID:
        """Send a command about a day; return the record's id."""
        plain = {key: msgspec.to_builtins(one) for key, one in content.items()}
        return (await self.house.send(name, occurredOn=str(day(on)), **plain)).id

    async def refused(self, name: str, on: int = 0, /, **content: Any) -> str:
        """Send a command that must be refused; return the code."""
        with pytest.raises(MshauriError) as error:
            await self.send(name, on, **content)
        return error.value.code

    async def person(self, unit: UUID | None = None, **more: Any) -> UUID:
        """Register somebody."""
        name = f"Somebody {next(self._numbers)}"
        where = {"orgUnitId": unit or self.facilities[0], "cadre": "NURSE"}
        return await self.send("healthWorkerRegister", **{"givenNames": name, **where, **more})

    async def mentor(
        self, person: UUID | None = None, area: str | None = None, on: int = 0
    ) -> tuple[UUID, UUID]:
        """Nominate, orient and certify somebody; return the person and the mentor."""
        person = person or await self.person()
        criteria = [each.code for each in self.rules.selection]
        about = {"programmeVersionId": self.version, "area": area or self.area}
        mentor = await self.send(
            "mentorNominate", healthWorkerId=person, **about, criteria=criteria
        )
        scores = {"theory": 95, "practical": 95} if self.rules.orientation else {}
        await self.send("mentorOrient", mentorId=mentor, **scores)
        await self.send("mentorCertify", on, mentorId=mentor)
        return person, mentor

    async def mentee(
        self, person: UUID | None = None, area: str | None = None, on: int = 0, **more: Any
    ) -> tuple[UUID, UUID]:
        """Enrol somebody, trained and with a goal where that is asked; return both ids."""
        person = person or await self.person()
        about = {"cohortId": self.cohort, "area": area or self.area, **more}
        enrolment = await self.send("menteeEnrol", on, healthWorkerId=person, **about)
        if self.rules.training is not None:
            training = {"training": "All of it", "days": 10, "course": self.rules.training.code}
            await self.send("menteeTrain", on, enrolmentId=enrolment, **training)
        if Gate.GOALS in self.rules.gates:
            await self.send("menteeSetGoal", on, enrolmentId=enrolment, goal="G", text="Grow.")
        return person, enrolment


class Care:
    """A mentorship in a land, with the people in it, by the order in which they came."""

    def __init__(self, land: Land, id: UUID, people: list[tuple[UUID, UUID]], mentors: int) -> None:
        self.land = land
        self.id = id
        self.mentors = [person for person, _ in people[:mentors]]
        self.mentor_ids = [mentor for _, mentor in people[:mentors]]
        self.mentees = [person for person, _ in people[mentors:]]
        self.enrolments = [enrolment for _, enrolment in people[mentors:]]

    @classmethod
    async def begun(
        cls,
        land: Land,
        mentors: int = 1,
        mentees: int = 1,
        *,
        areas: list[str] | None = None,
        signed: bool = True,
        on: int = 1,
    ) -> Self:
        """Propose a mentorship; everybody signs the same day, where there are letters."""
        people = [
            *[await land.mentor(area=area) for area in areas or [None] * mentors],  # type: ignore[list-item]
            *[await land.mentee() for _ in range(mentees)],
        ]
        content = {"cohortId": land.cohort, "orgUnitId": land.facilities[0]}
        mentorship = await land.send(
            "mentorshipPropose",
            on,
            **content,
            mentorIds=[id for _, id in people[: len(people) - mentees]],
            enrolmentIds=[id for _, id in people[len(people) - mentees :]],
        )
        care = cls(land, mentorship, people, len(people) - mentees)
        if signed and Gate.SIGNATURES in land.rules.gates:
            for person in (*care.mentors, *care.mentees):
                await care.do("Sign", on, healthWorkerId=person)
        return care

    async def do(self, name: str, on: int, **content: Any) -> UUID:
        """Send a command about the mentorship."""
        about = {"mentorshipId": self.id, "reason": WHY}
        return await self.land.send(f"mentorship{name}", on, **{**about, **content})

    async def meet(self, on: int, *present: UUID, **more: Any) -> dict[str, Any]:
        """Log a session, and return what is shown of it."""
        said = {"mode": "IN_PERSON", "minutes": 240, "present": list(present)}
        about = {"mentorshipId": self.id}
        session = await self.land.send("sessionLog", on, **{**about, **said, **more})
        (row,) = self.land.house.rows(SESSION, id=session)
        return dict(row)

    def departs(self, record: UUID | None = None) -> set[str]:
        """Return the rules that it, or another record, departs from as it stands."""
        rows = self.land.house.rows(DEVIATION, record_id=record or self.id)
        return {row["rule"] for row in rows if row["stands"]}
