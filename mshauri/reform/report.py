"""What a reform would do, as a person reads it: a table for each kind of effect that there is."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from mshauri.reform.file import Reform

_COUNTS = ("mentees", "validated", "fullyValidated")


def broken_table(reform: Reform, broken: Sequence[dict[str, Any]]) -> Table:
    """Return the rules that a reform breaks, by the change that breaks them."""
    rows = (
        (
            one["field"] or "",
            _change(reform, one["field"] or ""),
            f"{one['message']} {one['remedy'] or ''}".strip(),
        )
        for one in broken
    )
    return _table(
        f"Broken rules: {len(broken)}", ("where", "change", "what is wrong, and right"), rows
    )


def _change(reform: Reform, field: str) -> str:
    """Return the change that a field lies in, as the file says it."""
    place = field.removeprefix("changes[").partition("]")[0]
    if not field.startswith("changes[") or not place.isdigit():
        return ""
    change = reform.changes[int(place)]
    return f"{change.verb} {change.unit}"


def effect_tables(effects: dict[str, Any]) -> Iterator[Table]:
    """Yield a table for each kind of effect that there is."""
    for title, heads, rows in (
        ("Moves", ("level", "from", "to", *_ALONG), _moves(effects["moves"])),
        (
            f"Grants: {effects['grantsThatStay']} stay as they are",
            ("subject", "role", "over", "change", "gains", "loses"),
            _grants(effects["grants"]),
        ),
        ("Groups", ("group", "unit", "becomes"), _groups(effects["groups"])),
        (
            "Validation table by units as they are, before → after",
            ("programme", "unit", "mentees", "validated", "fully"),
            _figures(effects["figures"]),
        ),
        (
            "Left behind, under a unit that is no more",
            ("unit", "under"),
            ((_unit(one["orgUnit"]), _unit(one["parent"])) for one in effects["leftBehind"]),
        ),
    ):
        found = list(rows)
        if found or title.startswith("Grants"):
            yield _table(title, heads, found)


_ALONG = ("units", "people", "mentees", "mentorships", "cohorts")


def _moves(moves: Iterable[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for one in moves:
        along = ("orgUnits", "healthWorkers", "mentees", "mentorships", "cohorts")
        counts = (str(one[name]) for name in along)
        yield (one["level"], _unit(one["from"]), _unit(one["to"]), *counts)


def _grants(grants: Iterable[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for one in grants:
        over = ", ".join(unit["code"] for unit in one["over"])
        role = one["role"] + (f" ({one['programme']})" if one["programme"] else "")
        yield (
            one["subject"], role, over, one["change"].lower(), str(one["gains"]), str(one["loses"])
        )  # fmt: skip


def _groups(groups: Iterable[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for one in groups:
        becomes = "stands elsewhere"
        if one["ends"]:
            parts = ", ".join(part["code"] for part in one["successors"])
            becomes = f"split up into {parts}" if parts else "is no more"
        yield one["code"], _unit(one["member"]), becomes


def _figures(figures: Iterable[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for one in figures:
        counts = (f"{one['before'][name]} → {one['after'][name]}" for name in _COUNTS)
        yield (one["programme"], _unit(one["orgUnit"]), *counts)


def _unit(unit: dict[str, Any] | None) -> str:
    return "–" if unit is None else f"{unit['code']} {unit['name']}"


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left")
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    return table
