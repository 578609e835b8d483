"""What is voided stays to be seen, with the day it was; what is reinstated shows none again."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, maybe, record
from shared.contracts.taking_back import Reinstated, Voided
from shared.projection import Change, Happening, Patch, Projection, Table

VOIDED = {"voided_on": maybe(DATE)}
"""The column of tables whose records can be taken back: empty while one stands."""


def taken_back(
    projection: Projection, table: Table, voids: type[Voided], reinstates: type[Reinstated]
) -> None:
    """Have a table, one row a record, show which are voided."""

    @projection.on(voids)
    def voided(event: Voided, happening: Happening) -> Iterator[Change]:
        columns = {"voided_on": event.voided_on, **record(happening)}
        yield Patch(table, (happening.stream,), columns)

    @projection.on(reinstates)
    def reinstated(_event: Reinstated, happening: Happening) -> Iterator[Change]:
        yield Patch(table, (happening.stream,), {"voided_on": None, **record(happening)})
