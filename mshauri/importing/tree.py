"""The tree that a list of org units says: the country, the levels above the rows, and the rows."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any
from unicodedata import normalize
from uuid import UUID

import msgspec

from mshauri.importing.mapping import BadMapping, Column, Country, Mapping
from mshauri.importing.plan import Listed
from mshauri.importing.reading.text import folded
from mshauri.importing.rows import Draft
from shared.contracts.registry.org_unit import Facility, OrgUnitEstablish, OrgUnitKind
from shared.domain import derived_id

LONGEST_CODE = 64
FACILITY_FIELDS = tuple(one.encode_name for one in msgspec.structs.fields(Facility))
PUBLISHED = frozenset(kind.value for kind in OrgUnitKind)
"""Kinds that a command names as `unitKind`; every other one is a code of the country's own."""
CODED = "kind_code" in OrgUnitEstablish.__struct_fields__


@dataclass(frozen=True, slots=True)
class Unit:
    """An org unit to establish.

    Attributes:
        draft: the row it is, or for a level above the row it is first named in.
        parent: the code of the unit above.
        listed: it is a row of the list itself, not a level above one.
    """

    draft: Draft
    code: str
    name: str
    kind: str
    parent: str | None
    facility: dict[str, Any] | None = None
    listed: bool = False

    @property
    def id(self) -> UUID:
        """The unit's id: made from its code, so that every import of it means the same unit."""
        return derived_id("org_unit", self.code)

    @property
    def codes(self) -> dict[str, str]:
        """Its codes in other lists, by list."""
        return {one["system"]: one["code"] for one in self.draft.values.get("codes", ())}

    @property
    def has_made_code(self) -> bool:
        """Whether its code is made from its name: the list gives it none."""
        return not self.listed and self.code == shortened(f"{self.parent}/{slug(self.name)}")

    def command(self, parent_id: str | None) -> dict[str, Any]:
        """Return the `orgUnitEstablish` of this unit in wire form."""
        command: dict[str, Any] = {
            "id": str(self.id),
            "code": self.code,
            "name": self.name,
            **kind_field(self.kind),
        }
        for name in ("occurredOn", "codes"):
            if self.draft.values.get(name):
                command[name] = self.draft.values[name]
        if parent_id is not None:
            command["parentId"] = parent_id
        if self.facility is not None:
            command["facility"] = self.facility
        # The same unit again is the same wish, whoever repeats it: it gets the same answer.
        return {"commandId": str(derived_id("import_org_unit", self.code)), **command}


@dataclass(slots=True)
class Tree:
    """What a list says stands where.

    Attributes:
        levels: the units, each level below the one before; the country first, the rows last.
        rows_in: how many rows lie in each unit above, by its code; those with a mistake too.
    """

    levels: list[dict[str, Unit]]
    rows_in: Counter[str] = field(default_factory=Counter)

    @property
    def units(self) -> list[Unit]:
        """All units, parents first."""
        return [unit for level in self.levels for unit in level.values()]

    @property
    def listed(self) -> list[Unit]:
        """The rows of the list that can land."""
        return list(self.levels[-1].values())


def kind_field(kind: str) -> dict[str, str]:
    """Return how a command says what a unit is."""
    return {"unitKind": kind} if kind in PUBLISHED else {"kindCode": kind}


def country_of(mapping: Mapping) -> Country:
    """Return the country of a list of org units.

    Raises:
        BadMapping: the mapping names none, or kinds that there are not.
    """
    unknown = {mapping.kind, *(level.kind for level in mapping.above)} - PUBLISHED
    if unknown and not CODED:
        msg = f"The mapping cannot be read: no org unit is a {', '.join(sorted(unknown))}."
        raise BadMapping(msg)
    if mapping.country is None:
        msg = "The mapping names no country. Add it: `country: {code: RW, name: Rwanda}`."
        raise BadMapping(msg)
    return mapping.country


def level_column(place: int) -> str:
    """Return our name of the column with the name of a level above the rows."""
    return f"above {place + 1}"


def code_column(place: int) -> str:
    """Return our name of the column with its code."""
    return f"above {place + 1} code"


def level_place(place: int, mapping: Mapping) -> Column:
    """Return where the name of a level stands."""
    name = mapping.above[place].name
    return Column(heading=name) if isinstance(name, str) else name


def grow(listed: Listed) -> Tree:
    """Put every sound row, and the levels above it, into the tree; what is wrong, into the row."""
    mapping = listed.layout.mapping
    country = country_of(mapping)
    root = Unit(_above(1, listed), country.code, country.name, OrgUnitKind.COUNTRY.value, None)
    tree = Tree([{root.code: root}, *({} for _ in (*mapping.above, mapping.kind))])
    _named(root)
    for draft in listed.drafts:
        codes = _codes_above(draft, mapping, country.code)
        tree.rows_in.update(codes)
        if not draft.errors:
            _add(tree, draft, codes, listed)
    listed.above = [unit.draft for level in tree.levels[:-1] for unit in level.values()]
    return tree


def _add(tree: Tree, draft: Draft, codes: list[str], listed: Listed) -> None:
    mapping = listed.layout.mapping
    line: list[Unit] = []
    above = next(iter(tree.levels[0]))
    for place, code in enumerate(codes):
        name, kind = draft.text(level_column(place)), mapping.above[place].kind
        stands = tree.levels[place + 1].get(code)
        if stands is None:
            unit = Unit(_above(draft.row, listed), code, name, kind, above)
            line.append(unit)
        elif _is_one(stands, name, above) or not draft.text(code_column(place)):
            line.append(stands)
        else:
            draft.wrong(
                "PARENT_CODE_MISMATCH",
                code_column(place),
                kind=kind.lower(),
                named=code,
                first=stands.draft.row,
            )
            return
        above = code
    for place, unit in enumerate(line, start=1):
        tree.levels[place].setdefault(unit.code, unit)
        _named(unit)
    for unit in (tree.levels[0][next(iter(tree.levels[0]))], *line):
        _since(unit.draft, draft)
    code, name = draft.text("code"), draft.text("name")
    tree.levels[-1][code] = Unit(
        draft, code, name, mapping.kind, above, _facility(draft), listed=True
    )


def _above(row: int, listed: Listed) -> Draft:
    return Draft(row, listed.layout)


def _named(unit: Unit) -> None:
    unit.draft.kind = unit.kind
    unit.draft.values |= {"code": unit.code, "name": unit.name}
    unit.draft.cells |= {"code": unit.code, "name": unit.name}


def _since(above: Draft, row: Draft) -> None:
    """Let a unit above stand since the first day that a row in it says."""
    day = row.text("occurredOn")
    if day and day < (above.text("occurredOn") or "9999"):
        above.values["occurredOn"] = day


def _facility(draft: Draft) -> dict[str, Any] | None:
    facts = {name: draft.values[name] for name in FACILITY_FIELDS if name in draft.values}
    if draft.kind == OrgUnitKind.FACILITY or (facts and draft.kind not in PUBLISHED):
        return facts
    return None


def _codes_above(draft: Draft, mapping: Mapping, country: str) -> list[str]:
    """Return the codes of the units above a row, the highest first: its own, or made ones."""
    codes: list[str] = []
    for place in range(len(mapping.above)):
        above = codes[-1] if codes else country
        own = draft.text(code_column(place))
        codes.append(own or shortened(f"{above}/{slug(draft.text(level_column(place)))}"))
    return codes


def _is_one(unit: Unit, name: str, parent: str) -> bool:
    return (folded(unit.name), unit.parent) == (folded(name), parent)


def shortened(code: str) -> str:
    """Return a made code within the contract's length, still one for each place."""
    if len(code) <= LONGEST_CODE:
        return code
    return f"{code[: LONGEST_CODE - 11]}-{sha256(code.encode()).hexdigest()[:10]}"


@lru_cache(maxsize=50_000)
def slug(name: str) -> str:
    """Return a name as a part of a code: capitals, digits and dashes, no accents.

    `Malakisi/South Kulisiru` and `MALAKISI / South  Kulisiru` are one place.
    """
    bare = normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]+", "-", bare.upper().replace("'", "")).strip("-")
