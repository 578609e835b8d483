"""In an emergency somebody reads where they hold no grant: with a reason, for hours, noisily."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.gateway.projections import AUDIT_TRAIL, GRANT
from services.gateway.read.scope import scopes_of
from shared.access.directory import Directory
from shared.access.grants import ROLES, Read
from shared.access.policy import Place, decide
from shared.contracts.registry.access_grant import AccessBreakGlass, Role
from shared.domain.errors import MshauriError
from tests.support.days import today
from tests.support.house import House

WHY = "She collapsed at work; her family must be reached."


class Countries:
    """Two of them: a district of one with a coordinator, another of its districts, and abroad."""

    house: House
    here: UUID
    there: UUID
    abroad: UUID
    patient: UUID
    other: UUID

    async def drawn(self) -> "Countries":
        self.house = await House.built()
        made: dict[str, Any] = {"unitKind": "COUNTRY", "occurredOn": "2020-01-01"}
        one, two = [
            (await self.house.send("orgUnitEstablish", code=code, name=code, **made)).id
            for code in ("AA", "BB")
        ]
        self.here, self.there = await self.unit("HERE", one), await self.unit("THERE", one)
        self.abroad = await self.unit("ABROAD", two)
        self.patient, self.other = await self.person(self.there), await self.person(self.there)
        for subject, role in (("coordinator", "COORDINATOR"), ("viewer", "VIEWER")):
            await self.give(subject, role)
        return self

    async def unit(self, code: str, parent: UUID) -> UUID:
        made: dict[str, Any] = {
            "unitKind": "FACILITY",
            "occurredOn": "2020-01-01",
            "parentId": parent,
        }
        return (await self.house.send("orgUnitEstablish", code=code, name=code, **made)).id

    async def person(self, unit: UUID) -> UUID:
        made: dict[str, Any] = {"givenNames": "Given", "cadre": "NURSE", "occurredOn": "2020-01-01"}
        return (await self.house.send("healthWorkerRegister", orgUnitId=unit, **made)).id

    async def give(self, subject: str, role: str, **more: Any) -> UUID:
        made: dict[str, Any] = {"subjectName": subject, "role": role, "orgUnitId": self.here}
        made |= {"occurredOn": "2020-01-01"}
        return (await self.house.send("accessGrantGive", **(made | more))).id

    async def breaks(self, subject: str = "coordinator", **content: Any) -> UUID:
        over = content or {"healthWorkerId": self.patient}
        wish: dict[str, Any] = {"reason": WHY} | over
        return (await self.house.send("accessBreakGlass", as_=subject, **wish)).id

    async def refused(self, subject: str = "coordinator", **content: Any) -> str:
        with pytest.raises(MshauriError) as error:
            await self.breaks(subject, **content)
        return error.value.code

    def reads(self, subject: str, action: Read, unit: UUID, person: UUID | None = None) -> bool:
        """Say whether somebody may read of a person at a unit; the SQL of lists agrees."""
        actor, day = self.house.directory.actor(subject), today()
        path = self.house.directory.path_of(unit, day)
        people = frozenset(filter(None, [person]))
        allowed = decide(actor, action, Place(path=path, people=people), day).allowed
        listed = any(
            (one.tops is None or not set(one.tops).isdisjoint(path))
            and one.person in (None, person)
            for one in scopes_of(actor, day)[action].parts
        )
        assert allowed is listed
        return allowed


@pytest.fixture
async def countries() -> Countries:
    return await Countries().drawn()


async def test_one_persons_record_is_opened_and_nobody_elses(countries: Countries) -> None:
    here = (countries.there, countries.patient)
    assert not countries.reads("coordinator", Read.PERSONAL, *here)

    await countries.breaks()

    assert countries.reads("coordinator", Read.PERSONAL, *here)
    assert countries.reads("coordinator", Read.RECORDS, *here)
    assert not countries.reads("coordinator", Read.PERSONAL, countries.there, countries.other)
    assert not countries.reads("coordinator", Read.PERSONAL, countries.there)
    for action in (Read.AUDIT, Read.FIGURES):
        assert not countries.reads("coordinator", action, *here)


async def test_a_unit_is_opened_with_all_who_are_there(countries: Countries) -> None:
    await countries.breaks(orgUnitId=countries.there)

    assert countries.reads("coordinator", Read.PERSONAL, countries.there, countries.other)
    assert not countries.reads("coordinator", Read.PERSONAL, countries.abroad)


async def test_it_makes_nobody_the_person_whose_record_it_opens(countries: Countries) -> None:
    await countries.breaks()

    actor = countries.house.directory.actor("coordinator")
    assert not actor.people
    assert not scopes_of(actor, today())[Read.RECORDS].people


async def test_nothing_can_be_recorded_by_it(countries: Countries) -> None:
    await countries.breaks(orgUnitId=countries.there)
    wish: dict[str, Any] = {"givenNames": "Given", "cadre": "NURSE", "orgUnitId": countries.there}

    with pytest.raises(MshauriError) as error:
        await countries.house.send("healthWorkerRegister", as_="coordinator", **wish)

    assert error.value.code == "ACCESS_DENIED"
    assert not ROLES[Role.BREAK_GLASS].writes


@pytest.mark.parametrize("subject", ["viewer", "nobody"])
async def test_who_reads_of_no_people_to_do_their_work_may_not(
    countries: Countries, subject: str
) -> None:
    assert await countries.refused(subject) == "ACCESS_DENIED"


async def test_who_works_in_another_country_may_not(countries: Countries) -> None:
    assert await countries.refused(orgUnitId=countries.abroad) == "ACCESS_DENIED"


async def test_whose_grant_has_ended_may_not(countries: Countries) -> None:
    await countries.give("former", "COORDINATOR", until="2021-01-01")

    assert await countries.refused("former") == "ACCESS_DENIED"


async def test_an_operator_may_whatever_they_hold(countries: Countries) -> None:
    await countries.house.send("accessBreakGlass", healthWorkerId=countries.patient, reason=WHY)


async def test_one_glass_does_not_break_the_next(countries: Countries) -> None:
    """A `BREAK_GLASS` is none of the grants that it needs."""
    grant = await countries.give("once", "COORDINATOR")
    await countries.breaks("once")
    await countries.house.send("accessGrantRevoke", accessGrantId=grant)

    assert await countries.refused("once", orgUnitId=countries.there) == "ACCESS_DENIED"


async def test_why_is_said(countries: Countries) -> None:
    over: dict[str, Any] = {"healthWorkerId": countries.patient, "reason": None}
    assert await countries.refused(**over) == "REASON_MISSING"


@pytest.mark.parametrize("named", [(), ("healthWorkerId", "orgUnitId")])
async def test_it_is_over_one_person_or_one_unit(
    countries: Countries, named: tuple[str, ...]
) -> None:
    both: dict[str, Any] = {"healthWorkerId": countries.patient, "orgUnitId": countries.there}
    wish: dict[str, Any] = {name: both[name] for name in named}
    assert await countries.refused(reason=WHY, **wish) == "GLASS_OVER_ONE"


async def test_it_begins_now(countries: Countries) -> None:
    wish: dict[str, Any] = {"healthWorkerId": countries.patient, "occurredOn": "2020-02-01"}
    assert await countries.refused(**wish) == "GLASS_NOT_NOW"


@pytest.mark.parametrize("hours", [0, 25])
async def test_it_lasts_an_hour_at_least_and_a_day_at_most(
    countries: Countries, hours: int
) -> None:
    wish: dict[str, Any] = {"healthWorkerId": countries.patient, "hours": hours}
    assert await countries.refused(**wish) == "MALFORMED"


async def test_nobody_is_given_it(countries: Countries) -> None:
    for subject in ("operator@test", "administrator"):
        await countries.give("administrator", "ADMINISTRATOR")
        wish: dict[str, Any] = {
            "subjectName": "x",
            "role": "BREAK_GLASS",
            "orgUnitId": countries.here,
        }
        with pytest.raises(MshauriError) as error:
            await countries.house.send("accessGrantGive", as_=subject, **wish)
        assert error.value.code in ("GRANT_ONLY_TAKEN", "ACCESS_DENIED")
    assert error.value.code == "GRANT_ONLY_TAKEN"


async def test_who_administers_there_takes_it_back(countries: Countries) -> None:
    await countries.give("chief", "ADMINISTRATOR", orgUnitId=countries.there)
    id = await countries.breaks()

    await countries.house.send("accessGrantRevoke", as_="chief", accessGrantId=id)

    assert not countries.reads("coordinator", Read.PERSONAL, countries.there, countries.patient)


async def test_it_is_listed_among_grants_and_in_the_trail_of_whom_it_opened(
    countries: Countries,
) -> None:
    before = countries.house.rows(AUDIT_TRAIL, health_worker_id=countries.patient)
    id = await countries.breaks(healthWorkerId=countries.patient, hours=2)

    (grant,) = countries.house.rows(GRANT, id=id)
    assert (grant["subject"], grant["role"]) == ("coordinator", "BREAK_GLASS")
    assert (grant["org_unit_id"], grant["over_person_id"]) == (countries.there, countries.patient)
    assert grant["ends"] - grant["given_at"] <= timedelta(hours=2)
    assert grant["health_worker_id"] is None
    trail = countries.house.rows(AUDIT_TRAIL, health_worker_id=countries.patient)
    assert len(trail) == len(before) + 1


async def test_why_is_sealed(countries: Countries) -> None:
    await countries.breaks()

    ledger = countries.house._parts["registry"].ledger
    entry = (await ledger.feed(after=0, limit=1_000))[-1]
    assert entry.topic == "registry.access_grant.glass_broken"
    assert b"collapsed" not in entry.meta + entry.payload
    assert b"sealedReason" in entry.meta


async def test_a_moment_after_its_end_it_opens_nothing() -> None:
    """Whatever the day is: the policy and the SQL are told of grants that last alone."""
    directory, unit, now = Directory(""), uuid4(), datetime.now(UTC)
    row = {
        "grant_id": uuid4(),
        "subject": "coordinator",
        "role": "BREAK_GLASS",
        "org_unit_id": unit,
        "group_id": None,
        "programme": None,
        "health_worker_id": None,
        "since": now.date(),
        "until": now.date() + timedelta(days=1),
        "revoked": None,
        "own_mentorships": None,
        "ends": now + timedelta(seconds=0.2),
        "over_person": None,
        "position": 1,
    }
    directory.learn([row], [])
    place, today = Place(path=(unit,)), now.date()

    def allowed() -> tuple[bool, bool]:
        actor = directory.actor("coordinator")
        scope = scopes_of(actor, today)[Read.PERSONAL]
        return decide(actor, Read.PERSONAL, place, today).allowed, bool(scope.parts)

    assert allowed() == (True, True)
    await asyncio.sleep(0.25)
    assert allowed() == (False, False)


def test_its_contract_says_how_long_it_lasts() -> None:
    assert AccessBreakGlass(command_id=uuid4()).hours == 4
