"""Lists as tests read them: from a text, by a mapping, held against what is said to stand."""

from datetime import date
from typing import Any

from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known, Unit
from mshauri.importing.layout import lay_out
from mshauri.importing.lists.facilities import FACILITIES, swapped
from mshauri.importing.mapping import Mapping
from mshauri.importing.plan import Listed, plan_list, read_list
from mshauri.importing.planned import Planned
from mshauri.importing.reading import read_text
from mshauri.importing.tree import Tree, grow

SINCE = date(2026, 1, 1)


def read(kind: Kind, *lines: str, mapping: Mapping | None = None) -> Listed:
    """Return a list, every row checked by itself."""
    mapping = mapping or Mapping()
    sheet = read_text("\n".join(lines) + "\n")
    return read_list(kind, sheet, lay_out(kind, sheet.headings, mapping))


def units(mapping: Mapping, *lines: str, swap: bool = False) -> Listed:
    """Return a list of org units."""
    given: dict[str, Any] = {"defaults": {"occurredOn": SINCE.isoformat()}}
    if swap:
        given |= {"columns": swapped(mapping), "swap_coordinates": True}
    told = {name: getattr(mapping, name) for name in mapping.__struct_fields__}
    return read(FACILITIES, *lines, mapping=Mapping(**{**told, **given}))


def tree(listed: Listed) -> Tree:
    """Return the tree that a list of org units says."""
    return grow(listed)


def held(
    listed: Listed, known: dict[str, Unit] | None = None, *, update: bool = False
) -> list[Planned]:
    """Return what becomes of a list of org units, beside those that stand."""
    return plan_list(listed, Known(units=known or {}, update=update))


def told(listed: Listed) -> list[tuple[int, str, str]]:
    """Return every mistake of a list: its row, column and code."""
    return [(error.row, error.column, error.code) for error in listed.errors]


def warned(listed: Listed, code: str = "") -> list[tuple[int, str, str]]:
    """Return every warning of a list, or those of a code."""
    found = [(one.row, one.column, one.code) for one in listed.warnings]
    return [one for one in found if code in ("", one[2])]
