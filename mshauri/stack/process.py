"""One operating-system process that we started, and that must not outlive us."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import psutil

from mshauri.stack.account import identity

_PR_SET_PDEATHSIG = 1
_POLL_S = 0.02


class ProcessFailed(RuntimeError):
    """A process ended, or never became ready; the message ends with its log's last lines.

    Attributes:
        what: what happened to it, in a few words.
    """

    def __init__(self, what: str, message: str | None = None) -> None:
        self.what = what
        super().__init__(message or what)


class NeverReady(ProcessFailed):
    """It runs, but did not become ready in time."""


class OwnedProcess:
    """A child process with a log file, asked to end with a signal of its own choosing.

    It has a session of its own, so that Ctrl-C reaches us alone and we end our children in the
    right order. On Linux the kernel sends it `stop_signal` should we die first.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        account: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log = log
        self._note = log.with_suffix(".pid")
        self._argv = [str(part) for part in argv]
        self._env = env
        self._account = account
        self._stop_signal = stop_signal
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Its process id, once it was started."""
        return self._popen.pid if self._popen else None

    @property
    def alive(self) -> bool:
        """Whether it runs now."""
        return self._popen is not None and self._popen.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How it ended: None while it runs, negative when a signal ended it."""
        return self._popen.poll() if self._popen else None

    def start(self) -> None:
        """Start it. Call from a thread that lives as long as the process should (see `_bind`)."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log, warnings.catch_warnings():
            # Python 3.12 warns of `preexec_fn` in a program with threads; ours calls libc alone,
            # looked up before the fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._popen = subprocess.Popen(
                self._argv,
                env=None if self._env is None else dict(self._env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_bind(self._stop_signal),
                **identity(self._account),
            )
        self._note.write_text(
            f"{self._popen.pid} {int(self._stop_signal)} {began(self._popen.pid)}"
        )

    async def stop(self, timeout: float = 10.0) -> None:
        """Ask it to end, wait, and kill it with all its children when `timeout` seconds pass."""
        if self._popen is None or not self.alive:
            return
        self._popen.send_signal(self._stop_signal)
        if not await self.ended(timeout):
            await self.kill()
        self._note.unlink(missing_ok=True)

    async def kill(self) -> None:
        """End it and its children at once, as a power cut would."""
        if self._popen is None or not self.alive:
            return
        await kill_tree(self._popen.pid)
        await self.ended(5.0)
        self._note.unlink(missing_ok=True)

    async def ended(self, timeout: float, poll: float = _POLL_S) -> bool:
        """Wait up to `timeout` seconds for its end, looking every `poll`; say whether it ended."""
        deadline = time.monotonic() + timeout
        while self.alive:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(poll)
        return True

    def tail(self, lines: int = 20) -> str:
        """Return the last lines of its log."""
        return last_lines(self.log, lines)

    def failure(self, what: str, kind: type[ProcessFailed] = ProcessFailed) -> ProcessFailed:
        """Return the error that says `what` went wrong, with the log's last lines."""
        return kind(what, f"{self.name} {what}; {self.log} ends with:\n{self.tail()}")


async def end_survivors(directory: Path) -> None:
    """End the processes whose logs are in `directory` and that outlived whoever started them.

    On Linux the kernel ended them already. Elsewhere a killed supervisor leaves them behind, with
    the notes of their numbers: a number alone may be somebody else's by now, a number and the
    time it began may not.
    """
    for note in directory.glob("*.pid"):
        match note.read_text().split():
            case [pid, stop_signal, time_noted] if began(int(pid)) == time_noted:
                survivor = psutil.Process(int(pid))
                survivor.send_signal(int(stop_signal))
                if not await gone([survivor], timeout=10.0):
                    await kill_tree(int(pid))
        note.unlink(missing_ok=True)


def began(pid: int) -> str:
    """Return when a process began, or nothing where there is none."""
    try:
        return str(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return ""


def last_lines(path: Path, lines: int) -> str:
    """Return the last lines of a file, at most 64 KiB of them, or nothing where there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 65_536))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


async def kill_tree(pid: int) -> None:
    """Kill a process and its children, and wait until all of them are gone.

    PostgreSQL's backends have sessions of their own, so killing the process group would miss
    them; and a cluster cannot be opened again before the last one let go of its memory.
    """
    try:
        root = psutil.Process(pid)
        family = [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        return
    for member in reversed(family):
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    await gone(family, timeout=5.0)


async def gone(processes: Iterable[psutil.Process], timeout: float) -> bool:
    """Wait up to `timeout` seconds until all of them have ended; say whether they have.

    One that has ended and was not collected by its parent counts as gone: in a container whose
    first process collects nobody it stays so for ever.
    """
    deadline = time.monotonic() + timeout
    while any(_runs(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(_POLL_S)
    return True


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _bind(death_signal: signal.Signals) -> Callable[[], None] | None:
    """Return what a child does first: ask the kernel for `death_signal` when its parent dies.

    The kernel watches the thread that forked, not the whole parent: start children from the main
    thread. The second check closes the gap between the fork and the request.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    prctl = libc.prctl
    parent = os.getpid()

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return bind
