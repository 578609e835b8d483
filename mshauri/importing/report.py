"""Says what became of every row: a summary and every mistake on the screen, all of it in a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mshauri.importing.carrying import ResultFile
from mshauri.importing.errors import RowError
from mshauri.importing.held import Outcome, Sent, count, written
from mshauri.importing.plan import Plan, Unit


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the result file: a unit's outcome, or one mistake of a row."""

    row: int
    outcome: str
    kind: str
    unit_code: str
    column: str = ""
    error_code: str = ""
    value: str = ""
    problem: str = ""
    remedy: str = ""


def result_lines(plan: Plan, sent: Sequence[Sent]) -> list[Line]:
    """Return every outcome, warning and mistake in the order of the rows."""
    units = (line for one in sent for line in lines_of(one))
    return sorted([*units, *lines_of_plan(plan)], key=lambda line: line.row)


def lines_of(one: Sent) -> Iterator[Line]:
    """Yield the lines of a unit: its outcome; for each change and each mistake one."""
    begin = (one.unit.row, one.outcome.value, one.unit.kind, one.unit.code)
    for error in one.errors:
        yield Line(*begin, error.column, error.code, error.value, error.problem, error.remedy)
    changed = Outcome.UPDATED if one.outcome is Outcome.REFUSED else one.outcome
    for change in one.changes:
        was = f"It was {written(change.theirs)}"
        yield Line(
            one.unit.row,
            changed.value,
            one.unit.kind,
            one.unit.code,
            change.what,
            "",
            written(change.ours),
            was,
        )
    if not one.errors and not one.changes:
        yield Line(*begin)


WARNING = "WARNING"
"""In the result file: it lands, and somebody should look at it."""


def lines_of_plan(plan: Plan) -> Iterator[Line]:
    """Yield the mistakes and warnings that were found before anything was sent."""
    for error in plan.errors:
        yield _line(error, Outcome.REFUSED.value)
    rows = {unit.row: unit for unit in plan.listed}
    above = {(unit.row, unit.name): unit for unit in plan.units if not unit.listed}
    for error in plan.warnings:
        yield _line(error, WARNING, above.get((error.row, error.value), rows.get(error.row)))


def _line(error: RowError, outcome: str, unit: Unit | None = None) -> Line:
    return Line(
        error.row,
        outcome,
        unit.kind if unit else "",
        unit.code if unit else "",
        error.column,
        error.code,
        error.value,
        error.problem,
        error.remedy,
    )


def write_result(path: Path, lines: Sequence[Any], of: type = Line) -> None:
    """Write the lines as CSV, or as JSON lines where the file's name says so (`.jsonl`)."""
    ResultFile(path, of).finish(lines)


def refusals(plan: Plan, sent: Sequence[Sent]) -> list[RowError]:
    """Return every mistake, the file's and the API's, in the order of the rows."""
    refused = [error for one in sent for error in one.errors]
    return sorted([*plan.errors, *refused], key=lambda error: error.row)


def print_report(console: Console, plan: Plan, sent: Sequence[Sent], *, dry_run: bool) -> None:
    """Print what landed, what stood already, and every mistake with its remedy."""
    summary = Table(
        title="Dry run: nothing was sent" if dry_run else "Import", title_justify="left"
    )
    for heading in ("", "rows of the list", "levels above"):
        summary.add_column(heading, justify="left" if not heading else "right")
    would_be = (Outcome.WOULD_BE_ESTABLISHED, Outcome.WOULD_BE_UPDATED)
    shown = would_be if dry_run else (Outcome.ESTABLISHED, Outcome.UPDATED)
    more = [Outcome.NOT_ANSWERED] if count(sent, Outcome.NOT_ANSWERED) else []
    for outcome in (*shown, Outcome.ALREADY_THERE, *more):
        summary.add_row(
            outcome.value.lower().replace("_", " "),
            f"{count(sent, outcome, listed=True):,}",
            f"{count(sent, outcome, listed=False):,}",
        )
    summary.add_row(
        "refused",
        f"{len(plan.refused_rows) + count(sent, Outcome.REFUSED, listed=True):,}",
        f"{count(sent, Outcome.REFUSED, listed=False):,}",
    )
    summary.add_row("in all", f"{plan.rows:,}", f"{len(plan.units) - len(plan.listed):,}")
    console.print(summary)
    console.print(tidied(plan.trimmed_cells, plan.blank_rows))
    errors = refusals(plan, sent)
    if errors:
        console.print(mistakes_table(errors))
    if plan.warnings:
        console.print(mistakes_table(plan.warnings, "Warnings"))


def tidied(cells: int, blank_rows: int) -> str:
    """Say what was set right in reading."""
    return (
        f"Stray spaces and invisible signs tidied in {cells:,} cells; "
        f"{blank_rows:,} blank rows left out."
    )


EACH = 10
"""Mistakes of one code on the screen; the result file has all."""


def mistakes_table(errors: Sequence[RowError], title: str = "Mistakes") -> Table:
    """Return a list's mistakes as a person reads them: by code, ten of each, a sentence once."""
    kinds: dict[str, list[RowError]] = {}
    for error in errors:
        kinds.setdefault(error.code, []).append(error)
    table = Table(title=f"{title}: {len(errors):,}", title_justify="left")
    table.add_column("row", justify="right")
    for heading in ("column", "code", "value", "what is wrong, and what would be right"):
        table.add_column(heading, overflow="fold")
    for alike in sorted(kinds.values(), key=len, reverse=True):
        said = ""
        for error in alike[:EACH]:
            says = f"{error.problem}. {error.remedy}"
            table.add_row(
                str(error.row),
                escape(error.column),
                error.code,
                escape(error.value),
                escape("″" if says == said else says),
            )
            said = says
        if len(alike) > EACH:
            more = f"and {len(alike) - EACH:,} more: the result file has all"
            table.add_row("…", "", alike[0].code, "", more)
        table.add_section()
    return table
