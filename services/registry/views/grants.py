"""Access grants by the person who holds them, as the registry has heard of its own: the ledger
finds a record by its id alone.
"""

from collections.abc import Iterable

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
@HOLDERS.on(AccessGrantGivenOverGroup)
def given(body: AccessGrantGiven | AccessGrantGivenOverGroup, at: Happening) -> Iterable[Change]:
    """Know whose it is."""
    if body.health_worker_id is not None:
        yield Upsert(HOLDER, (at.stream,), {"health_worker_id": body.health_worker_id})
