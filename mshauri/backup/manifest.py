"""What a backup holds: a directory with a dump of each ledger's database, and a page about them."""

from datetime import datetime
from hashlib import file_digest
from pathlib import Path

import msgspec
from msgspec import Struct

FORMAT = "mshauri.backup/1"
PAGE = "backup.json"


class NoBackup(Exception):
    """A directory holds no backup that can be used; the message says what is wrong with it."""


class Dump(Struct, frozen=True, kw_only=True, rename="camel"):
    """One ledger's database, as it stood at one instant.

    Attributes:
        position, epoch, hash: of the ledger's last entry then; the hash in hex.
        file: the dump's name in the directory, in `pg_dump`'s own format.
        sha256: of that file, in hex.
    """

    service: str
    database: str
    position: int
    epoch: int
    hash: str
    file: str
    bytes: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True, rename="camel"):
    """The page of a backup.

    Attributes:
        taken: when; all databases stood as they did within some milliseconds of that instant.
        master_key: by what name the key that wraps people's keys is known (never the key itself).
    """

    format: str
    taken: datetime
    dumps: tuple[Dump, ...]
    master_key: str | None = None

    def write(self, directory: Path) -> None:
        """Write the page: last, so that a directory without one is no backup."""
        page = msgspec.json.format(msgspec.json.encode(self), indent=2)
        (directory / PAGE).write_bytes(page + b"\n")


def read(directory: Path) -> Manifest:
    """Return a backup's page, once every file is what it says.

    Raises:
        NoBackup: there is none, it is of a newer format, or a file is missing or altered.
    """
    try:
        told = (directory / PAGE).read_bytes()
    except OSError:
        msg = f"{directory} has no {PAGE}: it is no backup, or one that was cut short."
        raise NoBackup(msg) from None
    try:
        form = msgspec.json.decode(told, type=dict)["format"]
        if form != FORMAT:
            msg = f"{PAGE} is of the format {form}; this release reads {FORMAT}."
            raise NoBackup(msg)
        manifest = msgspec.json.decode(told, type=Manifest)
    except (msgspec.MsgspecError, KeyError):
        msg = f"{directory / PAGE} cannot be read; restore from another copy."
        raise NoBackup(msg) from None
    for dump in manifest.dumps:
        path = directory / dump.file
        if not path.is_file() or digest(path) != dump.sha256:
            msg = f"{path} is not the file that was written: restore from another copy."
            raise NoBackup(msg)
    return manifest


def digest(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
