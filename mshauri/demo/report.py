"""Prints what came of it: Table 1 beside the printed one, a trail, and the figures."""

from collections.abc import Mapping
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from mshauri.demo.play import Tally
from mshauri.demo.table1 import PRINTED, Cell, Key, differing, notes

PERSONAL_NOTE = "No name stands in it: who the person is, is sealed with a key of their own."


def print_table(console: Console, counted: Mapping[Key, Cell]) -> bool:
    """Print the nine cells beside the printed ones; say whether all nine are the same."""
    table = Table(title="Table 1, mentees and validated, from events", title_justify="left")
    table.add_column("association")
    table.add_column("year")
    for heading in ("counted", "printed", "exact ratio", "printed as"):
        table.add_column(heading, justify="right")
    table.add_column("")
    wrong = differing(counted)
    for key, printed in PRINTED.items():
        association, year = key
        cell = counted.get(key, Cell(0, 0))
        table.add_row(
            association,
            f"FY{year % 100}",
            f"{cell.mentees} → {cell.validated}",
            f"{printed.cell.mentees} → {printed.cell.validated}",
            f"{float(cell.percent):.2f} %",
            f"{printed.percent} %",
            "[red]differs[/red]" if key in wrong else "[green]same[/green]",
            end_section=year == 2021,
        )
    console.print(table)
    for note in notes():
        console.print(f"  {note}", markup=False, soft_wrap=True)
    return not wrong


def print_trail(console: Console, mentee: Mapping[str, Any]) -> None:
    """Print one mentee's progress and their audit trail."""
    entries = mentee["auditTrail"]["nodes"]
    console.print("\nOne mentee's audit trail: occurred, what, its place in that ledger")
    for entry in entries:
        console.print(
            f"  {entry['occurredOn']}  {entry['topic']:<48} {entry['position']:>6}  "
            f"{told(entry['topic'], entry['details'] or {})}",
            markup=False,
            soft_wrap=True,
        )
    actors = ", ".join(sorted({entry["actor"] for entry in entries}))
    console.print(f"  Recorded by {actors}.", markup=False)
    console.print(f"  {PERSONAL_NOTE}")
    for one in mentee["competencies"]:
        state = f"validated on {one['validatedOn']}" if one["validatedOn"] else "not validated yet"
        console.print(
            f"  {one['name']}: {one['raw']} of {one['max']} points at the last of "
            f"{one['attempts']} attempts; {state}.",
            markup=False,
            soft_wrap=True,
        )


def told(topic: str, details: Mapping[str, Any]) -> str:
    """Return what matters of an event's own fields, in a few words."""
    if topic.endswith(("baseline_assessed", "assessment_recorded")):
        points = f"{details['raw']} of {details['max']}"
        percent = f"{100 * details['raw'] / details['max']:.2f} %"
        if "technique" not in details:
            return f"pre-test: {points}, {percent}"
        technique = "proper technique" if details["technique"] else "technique not yet proper"
        reached = "reached" if details["reached"] else "not reached"
        attempt = f"{details['competency']}, attempt {details['attempt']}"
        return f"{attempt}: {points}, {percent}, {technique}: {reached}"
    if topic.endswith("session.held"):
        steps = ", ".join(details["steps"]).lower()
        return f"{details['minutes']} minutes, {details['mode'].lower()}: {steps}"
    if topic.endswith("enrolled"):
        return f"{details['area']}, fiscal year {details['fiscalYear']}"
    return str(details.get("competency") or details.get("side") or details.get("cadre") or "")


def print_figures(console: Console, tally: Tally, mentees: int) -> None:
    """Print how much was done, how fast, and how far the read models were behind."""
    lags = [stage.lag * 1000 for stage in tally.stages]
    seconds = sum(stage.seconds for stage in tally.stages)
    commands = sum(stage.commands for stage in tally.stages)
    console.print(
        f"\n{mentees:,} mentees; {tally.events:,} events in the three ledgers, from "
        f"{commands:,} commands in {seconds:.1f} s: {commands / seconds:,.0f} commands/s.\n"
        f"After a stage's last answer, all of it could be read within "
        f"{median(lags):,.0f} ms (median of {len(lags)} stages; at most {max(lags):,.0f} ms)."
    )
