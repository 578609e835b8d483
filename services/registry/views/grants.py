"""Access grants by the person who holds them, as the registry has heard of its own: the ledger
finds a record by its id alone.
"""

from collections.abc import Iterable
from uuid import UUID

from shared.contracts.registry.access_grant import AccessGrantGiven, AccessGrantGivenOverGroup
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

HOLDER = Table(
    name="known_holder",
    version=1,
    key=("grant_id",),
    columns={
        "grant_id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
    },
    indexes=(("health_worker_id",),),
)
"""Which health worker the holder of a grant is, where it says so."""

HOLDERS = Projection("holders", HOLDER)


@HOLDERS.on(AccessGrantGiven)
def given(body: AccessGrantGiven, at: Happening) -> Iterable[Change]:
    """Know whose it is."""
    yield from _is(body.health_worker_id, at)


@HOLDERS.on(AccessGrantGivenOverGroup)
def given_over_group(body: AccessGrantGivenOverGroup, at: Happening) -> Iterable[Change]:
    """Know whose it is."""
    yield from _is(body.health_worker_id, at)


def _is(person: UUID | None, at: Happening) -> Iterable[Change]:
    if person is not None:
        yield Upsert(HOLDER, (at.stream,), {"health_worker_id": person})
