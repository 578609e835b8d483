"""Whose keys were destroyed, remembered outside the database: a restored backup has them again.

A file a service in the witness directory, of subjects' ids, a line each, in the order in which
their keys were destroyed. An id tells nobody who it is. It is only ever added to, and is on the
disk before it is recorded that the keys are gone: what it names is destroyed again wherever it
comes back.
"""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

DIRECTORY = "erased"

ERASED_CHANNEL = "subject_erased"
"""Where a subject's id is told once their key is destroyed, to whoever remembers it."""

_ERASED = "SELECT subject FROM subject_key WHERE erased IS NOT NULL"

_COME_BACK = """
SELECT subject FROM subject_key
 WHERE subject = ANY($1::uuid[]) AND erased IS NULL ORDER BY subject FOR UPDATE
"""
_DESTROY = f"""
WITH told AS (
    SELECT pg_notify('{ERASED_CHANNEL}', one::text) FROM unnest($2::uuid[]) AS back (one)
)
INSERT INTO subject_key (subject, erased)
SELECT one, now() FROM unnest($1::uuid[]) AS listed (one) WHERE (SELECT count(*) FROM told) >= 0
ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, master_id = NULL, erased = now()
WHERE subject_key.erased IS NULL
"""


class ErasedList:
    """The list of one service; any number of processes may add to it."""

    def __init__(self, witness_dir: Path, service: str) -> None:
        self._file = witness_dir / DIRECTORY / service

    def read(self) -> set[UUID]:
        """Return everybody who is on it; a line that was cut short names nobody."""
        try:
            lines = self._file.read_text().splitlines()
        except FileNotFoundError:
            return set()
        return {one for line in lines if (one := _read(line)) is not None}

    def add(self, subjects: Iterable[UUID]) -> None:
        """Add them, and have that on the disk.

        Raises:
            OSError: it cannot be written.
        """
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            begins = b"" if _ends_a_line(self._file) else b"\n"
            file.write(begins + b"".join(f"{subject}\n".encode() for subject in subjects))
            file.flush()
            os.fsync(file.fileno())


async def erased_in(connection: Any) -> set[UUID]:
    """Return whose keys a database says that are destroyed."""
    return {row[0] for row in await connection.fetch(_ERASED)}


async def destroy_again(connection: Any, subjects: Iterable[UUID]) -> int:
    """Destroy the keys of those who were erased; return how many had come back.

    Who has no key gets none any more: what is heard of them late brings nobody back.
    """
    listed = sorted(subjects)
    async with connection.transaction():
        back = [row[0] for row in await connection.fetch(_COME_BACK, listed)]
        await connection.execute(_DESTROY, listed, back)
    return len(back)


def _read(line: str) -> UUID | None:
    try:
        return UUID(line)
    except ValueError:
        return None


def _ends_a_line(file: Path) -> bool:
    content = file.read_bytes()[-1:] if file.stat().st_size else b"\n"
    return content == b"\n"
