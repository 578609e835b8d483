"""Carrying an import out: where its result goes, how long its token lasts, and where it broke."""

import asyncio
import csv
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any, TextIO

import msgspec
import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

from mshauri.api import ApiFault
from mshauri.connection import ends_at
from shared.domain.days import FIRST_YEAR, LAST_YEAR, can_be_meant

EXIT_CODES = (
    "Ends with 0 if every row landed or stood already, with 1 if a row was refused, with 2 if the "
    "import could not begin or broke off."
)
"""What a program learns from how an import ended."""

PROGRESS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
)
"""How an import under way looks on the screen."""

LEEWAY = timedelta(seconds=30)
"""By how much this machine's clock and the API's may differ."""
A_SECOND = 50
"""Commands that land in a second, at the least, on a small machine."""


class CannotBegin(Exception):
    """The import cannot begin; the sentence says why and what would help."""


class ResultFile:
    """Where each row's outcome is written: tried first, and written as outcomes come.

    `key_was`: a column that says what `key` says, for programs that know it by that name.

    Raises:
        CannotBegin: nothing can be written there.
    """

    def __init__(self, path: Path, of: type, source: Path | None = None, key_was: str = "") -> None:
        self.path = path
        said = [field.name for field in fields(of)]
        self._headings = (*said, *filter(None, [key_was]))
        self._cells = attrgetter(*said, *(["key"] if key_was else []))
        self._file: TextIO | None = None
        if source is not None and path.exists() and path.samefile(source):
            msg = f"The result would be written over the list. Give another file than {path}."
            raise CannotBegin(msg)
        self._new = not path.exists()
        try:
            with path.open("a", encoding="utf-8"):
                pass
        except OSError as error:
            msg = (
                f"The result cannot be written to {path}: {error.strerror or error}. "
                "Give a file that can be written as --result. Nothing was sent."
            )
            raise CannotBegin(msg) from error

    def add(self, lines: Sequence[Any]) -> None:
        """Write some lines behind those that are there; the first ones begin the file anew.

        What cannot be written now is written at the end.
        """
        with suppress(OSError):
            self._write(lines).flush()  # it stands there whatever becomes of the program

    def finish(self, lines: Sequence[Any]) -> str:
        """Write the whole of it, in its order; return what to say of it."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None
        try:
            self._write(lines).close()
        except OSError:
            return f"The result could not be written to {self.path}: run again with --result."
        return f"Every row's outcome: {self.path}"

    def drop(self) -> None:
        """Leave nothing behind where there was nothing to write."""
        if self._new and self._file is None:
            self.path.unlink(missing_ok=True)

    def _write(self, lines: Sequence[Any]) -> TextIO:
        begins = self._file is None
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
        if self._json:
            told = (dict(zip(self._headings, self._cells(line), strict=True)) for line in lines)
            self._file.writelines(msgspec.json.encode(one).decode() + "\n" for one in told)
            return self._file
        writer = csv.writer(self._file)
        if begins:
            writer.writerow(self._headings)
        writer.writerows(map(harmless, self._cells(line)) for line in lines)
        return self._file

    @property
    def _json(self) -> bool:
        return self.path.suffix in (".jsonl", ".ndjson")


def harmless(cell: object) -> object:
    """Return a cell that a spreadsheet shows as text: a list's words must never run as formulas."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{cell}"
    return cell


def must_last(token: str, *, dry_run: bool = False, now: datetime | None = None) -> None:
    """Refuse to begin without a token, or with one that has ended, as it says itself.

    A dry run needs none.

    Raises:
        CannotBegin: there is none, or it has ended.
    """
    if not token and not dry_run:
        msg = "There is no token. Give one as --token or in MSHAURI_TOKEN: see `mshauri token`."
        raise CannotBegin(msg)
    end = ends_at(token)
    if end is not None and end + LEEWAY <= (now or datetime.now(UTC)):
        msg = f"The token ended at {end:%Y-%m-%d %H:%M:%S} UTC. Get a new one, and run it again."
        raise CannotBegin(msg)


def may_not_last(token: str, commands: int, now: datetime | None = None) -> str | None:
    """Return a warning, if the token may end before that many commands have landed."""
    end = ends_at(token)
    now = now or datetime.now(UTC)
    if end is None or end - now >= timedelta(seconds=commands / A_SECOND):
        return None
    return (
        f"The token ends at {end:%H:%M:%S} UTC, in {max((end - now).seconds, 0):,} seconds: "
        f"{commands:,} commands may take longer. If the import breaks off, get a new token and "
        "run it again: what landed is found."
    )


def carried_out(work: Coroutine[Any, Any, None]) -> str | None:
    """Run an import; return what broke it, in a sentence, or None."""
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        return "It was interrupted."
    except Exception as error:
        return _said(error)
    return None


def _said(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, ApiFault):
        return str(error)
    return f"{type(error).__name__}: {error}"


def broke_off(why: str, landed: int, of: int, token: str) -> str:
    """Return what to say of an import that broke off, and what to do."""
    end = ends_at(token)
    over = end is not None and end <= datetime.now(UTC)
    renew = "get a new token, and run it again" if over else "run it again"
    ended = f" The token ended at {end:%H:%M:%S} UTC." if over else ""
    return (
        f"The import broke off. {why}{ended}\n"
        f"{landed:,} of {of:,} landed; {renew}: what landed is found and left alone."
    )


def within_days(day: datetime | None) -> datetime | None:
    """Return a day given as an option, unless its year is none that is on record.

    Raises:
        typer.BadParameter: it is not.
    """
    if day is not None and not can_be_meant(day):
        msg = f"{day.year} is no year here. Give a day from {FIRST_YEAR} to {LAST_YEAR}."
        raise typer.BadParameter(msg)
    return day
