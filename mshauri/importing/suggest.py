"""Proposes a mapping for a file, by its headings and by what stands under them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import StringIO
from typing import Any

from rapidfuzz import fuzz
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from mshauri.importing.cells import Hand, read_cell
from mshauri.importing.columns import Column, Form
from mshauri.importing.days import BadCell, Written, days_of
from mshauri.importing.job import Job
from mshauri.importing.kinds import Kind
from mshauri.importing.mapping import Mapping
from mshauri.importing.nicknames import CALLED, LEVELS
from mshauri.importing.reading import Sheet
from mshauri.importing.reading.nothing import NOTHING_BARE, is_nothing
from mshauri.importing.whole_names import FAMILY, GIVEN, WHOLE_NAME
from shared.domain.folding import folded_text

LOOKED_AT = 200
"""Rows whose cells show what a column holds."""
SURE = 82
"""How well a heading must fit a name, out of 100."""
FEW = 12
"""Words of a column that are listed to be given a meaning."""
_APART = re.compile(r"[^\w]+|_|(?<=[a-z])(?=[A-Z])")


def suggestion(job: Job) -> str:
    """Return a mapping for a file, as YAML, with what is to be looked over as comments.

    Raises:
        BadMapping, NotATable, OSError: the file cannot be read.
    """
    kind = job.kind
    names = {name for names in CALLED.values() for name in names} | set(kind.columns)
    sheet = job.sheet_by(names, Mapping())
    found = dict(_found(kind, sheet))
    mapping = CommentedMap()
    mapping["name"] = job.file.stem
    levels = list(_levels(sheet, found)) if kind.mapped else []
    if kind.mapped:
        mapping["country"] = {"code": job.country or "XX", "name": "Your country"}
    mapping["columns"] = _columns(kind, sheet, found)
    if levels:
        mapping["above"] = [{"kind": level, "name": heading} for level, heading in levels]
    if WHOLE_NAME in found:
        mapping["names"] = "FAMILY_FIRST"
        mapping.yaml_add_eol_comment("or GIVEN_FIRST: look at a few rows", "names")
    days = [_cells(sheet, heading) for name, heading in found.items() if _is_day(kind, name)]
    if any(_is_unproven(cells) for cells in days):
        mapping["days"] = Written.DAY_FIRST.value
        mapping.yaml_add_eol_comment("no row proves it: MM/DD/YYYY if the month is first", "days")
    missing = [
        column.name
        for column in kind.columns.values()
        if column.required and column.name not in found and not _is_in_whole(column.name, found)
    ]
    if missing:
        mapping["defaults"] = dict.fromkeys(missing, "?")
        mapping.yaml_set_comment_before_after_key(
            "defaults", before="What no column says: give one value for all rows."
        )
    used = {*found.values(), *(heading for _, heading in levels)}
    unread = [heading for heading in sheet.headings if heading not in used]
    if unread:
        mapping.yaml_set_start_comment(f"Columns that say nothing here: {', '.join(unread)}")
    return _yaml(mapping)


def _yaml(mapping: CommentedMap) -> str:
    text = StringIO()
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.allow_unicode = True
    yaml.width = 100
    yaml.dump(mapping, text)
    return text.getvalue()


def _found(kind: Kind, sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Yield our columns and the headings that say them: the best fit first, each once."""
    columns = kind.columns_of(Mapping(country=None)) if not kind.mapped else kind.columns
    fits = [
        (fit, -place, name, heading)
        for name, column in columns.items()
        for place, heading in enumerate(sheet.headings)
        if (fit := _fit(column, heading, _cells(sheet, heading))) >= SURE
    ]
    taken: set[str] = set()
    named: set[str] = set()
    for _, _, name, heading in sorted(fits, reverse=True):
        split_name = name in (GIVEN, FAMILY) and WHOLE_NAME in named
        whole = name == WHOLE_NAME and {GIVEN, FAMILY} & named
        if heading in taken or name in named or split_name or whole:
            continue
        taken.add(heading)
        named.add(name)
        yield name, heading


def _fit(column: Column, heading: str, cells: Sequence[str]) -> float:
    """Return how well a heading says a column, out of 100; 0 where its cells do not."""
    said = _words(heading)
    names = (column.name, *CALLED.get(column.name, ()))
    best = max(fuzz.token_sort_ratio(said, _words(name)) for name in names)
    if best < SURE or not cells:
        return best
    return best if _reads(column, cells) >= 0.5 else 0.0


def _words(heading: str) -> str:
    return " ".join(folded_text(" ".join(_APART.split(heading))).split())


def _reads(column: Column, cells: Sequence[str]) -> float:
    """Return the share of cells that the column could take."""
    if column.form is Form.DAY:
        return sum(_is_date(cell) for cell in cells) / len(cells)
    if column.form not in (Form.NUMBER, Form.DEGREES):
        return 1.0
    return sum(_can_be_read(column, cell) for cell in cells) / len(cells)


def _is_date(cell: str) -> bool:
    return bool(re.search(r"\d", cell)) and len(cell) <= 30


def _can_be_read(column: Column, cell: str) -> bool:
    try:
        read_cell(column, cell)
    except BadCell:
        return False
    return True


def _columns(kind: Kind, sheet: Sheet, found: dict[str, str]) -> CommentedMap:
    """Return what the mapping says of each column; of words that are not ours, a list of them."""
    columns = CommentedMap()
    known = kind.columns
    for name, heading in found.items():
        columns[name] = heading
        column = known.get(name)
        if column is None or column.form not in (Form.CHOICE, Form.YES_NO):
            continue
        odd = _odd_words(column, _cells(sheet, heading))
        if odd:
            columns[name] = {"heading": heading, "values": dict.fromkeys(odd, "?")}
            taken = ", ".join(column.choices) or "yes, no"
            columns.yaml_add_eol_comment(f"one of: {taken}", name)
    return columns


def _odd_words(column: Column, cells: Sequence[str]) -> list[str]:
    hand = Hand(days=None)
    words = dict.fromkeys(cells)
    odd = []
    for word in words:
        try:
            read_cell(replace(column, many=False, pair=None), word, hand)
        except BadCell:
            odd.append(word)
    return odd if len(odd) <= FEW else []


def _levels(sheet: Sheet, found: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the levels above the rows and their columns, the highest first."""
    free = [heading for heading in sheet.headings if heading not in found.values()]
    for kind, names in LEVELS.items():
        for heading in free:
            bare = _words(heading).removesuffix(" name")
            if bare in names:
                yield kind, heading
                break


def _cells(sheet: Sheet, heading: str) -> list[str]:
    cells = (row.cells[heading] for row in sheet.rows[:LOOKED_AT])
    return [cell for cell in cells if not is_nothing(cell, NOTHING_BARE)]


def _is_day(kind: Kind, name: str) -> bool:
    column = kind.columns.get(name)
    return column is not None and column.form is Form.DAY


def _is_unproven(cells: Sequence[str]) -> bool:
    days = days_of(cells)
    for cell in cells:
        try:
            days.read(cell)
        except BadCell as bad:
            if bad.code == "AMBIGUOUS_DAY":
                return True
    return False


def _is_in_whole(name: str, found: dict[str, Any]) -> bool:
    return WHOLE_NAME in found and name in (GIVEN, FAMILY)
