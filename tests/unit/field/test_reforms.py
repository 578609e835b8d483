"""A reform of a country: drafted as a whole, approved by a second person, there on its day, whole
or not at all; and what was before it stays as it was.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from random import Random
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.gateway.projections import ORG_UNIT
from shared.access.grants import Read
from shared.access.policy import Place, decide
from shared.contracts.registry.org_unit import OrgUnitEstablished
from shared.domain.errors import AccessDenied, MshauriError, Refusal
from shared.domain.zone import HOUSE_ZONE
from tests.support.days import have_it_be, today
from tests.unit.registry.test_org_unit_commands import SINCE, Country

TODAY = today()
LATER = TODAY + timedelta(days=30)
DAY = date(2022, 1, 1)
WHY = "Gazette notice 7 of 2021."
DRAFTER, REVIEWER = "drafter@moh", "reviewer@moh"


class Ministry:
    """A country of two provinces, two districts in each, two facilities in every district; two
    administrators of it all.
    """

    country: Country
    root: UUID
    provinces: list[UUID]
    districts: list[UUID]
    facilities: list[UUID]

    async def founded(self) -> "Ministry":
        self.country = country = await Country.founded()
        self.root = await country.establish("COUNTRY")
        self.provinces = [await country.establish("PROVINCE", self.root) for _ in range(2)]
        self.districts = [
            await country.establish("DISTRICT", province)
            for province in self.provinces
            for _ in range(2)
        ]
        self.facilities = [
            await country.establish("FACILITY", district)
            for district in self.districts
            for _ in range(2)
        ]
        for subject in (DRAFTER, REVIEWER):
            await self.give(subject, "ADMINISTRATOR", self.root)
        return self

    async def give(self, subject: str, role: str, unit: UUID) -> None:
        given = {"subjectName": subject, "role": role, "orgUnitId": str(unit)}
        await self.country.house.send("accessGrantGive", **given, occurredOn=str(SINCE))

    async def send(self, command: str, as_: str = DRAFTER, /, **content: Any) -> Any:
        return await self.country.house.send(command, as_=as_, **content)

    def drafted(self, *changes: dict[str, Any], on: date = DAY, **more: Any) -> dict[str, Any]:
        wish = {"name": "Reform", "orgUnitId": str(self.root), "effectiveOn": str(on)}
        return wish | {"changes": list(changes), "reason": WHY} | more

    async def draft(self, *changes: dict[str, Any], on: date = DAY, **more: Any) -> str:
        answer = await self.send("reformDraft", **self.drafted(*changes, on=on, **more))
        return str(answer.id)

    async def approve(self, reform: str, as_: str = REVIEWER) -> None:
        await self.send("reformApprove", as_, reformId=reform)

    async def carried_out(self, *changes: dict[str, Any], on: date = DAY) -> str:
        """Draft a reform whose day has come, and have it approved."""
        reform = await self.draft(*changes, on=on)
        await self.approve(reform)
        return reform

    async def broken(self, *changes: dict[str, Any], **more: Any) -> list[tuple[str, str | None]]:
        """Draft what must be refused; return all that is found of it."""
        with pytest.raises(Refusal) as refused:
            await self.draft(*changes, **more)
        return [(one.broken.code, one.broken.field) for one in refused.value.found]

    async def refused(self, command: str, as_: str = DRAFTER, /, **content: Any) -> str:
        with pytest.raises(MshauriError) as refused:
            await self.send(command, as_, **content)
        return refused.value.code

    def unit(self, id: UUID) -> tuple[str, UUID | None]:
        row = self.country.row(id)
        return row["state"], row["parent_id"]

    def by_code(self, code: str) -> UUID:
        (row,) = self.country.house.rows(ORG_UNIT, code=code)
        id: UUID = row["id"]
        return id

    async def state(self, reform: str) -> str:
        """Return what happened to a reform last, and whether anything else was recorded."""
        return type((await self.country.house.events(UUID(reform)))[-1]).__name__

    async def recorded(self) -> int:
        return len(await self.country.house.history())


def establish(code: str, kind: str, parent: UUID, id: UUID | None = None) -> dict[str, Any]:
    new = {"kind": "ESTABLISH", "code": code, "name": code, "unitKind": kind}
    return new | {"parentId": str(parent), "id": str(id or uuid4())}


def move(unit: UUID, parent: UUID) -> dict[str, Any]:
    return {"kind": "MOVE", "orgUnitId": str(unit), "parentId": str(parent)}


def merge(unit: UUID, into: UUID, **more: Any) -> dict[str, Any]:
    return {"kind": "MERGE", "orgUnitId": str(unit), "intoId": str(into)} | more


def split(unit: UUID, *codes: str, **more: Any) -> dict[str, Any]:
    parts = [{"id": str(uuid4()), "code": code, "name": code} for code in codes]
    return {"kind": "SPLIT", "orgUnitId": str(unit), "successors": parts} | more


def close(unit: UUID) -> dict[str, Any]:
    return {"kind": "CLOSE", "orgUnitId": str(unit)}


def rename(unit: UUID, name: str) -> dict[str, Any]:
    return {"kind": "RENAME", "orgUnitId": str(unit), "name": name}


def part(of: dict[str, Any], at: int) -> UUID:
    return UUID(of["successors"][at]["id"])


@pytest.fixture
async def ministry() -> Ministry:
    return await Ministry().founded()


# ── what it does ──────────────────────────────────────────────────────────────────────────────


async def test_all_kinds_of_changes_in_one_decision(ministry: Ministry) -> None:
    first, second, third, fourth = ministry.districts
    new = uuid4()
    parted = split(first, "D-N", "D-S")
    north, south = part(parted, 0), part(parted, 1)
    here, there = ministry.facilities[:2]
    parted["children"] = [{"orgUnitId": str(here), "parentId": str(north)}]
    parted["childrenTo"] = str(south)
    before = await ministry.recorded()
    reform = await ministry.carried_out(
        establish("P-NEW", "PROVINCE", ministry.root, new),
        move(second, new),
        parted,
        merge(third, fourth),
        rename(fourth, "Both"),
    )
    assert await ministry.state(reform) == "ReformCarriedOut"
    assert ministry.unit(new) == ("ACTIVE", ministry.root)
    assert ministry.unit(second) == ("ACTIVE", new)
    assert ministry.unit(first)[0] == "SPLIT"
    assert ministry.unit(here) == ("ACTIVE", north)
    assert ministry.unit(there) == ("ACTIVE", south)
    assert ministry.unit(third)[0] == "MERGED"
    assert {ministry.unit(one)[1] for one in ministry.facilities[4:]} == {fourth}
    assert ministry.country.row(fourth)["name"] == "Both"
    # Drafted, approved, carried out; and a unit each, but two changes of the fourth district and
    # of the new one none: P-NEW, second, first, two parts, two facilities, third, two more, fourth.
    assert await ministry.recorded() - before == 3 + 11
    history = await ministry.country.house.history()
    commands = {entry.command_id for _, entry in history[-12:]}
    assert len(commands) == 1, "it is one decision"


async def test_everything_happens_on_its_day(ministry: Ministry) -> None:
    reform = establish("P-NEW", "PROVINCE", ministry.root)
    await ministry.carried_out(reform, move(ministry.districts[0], UUID(reform["id"])))
    (established,) = await ministry.country.house.events(UUID(reform["id"]))
    assert isinstance(established, OrgUnitEstablished)
    assert established.since == DAY
    path = ministry.country.house.directory.path_of
    facility, district = ministry.facilities[0], ministry.districts[0]
    assert path(facility, DAY) == (facility, district, UUID(reform["id"]), ministry.root)
    eve = DAY - timedelta(days=1)
    assert path(facility, eve) == (facility, district, ministry.provinces[0], ministry.root)


async def test_units_left_under_one_that_ends_are_told_beforehand(ministry: Ministry) -> None:
    parted = split(ministry.districts[0], "D-N", "D-S")
    here, there = ministry.facilities[:2]
    parted["children"] = [{"orgUnitId": str(here), "parentId": str(part(parted, 0))}]
    answer = await ministry.send("reformDraft", **ministry.drafted(parted), dryRun=True)
    told = [(found.code, found.severity) for found in answer.findings]
    assert told == [("REFORM_LEAVES_BEHIND", "COUNT")]
    assert str(there) in answer.findings[0].detail
    closing = [move(here, ministry.districts[1]), close(ministry.districts[2])]
    assert ("ORG_UNITS_BELOW", "changes[1].orgUnitId") in await ministry.broken(*closing)


# ── whole or not at all ───────────────────────────────────────────────────────────────────────


async def test_all_broken_rules_are_told_by_place_and_nothing_is_written(
    ministry: Ministry,
) -> None:
    first, second, third, _ = ministry.districts
    new = uuid4()
    before = await ministry.recorded()
    found = await ministry.broken(
        establish("U1", "PROVINCE", ministry.root, new),  # the code is the country's
        move(second, new),
        merge(first, ministry.facilities[0]),
        move(first, ministry.facilities[0]),
        close(third),
        split(third, "D-N", "D-N"),
        rename(uuid4(), "Nobody"),
        establish("X-1", "FACILITY", second),
        establish("x-1", "FACILITY", second),
        split(third, "D-E", "D-W", children=[_child(first, second)]),
    )
    assert found == [
        ("ORG_UNIT_KINDS_DIFFER", "changes[2].intoId"),
        ("OWN_ANCESTOR", "changes[3].parentId"),
        ("ORG_UNITS_BELOW", "changes[4].orgUnitId"),
        ("SUCCESSORS_ALIKE", "changes[5].successors[1].code"),
        ("NOT_FOUND", "changes[6].orgUnitId"),
        ("ALREADY_TAKEN", "changes[8].code"),
        ("REFORM_CHILD_ELSEWHERE", "changes[9].children[0].orgUnitId"),
        ("ALREADY_TAKEN", "changes[0].code"),
    ]
    assert await ministry.recorded() == before


def _child(unit: UUID, parent: UUID) -> dict[str, str]:
    return {"orgUnitId": str(unit), "parentId": str(parent)}


async def test_what_rests_on_a_broken_change_is_not_looked_at(ministry: Ministry) -> None:
    new = uuid4()
    found = await ministry.broken(
        establish("N", "WARD", ministry.facilities[0], new), move(ministry.facilities[1], new)
    )
    assert found == [
        ("ORG_UNIT_KIND_NOT_UNDER", "changes[0].parentId"),
        ("REFORM_CHANGE_RESTS_ON_BROKEN", "changes[1].kind"),
    ]


async def test_a_change_says_what_its_kind_needs_and_no_more(ministry: Ministry) -> None:
    unit = str(ministry.districts[0])
    found = await ministry.broken(
        {"kind": "MOVE", "orgUnitId": unit},
        {"kind": "RENAME", "orgUnitId": unit, "name": "N", "intoId": unit},
        {"kind": "ESTABLISH", "name": "N"},
    )
    assert found == [
        ("REFORM_CHANGE_LACKS", "changes[0].parentId"),
        ("REFORM_CHANGE_HAS_NO_USE", "changes[1].intoId"),
        ("REFORM_CHANGE_LACKS", "changes[2].code"),
    ]


async def test_one_commit_takes_it_or_it_is_parted(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.registry.commands.reforming.MOST_RECORDS", 2)
    renames = [rename(unit, "New") for unit in ministry.facilities[:3]]
    assert await ministry.broken(*renames) == [("REFORM_TOO_LARGE", "changes")]
    await ministry.draft(*renames[:2])


async def test_a_reform_says_why_and_lies_where_one_may_act(ministry: Ministry) -> None:
    wish = ministry.drafted(rename(ministry.districts[0], "New"))
    assert await ministry.refused("reformDraft", **(wish | {"reason": None})) == "REASON_MISSING"
    await ministry.give("district@moh", "ADMINISTRATOR", ministry.districts[0])
    elsewhere = ministry.drafted(
        rename(ministry.districts[1], "New"), orgUnitId=str(ministry.districts[0])
    )
    with pytest.raises(AccessDenied):
        await ministry.send("reformDraft", "district@moh", **elsewhere)


# ── two people, one day ───────────────────────────────────────────────────────────────────────


async def test_who_drafted_it_does_not_approve_it(ministry: Ministry) -> None:
    reform = await ministry.draft(rename(ministry.districts[0], "New"))
    code = await ministry.refused("reformApprove", reformId=reform)
    assert code == "REFORM_APPROVED_BY_DRAFTER"
    early = {"reformId": reform, "reason": WHY}
    assert await ministry.refused("reformCarryOut", **early) == "REFORM_NOT_APPROVED"
    await ministry.approve(reform)
    again = await ministry.refused("reformApprove", REVIEWER, reformId=reform)
    assert again == "REFORM_OVER"


async def test_one_that_is_drafted_anew_is_approved_anew(ministry: Ministry) -> None:
    district = ministry.districts[0]
    reform = await ministry.draft(rename(district, "One"), on=LATER)
    await ministry.approve(reform)
    twice = await ministry.refused("reformApprove", REVIEWER, reformId=reform)
    assert twice == "REFORM_APPROVED_ALREADY"
    anew = {"reformId": reform, "effectiveOn": str(DAY), "reason": WHY}
    await ministry.send("reformRedraft", REVIEWER, **anew, changes=[rename(district, "Two")])
    for subject in (DRAFTER, REVIEWER):
        code = await ministry.refused("reformApprove", subject, reformId=reform)
        assert code == "REFORM_APPROVED_BY_DRAFTER"
    await ministry.give("third@moh", "ADMINISTRATOR", ministry.root)
    await ministry.approve(reform, "third@moh")
    assert ministry.country.row(district)["name"] == "Two"


async def test_it_waits_for_its_day_and_may_be_withdrawn_until_then(ministry: Ministry) -> None:
    reform = await ministry.draft(rename(ministry.districts[0], "New"), on=LATER)
    await ministry.approve(reform)
    assert await ministry.state(reform) == "ReformApproved"
    assert ("reforms", "reformCarryOut", "REFORM_NOT_DUE") in ministry.country.house.outcomes
    await ministry.country.house.new_day()
    assert await ministry.state(reform) == "ReformApproved"
    withdraw = {"reformId": reform}
    assert await ministry.refused("reformWithdraw", **withdraw) == "REASON_MISSING"
    await ministry.send("reformWithdraw", **withdraw, reason="Parliament decided otherwise.")
    for name in ("reformWithdraw", "reformCarryOut"):
        assert await ministry.refused(name, **withdraw, reason=WHY) == "REFORM_OVER"


async def test_it_is_carried_out_when_its_day_comes(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    district = ministry.districts[0]
    reform = await ministry.draft(rename(district, "New"), on=LATER)
    await ministry.approve(reform)
    _it_is(LATER, monkeypatch)
    await ministry.country.house.new_day()
    assert await ministry.state(reform) == "ReformCarriedOut"
    assert ministry.country.row(district)["name"] == "New"
    before = await ministry.recorded()
    await ministry.country.house.new_day()
    assert await ministry.recorded() == before


def _it_is(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be another day, for whoever decides and for whoever looks at the day."""
    noon = datetime.combine(day, time(12), HOUSE_ZONE)
    have_it_be(noon, monkeypatch, "shared.deciding.commanding", "tests.support.days")


async def test_what_cannot_be_on_the_day_is_held_up_whole_and_told(ministry: Ministry) -> None:
    first, second = ministry.districts[:2]
    reform = await ministry.draft(rename(second, "New"), move(first, ministry.provinces[1]))
    for facility in ministry.facilities[:2]:
        await ministry.country.ask("orgUnitReparent", facility, DAY, parentId=str(second))
    await ministry.country.ask("orgUnitClose", first, DAY, reason="It went.")
    before = dict(ministry.country.row(second))
    # A reviewer sees it, too.
    assert await ministry.refused("reformApprove", REVIEWER, reformId=reform) == "ORG_UNIT_CLOSED"
    await ministry.country.ask("orgUnitReopen", first, DAY, reason="It did not.")
    await _approved_and_closed(ministry, reform, first)
    assert await ministry.state(reform) == "ReformHeldUp"
    held = (await ministry.country.house.events(UUID(reform)))[-1]
    assert [(one.code, one.field) for one in held.faults] == [  # type: ignore[attr-defined]
        ("ORG_UNIT_CLOSED", "changes[1].orgUnitId")
    ]
    assert ministry.country.row(second) == before
    await ministry.country.house.new_day()
    assert ("reforms", "reformCarryOut", "REFORM_HELD_UP") in ministry.country.house.outcomes
    asked = {"reformId": reform, "reason": WHY}
    assert await ministry.refused("reformCarryOut", **asked) == "ORG_UNIT_CLOSED"
    await ministry.country.ask("orgUnitReopen", first, TODAY, reason="It did not.")
    await ministry.send("reformCarryOut", **asked)
    assert ministry.unit(first) == ("ACTIVE", ministry.provinces[1])


async def _approved_and_closed(ministry: Ministry, reform: str, unit: UUID) -> None:
    """Have it approved, and the unit closed before the policy comes to carry it out."""
    house = ministry.country.house
    await house.post("reformApprove", {"reformId": reform}, as_=REVIEWER)
    closed = {"orgUnitId": str(unit), "occurredOn": str(DAY), "reason": "It went."}
    await house.post("orgUnitClose", closed)
    await house.settle()


# ── what it leaves as it was ──────────────────────────────────────────────────────────────────


def a_reform(random: Random, ministry: Ministry, number: int) -> Iterable[dict[str, Any]]:
    """Yield changes at random, each of units that none of the others touches."""
    districts = random.sample(ministry.districts, 4)
    facilities = {
        district: ministry.facilities[2 * at : 2 * at + 2]
        for at, district in enumerate(ministry.districts)
    }
    parted = split(districts[0], f"N{number}", f"S{number}")
    parts = [part(parted, at) for at in (0, 1)]
    parted["children"] = [
        _child(facility, random.choice(parts)) for facility in facilities[districts[0]]
    ]
    yield parted
    yield merge(districts[1], districts[2])
    new = establish(f"P{number}", "PROVINCE", ministry.root)
    yield new
    yield move(districts[3], UUID(new["id"]))
    yield rename(facilities[districts[3]][0], f"Renamed {number}")
    yield close(facilities[districts[3]][1])


@pytest.mark.parametrize("seed", range(8))
async def test_no_earlier_day_changes_by_a_reform(seed: int) -> None:
    ministry = await Ministry().founded()
    random = Random(seed)
    day = DAY + timedelta(days=random.randrange(300))
    before = ministry.country.parents(day)
    await ministry.carried_out(*a_reform(random, ministry, seed), on=day)
    assert ministry.country.parents(day) == before
    paths = ministry.country.house.directory.path_of
    for facility in ministry.facilities:
        state, parent = ministry.unit(facility)
        assert parent is not None
        assert state == "CLOSED" or ministry.unit(parent)[0] == "ACTIVE", "none is left behind"
        assert paths(facility, TODAY)[-1] == ministry.root


@pytest.mark.parametrize("seed", range(4))
async def test_a_grant_reaches_after_a_reform_what_it_reached_before_or_what_was_moved_in(
    seed: int,
) -> None:
    ministry = await Ministry().founded()
    for at, district in enumerate(ministry.districts):
        await ministry.give(f"district {at}", "COORDINATOR", district)
    before = {at: _reached(ministry, f"district {at}") for at in range(4)}
    changes = list(a_reform(Random(seed), ministry, seed))
    into = UUID(changes[1]["intoId"])
    await ministry.carried_out(*changes)
    for at, district in enumerate(ministry.districts):
        after = _reached(ministry, f"district {at}")
        assert before[at] <= after
        assert district == into or before[at] == after


def _reached(ministry: Ministry, subject: str) -> set[UUID]:
    directory = ministry.country.house.directory
    actor = directory.actor(subject)
    return {
        unit
        for unit in ministry.facilities
        if decide(actor, Read.RECORDS, Place(path=directory.path_of(unit, TODAY)), TODAY).allowed
    }


async def test_a_hundred_units_are_one_decision(ministry: Ministry) -> None:
    country, root = ministry.country, ministry.root
    districts = [
        await country.establish("DISTRICT", ministry.provinces[at % 2]) for at in range(100)
    ]
    facilities = [await country.establish("FACILITY", each) for each in districts]
    new = establish("P-NEW", "PROVINCE", root)
    changes: list[dict[str, Any]] = [new]
    for at, district in enumerate(districts):
        match at % 4:
            case 0:
                parted = split(district, f"N{at}", f"S{at}")
                changes.append(parted | {"childrenTo": str(part(parted, 0))})
            case 1:
                changes.append(merge(district, districts[at + 1]))
            case _:
                changes.append(move(district, UUID(new["id"])))
    began = perf_counter()
    await ministry.carried_out(*changes)
    took = perf_counter() - began
    assert {ministry.unit(district)[0] for district in districts} == {"ACTIVE", "SPLIT", "MERGED"}
    assert all(ministry.unit(parent)[0] == "ACTIVE" for _, parent in _places(ministry, facilities))
    assert took < 20, "seconds: half of one on the machine it was written on"


def _places(ministry: Ministry, units: Iterable[UUID]) -> Iterable[tuple[str, UUID]]:
    for unit in units:
        state, parent = ministry.unit(unit)
        assert parent is not None
        yield state, parent
