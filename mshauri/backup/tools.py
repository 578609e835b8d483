"""PostgreSQL's own tools: what dumps a database, and what loads the dump."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from mshauri.stack.postgres import programs


class ToolFailed(RuntimeError):
    """One of PostgreSQL's tools ended with an error; the message is its own."""


def run(tool: str, url: str, *arguments: str) -> None:
    """Run `pg_dump` or `pg_restore` on the database at `url`.

    The password goes by the environment: arguments are shown to every user of a machine.

    Raises:
        ToolFailed: it ended with an error.
    """
    where = urlsplit(url)
    login, _, place = where.netloc.rpartition("@")
    name, _, password = login.partition(":")
    bare = urlunsplit(where._replace(netloc=f"{name}@{place}" if name else place))
    ended = subprocess.run(
        [_path(tool), "--dbname", bare, *arguments],
        env={**os.environ, **({"PGPASSWORD": unquote(password)} if password else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        msg = f"{tool} ended with {ended.returncode}: {ended.stderr.strip()[-2_000:]}"
        raise ToolFailed(msg)


def _path(tool: str) -> str:
    """Return the tool of the wheel; the machine's own where that has none."""
    ours: Path = programs() / tool
    return str(ours) if ours.exists() else (shutil.which(tool) or tool)
