"""Which key of a log signs, and which did: noted where it signs, so that a retired one has its day.

An operator who changes the key changes one setting; that the one before is retired, and since when,
follows from it. A process that still has the old key finds it retired and stands by.
"""

from datetime import datetime
from typing import Any, NamedTuple

from shared.proof.checkpoints import LogKey
from shared.proof.notes import Verifier
from shared.transparency.errors import RetiredHere

_LOCK = "LOCK TABLE log_key IN SHARE ROW EXCLUSIVE MODE"
_KEYS = "SELECT public_key, since, retired FROM log_key ORDER BY since, public_key"
_RETIRE = "UPDATE log_key SET retired = clock_timestamp() WHERE retired IS NULL"
_RETIRED = "SELECT retired FROM log_key WHERE public_key = $1"
_WITNESSES = "SELECT vkey FROM log_witness ORDER BY since, vkey"
_ADD_WITNESS = "INSERT INTO log_witness (vkey) VALUES ($1) ON CONFLICT DO NOTHING"
_ADD = "INSERT INTO log_key (public_key) VALUES ($1)"


class Kept(NamedTuple):
    """A key of a service's logs, without its name: every epoch's log has its own."""

    public_key: bytes
    since: datetime
    retired: datetime | None

    def named(self, origin: str) -> LogKey:
        """Return it as the key of a log."""
        day = self.retired.date() if self.retired else None
        return LogKey(Verifier(origin, self.public_key), day)


async def read_keys(connection: Any) -> list[Kept]:
    """Return the keys that signed, the first one first."""
    return [Kept(*row) for row in await connection.fetch(_KEYS)]


async def note_key(connection: Any, service: str, public_key: bytes) -> None:
    """Note that a key signs from now on, and no other does.

    Raises:
        RetiredHere: it was retired before.
    """
    async with connection.transaction():
        await connection.execute(_LOCK)
        known = {key.public_key: key for key in await read_keys(connection)}
        if public_key in known:
            if (retired := known[public_key].retired) is not None:
                raise RetiredHere(service=service, day=retired.date())
            return
        await connection.execute(_RETIRE)
        await connection.execute(_ADD, public_key)


async def must_sign(connection: Any, service: str, public_key: bytes) -> None:
    """Refuse to sign with a key that was retired meanwhile.

    Raises:
        RetiredHere: it was.
    """
    if (retired := await connection.fetchval(_RETIRED, public_key)) is not None:
        raise RetiredHere(service=service, day=retired.date())


async def note_witness(connection: Any, vkey: str) -> None:
    """Note the key of a witness."""
    await connection.execute(_ADD_WITNESS, vkey)


async def read_witnesses(connection: Any) -> list[str]:
    """Return the keys of all who cosigned, the first one first."""
    return [vkey for (vkey,) in await connection.fetch(_WITNESSES)]
