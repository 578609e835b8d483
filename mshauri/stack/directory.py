"""The data directory of a stack: everything it keeps between runs, and who is using it now."""

import fcntl
import json
from pathlib import Path
from typing import IO


class InUse(RuntimeError):
    """Another stack runs on this data directory."""


class DataDirectory:
    """Where a stack keeps its databases, secrets, issuer's key and logs.

    Attributes:
        path: of the directory itself.
        logs: a log a part; those of the run before end in `.log.before`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.logs = self.path / "logs"
        self.postgres = self.path / "postgres"
        self._addresses = self.path / "addresses.json"
        self._lock: IO[str] | None = None

    def take(self) -> None:
        """Make it where there is none, and keep others out until `release`.

        Raises:
            InUse: another stack runs on it.
        """
        self.logs.mkdir(parents=True, exist_ok=True)
        self._lock = (self.path / "lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            msg = f"another stack runs on {self.path}; stop it, or choose another --data-dir"
            raise InUse(msg) from None

    def release(self) -> None:
        """Let others in."""
        self._addresses.unlink(missing_ok=True)
        if self._lock:
            self._lock.close()
            self._lock = None

    def begin_logs(self) -> None:
        """Set the logs of the run before aside, so that this run's begin empty."""
        for log in self.logs.glob("*.log"):
            log.rename(log.with_suffix(".log.before"))

    def publish(self, addresses: dict[str, str]) -> None:
        """Write where each process answers, for commands that use a running stack."""
        self._addresses.write_text(json.dumps(addresses, indent=2))


def gateway_of(data_dir: Path) -> str | None:
    """Return the address of the gateway that runs on a data directory, or None if none does."""
    return address_of("gateway", data_dir)


def address_of(part: str, data_dir: Path) -> str | None:
    """Return where a process, or the broker, of the stack on a data directory answers, or None."""
    try:
        found = json.loads((data_dir / "addresses.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    address: str | None = found.get(part)
    return address
