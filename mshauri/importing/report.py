"""Says what became of every row: a summary and every mistake on the screen, all of it in a file."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mshauri.importing.errors import RowError
from mshauri.importing.plan import Plan
from mshauri.importing.send import Outcome, Sent, count


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
    """Return every outcome and every mistake in the order of the rows."""
    return sorted([*_of_units(sent), *_of_errors(plan)], key=lambda line: line.row)


def _of_units(sent: Sequence[Sent]) -> Iterator[Line]:
    for one in sent:
        line = (one.unit.row, one.outcome.value, one.unit.kind.value, one.unit.code)
        error = one.error
        if error is None:
            yield Line(*line)
        else:
            yield Line(*line, error.column, error.code, error.value, error.problem, error.remedy)


def _of_errors(plan: Plan) -> Iterator[Line]:
    for error in plan.errors:
        yield Line(
            error.row,
            Outcome.REFUSED.value,
            "",
            "",
            error.column,
            error.code,
            error.value,
            error.problem,
            error.remedy,
        )


def write_result(path: Path, lines: Sequence[Any], of: type = Line) -> None:
    """Write the lines as CSV, or as JSON lines where the file's name says so (`.jsonl`)."""
    if path.suffix in (".jsonl", ".ndjson"):
        path.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields(of)])
        writer.writerows([harmless(cell) for cell in astuple(line)] for line in lines)


def harmless(cell: object) -> object:
    """Return a cell that a spreadsheet shows as text: a list's words must never run as formulas."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{cell}"
    return cell


def refusals(plan: Plan, sent: Sequence[Sent]) -> list[RowError]:
    """Return every mistake, the file's and the API's, in the order of the rows."""
    refused = [one.error for one in sent if one.error is not None]
    return sorted([*plan.errors, *refused], key=lambda error: error.row)


def print_report(console: Console, plan: Plan, sent: Sequence[Sent], *, dry_run: bool) -> None:
    """Print what landed, what stood already, and every mistake with its remedy."""
    summary = Table(
        title="Dry run: nothing was sent" if dry_run else "Import", title_justify="left"
    )
    for heading in ("", "rows of the list", "levels above"):
        summary.add_column(heading, justify="left" if not heading else "right")
    shown = [Outcome.WOULD_BE_ESTABLISHED] if dry_run else [Outcome.ESTABLISHED]
    for outcome in (*shown, Outcome.ALREADY_THERE):
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


def tidied(cells: int, blank_rows: int) -> str:
    """Say what was set right in reading."""
    return f"Stray spaces trimmed in {cells:,} cells; {blank_rows:,} blank rows left out."


EACH = 10
"""Mistakes of one code on the screen; the result file has all."""


def mistakes_table(errors: Sequence[RowError]) -> Table:
    """Return a list's mistakes as a person reads them: by code, ten of each, a sentence once."""
    kinds: dict[str, list[RowError]] = {}
    for error in errors:
        kinds.setdefault(error.code, []).append(error)
    table = Table(title=f"Mistakes: {len(errors):,}", title_justify="left")
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
