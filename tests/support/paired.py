"""A house with one mentorship in it: two mentors, two mentees, agreed a month ago; each of them may
come with a token of their own.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from shared.contracts.definition import Area, Definition, Gate, Ratio
from shared.contracts.registry.mentorship import MentorshipProposed
from shared.deciding.commanding import Answer
from shared.domain import new_id
from tests.support.definitions import definition
from tests.support.house import House

ZONE = ZoneInfo("Africa/Kigali")
AREA = "NEWBORN"


def days_ago(days: int) -> date:
    """Return a day before today, by the programme's calendar."""
    return datetime.now(UTC).astimezone(ZONE).date() - timedelta(days=days)


def rules(**changes: Any) -> Definition:
    """Return a programme of teams of up to two mentors, in one area that is not assessed."""
    return replace(
        definition(),
        ratio=Ratio(mentors=(1, 2), mentees=(1, 5), load=3),
        gates=(Gate.SIGNATURES,),
        orientation=None,
        areas=(Area(code=AREA, name="Newborn care", technical_area="newborn"),),
        frameworks=(),
        validation=None,
        **changes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """What there is in it; mentors and mentees by their health worker ids, and their subjects."""

    house: House
    version: UUID
    country: UUID
    district: UUID
    facility: UUID
    elsewhere: UUID
    mentors: tuple[UUID, UUID]
    mentor_ids: tuple[UUID, UUID]
    mentees: tuple[UUID, UUID]
    mentorship: UUID

    async def another_mentorship(self) -> UUID:
        """Agree on a second mentorship of the same people, and return it."""
        cohort, enrolments = await _enrolments(self.house, self.mentorship)
        answer = await self.send(
            "mentorshipPropose",
            cohortId=cohort,
            orgUnitId=self.facility,
            mentorIds=list(self.mentor_ids),
            enrolmentIds=enrolments,
            occurredOn=days_ago(40),
        )
        for person in (*self.mentors, *self.mentees):
            await self.send(
                "mentorshipSign",
                mentorshipId=answer.id,
                healthWorkerId=person,
                occurredOn=days_ago(30),
            )
        return answer.id

    async def send(self, name: str, /, **content: Any) -> Answer:
        """Send a command; ids and days are written as the wire has them."""
        return await self.house.send(name, **{key: _plain(one) for key, one in content.items()})


async def _enrolments(house: House, mentorship: UUID) -> tuple[UUID, list[UUID]]:
    """Return a mentorship's cohort and enrolments."""
    first, *_ = await house.events(mentorship)
    assert isinstance(first, MentorshipProposed)
    return first.cohort_id, [one.enrolment_id for one in first.mentees]


async def paired(under: Definition) -> Paired:
    """Return the house, from the first org unit to the last signature."""
    house = await House.built()
    began = days_ago(40)

    async def send(name: str, /, **content: Any) -> UUID:
        content.setdefault("occurredOn", began)
        answer = await house.send(name, **{key: _plain(one) for key, one in content.items()})
        return answer.id

    country = await send("orgUnitEstablish", code="KE", name="Kenya", unitKind="COUNTRY")
    district, elsewhere = [
        await send("orgUnitEstablish", code=code, name=code, unitKind="DISTRICT", parentId=country)
        for code in ("D1", "D2")
    ]
    facility = await send(
        "orgUnitEstablish", code="F1", name="Hospital", unitKind="FACILITY", parentId=district
    )
    version = await send("programmePublish", definition=msgspec.json.encode(under).decode())
    people = [await send("healthWorkerRegister", **_person(n, facility)) for n in range(4)]
    for number, person in enumerate(people):
        await send(
            "accessGrantGive",
            subjectName=f"person-{number}",
            role="MENTOR" if number < 2 else "MENTEE",
            orgUnitId=facility,
            programme=under.programme,
            healthWorkerId=person,
        )
    mentor_ids = []
    for person in people[:2]:
        mentor = await send(
            "mentorNominate", healthWorkerId=person, programmeVersionId=version, area=AREA
        )
        await send("mentorOrient", mentorId=mentor)
        await send("mentorCertify", mentorId=mentor)
        mentor_ids.append(mentor)
    cohort = await send(
        "cohortOpen",
        programmeVersionId=version,
        code="C1",
        name="First",
        orgUnitId=country,
        starts=began,
        ends=began + timedelta(days=365),
    )
    await send("cohortStart", cohortId=cohort)
    enrolments = [
        await send("menteeEnrol", healthWorkerId=one, cohortId=cohort, area=AREA)
        for one in people[2:]
    ]
    mentorship = await send(
        "mentorshipPropose",
        cohortId=cohort,
        orgUnitId=facility,
        mentorIds=mentor_ids,
        enrolmentIds=enrolments,
    )
    for person in people:
        await send(
            "mentorshipSign",
            mentorshipId=mentorship,
            healthWorkerId=person,
            occurredOn=days_ago(30),
        )
    return Paired(
        house=house,
        version=version,
        country=country,
        district=district,
        facility=facility,
        elsewhere=elsewhere,
        mentors=(people[0], people[1]),
        mentor_ids=(mentor_ids[0], mentor_ids[1]),
        mentees=(people[2], people[3]),
        mentorship=mentorship,
    )


def _person(number: int, facility: UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "givenNames": f"Given{number}",
        "familyName": f"Family{number}",
        "cadre": "NURSE",
        "orgUnitId": facility,
    }


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)
