"""What a person sees of the stack while it runs: a line a fact, aligned."""

from rich.console import Console
from rich.text import Text

from mshauri.stack.minder import Mark

_STYLES = {
    Mark.READY: "green",
    Mark.ENDED: "bold red",
    Mark.STOPPED: "dim",
    Mark.WARNING: "yellow",
}


class ConsoleReport:
    """Writes what the stack reports to a console."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, mark: Mark, part: str, text: str) -> None:
        """Write one line: its mark, the part it is about, and what there is to say."""
        line = Text(f"  {mark:<8}", style=_STYLES[mark])
        line.append(f"{part:<11}", style="bold")
        line.append(text, style="default")
        self._console.print(line, soft_wrap=True)
