"""The spool: access events in files, written before an answer is sent, until the ledger has them.

A gateway appends to a *segment* of its own, a line an event, by one `write`: the kernel has it from
then on, so it outlives the process however that ends. It is not forced to the disk: a machine that
loses its power may lose the last seconds. Each segment is locked by its process; those of a process
that is no more are taken over by whoever finds them, at their start and from time to time.

What is here holds ids and codes alone (`contracts/access`), and is not sealed therefore; only the
process's own account may read it. There is room for `MOST` bytes: beyond them events are counted,
reads go on, and the count is written as soon as there is room.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

SEGMENT = 4_000_000
"""Bytes after which another segment is begun: what was shipped is given back in such pieces."""

MOST = 256_000_000
"""Bytes of all segments: some 400,000 operations that showed a page of 25 people."""

ENDING = ".spool"


class NoRoom(OSError):
    """The spool is full."""


class Segment:
    """A file of the spool, as the one process reads it that holds its lock.

    Attributes:
        id: of its stream in the ledger, where line N is version N.
        size: the bytes of its whole lines.
        shipped: those of them that the ledger has.
        version: how many lines that is.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.id = UUID(path.stem)
        self.size = os.fstat(descriptor).st_size
        self.shipped = 0
        self.version = 0
        self._descriptor = descriptor

    @classmethod
    def begun(cls, directory: Path) -> "Segment":
        """Begin an empty one."""
        path = directory / f"{uuid4()}{ENDING}"
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL
        segment = cls(path, os.open(path, flags, 0o600))
        fcntl.flock(segment._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return segment

    @classmethod
    def left_behind(cls, path: Path) -> "Segment | None":
        """Take over the segment of a process that is no more; None where one has it still."""
        with suppress(FileNotFoundError, BlockingIOError, ValueError):
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(descriptor).st_nlink:  # else it was shipped, and removed, meanwhile
                    return cls(path, descriptor)
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)
        return None

    def append(self, lines: bytes) -> None:
        """Write whole lines, all or none.

        Raises:
            OSError: there is no room on the disk, say.
        """
        try:
            written = os.write(self._descriptor, lines)
        except OSError:
            os.ftruncate(self._descriptor, self.size)
            raise
        if written != len(lines):
            os.ftruncate(self._descriptor, self.size)
            raise NoRoom(f"{written} of {len(lines)} bytes were written")
        self.size += written

    def lines(self, most: int) -> list[bytes]:
        """Return the next lines that are not shipped, some `most` bytes of them, or one at least.

        What a process that was killed had not written to its end is left out: it was not answered.
        """
        while True:
            read = os.pread(self._descriptor, most, self.shipped)
            whole = read[: read.rfind(b"\n") + 1]
            if whole or len(read) < most:
                return whole.splitlines(keepends=True)
            most *= 2

    def ship(self, lines: list[bytes]) -> None:
        """Note that the ledger has these, the next ones."""
        self.shipped += sum(map(len, lines))
        self.version += len(lines)

    def ship_again(self) -> None:
        """Begin anew: the ledger was restored from a backup that lacks some of these lines."""
        self.shipped = self.version = 0

    def remove(self) -> None:
        """Give the room back."""
        with suppress(FileNotFoundError):
            self.path.unlink()
        self.close()

    def close(self) -> None:
        """Let others take it over."""
        os.close(self._descriptor)


class Spool:
    """All segments that this process holds: the one it writes to, and those that it ships."""

    def __init__(self, directory: Path, *, most: int = MOST, segment: int = SEGMENT) -> None:
        """Name the directory; several processes may share one.

        Args:
            most: bytes that this process's segments may have.
            segment: bytes of one.
        """
        self._directory = directory
        self._most = most
        self._segment = segment
        self._current: Segment | None = None
        self._older: list[Segment] = []

    def open(self) -> None:
        """Make the directory where there is none, and take over what dead processes left in it.

        Raises:
            OSError: it cannot be written to.
        """
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.take_over()
        self._current = Segment.begun(self._directory)

    def take_over(self) -> int:
        """Take over what dead processes left; return how many segments that were."""
        held = {segment.path for segment in self.segments()}
        taken = [
            segment
            for path in sorted(self._directory.glob(f"*{ENDING}"))
            if path not in held and (segment := Segment.left_behind(path)) is not None
        ]
        self._older += taken
        return len(taken)

    def write(self, lines: bytes) -> None:
        """Keep whole lines.

        Raises:
            OSError: they could not be kept; none of them was.
        """
        if self.waiting + len(lines) > self._most:
            raise NoRoom(f"{self.waiting} bytes wait")
        if self._current is None or self._current.size >= self._segment:
            begun = Segment.begun(self._directory)
            self._older += [self._current] if self._current else []
            self._current = begun
        self._current.append(lines)

    @property
    def waiting(self) -> int:
        """Bytes that the ledger does not have yet."""
        return sum(segment.size - segment.shipped for segment in self.segments())

    def segments(self) -> Iterator[Segment]:
        """Yield those that are held, the oldest first."""
        yield from self._older
        if self._current is not None:
            yield self._current

    def done(self, segment: Segment) -> None:
        """Give back the room of a segment that is shipped, unless it is still written to."""
        if segment is self._current:
            if segment.size < self._segment:
                return
            self._current = None
        else:
            self._older.remove(segment)
        segment.remove()

    def close(self) -> None:
        """Let go of everything; what is not shipped is for the next process."""
        for segment in list(self.segments()):
            if segment.shipped == segment.size:
                segment.remove()
            else:
                segment.close()
        self._older, self._current = [], None
