"""Sends a plan's units through the API, parents first, and says what became of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from mshauri.api import Answer, Api, Wish, send_all
from mshauri.importing.errors import RowError, row_error
from mshauri.importing.mapping import FACILITY_FIELDS
from mshauri.importing.plan import Plan, Unit

PAGE = 100

_UNITS = """
query Units($first: Int!, $after: Cursor) {
  orgUnits(first: $first, after: $after) {
    nodes {
      id code name kind parent { code }
      type: facilityType level: facilityLevel ownership: facilityOwnership
      latitude longitude beds operational
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_ROOT = "query Root($code: String!) { orgUnit(code: $code) { id } }"


class Outcome(StrEnum):
    """What became of a unit."""

    ESTABLISHED = "ESTABLISHED"
    ALREADY_THERE = "ALREADY_THERE"
    REFUSED = "REFUSED"
    WOULD_BE_ESTABLISHED = "WOULD_BE_ESTABLISHED"


@dataclass(frozen=True, slots=True)
class Known:
    """A unit as the API shows it."""

    id: str
    name: str
    kind: str
    parent: str | None
    facility: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """A unit and what became of it; `error` where it was refused."""

    unit: Unit
    outcome: Outcome
    error: RowError | None = None
    positions: tuple[str, ...] = ()


async def known_units(api: Api, plan: Plan) -> dict[str, Known]:
    """Return what stands already, by its code: nothing at all where the plan's country does not."""
    known: dict[str, Known] = {}
    if (await api.ask(_ROOT, code=plan.units[0].code))["orgUnit"] is None:
        return known
    cursor: str | None = None
    while True:
        page = (await api.ask(_UNITS, first=PAGE, after=cursor))["orgUnits"]
        for node in page["nodes"]:
            facility = {field: node[field] for field in FACILITY_FIELDS}
            parent = node["parent"]["code"] if node["parent"] else None
            known[node["code"]] = Known(node["id"], node["name"], node["kind"], parent, facility)
        if not page["pageInfo"]["hasNextPage"]:
            return known
        cursor = page["pageInfo"]["endCursor"]


async def send_plan(
    plan: Plan,
    api: Api,
    *,
    since: date,
    known: Mapping[str, Known],
    landed: Callable[[int], None] = lambda _count: None,
) -> list[Sent]:
    """Establish what does not stand yet; a level is sent when the one above it has answered."""
    ids = {code: unit.id for code, unit in known.items()}
    sent: list[Sent] = []
    for level in plan.levels:
        standing = [compared(unit, known[unit.code]) for unit in level if unit.code in known]
        new = [unit for unit in level if unit.code not in known]
        orphans = [_orphan(unit) for unit in new if unit.parent and unit.parent not in ids]
        ready = [unit for unit in new if not unit.parent or unit.parent in ids]
        landed(len(standing) + len(orphans))
        answers = await send_all(
            api,
            [
                [Wish("orgUnitEstablish", unit.command(ids.get(unit.parent or ""), since))]
                for unit in ready
            ],
            landed=landed,
        )
        for unit, answer in zip(ready, answers, strict=True):
            if answer.recorded:
                ids[unit.code] = str(unit.id)
            sent.append(_answered(unit, answer))
        sent += standing + orphans
    return sent


def would_send(plan: Plan, known: Mapping[str, Known]) -> list[Sent]:
    """Say what `send_plan` would find and do, without doing it."""
    return [
        compared(unit, known[unit.code])
        if unit.code in known
        else Sent(unit, Outcome.WOULD_BE_ESTABLISHED)
        for unit in plan.units
    ]


def compared(unit: Unit, known: Known) -> Sent:
    """Compare a unit with the one of its code that stands: the same, or changed since."""
    differs = [
        what
        for what, ours, theirs in (
            ("name", unit.name, known.name),
            ("kind", unit.kind.value, known.kind),
            ("parent", unit.parent, known.parent),
            *(
                (what, value, known.facility.get(what))
                for what, value in (unit.facility or {}).items()
            ),
        )
        if ours != theirs
    ]
    if not differs:
        return Sent(unit, Outcome.ALREADY_THERE)
    error = row_error("CHANGED_SINCE", unit.row, "", unit.code, differs=" and ".join(differs))
    return Sent(unit, Outcome.REFUSED, error)


def _orphan(unit: Unit) -> Sent:
    error = row_error("PARENT_NOT_ESTABLISHED", unit.row, "", unit.parent or "", kind="unit")
    return Sent(unit, Outcome.REFUSED, error)


def _answered(unit: Unit, answer: Answer) -> Sent:
    if answer.recorded:
        return Sent(unit, Outcome.ESTABLISHED, positions=answer.positions)
    first = answer.errors[0]
    error = RowError(
        unit.row, first.field or "", first.code, unit.code, first.message, first.remedy or ""
    )
    return Sent(unit, Outcome.REFUSED, error)


def count(sent: Sequence[Sent], outcome: Outcome, *, listed: bool | None = None) -> int:
    """Count what had that outcome; `listed`: only rows of the list, or only the levels above."""
    return sum(one.outcome is outcome and listed in (None, one.unit.listed) for one in sent)
