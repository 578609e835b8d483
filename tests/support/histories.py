"""Facts of a history, told in whatever order the house takes them: in the order of their days, or
late, said wrongly and corrected, voided and let count again.

What the house refuses, because something it rests on is not told yet, is told again later: so any
order is made a legal one. `shown` is what everybody reads in the end, without what only says in
which order it was told. Figures are sums over what is compared here: equal rows, equal figures.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from services.gateway.projector import KEPT
from shared.domain import derived_id
from shared.domain.errors import MshauriError
from tests.support.house import House

BEGAN = date(2021, 1, 4)
"""Day 0 of every history."""
LAST = 300
"""The day on which everything is corrected."""
WHY = "The paper says so."

Content = Mapping[str, Any]
Correction = Callable[["Teller"], tuple[str, Content]]
Undoing = Callable[["Teller"], tuple[str, str, Content]]


def day(number: int) -> date:
    """Return a day of the history."""
    return BEGAN + timedelta(days=number)


def id_of(*name: object) -> UUID:
    """Return the id that something has in every telling."""
    return derived_id("history", *map(str, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened on a day.

    Attributes:
        key: what other facts call it.
        name: the command that tells of it, with its `content`.
        after: the facts that it cannot be told before.
        slip: what of its content, and perhaps its `occurredOn`, is said wrongly at first, where it
            is; and the command by which that is `corrected`.
        undone: the commands that void it and let it count again, and what both say.
        counted: it has a number, by the order of telling, among the facts of that name.
    """

    key: str
    name: str
    on: int
    content: Content
    after: tuple[str, ...] = ()
    slip: Content = field(default_factory=dict)
    corrected: Correction | None = None
    undone: Undoing | None = None
    counted: str | None = None


@dataclass(slots=True)
class Telling:
    """One command, of a fact or about it, once all `after` is told."""

    label: str
    says: Callable[["Teller"], tuple[str, Content]]
    after: frozenset[str]
    counted: str | None = None


class NoLegalOrder(AssertionError):
    """The house came to a point from which the rest of the history is refused for ever."""

    def __init__(self, refused: Mapping[str, str]) -> None:
        super().__init__(f"refused for ever: {refused}")
        self.refused = refused


@dataclass(slots=True)
class Teller:
    """Tells a history into a house."""

    house: House
    numbers: dict[str, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)

    async def in_order(self, facts: Iterable[Fact]) -> None:
        """Tell each fact once, rightly, by its day."""
        ordered = sorted(facts, key=lambda fact: fact.on)
        await self._tell([_rightly(fact) for fact in ordered])

    async def at_random(self, facts: Sequence[Fact], random: Random) -> None:
        """Tell all in a random order, some of it wrongly at first, some voided meanwhile."""
        waiting = [telling for fact in facts for telling in _by_a_detour(fact, random)]
        random.shuffle(waiting)
        await self._tell(waiting)

    async def undo(self, fact: Fact) -> None:
        """Say of a fact that it was otherwise, and then that it was as it was; void it, and let it
        count again.
        """
        if fact.corrected is not None:
            name, content = fact.corrected(self)
            wrong = {key: value for key, value in fact.slip.items() if key in content}
            await self._must_say(*_late(name, {**content, **wrong}))
            await self._must_say(*_late(name, content))
        if fact.undone is not None:
            void, reinstate, content = fact.undone(self)
            await self._must_say(*_late(void, content))
            await self._must_say(*_late(reinstate, content))

    async def _must_say(self, name: str, content: Content) -> None:
        plain = {key: msgspec.to_builtins(value) for key, value in content.items()}
        await self.house.send(name, **plain)

    async def _tell(self, waiting: list[Telling]) -> None:
        done: set[str] = set()
        while waiting:
            refused: dict[str, str] = {}
            later = []
            for telling in waiting:
                if not telling.after <= done:
                    later.append(telling)
                elif code := await self._say(telling):
                    refused[telling.label] = code
                    later.append(telling)
                else:
                    done.add(telling.label)
                    self.told.append(telling.label)
            if len(later) == len(waiting):
                raise NoLegalOrder(refused)
            waiting = later

    async def _say(self, telling: Telling) -> str | None:
        """Say it, and return the code it is refused under, if it is."""
        name, content = telling.says(self)
        try:
            await self._must_say(name, content)
        except MshauriError as error:
            return error.code
        if telling.counted is not None:
            self._counts[telling.counted] = self._counts.get(telling.counted, 0) + 1
            self.numbers[telling.label] = self._counts[telling.counted]
        return None


def _rightly(fact: Fact) -> Telling:
    content = {"occurredOn": day(fact.on), **fact.content}
    after = frozenset(fact.after)
    return Telling(fact.key, lambda _: (fact.name, content), after, fact.counted)


def _by_a_detour(fact: Fact, random: Random) -> Iterable[Telling]:
    told = _rightly(fact)
    ends = fact.key
    if fact.corrected is not None and random.random() < 0.4:
        wrong = {"occurredOn": day(fact.on), **fact.content, **fact.slip}
        correction = fact.corrected
        told.says = lambda _: (fact.name, wrong)
        ends = f"{fact.key}, corrected"
        yield Telling(ends, lambda teller: _late(*correction(teller)), frozenset({fact.key}))
    yield told
    if fact.undone is not None and random.random() < 0.4:
        undoing = fact.undone
        voided = f"{fact.key}, voided"

        def void(teller: Teller) -> tuple[str, Content]:
            name, _, content = undoing(teller)
            return _late(name, content)

        def reinstate(teller: Teller) -> tuple[str, Content]:
            _, name, content = undoing(teller)
            return _late(name, content)

        yield Telling(voided, void, frozenset({ends}))
        yield Telling(f"{fact.key}, reinstated", reinstate, frozenset({voided}))


def _late(name: str, content: Content) -> tuple[str, Content]:
    return name, {"occurredOn": day(LAST), "reason": WHY, **content}


# ── what everybody reads ────────────────────────────────────────────────────────────────────────

TOLD = frozenset(
    {
        *("position", "registry_position", "validation_position"),
        *("record_version", "competency_record_version", "facts_version"),
        *("facts_id", "words_id", "corrected", "attempt", "number", "reason", "version"),
        "recorded_by",
    }
)
"""Columns that say how something was told: where in the ledger, as the how-manieth, and why."""
UNCOUNTED = {
    "audit_event": "every entry, in the order it was told",
    "audit_trail": "every entry, in the order it was told",
    "naming_nobody": "every entry, in the order it was told",
    "person_record": "every record that an entry named somebody in",
    "party_change": "every entry of a mentorship, by its version",
    "cpd_booking": "every booking; what stands of them is compared",
    "validation_fact": "every fact; what they come to is compared",
    "certificate": "what was issued on the word of a slip was issued; it is in doubt, or was",
}
"""Tables that order decides, and why."""
SAID_ANEW = {
    "session_attendance": "facts_id",
    "session_simulation": "facts_id",
    "session_guest": "words_id",
    "session_debrief": "words_id",
}
"""Tables that keep every telling of a session, and what leads to the one that counts."""


WEIGHED = frozenset({"counts", "phase", "format", "enrolments"})
"""What a session is weighed to be: of one that is voided, it is not asked."""


def shown(house: House) -> dict[str, list[dict[str, Any]]]:
    """Return what is shown in the read models, table by table, without how it was told."""
    tables = {table.name: house.gateway.tables.of(table) for one in KEPT for table in one.tables}
    told = {row["id"]: row for row in tables["session"]}
    for name, leads in SAID_ANEW.items():
        tables[name] = [
            row
            for row in tables[name]
            if told[row["session_id"]][leads] == row[leads]
            and told[row["session_id"]]["status"] != "VOIDED"
        ]
    tables["session"] = [
        _without(row, WEIGHED) if row["status"] == "VOIDED" else row for row in tables["session"]
    ]
    tables["deviation"] = [_of_what(row) for row in tables["deviation"] if row["stands"]]
    # A right that a slip gave was given, and fell with it; whom it put forward, is put forward.
    tables["right_to_mentor"] = [
        row for row in tables["right_to_mentor"] if row["status"] == "HELD"
    ]
    tables["mentor"] = [row for row in tables["mentor"] if row["earned_in"] is None]
    tables["cpd_account"] = [row for row in tables["cpd_account"] if row["balance"]]
    found = {
        name: sorted((_without(row, TOLD) for row in rows), key=repr)
        for name, rows in tables.items()
        if name not in UNCOUNTED
    }
    found["cpd_booking"] = _booked(tables["cpd_booking"])
    found["validation_fact"] = _proved(tables["validation_fact"])
    return found


def _without(row: Mapping[str, Any], columns: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}


def _of_what(deviation: Mapping[str, Any]) -> dict[str, Any]:
    """Return a deviation of an attempt without the number that the attempt was told under."""
    if deviation["record_kind"] != "Assessment":
        return dict(deviation)
    params = {k: v for k, v in msgspec.json.decode(deviation["params"]).items() if k != "attempt"}
    return {**deviation, "id": None, "record_id": None, "params": params}


def _booked(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the points that stand, by what they were given for."""
    found: dict[tuple[Any, ...], Decimal] = {}
    for row in rows:
        key = (row["health_worker_id"], row["source"], row["rule"], row["fiscal_year"])
        found[key] = found.get(key, Decimal(0)) + row["points"]
    return [{"for": one, "points": found[one]} for one in sorted(found, key=str) if found[one]]


def _proved(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the days from which, and up to which, each competency was validated."""
    told: dict[tuple[UUID, str], list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["record_version"]):
        told.setdefault((row["mentee_id"], row["competency"]), []).append(row)
    return [
        {"of": of, "days": days}
        for of, line in sorted(told.items(), key=str)
        if (days := _days(line))
    ]


def _days(line: Sequence[Mapping[str, Any]]) -> list[tuple[date, date]]:
    afresh = max((place for place, row in enumerate(line) if row["afresh"]), default=0)
    ends = [row["day"] for row in line[1:]] + [date.max]
    held = sorted(
        (row["day"], until)
        for place, (row, until) in enumerate(zip(line, ends, strict=True))
        if row["counts"] and place >= afresh and row["day"] < until
    )
    merged: list[tuple[date, date]] = []
    for since, until in held:
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(until, merged[-1][1]))
        else:
            merged.append((since, until))
    return merged


def differences(these: Mapping[str, Any], those: Mapping[str, Any]) -> dict[str, Any]:
    """Return what only one of the two shows, table by table."""
    found = {}
    for name in sorted({*these, *those}):
        one, other = these.get(name, []), those.get(name, [])
        if one != other:
            found[name] = (
                [row for row in one if row not in other],
                [row for row in other if row not in one],
            )
    return found
