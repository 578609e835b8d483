"""A plan held against what stands: what is new, what is there, and what is there otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from mshauri.importing.alike import is_written_otherwise
from mshauri.importing.checks import slug
from mshauri.importing.errors import NAMED, RowError, row_error
from mshauri.importing.plan import Plan, Unit, is_made_code
from mshauri.importing.text import code_alike, folded


class Outcome(StrEnum):
    """What became of a unit."""

    ESTABLISHED = "ESTABLISHED"
    UPDATED = "UPDATED"
    ALREADY_THERE = "ALREADY_THERE"
    REFUSED = "REFUSED"
    NOT_ANSWERED = "NOT_ANSWERED"
    WOULD_BE_ESTABLISHED = "WOULD_BE_ESTABLISHED"
    WOULD_BE_UPDATED = "WOULD_BE_UPDATED"


@dataclass(frozen=True, slots=True)
class Known:
    """A unit as the API shows it."""

    id: str
    name: str
    kind: str
    parent: str | None
    facility: dict[str, Any]
    version: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What the list says otherwise than what stands.

    Attributes:
        what: `name`, `kind`, `parent`, or a fact of the facility by its wire name.
    """

    what: str
    ours: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Sent:
    """A unit and what became of it.

    Attributes:
        errors: why it was refused.
        changes: what was changed of it, or would be.
    """

    unit: Unit
    outcome: Outcome
    errors: tuple[RowError, ...] = ()
    positions: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(slots=True)
class Held:
    """A plan, beside what stands.

    Attributes:
        known: what stands, by its code.
        standing: units that need nothing, or get nothing.
        new: the units to establish, level by level: of those above the list, only such as a row
            that may land lies in.
        changed: units that stand otherwise, and are to be changed.
        warnings: what somebody should look at, though it lands.
    """

    known: Mapping[str, Known]
    standing: list[Sent] = field(default_factory=list)
    new: list[list[Unit]] = field(default_factory=list)
    changed: list[Sent] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)

    @property
    def units(self) -> int:
        """How many units there are an outcome of."""
        return len(self.standing) + sum(map(len, self.new)) + len(self.changed)

    @property
    def would_be(self) -> list[Sent]:
        """What sending it would come to, as far as one can tell without sending it."""
        new = [Sent(unit, Outcome.WOULD_BE_ESTABLISHED) for level in self.new for unit in level]
        return [*self.standing, *new, *self.changed]


def hold(plan: Plan, known: Mapping[str, Known], *, update: bool = False) -> Held:
    """Hold a plan against what stands; with `update`, what differs is to be changed."""
    held = Held(known)
    alike: dict[str, list[str]] = {}
    for code in known:
        alike.setdefault(code_alike(code), []).append(code)
    wanted: set[str] = set()
    for level in reversed(plan.levels):
        new = []
        for unit in level:
            if unit.code in known:
                sent = compared(unit, known[unit.code], plan.headings, update=update)
                changes = sent.outcome is Outcome.WOULD_BE_UPDATED
                (held.changed if changes else held.standing).append(sent)
                if changes and unit.parent:
                    wanted.add(unit.parent)
            elif unit.listed and _stands_alike(unit, alike, plan, held):
                continue
            elif unit.listed or unit.code in wanted:
                new.append(unit)
                if unit.parent:
                    wanted.add(unit.parent)
        held.new.insert(0, new)
    held.warnings += [*_lone_levels(plan, held), *_same_names(plan, held)]
    return held


def _stands_alike(unit: Unit, alike: Mapping[str, list[str]], plan: Plan, held: Held) -> bool:
    """Note that a code stands written in another way; True if the row is refused for it."""
    heading = plan.headings.get("code", "")
    for code in alike.get(code_alike(unit.code), ()):
        error = row_error("CODE_STANDS_ALIKE", unit.row, heading, unit.code, stands=code)
        if is_written_otherwise(unit.code, code):
            held.standing.append(Sent(unit, Outcome.REFUSED, (error,)))
            return True
        held.warnings.append(error)
    return False


def _lone_levels(plan: Plan, held: Held) -> Iterator[RowError]:
    """Yield a warning for each new level that one row alone lies in: the highest of a line."""
    told: set[str] = set()
    for level, place in zip(held.new[1:-1], range(1, len(held.new)), strict=False):
        for unit in level:
            if unit.parent in told:
                told.add(unit.code)
            elif plan.rows_in[unit.code] == 1:
                told.add(unit.code)
                yield row_error(
                    "LONE_LEVEL",
                    unit.row,
                    plan.level_headings[place - 1] if plan.level_headings else "",
                    unit.name,
                    kind=unit.kind.lower().replace("_", "-"),
                    named=unit.name,
                    like=_like(unit, plan.levels[place], held.known),
                )


def _same_names(plan: Plan, held: Held) -> Iterator[RowError]:
    """Yield a warning for each new unit beside which another of its name lies, or would lie."""
    places: dict[tuple[str | None, str], set[str]] = {}
    for code, known in held.known.items():
        places.setdefault((known.parent, folded(known.name)), set()).add(code)
    for unit in plan.listed:
        places.setdefault((unit.parent, folded(unit.name)), set()).add(unit.code)
    heading = plan.headings.get("name", "")
    for unit in held.new[-1] if held.new else ():
        others = sorted(places[unit.parent, folded(unit.name)] - {unit.code})
        if others:
            named = ", ".join(others[:NAMED])
            yield row_error("SAME_NAME", unit.row, heading, unit.name, others=named)


def _like(unit: Unit, level: Sequence[Unit], known: Mapping[str, Known]) -> str:
    """Return a hint at the sister unit that is written much the same."""
    sisters = {
        *(one.name for one in level if one.parent == unit.parent and one.code != unit.code),
        *(one.name for one in known.values() if one.parent == unit.parent),
    }
    near = get_close_matches(unit.name, sorted(sisters), n=1, cutoff=0.7)
    return f"; there is a {near[0]}" if near else ""


def left_empty(plan: Plan, sent: Sequence[Sent]) -> Iterator[RowError]:
    """Yield a warning for each level established for rows that the API then refused, every one."""
    parents = {unit.code: unit.parent for unit in plan.units}
    full: set[str] = set()
    for one in sent:
        if one.unit.listed and one.outcome is not Outcome.REFUSED:
            above = one.unit.parent
            while above is not None and above not in full:
                full.add(above)
                above = parents.get(above)
    for one in sent:
        unit = one.unit
        if one.outcome is Outcome.ESTABLISHED and not unit.listed and unit.code not in full:
            yield row_error("LEFT_EMPTY", unit.row, "", unit.name, named=unit.code)


def compared(
    unit: Unit, known: Known, headings: Mapping[str, str] | None = None, *, update: bool = False
) -> Sent:
    """Compare a unit with the one of its code that stands: the same, or otherwise in what.

    Letters' case, spaces and Unicode form make no difference.
    """
    changes = tuple(_changes(unit, known))
    if not changes:
        return Sent(unit, Outcome.ALREADY_THERE)
    in_the_list = unit.parent is not None
    if update and in_the_list and not any(change.what == "kind" for change in changes):
        return Sent(unit, Outcome.WOULD_BE_UPDATED, changes=changes)
    errors = tuple(
        row_error(
            "STANDS_OTHERWISE",
            unit.row,
            (headings or {}).get(change.what, ""),
            written(change.ours),
            "STANDS_OTHERWISE_THERE",
            differs=change.what,
            stands=written(change.theirs),
            change=_remedy(change) if in_the_list else "Correct the country in the mapping.",
        )
        for change in changes
    )
    return Sent(unit, Outcome.REFUSED, errors)


def _changes(unit: Unit, known: Known) -> Iterator[Change]:
    facts = (unit.facility or {}).items()
    yield from (
        Change(what, ours, theirs)
        for what, ours, theirs in (
            ("name", unit.name, known.name),
            ("kind", unit.kind, known.kind),
            ("parent", unit.parent, known.parent),
            *((what, ours, known.facility.get(what)) for what, ours in facts),
        )
        if _comparable(ours) != _comparable(theirs)
        and not (what == "name" and is_made_code(unit) and slug(unit.name) == slug(known.name))
    )


def _comparable(value: Any) -> Any:
    return folded(value) if isinstance(value, str) else value


def _remedy(change: Change) -> str:
    if change.what == "kind":
        return "No unit becomes one of another kind: correct the list, or give it its own code."
    return "Correct the list, or run again with --update to change what stands."


def written(value: Any) -> str:
    """Return a value as a cell would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else str(value)


def count(sent: Sequence[Sent], outcome: Outcome, *, listed: bool | None = None) -> int:
    """Count what had that outcome; `listed`: only rows of the list, or only the levels above."""
    return sum(one.outcome is outcome and listed in (None, one.unit.listed) for one in sent)
