"""Sends a plan's units through the API, parents first, and says what became of each."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from mshauri.api import Answer, Api, ApiFault, Wish, send_all
from mshauri.importing.errors import RowError, row_error
from mshauri.importing.held import Held, Known, Outcome, Sent, hold
from mshauri.importing.mapping import FACILITY_FIELDS
from mshauri.importing.plan import Plan, Unit
from shared.domain import derived_id
from shared.positions import furthest

PAGE = 100

_UNITS = """
query Units($first: Int!, $after: Cursor) {
  orgUnits(first: $first, after: $after) {
    nodes {
      id code name kind: kindCode version parent { code }
      type: facilityType level: facilityLevel ownership: facilityOwnership
      latitude longitude beds operational
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_ROOT = "query Root($code: String!) { orgUnit(code: $code) { id } }"

Tell = Callable[[Sent], None]
"""Told what became of a unit, as soon as it is known."""


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
            known[node["code"]] = Known(
                node["id"], node["name"], node["kind"], parent, facility, node["version"]
            )
        if not page["pageInfo"]["hasNextPage"]:
            return known
        cursor = page["pageInfo"]["endCursor"]


async def send_plan(plan: Plan, api: Api, *, since: date, held: Held, tell: Tell) -> None:
    """Establish what does not stand yet, then change what differs.

    A level is sent when the one above it has answered.

    Raises:
        ApiFault: the API could not be reached any more; what landed was told, and stays.
    """
    ids = {code: unit.id for code, unit in held.known.items()}
    positions: list[str] = []
    for sent in held.standing:
        tell(sent)
    for level in held.new:
        ready = {str(unit.id): unit for unit in level if not unit.parent or unit.parent in ids}
        for unit in level:
            if str(unit.id) not in ready:
                tell(_orphan(unit))
        wishes = [
            Wish("orgUnitEstablish", unit.command(ids.get(unit.parent or ""), since))
            for unit in ready.values()
        ]

        def answered(wish: Wish, answer: Answer, ready: Mapping[str, Unit] = ready) -> None:
            unit = ready[wish.command["id"]]
            if answer.recorded:
                ids[unit.code] = str(unit.id)
                positions.extend(answer.positions)
            tell(_answered(unit, answer))

        await send_all(api, [[wish] for wish in wishes], answered=answered)
    positions += await _change(plan, api, since, held, ids, tell)
    # All was told: who reads it too early only reads it too early.
    with suppress(ApiFault):
        await api.caught_up(furthest(positions))


async def _change(
    plan: Plan, api: Api, since: date, held: Held, ids: Mapping[str, str], tell: Tell
) -> list[str]:
    """Change what differs, each unit's changes one after the other; return their positions."""
    lanes = []
    waiting: dict[str, tuple[Sent, list[Wish], dict[str, Answer]]] = {}
    for sent in held.changed:
        if any(change.what == "parent" for change in sent.changes) and sent.unit.parent not in ids:
            tell(_orphan(sent.unit))
            continue
        wishes = change_wishes(sent, held.known[sent.unit.code], ids, since)
        lanes.append(wishes)
        for wish in wishes:
            waiting[wish.command["commandId"]] = sent, wishes, {}
        together = waiting[wishes[0].command["commandId"]]
        waiting |= {wish.command["commandId"]: together for wish in wishes}

    def answered(wish: Wish, answer: Answer) -> None:
        sent, wishes, answers = waiting[wish.command["commandId"]]
        answers[wish.command["commandId"]] = answer
        if len(answers) == len(wishes):
            tell(_changed(plan, sent, wishes, answers))

    answers = await send_all(api, lanes, answered=answered)
    return [position for answer in answers for position in answer.positions]


_CHANGES = {"name": "orgUnitRename", "parent": "orgUnitReparent"}
UPDATE = "orgUnitChangeFacility"


def change_wishes(sent: Sent, known: Known, ids: Mapping[str, str], since: date) -> list[Wish]:
    """Return the commands that make a unit that stands what the list says of it.

    What the list does not say of a facility stays as it is; so does what it says in other letters.
    """
    unit = sent.unit
    contents: dict[str, dict[str, Any]] = {}
    for change in sent.changes:
        if change.what == "name":
            contents["orgUnitRename"] = {"name": unit.name}
        elif change.what == "parent":
            contents["orgUnitReparent"] = {"parentId": ids[unit.parent or ""]}
        else:
            contents[UPDATE] = {
                one.what: one.ours for one in sent.changes if one.what in FACILITY_FIELDS
            }
    # By the version too: what was changed to and fro is changed anew.
    return [
        Wish(
            name,
            {
                "commandId": str(
                    derived_id(
                        "import_org_unit_change",
                        unit.code,
                        name,
                        str(known.version),
                        since.isoformat(),
                        msgspec.json.encode(content, order="sorted").decode(),
                    )
                ),
                "orgUnitId": known.id,
                "occurredOn": since.isoformat(),
                **content,
            },
        )
        for name, content in contents.items()
    ]


def _changed(plan: Plan, sent: Sent, wishes: Sequence[Wish], answers: Mapping[str, Answer]) -> Sent:
    by_name = {wish.name: answers[wish.command["commandId"]] for wish in wishes}
    errors: list[RowError] = []
    changes = []
    for change in sent.changes:
        answer = by_name[_CHANGES.get(change.what, UPDATE)]
        if answer.recorded:
            changes.append(change)
        else:
            heading = plan.headings.get(change.what, change.what)
            errors.append(_refusal(sent.unit, answer, heading))
    positions = tuple(at for answer in answers.values() for at in answer.positions)
    outcome = Outcome.REFUSED if errors else Outcome.UPDATED
    return replace(
        sent, outcome=outcome, errors=tuple(errors), positions=positions, changes=tuple(changes)
    )


def would_send(plan: Plan, known: Mapping[str, Known], *, update: bool = False) -> list[Sent]:
    """Say what `send_plan` would find and do, without doing it."""
    return hold(plan, known, update=update).would_be


def _orphan(unit: Unit) -> Sent:
    error = row_error("PARENT_NOT_ESTABLISHED", unit.row, "", unit.parent or "", kind="unit")
    return Sent(unit, Outcome.REFUSED, (error,))


def _answered(unit: Unit, answer: Answer) -> Sent:
    if answer.recorded:
        return Sent(unit, Outcome.ESTABLISHED, positions=answer.positions)
    return Sent(unit, Outcome.REFUSED, (_refusal(unit, answer),))


def _refusal(unit: Unit, answer: Answer, column: str | None = None) -> RowError:
    first = answer.errors[0]
    return RowError(
        unit.row,
        first.field or "" if column is None else column,
        first.code,
        unit.code,
        first.message,
        first.remedy or "",
    )
