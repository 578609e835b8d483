"""A hospital, a clinic far from it, and what an auditor finds there: in the house in memory, over
read models in a real PostgreSQL. What is recorded is recorded at noon of its day, unless a test
says otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from msgspec.structs import replace

from services.gateway.figures.findings.asked import Asked, findings
from services.gateway.figures.findings.declared import Found, Wanted
from services.gateway.figures.findings.thresholds import Thresholds
from services.gateway.read.loader import Reader
from services.gateway.read.scope import Part, Scope
from shared.access.grants import Read
from shared.contracts.definition import CascadeStep, Conduct, Minutes, Mode, Ratio
from shared.contracts.definition.visits import CpdRule, CpdSide
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain import derived_id, new_id
from tests.support.definitions import definition
from tests.support.hospital import Hospital
from tests.support.house import OPERATOR, SERVICES, House
from tests.support.models import Models

BEGAN = date(2018, 10, 1)
"""A fiscal year's first day: its first quarter ends with the year."""
EVERYWHERE = Scope((Part(None, None),), "everywhere", date(2019, 6, 1))
HERE, FAR = {"latitude": -1.95, "longitude": 30.06}, {"latitude": -2.60, "longitude": 29.74}
"""Two places in Rwanda, some 80 km from each other as the crow flies."""
IMPORTED = "imported"


def day(number: int) -> date:
    """Return a day of the story: 0 is the first."""
    return BEGAN + timedelta(days=number)


def rules(**changes: Any) -> dict[str, Any]:
    """Return a programme that records what departs from it, with points for each hour."""
    points = tuple(CpdRule(code=s.value, side=s, points_per_hour=Decimal(1)) for s in CpdSide)
    return {
        "gates": (),
        "conduct": Conduct(),
        "ratio": Ratio(mentors=(1, 3), mentees=(1, 9), load=9),
        "minutes": Minutes(min=30, target=120),
        "modes": (Mode.IN_PERSON, Mode.PHONE),
        "cpd": points,
        **changes,
    }


@dataclass(slots=True)
class Audited:
    """The house, and the people in it."""

    hospital: Hospital
    models: Models
    clinic: UUID = field(default_factory=new_id)
    ward: UUID = field(default_factory=new_id)
    mentorship: UUID = field(default_factory=new_id)
    mentees: list[UUID] = field(default_factory=list)
    _told: int = 0

    @classmethod
    async def built(cls, models: Models, **changes: Any) -> Self:
        """Return it, with one mentorship of the hospital's mentor and mentee."""
        hospital = Hospital(await House.built(), *(new_id() for _ in range(7)))
        this = cls(hospital, models)
        this.clock(day(0))
        await hospital._establish(replace(definition(), **rules(**changes)))
        for unit, code, parent in ((this.clinic, "C1", None), (this.ward, "W1", hospital.unit)):
            content = {"id": unit, "code": code, "name": code, "unitKind": "FACILITY"}
            await this.send("orgUnitEstablish", 0, **content, parentId=parent)
        for unit, place in ((hospital.unit, HERE), (this.clinic, FAR)):
            await this.send("orgUnitUpdateFacility", 0, orgUnitId=unit, facility=place)
        await this.send("cohortStart", 1, cohortId=hospital.cohort)
        this.mentees = [hospital.mentee]
        await this.pair(this.mentorship, [hospital.enrolment], on=35)
        return this

    def clock(self, at: date | datetime) -> None:
        """Have everything be recorded at noon of a day, or at that instant, from now on."""
        if not isinstance(at, datetime):
            at = datetime(at.year, at.month, at.day, 12, tzinfo=UTC)
        for service in SERVICES:
            self.hospital.house.ledger(service.name)._now = lambda: at

    async def send(self, name: str, on: int, /, **content: Any) -> UUID:
        """Send a command of a day, `as_` somebody, and return its record's id."""
        as_ = content.pop("as_", OPERATOR)
        if content.pop("by", None) == IMPORTED:
            self._told += 1
            content["commandId"] = derived_id("import", name, self._told)
        answer = await self.hospital.house.send(name, as_=as_, occurredOn=str(day(on)), **content)
        return answer.id

    async def pair(self, mentorship: UUID, enrolments: Sequence[UUID], on: int = 40) -> UUID:
        """Have the hospital's mentor care for these."""
        h = self.hospital
        parties = {"mentorIds": [h.mentor_record], "enrolmentIds": list(enrolments)}
        of = {"cohortId": h.cohort, "orgUnitId": h.unit, **parties}
        return await self.send("mentorshipPropose", on, id=mentorship, **of)

    async def enrol(self, on: int = 34) -> tuple[UUID, UUID]:
        """Register somebody, and enrol them; return who, and the enrolment."""
        person, enrolment = new_id(), new_id()
        await self.hospital.register(person, f"Mentee{person.hex[-6:]}")
        of = {"healthWorkerId": person, "cohortId": self.hospital.cohort, "area": "RAM"}
        await self.send("menteeEnrol", on, id=enrolment, **of)
        return person, enrolment

    async def meet(
        self,
        on: int,
        minutes: int = 60,
        *,
        at: int | None = None,
        where: UUID | None = None,
        recorded: date | datetime | None = None,
        **more: Any,
    ) -> UUID:
        """Log a session, in person if `more` says nothing else; `at` the hour it began.

        Args:
            recorded: when; None: at noon of its day.
        """
        self.clock(recorded or day(on))
        begins = None if at is None else datetime(*day(on).timetuple()[:3], at, tzinfo=UTC)
        content = {
            "mentorshipId": self.mentorship,
            "mode": "IN_PERSON",
            "minutes": minutes,
            "present": [self.hospital.mentor, *self.mentees],
            "orgUnitId": where,
            "begins": begins and begins.isoformat(),
        }
        return await self.send("sessionLog", on, **(content | more))

    async def found(
        self,
        kind: AuditFindingKind,
        since: date = BEGAN,
        before: date = date(2019, 10, 1),
        **thresholds: int,
    ) -> list[Found]:
        """Return what is found of a kind."""
        reader = Reader(
            await self.models.hold(self.hospital.house), dict.fromkeys(Read, EVERYWHERE)
        )
        wanted = Wanted(since=since, before=before, thresholds=Thresholds(**thresholds))
        return (await findings(reader, Asked(wanted=wanted, kinds=(kind,)))).found


def cascade() -> dict[str, Any]:
    """Return a programme in which who is validated in midwifery mentors in paediatrics."""
    step = CascadeStep(areas=("RAM",), programme=definition().programme, area="RPA", validated=1)
    return {"cascade": (step,)}


__all__ = ["BEGAN", "IMPORTED", "Audited", "cascade", "day", "rules"]
