"""Which column of a file says what: our own headings, or a partner's with a mapping file.

A mapping file says, for instance:

    columns: {Staff No: number, First name: givenNames}     # theirs: ours
    values: {cadre: {RM: Midwife, RN: Nurse}}               # by our column, theirs: ours
    defaults: {programme: ingobyi-hospital, version: 1}     # where the file has no such column
    empty: [N/A, "-", none]                                 # instead of the usual words for nothing
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import normalize

import msgspec
from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from mshauri.importing.mapping import BadMapping
from mshauri.importing.nothing import NOTHING, NOTHING_BARE, bare_words
from mshauri.importing.records.columns import Column

Columns = Mapping[str, Column]


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A partner's words, and ours for them.

    Attributes:
        columns: their heading → our column.
        values: our column → their word → ours; a word that is not named there is kept.
        defaults: our column → what every row says that says nothing there.
        empty: the words that stand for an empty cell.
    """

    columns: dict[str, str] = {}
    values: dict[str, dict[str, Any]] = {}
    defaults: dict[str, Any] = {}
    empty: tuple[str, ...] = NOTHING


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each of our columns stands in a file.

    Attributes:
        headings: our column → the file's heading.
        spread: our column of pairs → the code of each → the file's heading.
        unread: headings that say nothing to us.
        empty: the words that stand for an empty cell, bare.
    """

    columns: Columns
    headings: dict[str, str]
    spread: dict[str, dict[str, str]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    empty: frozenset[str] = NOTHING_BARE

    @property
    def read(self) -> dict[str, Container[str]]:
        """Every heading that is read, with the words there that a mapping knows."""
        known: dict[str, Container[str]] = {
            heading: self.words.get(name, {}) for name, heading in self.headings.items()
        }
        return known | {one: () for spread in self.spread.values() for one in spread.values()}

    def heading(self, column: str) -> str:
        """Return what the file calls a column; our name where it has none."""
        return self.headings.get(column, column)


def load_words(path: Path) -> Words:
    """Return the words of a mapping file.

    Raises:
        BadMapping: it cannot be read.
    """
    try:
        return read_words(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"The mapping {path} cannot be read: give a YAML file in UTF-8."
        raise BadMapping(msg) from error


def read_words(text: str) -> Words:
    """Return the words that a YAML text lists: see `load_words`."""
    try:
        return msgspec.convert(
            YAML(typ="safe", pure=True).load(normalize("NFC", text)) or {}, Words
        )
    except (YAMLError, msgspec.ValidationError) as error:
        msg = (
            f"The mapping cannot be read: {str(error).splitlines()[0]}. "
            "It has `columns`, `values`, `defaults` and `empty`."
        )
        raise BadMapping(msg) from error


def lay_out(columns: Columns, headings: list[str], words: Words) -> Layout:
    """Find each of our columns in a file.

    Raises:
        BadMapping: the mapping names what there is not, or a column is lacking.
    """
    _must_be_ours(columns, words)
    _must_be_there(headings, words)
    found: dict[str, str] = {}
    spread: dict[str, dict[str, str]] = {}
    unread = []
    for heading in headings:
        ours = words.columns.get(heading, heading)
        column, code = _spread(columns, ours)
        if column is not None:
            taken = spread.setdefault(column, {})
        elif ours in columns:
            taken, code = found, ours
        else:
            unread.append(heading)
            continue
        if code in taken:
            msg = f"Both {taken[code]!r} and {heading!r} say {ours}. Keep one of them."
            raise BadMapping(msg)
        taken[code] = heading
    layout = Layout(
        columns=columns,
        headings=found,
        spread=spread,
        words={
            name: {theirs: written(ours) for theirs, ours in known.items()}
            for name, known in words.values.items()
        },
        defaults={name: written(value) for name, value in words.defaults.items()},
        unread=tuple(unread),
        empty=bare_words(words.empty),
    )
    _must_have_all(layout, headings)
    return layout


def _spread(columns: Columns, name: str) -> tuple[str | None, str]:
    """Return the column of pairs that a heading such as `item:PPH` is a part of, and the code."""
    for column in columns.values():
        if column.spread and name.startswith(column.spread):
            return column.name, name.removeprefix(column.spread).strip()
    return None, ""


def _must_be_ours(columns: Columns, words: Words) -> None:
    named = [*words.columns.values(), *words.values, *words.defaults]
    unknown = sorted({one for one in named if one not in columns and not _spread(columns, one)[0]})
    if unknown:
        msg = f"Nothing is called {', '.join(unknown)} here. Columns: {', '.join(columns)}."
        raise BadMapping(msg)


def _must_be_there(headings: list[str], words: Words) -> None:
    missing = sorted(set(words.columns) - set(headings))
    if missing:
        msg = (
            f"The file has no column {', '.join(missing)}, which the mapping counts on. "
            f"Its columns: {', '.join(headings)}."
        )
        raise BadMapping(msg)


def _must_have_all(layout: Layout, headings: list[str]) -> None:
    there = {*layout.headings, *layout.spread, *layout.defaults}
    missing = [
        one.name for one in layout.columns.values() if one.required and one.name not in there
    ]
    if missing:
        msg = (
            f"The file has no column {', '.join(missing)}. Its columns: {', '.join(headings)}. "
            "Name it so, or say in a mapping (--map) which column it is, or give it a default "
            "there; --explain shows every column."
        )
        raise BadMapping(msg)


def written(value: Any) -> str:
    """Return a value of a YAML file as a cell would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
