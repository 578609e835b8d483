"""Rows that wait for another list: which they are is kept beside their file, in a file of its own.

Lists of what was come in any order. A row that names somebody, a place, an enrolment that is not
there yet is no mistake: it is told, and tried again whenever a list of the same folder has landed.
Only the rows' numbers are kept; what they say stands in their list alone.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from mshauri.importing.job import Job
from mshauri.importing.lists import KINDS
from mshauri.importing.reading import How
from mshauri.importing.running import BROKE, Ended, Where, carry

SUFFIX = ".waiting.json"


class Kept(Struct, frozen=True, rename="camel"):
    """What is kept of an import some of whose rows wait.

    Attributes:
        kind: the name of the kind of list.
        file: its name, in the same folder.
        gateway: where it was imported; rows wait for what lands there.
    """

    kind: str
    file: str
    gateway: str
    rows: tuple[int, ...]
    map: str | None = None
    day: date | None = None
    sheet: str | None = None
    header_row: int | None = None
    encoding: str | None = None
    update: bool = False


def note(job: Job, where: Where, ended: Ended) -> None:
    """Keep which rows of a list wait, or that none does any more."""
    path = _beside(job.file)
    if not ended.waiting:
        if ended.code != BROKE:
            path.unlink(missing_ok=True)
        return
    kept = Kept(
        kind=job.kind.name,
        file=job.file.name,
        gateway=where.gateway,
        rows=ended.waiting,
        map=_absolute(job.map),
        day=job.day,
        sheet=job.how.sheet,
        header_row=job.how.header_row,
        encoding=job.how.encoding,
        update=job.update,
    )
    said = f"{len(ended.waiting):,} rows wait for what is not there yet"
    try:
        path.write_bytes(msgspec.json.encode(kept))
        told = f"{said}: they are tried again whenever another list of this folder has landed."
    except OSError:
        told = f"{said}: import the list again when it is."
    where.console.print(told, markup=False, soft_wrap=True)


def try_again(folder: Path, where: Where, but: Path) -> None:
    """Import the rows that wait in a folder, until nothing more of them lands."""
    landings = 1
    tried: dict[Path, int] = {but: landings}
    while any(tried.get(job.file, 0) < landings for job in _waiting(folder, where)):
        for job in _waiting(folder, where):
            if tried.get(job.file, 0) == landings:
                continue  # nothing has landed since
            where.console.print(f"\nRows of {job.file.name} that wait:", markup=False)
            ended = carry(
                job, where, dry_run=False, result=job.file.with_suffix(".waiting.result.csv")
            )
            note(job, where, ended)
            if ended.code == BROKE:
                return
            landings += ended.landed > 0
            tried[job.file] = landings


def _waiting(folder: Path, where: Where) -> Iterator[Job]:
    """Yield what waits in a folder, in the order in which kinds rest on each other."""
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        with suppress(OSError, msgspec.DecodeError):
            found.append(msgspec.json.decode(path.read_bytes(), type=Kept))
    kinds = {kind.name: kind for kind in KINDS}
    order = list(kinds)
    here = (one for one in found if one.gateway == where.gateway and one.kind in kinds)
    for kept in sorted(here, key=lambda one: order.index(one.kind)):
        file = folder / kept.file
        if file.exists():
            how = How(sheet=kept.sheet, header_row=kept.header_row, encoding=kept.encoding)
            job = Job(kinds[kept.kind], file, map=kept.map, day=kept.day, update=kept.update)
            yield replace(job, how=how, rows=frozenset(kept.rows))


def _absolute(map: str | None) -> str | None:
    return str(Path(map).resolve()) if map and Path(map).exists() else map


def _beside(file: Path) -> Path:
    return file.with_suffix(SUFFIX)
