"""Turns rows into the org units to establish, parents first, and every mistake. Nothing is sent."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from mshauri.importing.alike import Coded, note_alike, note_same
from mshauri.importing.checks import Draft, check_row, slug
from mshauri.importing.errors import RowError, row_error
from mshauri.importing.mapping import Mapping
from mshauri.importing.nothing import bare_words, emptied
from mshauri.importing.read import Sheet
from mshauri.importing.text import folded
from shared.contracts.registry.org_unit import OrgUnitKind
from shared.domain import derived_id

LONGEST_CODE = 64
STANDARD = frozenset(kind.value for kind in OrgUnitKind)


@dataclass(frozen=True, slots=True)
class Unit:
    """An org unit to establish.

    Attributes:
        row: the row it is first named in; 1 for the country, which no row names.
        parent: the code of the unit above.
        listed: it is a row of the list itself, not a level above one.
        codes: its codes in other lists, by list.
    """

    row: int
    code: str
    name: str
    kind: str
    parent: str | None
    facility: dict[str, Any] | None = None
    listed: bool = False
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        """The unit's id: made from its code, so that every import of it means the same unit."""
        return derived_id("org_unit", self.code)

    def command(self, parent_id: str | None, since: date) -> dict[str, Any]:
        """Return the `orgUnitEstablish` of this unit in wire form."""
        command: dict[str, Any] = {
            "id": str(self.id),
            "code": self.code,
            "name": self.name,
            # As it was said before countries had kinds of their own: the same wish, recorded once.
            "unitKind" if self.kind in STANDARD else "kindCode": self.kind,
            "occurredOn": since.isoformat(),
        }
        if parent_id is not None:
            command["parentId"] = parent_id
        if self.facility is not None:
            command["facility"] = self.facility
        if self.codes:
            command["codes"] = [
                {"system": system, "code": code} for system, code in self.codes.items()
            ]
        # The same unit again is the same wish, whoever repeats it: it gets the same answer.
        return {"commandId": str(derived_id("import_org_unit", self.code)), **command}


@dataclass(slots=True)
class Plan:
    """What an import would do.

    Attributes:
        levels: the units to establish, each level below the one before.
        errors: every mistake, in the order of the rows.
        rows: how many rows the list has, blank ones left out.
        blank_rows: rows with nothing in them.
        trimmed_cells: cells that had stray spaces.
        warnings: what somebody should look at, though it lands.
        headings: what the file calls name, parent and each fact of a facility.
        level_headings: what it calls each level above the rows, the highest first.
        rows_in: how many rows lie in each unit above, by its code; those with a mistake too.
    """

    levels: list[list[Unit]]
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    level_headings: list[str] = field(default_factory=list)
    rows_in: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    blank_rows: int = 0
    trimmed_cells: int = 0

    @property
    def units(self) -> list[Unit]:
        """All units, parents first."""
        return [unit for level in self.levels for unit in level]

    @property
    def listed(self) -> list[Unit]:
        """The rows of the list that can land."""
        return [unit for unit in self.units if unit.listed]

    @property
    def refused_rows(self) -> set[int]:
        """The rows that cannot."""
        return {error.row for error in self.errors}


def plan_import(sheet: Sheet, mapping: Mapping, *, swap_coordinates: bool = False) -> Plan:
    """Plan an import: a row with a mistake is left out, the good rows land.

    Of rows with one code none lands: which of them is right, the list does not say.
    """
    sheet = emptied(sheet, bare_words(mapping.empty), mapping.words())
    drafts = [check_row(row, mapping, swap_coordinates=swap_coordinates) for row in sheet.rows]
    column = mapping.column("code")
    heading = column.heading if column else ""
    warnings: list[RowError] = []
    coded = [Coded(one.row, one.code, one.errors, warnings) for one in drafts if one.code]
    note_same(coded, heading)
    note_alike(coded, heading)
    levels = [
        level.name if isinstance(level.name, str) else level.name.heading for level in mapping.above
    ]
    builder = _Builder(mapping)
    for draft in drafts:
        builder.add(draft)
    errors = sorted([*sheet.errors, *builder.errors], key=lambda error: error.row)
    return Plan(
        levels=[list(level.values()) for level in builder.levels],
        errors=errors,
        warnings=warnings,
        headings={**_headings(mapping), **({"parent": levels[-1]} if levels else {})},
        level_headings=levels,
        rows_in=Counter(code for draft in drafts for code in builder.codes_above(draft)),
        rows=len(sheet.rows) + len(sheet.errors),
        blank_rows=sheet.blank_rows,
        trimmed_cells=sheet.trimmed_cells,
    )


def _headings(mapping: Mapping) -> dict[str, str]:
    columns = {target: mapping.column(target) for target in mapping.columns}
    return {target: column.heading for target, column in columns.items() if column}


class _Builder:
    """Grows the tree row by row."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        country = mapping.country
        root = Unit(1, country.code, country.name, OrgUnitKind.COUNTRY.value, None)
        self.levels: list[dict[str, Unit]] = [{root.code: root}]
        self.levels += [{} for _ in (*mapping.above, mapping.kind)]
        self.errors: list[RowError] = []

    def add(self, draft: Draft) -> None:
        """Put a row's unit, and the levels above it, into the tree; or note what is wrong."""
        line = self._line(draft) if not draft.errors else []
        if draft.errors:
            self.errors += draft.errors
            return
        for level, unit in zip(self.levels[1:], line, strict=False):
            level.setdefault(unit.code, unit)
        kind = self.mapping.kind
        # Of a kind of the country's own, what is said of facilities says that it is one.
        own_kind = kind not in STANDARD and draft.facility
        facility = draft.facility if kind == OrgUnitKind.FACILITY or own_kind else None
        parent = line[-1].code if line else self.mapping.country.code
        self.levels[-1][draft.code] = Unit(
            draft.row,
            draft.code,
            draft.name,
            kind,
            parent,
            facility,
            listed=True,
            codes=draft.codes,
        )

    def codes_above(self, draft: Draft) -> list[str]:
        """Return the codes of the units above a row, the highest first: its own, or made ones."""
        codes: list[str] = []
        for name, own_code in draft.above:
            above = codes[-1] if codes else self.mapping.country.code
            codes.append(own_code or shortened(f"{above}/{slug(name)}"))
        return codes

    def _line(self, draft: Draft) -> list[Unit]:
        """Return the units above a row, the highest first; what stands already is kept."""
        line: list[Unit] = []
        above = self.mapping.country.code
        codes = self.codes_above(draft)
        for place, (code, (name, own_code)) in enumerate(zip(codes, draft.above, strict=True)):
            level = self.mapping.above[place]
            unit = Unit(draft.row, code, name, level.kind, above)
            stands = self.levels[place + 1].get(code)
            if stands is not None and own_code and not _is_one(stands, unit):
                draft.errors.append(
                    row_error(
                        "PARENT_CODE_MISMATCH",
                        draft.row,
                        level.code or "",
                        own_code,
                        kind=level.kind.lower(),
                        named=code,
                        first=stands.row,
                    )
                )
            line.append(stands or unit)
            above = code
        return line


def _is_one(one: Unit, other: Unit) -> bool:
    return (folded(one.name), one.parent) == (folded(other.name), other.parent)


def is_made_code(unit: Unit) -> bool:
    """Say whether a unit above the list has a code made from its name: the list gives it none."""
    return not unit.listed and unit.code == shortened(f"{unit.parent}/{slug(unit.name)}")


def shortened(code: str) -> str:
    """Return a made code within the contract's length, still one for each place."""
    if len(code) <= LONGEST_CODE:
        return code
    return f"{code[: LONGEST_CODE - 11]}-{sha256(code.encode()).hexdigest()[:10]}"
