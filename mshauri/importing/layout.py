"""Where each of our columns stands in a file: by our own headings, or by a mapping's."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mshauri.importing.cells import Hand
from mshauri.importing.columns import Column, Form
from mshauri.importing.days import days_of
from mshauri.importing.kinds import Kind
from mshauri.importing.mapping import BadMapping, ways, written
from mshauri.importing.mapping import Column as Place
from mshauri.importing.mapping import Mapping as How
from mshauri.importing.reading.nothing import NOTHING_BARE, bare_words
from mshauri.importing.reading.table import Row
from mshauri.importing.reading.text import folded
from mshauri.importing.whole_names import WHOLE_NAME

Columns = Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each of our columns stands in a file, and in which hand it is written.

    Attributes:
        headings: our column → the file's heading.
        spread: our column of pairs → the code of each → the file's heading.
        words: our column → their word → ours.
        closed: our columns in which no other word is taken.
        unread: headings that say nothing to us.
        empty: the words that stand for an empty cell, bare.
        systems: our columns that name units by the codes of another list, and of which.
        hands: how columns are written that say so, or that prove it.
        read_before: what cells say that were read, by their column: lists repeat themselves.
    """

    columns: Columns
    headings: dict[str, str]
    spread: dict[str, dict[str, str]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    defaults: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    empty: frozenset[str] = NOTHING_BARE
    systems: dict[str, str] = field(default_factory=dict)
    hands: dict[str, Hand] = field(default_factory=dict)
    mapping: How = field(default_factory=How)
    read_before: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def read(self) -> dict[str, Container[str]]:
        """Every heading that is read, with the words there that a mapping knows."""
        known: dict[str, Container[str]] = {
            heading: self.words.get(name, {}) for name, heading in self.headings.items()
        }
        return known | {one: () for spread in self.spread.values() for one in spread.values()}

    @property
    def read_columns(self) -> set[str]:
        """Our columns that the file has, in one column or spread over several."""
        return {*self.headings, *self.spread}

    def heading(self, column: str) -> str:
        """Return what the file calls a column; our name where it has none."""
        return self.headings.get(column, column)

    def hand(self, column: str) -> Hand:
        """Return how a column is written."""
        return self.hands.get(column) or Hand(empty=self.empty)

    def seen(self, rows: Iterable[Row]) -> "Layout":
        """Return the same with what the rows prove: how the days of each column are written."""
        hands = dict(self.hands)
        rows = list(rows)
        for name, heading in self.headings.items():
            column = self.columns.get(name)
            if column is not None and column.form is Form.DAY:
                place = _place(self.mapping, name)
                how = ways((place.days if place else ()) or self.mapping.days)
                days = days_of((row.cells[heading] for row in rows), how)
                hands[name] = replace(self.hand(name), days=days)
        return replace(self, hands=hands, read_before={})


def lay_out(kind: Kind, headings: list[str], mapping: How) -> Layout:
    """Find each of our columns in a file.

    Raises:
        BadMapping: the mapping names what there is not, or a column is lacking.
    """
    columns = kind.columns_of(mapping)
    _must_be_ours(columns, mapping)
    theirs = dict(_entries(kind, columns, headings, mapping))
    theirs |= {heading: f"system:{system}" for system, heading in mapping.codes.items()}
    _must_be_there(headings, theirs)
    found: dict[str, str] = dict(kind.places(mapping))
    _must_be_there(headings, dict.fromkeys(found.values(), ""))
    spread: dict[str, dict[str, str]] = {}
    unread = []
    for heading in headings:
        ours = theirs.get(heading, heading)
        column, code = _spread(columns, ours)
        if column is not None:
            taken = spread.setdefault(column, {})
        elif ours in columns:
            taken, code = found, ours
        else:
            if heading not in found.values():
                unread.append(heading)
            continue
        if code in taken:
            msg = f"Both {taken[code]!r} and {heading!r} say {ours}. Keep one of them."
            raise BadMapping(msg)
        taken[code] = heading
    if WHOLE_NAME in found and mapping.names is None:
        msg = (
            f"{found[WHOLE_NAME]!r} holds whole names: say in the mapping in which order, "
            "`names: FAMILY_FIRST` or `names: GIVEN_FIRST`."
        )
        raise BadMapping(msg)
    layout = Layout(
        columns=columns,
        headings=found,
        spread=spread,
        words=_words(kind, columns, mapping),
        closed=frozenset(
            ours for ours, place in _detailed(kind, columns, mapping) if place.others == "REFUSE"
        ),
        defaults={name: written(value) for name, value in mapping.defaults.items()},
        unread=tuple(unread),
        systems=_systems(kind, columns, mapping),
        empty=bare_words(mapping.empty),
        mapping=mapping,
    )
    hands = {
        ours: replace(layout.hand(ours), separator=place.separator)
        for ours, place in _detailed(kind, columns, mapping)
        if place.separator
    }
    layout = replace(layout, hands=hands)
    _must_have_all(layout, headings)
    return layout


def wanted(kind: Kind, mapping: How) -> set[str]:
    """Return the headings that are looked for in a file: ours, and all that a mapping names."""
    columns = kind.columns_of(mapping)
    named = {*columns, *kind.places(mapping).values(), *mapping.codes.values()}
    for one, other in mapping.columns.items():
        named |= {other.heading} if isinstance(other, Place) else {one, other}
    return named


def _entries(
    kind: Kind, columns: Columns, headings: list[str], mapping: How
) -> Iterator[tuple[str, str]]:
    """Yield what a mapping says: their heading, our column; whichever it wrote first."""
    for one, other in mapping.columns.items():
        if isinstance(other, Place):
            yield other.heading, one
            continue
        ours_first, theirs_first = _is_ours(columns, one), _is_ours(columns, other)
        if not (ours_first or theirs_first):
            raise BadMapping(_unknown(columns, [one, other]))
        if ours_first and theirs_first and (one in headings) != (other in headings):
            ours_first = other in headings
        elif ours_first and theirs_first:
            ours_first = kind.ours_first
        yield (other, one) if ours_first else (one, other)


def _detailed(kind: Kind, columns: Columns, mapping: How) -> Iterator[tuple[str, Place]]:
    """Yield our columns of which a mapping says more than where they stand."""
    for ours, place in {**mapping.columns, **kind.detailed(mapping)}.items():
        if isinstance(place, Place) and _is_ours(columns, ours):
            yield ours, place


def _words(kind: Kind, columns: Columns, mapping: How) -> dict[str, dict[str, str]]:
    words = {name: dict(known) for name, known in mapping.values.items()}
    for ours, place in _detailed(kind, columns, mapping):
        words[ours] = {**words.get(ours, {}), **place.values}
    return {
        name: {theirs: written(ours) for theirs, ours in known.items()}
        for name, known in words.items()
        if known
    }


def _systems(kind: Kind, columns: Columns, mapping: How) -> dict[str, str]:
    found = {
        ours: place.code_system
        for ours, place in _detailed(kind, columns, mapping)
        if place.code_system is not None
    }
    name_none = sorted(one for one in found if columns[one].ref != "OrgUnit")
    if name_none:
        msg = (
            f"No unit is named in {', '.join(name_none)}: `codeSystem` says by whose codes units "
            "are named."
        )
        raise BadMapping(msg)
    return found


def _place(mapping: How, name: str) -> Place | None:
    place = mapping.columns.get(name)
    return place if isinstance(place, Place) else None


def _is_ours(columns: Columns, name: str) -> bool:
    return name in columns or _spread(columns, name)[0] is not None


def _spread(columns: Columns, name: str) -> tuple[str | None, str]:
    """Return the column of pairs that a heading such as `item:PPH` is a part of, and the code."""
    for column in columns.values():
        if column.spread and name.startswith(column.spread):
            return column.name, name.removeprefix(column.spread).strip()
    return None, ""


def _unknown(columns: Columns, names: Iterable[str]) -> str:
    return f"Nothing is called {', '.join(names)} here. Columns: {', '.join(columns)}."


def _must_be_ours(columns: Columns, mapping: How) -> None:
    named = [*mapping.values, *mapping.defaults]
    named += [name for name, place in mapping.columns.items() if isinstance(place, Place)]
    unknown = sorted({one for one in named if not _is_ours(columns, one)})
    if unknown:
        raise BadMapping(_unknown(columns, unknown))


def _must_be_there(headings: list[str], theirs: Mapping[str, str]) -> None:
    missing = sorted(set(theirs) - set(headings))
    if missing:
        near = {folded(heading): heading for heading in headings}
        meant = [near[folded(one)] for one in missing if folded(one) in near]
        hint = f" Did you mean {', '.join(meant)}?" if meant else ""
        msg = (
            f"The file has no column {', '.join(missing)}, which the mapping counts on. "
            f"Its columns: {', '.join(headings)}.{hint}"
        )
        raise BadMapping(msg)


def _must_have_all(layout: Layout, headings: list[str]) -> None:
    there = {*layout.headings, *layout.spread, *layout.defaults}
    if WHOLE_NAME in there:
        there |= {"givenNames", "familyName"}
    missing = [
        one.name for one in layout.columns.values() if one.required and one.name not in there
    ]
    if missing:
        msg = (
            f"The file has no column {', '.join(missing)}. Its columns: {', '.join(headings)}. "
            "Name it so, or say in a mapping (--map) which column it is, or give it a default "
            "there; --explain shows every column, --suggest proposes a mapping."
        )
        raise BadMapping(msg)
