"""A tree of org units held against those that stand: what is new, the same, or otherwise."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import msgspec

from mshauri.api import Api, Wish, global_id
from mshauri.importing.alike import is_written_otherwise
from mshauri.importing.errors import NAMED, RowError, row_error
from mshauri.importing.known import Known
from mshauri.importing.known import Unit as Standing
from mshauri.importing.plan import Listed
from mshauri.importing.planned import Change, Outcome, Planned, Sent
from mshauri.importing.reading.text import code_alike, folded
from mshauri.importing.tree import (
    CODED,
    FACILITY_FIELDS,
    Tree,
    Unit,
    country_of,
    grow,
    level_column,
    slug,
)
from shared.domain import derived_id

PAGE = 100
_CALLED = {
    "type": "facilityType",
    "level": "facilityLevel",
    "ownership": "facilityOwnership",
}
_FACTS = " ".join(f"{name}: {_CALLED.get(name, name)}" for name in FACILITY_FIELDS)
_CODES = "codes { system code until }"
"""Asked for where the list has codes of other lists."""
_UNITS = f"""
query Units($first: Int!, $after: Cursor) {{
  orgUnits(first: $first, after: $after) {{
    nodes {{
      id code name kind: {"kindCode" if CODED else "kind"} version parent {{ code }} {_FACTS}
      %s
    }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""
CHANGE_CODE = "orgUnitChangeCode"
_ROOT = "query Root($code: String!) { orgUnit(code: $code) { id } }"


async def known_units(api: Api, listed: Listed, known: Known) -> None:
    """Look up what stands already, by its code: nothing where the list's country does not."""
    country = country_of(listed.layout.mapping)
    if (await api.ask(_ROOT, code=country.code))["orgUnit"] is None:
        return
    cursor: str | None = None
    asked = _UNITS % (_CODES if "codes" in listed.layout.read_columns else "")
    while True:
        page = (await api.ask(asked, first=PAGE, after=cursor))["orgUnits"]
        for node in page["nodes"]:
            facility = {name: node[name] for name in FACILITY_FIELDS}
            parent = node["parent"]["code"] if node["parent"] else None
            known.units[node["code"]] = Standing(
                id=node["id"],
                name=node["name"],
                kind=node["kind"],
                parent=parent,
                facility=facility,
                version=node["version"],
                codes={
                    one["system"]: one["code"]
                    for one in node.get("codes", ())
                    if one["until"] is None
                },
            )
        if not page["pageInfo"]["hasNextPage"]:
            return
        cursor = page["pageInfo"]["endCursor"]


def plan_units(listed: Listed, known: Known) -> list[Planned]:
    """Hold a list's tree against what stands.

    Of the units above the rows, only such are established as a row that may land lies in.
    """
    tree = grow(listed)
    alike: dict[str, list[str]] = {}
    for code in known.units:
        alike.setdefault(code_alike(code), []).append(code)
    wanted: set[str] = set()
    found: list[Planned] = []
    for stage, level in reversed(list(enumerate(tree.levels))):
        planned = []
        for unit in level.values():
            stands = known.units.get(unit.code)
            if stands is not None:
                one = _held(unit, stands, known, stage=len(tree.levels))
            elif unit.listed and _stands_alike(unit, alike):
                continue
            elif unit.listed or unit.code in wanted:
                one = _new(unit, known, stage)
            else:
                continue
            if one is None:
                continue
            if one.wishes and unit.parent:
                wanted.add(unit.parent)
            planned.append(one)
        found = planned + found
    new = {str(one.gives) for one in found if one.changes is None and one.wishes}
    _note_lone_levels(tree, new, known.units)
    _note_same_names(tree, new, known.units)
    return found


def _new(unit: Unit, known: Known, stage: int) -> Planned:
    parent = known.units.get(unit.parent or "")
    parent_id = None
    if unit.parent is not None:
        parent_id = parent.id if parent else str(derived_id("org_unit", unit.parent))
    return Planned(
        draft=unit.draft,
        same=unit.code,
        id=global_id("OrgUnit", unit.id),
        kind=unit.kind,
        wishes=(Wish("orgUnitEstablish", unit.command(parent_id)),),
        listed=unit.listed,
        stage=stage,
        needs=None if parent else unit.parent,
        gives=unit.code,
    )


def _held(unit: Unit, stands: Standing, known: Known, *, stage: int) -> Planned | None:
    """Compare a unit with the one of its code that stands: the same, or otherwise in what.

    Letters' case, spaces and Unicode form make no difference.
    """
    changes = tuple(_changes(unit, stands))
    in_the_list = unit.parent is not None
    update = known.update and in_the_list and not any(one.column == "kind" for one in changes)
    if changes and not update:
        for one in changes:
            _note_otherwise(unit, one, in_the_list=in_the_list)
        return None
    parent = known.units.get(unit.parent or "")
    moved = any(one.command == "orgUnitReparent" for one in changes)
    return Planned(
        draft=unit.draft,
        same=unit.code,
        id=stands.id,
        kind=unit.kind,
        wishes=tuple(_change_wishes(unit, stands, changes, parent)),
        changes=changes or None,
        listed=unit.listed,
        stage=stage,
        needs=unit.parent if moved and parent is None else None,
    )


def _note_otherwise(unit: Unit, change: Change, *, in_the_list: bool) -> None:
    remedy = "Correct the country in the mapping."
    if in_the_list and change.column == "kind":
        remedy = "No unit becomes one of another kind: correct the list, or give it its own code."
    elif in_the_list:
        remedy = "Correct the list, or run again with --update to change what stands."
    named = {"kind": ""}.get(change.column, unit.draft.layout.heading(change.column))
    what = "parent" if change.command == "orgUnitReparent" else change.column
    unit.draft.errors.append(
        row_error(
            "STANDS_OTHERWISE",
            unit.draft.row,
            named,
            change.says,
            "STANDS_OTHERWISE_THERE",
            differs=what,
            stands=change.was,
            change=remedy,
        )
    )


def _changes(unit: Unit, stands: Standing) -> Iterator[Change]:
    """Yield what the list says otherwise than what stands."""
    levels = len(unit.draft.layout.mapping.above)
    above = level_column(levels - 1) if levels and unit.listed else "parent"
    said: list[tuple[str, str, str, Any, Any]] = [
        ("name", "orgUnitRename", "name", unit.name, stands.name),
        ("kind", "", "", unit.kind, stands.kind),
        (above, "orgUnitReparent", "parentId", unit.parent, stands.parent),
    ]
    said += [
        (name, "orgUnitChangeFacility", name, ours, stands.facility.get(name))
        for name, ours in (unit.facility or {}).items()
    ]
    headings = unit.draft.layout.spread.get("codes", {})
    said += [
        (headings.get(system, "codes"), CHANGE_CODE, system, code, stands.codes.get(system))
        for system, code in unit.codes.items()
    ]
    for column, command, name, ours, theirs in said:
        if _comparable(ours) == _comparable(theirs):
            continue
        if column == "name" and unit.has_made_code and slug(unit.name) == slug(stands.name):
            continue
        yield Change(column, command, _written(theirs), name, _written(ours))


def _comparable(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return sorted(map(_comparable, value))
    return folded(value) if isinstance(value, str) else value


def _written(value: Any) -> str:
    """Return a value as a cell would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return "nothing" if value is None else str(value)


def _change_wishes(
    unit: Unit, stands: Standing, changes: Iterable[Change], parent: Standing | None
) -> Iterator[Wish]:
    """Yield the commands that make a unit that stands what the list says of it.

    Only what differs is said: all else of a facility stays as it is.
    """
    contents: dict[tuple[str, str], dict[str, Any]] = {}
    day = unit.draft.text("occurredOn")
    for change in changes:
        if change.command == "orgUnitRename":
            contents[change.command, ""] = {"name": unit.name}
        elif change.command == "orgUnitReparent":
            parent_id = parent.id if parent else str(derived_id("org_unit", unit.parent or ""))
            contents[change.command, ""] = {"parentId": parent_id}
        elif change.command == CHANGE_CODE:
            said = {"system": change.field, "code": change.says}
            contents[change.command, change.field] = said
        elif change.command:
            ours = (unit.facility or {})[change.column]
            contents.setdefault((change.command, ""), {})[change.column] = ours
    for (name, _), content in contents.items():
        # By the version too: what was changed to and fro is changed anew.
        again = derived_id(
            "import_org_unit_change",
            unit.code,
            name,
            str(stands.version),
            day,
            msgspec.json.encode(content, order="sorted").decode(),
        )
        since = {"occurredOn": day} if day else {}
        yield Wish(name, {"commandId": str(again), "orgUnitId": stands.id, **since, **content})


def _stands_alike(unit: Unit, alike: Mapping[str, list[str]]) -> bool:
    """Note that a code stands written in another way; True if the row is refused for it."""
    heading = unit.draft.layout.heading("code")
    for code in alike.get(code_alike(unit.code), ()):
        error = row_error("CODE_STANDS_ALIKE", unit.draft.row, heading, unit.code, stands=code)
        if is_written_otherwise(unit.code, code):
            unit.draft.errors.append(error)
            return True
        unit.draft.warnings.append(error)
    return False


def _note_lone_levels(tree: Tree, new: set[str], known: Mapping[str, Standing]) -> None:
    """Warn of each new level that one row alone lies in: the highest of a line."""
    told: set[str] = set()
    for place, level in enumerate(tree.levels[1:-1]):
        for unit in level.values():
            if unit.code not in new:
                continue
            if unit.parent in told:
                told.add(unit.code)
            elif tree.rows_in[unit.code] == 1:
                told.add(unit.code)
                draft = unit.draft
                like = _like(unit, list(level.values()), known)
                kind = unit.kind.lower().replace("_", "-")
                heading = draft.layout.heading(level_column(place))
                draft.warnings.append(
                    row_error(
                        "LONE_LEVEL",
                        draft.row,
                        heading,
                        unit.name,
                        kind=kind,
                        named=unit.name,
                        like=like,
                    )
                )


def _note_same_names(tree: Tree, new: set[str], known: Mapping[str, Standing]) -> None:
    """Warn of each new unit beside which another of its name lies, or would lie."""
    places: dict[tuple[str | None, str], set[str]] = {}
    for code, stands in known.items():
        places.setdefault((stands.parent, folded(stands.name)), set()).add(code)
    for unit in tree.listed:
        places.setdefault((unit.parent, folded(unit.name)), set()).add(unit.code)
    for unit in tree.listed:
        others = sorted(places[unit.parent, folded(unit.name)] - {unit.code})
        if others and unit.code in new:
            unit.draft.warn("SAME_NAME", "name", others=", ".join(others[:NAMED]))


def _like(unit: Unit, level: Sequence[Unit], known: Mapping[str, Standing]) -> str:
    """Return a hint at the sister unit that is written much the same."""
    sisters = {
        *(one.name for one in level if one.parent == unit.parent and one.code != unit.code),
        *(one.name for one in known.values() if one.parent == unit.parent),
    }
    near = get_close_matches(unit.name, sorted(sisters), n=1, cutoff=0.7)
    return f"; there is a {near[0]}" if near else ""


def still_empty(listed: Listed, sent: Sequence[Sent]) -> Iterator[RowError]:
    """Yield a warning for each level established for rows that the API then refused, every one."""
    parents = {one.planned.same: one.planned.needs for one in sent}
    full: set[Any] = set()
    for one in sent:
        if one.planned.listed and one.outcome is not Outcome.REFUSED:
            above = one.planned.needs
            while above is not None and above not in full:
                full.add(above)
                above = parents.get(above)
    for one in sent:
        planned = one.planned
        made = one.outcome is Outcome.ESTABLISHED and not planned.listed
        if made and planned.same not in full:
            name, code = planned.draft.text("name"), planned.draft.text("code")
            yield row_error("LEFT_EMPTY", planned.draft.row, "", name, named=code)
