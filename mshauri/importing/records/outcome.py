"""Says what became of every row of a list: a summary on the screen, all of it in a file.

Neither holds anything personal: a row is named by its codes, a mistake in a personal column shows
no value.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mshauri.importing.records.plan import Listed
from mshauri.importing.records.send import Outcome, Sent
from mshauri.importing.report import WARNING, mistakes_table, tidied


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A line of the result file: a row's outcome, or one mistake in it."""

    row: int
    outcome: str
    key: str
    id: str = ""
    column: str = ""
    error_code: str = ""
    value: str = ""
    problem: str = ""
    remedy: str = ""


def record_lines(listed: Listed, sent: Sequence[Sent]) -> list[RecordLine]:
    """Return every outcome and every mistake in the order of the rows."""
    told = [*lines_of(listed, sent), *refused_lines(listed)]
    return sorted(told, key=lambda line: line.row)


def lines_of(listed: Listed, sent: Sequence[Sent]) -> Iterator[RecordLine]:
    """Yield the lines of the rows that were not refused; for each change one, of all rows."""
    for one in sent:
        draft = one.planned.draft
        key = listed.kind.key_of(draft)
        changed = Outcome.UPDATED if one.outcome is Outcome.REFUSED else one.outcome
        for change in one.changes:
            heading, value = draft.layout.heading(change.column), draft.cells.get(change.column, "")
            was = f"It was {change.was}" if change.was else ""
            yield RecordLine(draft.row, changed.value, key, one.planned.id, heading, "", value, was)
        if one.outcome is not Outcome.REFUSED and not one.changes:
            # What is not there yet has an id only once it is.
            unsure = one.outcome in (Outcome.WOULD_BE_RECORDED, Outcome.NOT_ANSWERED)
            id = "" if unsure else one.planned.id
            yield RecordLine(draft.row, one.outcome.value, key, id)


def refused_lines(listed: Listed) -> Iterator[RecordLine]:
    """Yield every mistake and every warning."""
    keys = {draft.row: listed.kind.key_of(draft) for draft in listed.drafts}
    for outcome, errors in ((Outcome.REFUSED.value, listed.errors), (WARNING, listed.warnings)):
        for error in errors:
            yield RecordLine(
                error.row,
                outcome,
                keys.get(error.row, ""),
                "",
                error.column,
                error.code,
                error.value,
                error.problem,
                error.remedy,
            )


def count(listed: Listed, sent: Sequence[Sent], outcome: Outcome) -> int:
    """Count the rows of which that became."""
    if outcome is Outcome.REFUSED:
        return len({error.row for error in listed.errors})
    return sum(one.outcome is outcome for one in sent)


def print_outcome(console: Console, listed: Listed, sent: Sequence[Sent], *, dry_run: bool) -> None:
    """Print what landed, what stood already, and every mistake with its remedy."""
    summary = Table(
        title="Dry run: nothing was sent" if dry_run else "Import", title_justify="left"
    )
    summary.add_column("")
    summary.add_column(listed.kind.name, justify="right")
    shown = [Outcome.WOULD_BE_RECORDED if dry_run else Outcome.RECORDED]
    if listed.kind.updates:
        shown.append(Outcome.WOULD_BE_UPDATED if dry_run else Outcome.UPDATED)
    more = [Outcome.NOT_ANSWERED] if count(listed, sent, Outcome.NOT_ANSWERED) else []
    for outcome in (*shown, Outcome.ALREADY_THERE, Outcome.REFUSED, *more):
        summary.add_row(
            outcome.value.lower().replace("_", " "), f"{count(listed, sent, outcome):,}"
        )
    summary.add_row("in all", f"{listed.rows:,}")
    console.print(summary)
    console.print(tidied(listed.sheet.trimmed_cells, listed.sheet.blank_rows))
    if listed.unread:
        unread = escape(", ".join(listed.unread))
        console.print(f"Columns that say nothing to Mshauri: {unread}.", soft_wrap=True)
    if listed.errors:
        console.print(mistakes_table(listed.errors))
    if listed.warnings:
        console.print(mistakes_table(listed.warnings, "Warnings"))
