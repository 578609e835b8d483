"""Under whose name PostgreSQL runs: it refuses to be root, so root lends it an account."""

import os
import pwd
import stat
from pathlib import Path
from typing import TypedDict

_UNPRIVILEGED = "nobody"


def account_for(directory: Path) -> str | None:
    """Return the account to run as where we are root, or None where we are not.

    A directory that an account owns already keeps it, so that data survives a move between
    machines that disagree.
    """
    if os.geteuid() != 0:
        return None
    if directory.exists():
        owner = directory.stat().st_uid
        if owner != 0:
            return pwd.getpwuid(owner).pw_name
    return _UNPRIVILEGED


class Identity(TypedDict, total=False):
    """What `subprocess` wants to hear of an account: without its group, root's would stay."""

    user: int
    group: int
    extra_groups: list[int]


def identity(account: str | None) -> Identity:
    """Return the arguments that make a child run as `account`, or as ourselves."""
    if account is None:
        return {}
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give(path: Path, account: str) -> None:
    """Make `account` the owner of a path."""
    entry = pwd.getpwnam(account)
    os.chown(path, entry.pw_uid, entry.pw_gid)


def let_through(path: Path) -> None:
    """Let other accounts pass through the directories above `path`; they may not list them.

    Only ever called by root for its own account: a data directory or a virtual environment below
    a home of mode 0700 is out of PostgreSQL's reach otherwise.
    """
    for parent in path.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def let_read(tree: Path) -> None:
    """Let other accounts read a tree of installed files, which a strict umask may forbid."""
    for path in (tree, *tree.rglob("*")):
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)
