"""Asked what had happened by a day, a house to which a history was told late, wrongly at first and
voided meanwhile says what one says to which it was told rightly, in order, up to that day.

`MSHAURI_HISTORIES=20 pytest tests/unit/test_as_of_happened.py` looks at so many of each kind.
"""

import os
from datetime import date
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from services.gateway.asof.cut import Cut
from services.gateway.asof.ledgers import Ledgers
from services.gateway.asof.past import Past
from services.gateway.projections import (
    ASSESSMENT,
    COMPETENCY_PROGRESS,
    HEALTH_WORKER,
    MENTEE,
    POSTING,
    SESSION,
    TABLES,
)
from shared.projection import Table
from tests.support.histories import Fact, NoLegalOrder, Teller, day, differences, id_of, shown
from tests.support.house import House
from tests.support.tables import Row, _stored
from tests.support.year import BECAUSE, MENTORSHIP, Year, beginnings, programme
from tests.unit.test_histories_in_any_order import KINDS

MANY = int(os.environ.get("MSHAURI_HISTORIES", "1"))
FIRST = int(os.environ.get("MSHAURI_HISTORIES_FROM", "0"))
SOME_DAYS = (60, 150, 240)


class ByADay:
    """The tables of a house, of what had happened by a day."""

    def __init__(self, house: House, past: Past) -> None:
        self._house = house
        self._past = past

    @classmethod
    async def of_all(cls, house: House, by: date) -> "ByADay":
        """Return them, of all that the ledgers hold."""
        heads = {name: (await house.ledger(name).head()).position for name in house.keys}
        cut = Cut(
            kind="happenedBy",
            asked=by.isoformat(),
            positions=heads,
            epochs=dict.fromkeys(heads, 1),
            day=by,
        )
        past = Past(
            Ledgers(of={name: house.ledger(name) for name in house.keys}, keys=house.keys), cut
        )
        await past.hold({(name, entry.stream) for name, entry in await house.history()})
        return cls(house, past)

    def of(self, table: Table) -> list[Row]:
        """Return a table's rows."""
        if table.name not in TABLES:
            return self._house.gateway.tables.of(table)
        return [
            {name: _stored(value, table.columns[name].type) for name, value in row.items()}
            for row in self._past.rows(table).values()
        ]

    def find(self, table: Table, *key: Any) -> Row | None:
        """Return a row by its key."""
        return self._past.rows(table).get(key)

    def shown(self) -> dict[str, list[Row]]:
        """Return what is shown, without how it was told."""
        house: Any = SimpleNamespace(gateway=SimpleNamespace(tables=self))
        return _there(shown(house))


def _there(tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Leave out what is shown to have never been, and by which rule something is told to depart: it
    is judged by all that is known today, a letter among it that was signed after the day.
    """
    del tables["deviation"]
    tables["session"] = [row for row in tables["session"] if row["status"] != "VOIDED"]
    tables["contact"] = [row for row in tables["contact"] if not row["voided"]]
    return tables


@pytest.mark.parametrize("seed", range(FIRST, FIRST + MANY))
@pytest.mark.parametrize("kind", KINDS)
async def test_what_had_happened_by_a_day_is_what_was_told_in_order_up_to_it(
    kind: str, seed: int
) -> None:
    random = Random(f"{kind} by a day {seed}")
    facts = KINDS[kind].facts(random)
    rules = Year(random, programme(**KINDS[kind].rules)).rules
    late = await House.built()
    voided = {
        fact.content.get("sessionId") or fact.content.get("contactId")
        for fact in facts
        if fact.name.endswith("Void")
    }
    teller = Teller(late)
    await teller.in_order(beginnings(rules))
    try:
        await teller.at_random(facts, random)
    except NoLegalOrder:
        pytest.skip("a history that can only be told otherwise")
    for number in SOME_DAYS:
        by = day(number)
        told = await _in_order(rules, [fact for fact in facts if fact.on <= number], voided)
        if any(
            row["valid_until"] and row["valid_until"] < by for row in told.rows(COMPETENCY_PROGRESS)
        ):
            continue  # a lapse is noticed with a new day, which no day of the past is any more
        assert not differences((await ByADay.of_all(late, by)).shown(), _there(shown(told)))


async def _in_order(rules: Any, facts: list[Fact], voided: set[Any]) -> House:
    house = await House.built()
    teller = Teller(house)
    await teller.in_order(beginnings(rules))
    await teller.in_order([fact for fact in facts if fact.content.get("id") not in voided])
    return house


async def _with(*commands: tuple[str, int, dict[str, Any]]) -> House:
    house = await House.built()
    await Teller(house).in_order(beginnings(programme()))
    for name, on, content in commands:
        await house.send(name, **{"occurredOn": str(day(on)), **_plain(content)})
    return house


def _plain(content: dict[str, Any]) -> dict[str, Any]:
    return {
        key: str(value) if isinstance(value, UUID | date) else value
        for key, value in content.items()
    }


SESSION_1 = id_of("one session")
HELD = {
    "mode": "IN_PERSON",
    "minutes": 60,
    "present": [str(id_of("ama")), str(id_of("cia"))],
    "about": {"topics": ["Partograph"]},
}
LOG = {"id": SESSION_1, **MENTORSHIP, **HELD}
OF_IT = {"sessionId": SESSION_1}
FAR = 290
"""The day on which things are put right, long after every day that is asked about."""


async def _session_by(house: House, on: int) -> Row | None:
    return (await ByADay.of_all(house, day(on))).find(SESSION, SESSION_1)


async def test_what_was_recorded_late_had_happened_by_its_own_day() -> None:
    house = await _with(("sessionLog", 50, LOG))
    assert await _session_by(house, 49) is None
    session = await _session_by(house, 50)
    assert session is not None
    assert session["held_on"] == day(50)


async def test_what_was_corrected_since_is_as_it_is_known_now() -> None:
    again = {**OF_IT, **HELD, "minutes": 90, "heldOn": day(50), **BECAUSE}
    house = await _with(("sessionLog", 50, LOG), ("sessionCorrect", FAR, again))
    session = await _session_by(house, 50)
    assert session is not None
    assert session["minutes"] == 90


async def test_what_was_voided_since_is_voided_and_what_stands_again_stands() -> None:
    void, stand = ("sessionVoid", FAR, {**OF_IT, **BECAUSE}), {**OF_IT, **BECAUSE}
    house = await _with(("sessionLog", 50, LOG), void)
    session = await _session_by(house, 60)
    assert session is not None
    assert session["status"] == "VOIDED"
    await house.send("sessionReinstate", **_plain({"occurredOn": day(FAR), **stand}))
    session = await _session_by(house, 60)
    assert session is not None
    assert session["status"] == "HELD"


async def test_what_was_moved_to_another_day_is_there_from_that_day_on() -> None:
    later = {**OF_IT, **HELD, "heldOn": day(80), **BECAUSE}
    house = await _with(("sessionLog", 50, LOG), ("sessionCorrect", FAR, later))
    assert await _session_by(house, 79) is None
    assert await _session_by(house, 80) is not None
    earlier = {**OF_IT, **HELD, "heldOn": day(40), **BECAUSE}
    await house.send("sessionCorrect", **_plain({"occurredOn": day(FAR), **earlier}))
    assert await _session_by(house, 40) is not None
    assert await _session_by(house, 39) is None


async def test_progress_is_counted_by_the_days_of_attempts_and_not_as_they_came() -> None:
    def attempt(competency: str, item: str, points: int, on: int) -> Any:
        items = [{"item": item, "points": points}]
        if competency == "HBB":
            items.append({"item": "ventilate", "points": 60})
        of = {"enrolmentId": id_of("enrolment", "cia"), "competency": competency}
        said = {"items": items, "technique": True, "assessorId": id_of("ama")}
        return "competencyAssess", on, {**of, **said}

    house = await _with(
        attempt("HBB", "prepare", 40, 200),
        attempt("PPH", "oxytocin", 20, 100),
    )
    mentee = id_of("enrolment", "cia")
    before, then, now = [
        (await ByADay.of_all(house, day(on))).find(MENTEE, mentee) for on in (99, 100, 200)
    ]
    assert before is not None
    assert then is not None
    assert now is not None
    assert (before["framework"], before["validated"]) == (None, None)
    assert (then["validated"], then["first_validated_on"]) == (1, day(100))
    assert (now["validated"], now["last_assessed_on"]) == (2, day(200))
    by = await ByADay.of_all(house, day(150))
    assert [row["assessed_on"] for row in by.of(ASSESSMENT)] == [day(100)]


async def test_a_line_of_postings_goes_as_far_as_the_day() -> None:
    line = [
        {"since": str(day(0)), "orgUnitId": str(id_of("F1"))},
        {"since": str(day(90)), "orgUnitId": str(id_of("F2"))},
    ]
    told = {"healthWorkerId": id_of("cia"), "postings": line, **BECAUSE}
    house = await _with(("healthWorkerCorrectPostings", FAR, told))

    async def places(on: int) -> list[date]:
        by = await ByADay.of_all(house, day(on))
        return [r["since"] for r in by.of(POSTING) if r["health_worker_id"] == id_of("cia")]

    assert await places(89) == [day(0)]
    assert await places(90) == [day(0), day(90)]


async def test_who_was_merged_since_was_one_person_all_along() -> None:
    both = {"healthWorkerId": id_of("fay"), "intoId": id_of("eva"), **BECAUSE}
    house = await _with(("healthWorkerMerge", FAR, both))
    row = (await ByADay.of_all(house, day(FAR))).find(HEALTH_WORKER, id_of("fay"))
    assert row is not None
    assert row["merged_into_id"] == id_of("eva")
