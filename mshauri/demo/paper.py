"""How a demonstration's page looks: a heading, aligned tables, bars where one would rather look."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.rule import Rule
from rich.table import Table

_EIGHTHS = " ▏▎▍▌▋▊▉█"


class Page:
    """One programme's page."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def heading(self, title: str, source: str) -> None:
        """Begin the page: the programme, and where its rules come from."""
        self._console.print()
        self._console.print(Rule(title, align="left", style="bold"))
        self._console.print(f"{source}\n", style="dim", markup=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """Say something in words."""
        self._console.print(f"  {text}", markup=False, soft_wrap=True)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print a table: the first column to the left, figures to the right."""
        table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
        for place, name in enumerate(columns):
            words = all(
                isinstance(row[place], str) and not _figure(str(row[place])) for row in rows
            )
            table.add_column(name, justify="left" if place == 0 or words else "right")
        for row in rows:
            table.add_row(*(str(cell) for cell in row))
        self._console.print(table)

    def verdict(self, what: str, same: bool) -> bool:
        """Say whether something came out as it should; return it."""
        mark = "[green]✓[/green]" if same else "[red]✗[/red]"
        self._console.print(f"  {mark} {what}", soft_wrap=True)
        return same


def bar(value: float, most: float, width: int = 24) -> str:
    """Return a bar of eighths of a character, as long as `value` is of `most`."""
    eighths = round(max(0.0, min(value / most, 1.0)) * width * 8) if most else 0
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


def _figure(text: str) -> bool:
    return any(character.isdigit() for character in text) and not text[0].isalpha()
