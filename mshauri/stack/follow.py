"""Shows on the console what is worth a look in the parts' logs, as it is written."""

import asyncio
import re
from pathlib import Path

from mshauri.stack.minder import Mark, Report

_EVERY_S = 0.3
_WORTH_A_LOOK = re.compile(
    r"\[(warning|error|critical) *\]"  # structlog, for a person
    r'|"level": ?"(warning|error|critical)"'  # structlog, for a machine
    r"|\bPANIC: "  # PostgreSQL; its FATAL may be a client that came too early
)


async def follow(directory: Path, report: Report) -> None:
    """Report each warning and error that is added to a log in `directory`, until cancelled."""
    read: dict[Path, int] = {}
    while True:
        await asyncio.sleep(_EVERY_S)
        for log in directory.glob("*.log"):
            for line in _new_lines(log, read):
                if _WORTH_A_LOOK.search(line):
                    report(Mark.WARNING, log.stem, line)


def _new_lines(log: Path, read: dict[Path, int]) -> list[str]:
    """Return the whole lines added since the last call; a half-written one waits."""
    with log.open("rb") as file:
        file.seek(read.get(log, 0))
        added, newline, _rest = file.read().rpartition(b"\n")
    read[log] = read.get(log, 0) + len(added) + len(newline)
    return added.decode(errors="replace").splitlines()
