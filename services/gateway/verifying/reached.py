"""How far a service's events were verified, kept in the gateway's database: an hour's are looked at
in an hour, not all of them.
"""

from dataclasses import dataclass, field
from typing import Any

from shared.projection import schema
from shared.proof.tiles import split
from shared.proof.tree import Frontier

_DDL = """
CREATE TABLE IF NOT EXISTS public.events_verified (
    service  text     PRIMARY KEY,
    build    text     NOT NULL,
    epoch    integer  NOT NULL,
    size     bigint   NOT NULL,
    subtrees bytea    NOT NULL,
    unlike   bigint[] NOT NULL
)
"""
_READ = "SELECT build, epoch, size, subtrees, unlike FROM public.events_verified WHERE service = $1"
_KEEP = """
INSERT INTO public.events_verified (service, build, epoch, size, subtrees, unlike)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (service) DO UPDATE
   SET build = excluded.build, epoch = excluded.epoch, size = excluded.size,
       subtrees = excluded.subtrees, unlike = excluded.unlike
"""


@dataclass(slots=True)
class Verified:
    """How far it was verified, of one build and one epoch: of another, it begins anew.

    Attributes:
        build: the schema of the read models that were looked at.
        tree: over all entries that the service's feed gave so far, as the log had them.
        unlike: positions that stood otherwise in the read models, or not at all.
    """

    build: str
    epoch: int
    tree: Frontier = field(default_factory=Frontier)
    unlike: list[int] = field(default_factory=list)


async def prepare(connection: Any) -> None:
    """Make the table, if it is not there."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", schema.LOCK)
        await connection.execute(_DDL)


async def read(connection: Any, service: str, build: str, epoch: int) -> Verified:
    """Return how far it was verified."""
    row = await connection.fetchrow(_READ, service)
    if row is None or (row["build"], row["epoch"]) != (build, epoch):
        return Verified(build, epoch)
    tree = Frontier(row["size"], split(row["subtrees"]))
    return Verified(build, epoch, tree, list(row["unlike"]))


async def keep(connection: Any, service: str, one: Verified) -> None:
    """Keep how far it was verified."""
    subtrees = b"".join(one.tree.hashes)
    await connection.execute(
        _KEEP, service, one.build, one.epoch, one.tree.size, subtrees, one.unlike
    )
