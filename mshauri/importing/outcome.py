"""Says what became of every row of a list: a summary on the screen, all of it in a file.

Neither holds anything personal: a row is named by its codes, a mistake in a personal column shows
no value.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mshauri.importing.errors import RowError, row_error
from mshauri.importing.plan import Listed
from mshauri.importing.planned import Outcome, Sent
from mshauri.importing.reading.table import Sheet, Why
from mshauri.importing.rows import Draft

WARNING = "WARNING"
"""In the result file: it lands, and somebody should look at it."""
LEFT_OUT = "LEFT_OUT"
"""In the result file: no row of the list."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the result file: a row's outcome, one mistake in it, or one change.

    Attributes:
        kind: what it is of: a health worker, a WARD.
        key: what names it in public: codes and a day.
        id: the record's global id.
    """

    row: int
    outcome: str
    kind: str
    key: str
    id: str = ""
    column: str = ""
    error_code: str = ""
    value: str = ""
    problem: str = ""
    remedy: str = ""


def result_lines(listed: Listed, sent: Sequence[Sent], more: Sequence[RowError] = ()) -> list[Line]:
    """Return every outcome, warning and mistake in the order of the rows."""
    warned = [_line(listed, None, error, WARNING) for error in more]
    told = [*lines_of(listed, sent), *refused_lines(listed), *warned]
    return sorted(told, key=lambda line: line.row)


def lines_of(listed: Listed, sent: Iterable[Sent]) -> Iterator[Line]:
    """Yield the lines of the rows that were not refused; for each change one, of all rows."""
    for one in sent:
        draft = one.planned.draft
        key, kind = listed.kind.key_of(draft), one.planned.kind or listed.kind.record
        changed = Outcome.UPDATED if one.outcome is Outcome.REFUSED else one.outcome
        for change in one.changes:
            heading = draft.layout.heading(change.column)
            value = draft.cells.get(change.column, "") or change.says
            was = f"It was {change.was}" if change.was else ""
            id = one.planned.id
            yield Line(draft.row, changed.value, kind, key, id, heading, "", value, was)
        if one.outcome is not Outcome.REFUSED and not one.changes:
            # What is not there yet has an id only once it is.
            unsure = (
                Outcome.WOULD_BE_RECORDED,
                Outcome.WOULD_BE_ESTABLISHED,
                Outcome.NOT_ANSWERED,
            )
            id = "" if one.outcome in unsure else one.planned.id
            yield Line(draft.row, one.outcome.value, kind, key, id)


def refused_lines(listed: Listed) -> Iterator[Line]:
    """Yield every mistake and every warning, and every line that was left out."""
    for error in listed.sheet.errors:
        yield _line(listed, None, error, Outcome.REFUSED.value)
    for draft in (*listed.drafts, *listed.above):
        outcome = Outcome.WAITING if draft.waits else Outcome.REFUSED
        for error in draft.errors:
            yield _line(listed, draft, error, outcome.value)
        for error in draft.warnings:
            yield _line(listed, draft, error, WARNING)
    for left in listed.sheet.left:
        yield _line(listed, None, row_error(f"LEFT_OUT_{left.why}", left.row, "", ""), LEFT_OUT)


def _line(listed: Listed, draft: Draft | None, error: RowError, outcome: str) -> Line:
    return Line(
        error.row,
        outcome,
        (draft.kind if draft else "") or listed.kind.record,
        listed.kind.key_of(draft) if draft else "",
        "",
        error.column,
        error.code,
        error.value,
        error.problem,
        error.remedy,
    )


def count(listed: Listed, sent: Sequence[Sent], outcome: Outcome, *, rows: bool = True) -> int:
    """Count the rows of which that became; or what is above rows."""
    drafts = listed.drafts if rows else listed.above
    if outcome is Outcome.WAITING:
        return sum(draft.waits for draft in drafts)
    if outcome is Outcome.REFUSED:
        refused = sum(bool(draft.errors) and not draft.waits for draft in drafts)
        return refused + (len({error.row for error in listed.sheet.errors}) if rows else 0)
    return sum(one.outcome is outcome and one.planned.listed is rows for one in sent)


def print_outcome(
    console: Console,
    listed: Listed,
    sent: Sequence[Sent],
    more: Sequence[RowError] = (),
    *,
    dry_run: bool,
) -> None:
    """Print what landed, what stood already, and every mistake with its remedy."""
    kind = listed.kind
    title = "Dry run: nothing was sent" if dry_run else "Import"
    summary = Table(title=title, title_justify="left")
    summary.add_column("")
    summary.add_column(kind.name, justify="right")
    tiers = [True, False] if listed.above else [True]
    if listed.above:
        summary.add_column("levels above", justify="right")
    for outcome in _shown(listed, sent, dry_run=dry_run):
        counts = (f"{count(listed, sent, outcome, rows=rows):,}" for rows in tiers)
        summary.add_row(outcome.value.lower().replace("_", " "), *counts)
    above = len([one for one in sent if not one.planned.listed])
    above += count(listed, sent, Outcome.REFUSED, rows=False)
    summary.add_row("in all", *[f"{listed.rows:,}", f"{above:,}"][: len(tiers)])
    console.print(summary)
    console.print(tidied(listed.sheet), soft_wrap=True)
    if listed.unread:
        unread = escape(", ".join(listed.unread))
        console.print(f"Columns that say nothing to Mshauri: {unread}.", soft_wrap=True)
    if listed.errors:
        console.print(mistakes_table(listed.errors))
    warnings = [*listed.warnings, *more]
    if warnings:
        console.print(mistakes_table(warnings, "Warnings"))


def _shown(listed: Listed, sent: Sequence[Sent], *, dry_run: bool) -> list[Outcome]:
    kind = listed.kind
    shown = [Outcome(f"WOULD_BE_{kind.lands}" if dry_run else kind.lands)]
    if kind.updates:
        shown.append(Outcome.WOULD_BE_UPDATED if dry_run else Outcome.UPDATED)
    shown += [Outcome.ALREADY_THERE, Outcome.REFUSED]
    rare = (Outcome.WAITING, Outcome.NOT_ANSWERED)
    return shown + [one for one in rare if count(listed, sent, one)]


def tidied(sheet: Sheet) -> str:
    """Say what was set right in reading, and what was left out."""
    why = Counter(left.why for left in sheet.left)
    left = {
        "rows of totals": why[Why.TOTAL],
        "notes": why[Why.NOTE],
        "rows of headings once more": why[Why.HEADINGS],
        "lines above the headings": sheet.titles,
    }
    more = "".join(f", {many:,} {what}" for what, many in left.items() if many)
    read = f"Read: {sheet.read_as}. " if sheet.read_as else ""
    return (
        f"{read}Stray spaces and invisible signs tidied in {sheet.trimmed_cells:,} cells; "
        f"{sheet.blank_rows:,} blank rows{more} left out."
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
        counted = f"{alike[0].code} ({len(alike):,})"
        for error in alike[:EACH]:
            says = f"{error.problem}. {error.remedy}"
            table.add_row(
                str(error.row),
                escape(error.column),
                counted if not said else "″",
                escape(error.value),
                escape("″" if says == said else says),
            )
            said = says
        if len(alike) > EACH:
            more = f"and {len(alike) - EACH:,} more: the result file has all"
            table.add_row("…", "", "″", "", more)
        table.add_section()
    return table
