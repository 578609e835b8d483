"""The published programme versions, as a service has heard of them."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from shared.contracts.definition import Definition
from shared.contracts.registry.programme import ProgrammeVersionPublished
from shared.deciding.facts import Facts
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

PROGRAMME_VERSION = Table(
    name="known_programme_version",
    version=3,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "programme": Column(type="text"),
        "version": Column(type="integer"),
        "definition": Column(type="jsonb"),
    },
    indexes=(("programme", "version"),),
)

PROGRAMMES = Projection("programmes", PROGRAMME_VERSION)
"""A local view for any service that decides by a programme's rules."""


@PROGRAMMES.on(ProgrammeVersionPublished)
def published(body: ProgrammeVersionPublished, at: Happening) -> Iterable[Change]:
    """Know the rules."""
    yield Upsert(
        PROGRAMME_VERSION,
        (at.stream,),
        {
            "programme": body.programme,
            "version": body.programme_version,
            "definition": msgspec.to_builtins(body.definition),
        },
    )


async def rules_of(facts: Facts, programme_version_id: UUID, *, field: str) -> Definition:
    """Return the rules of a published version.

    Raises:
        NotFound: no such version was heard of; the error names `field`.
    """
    return await facts.constant(
        PROGRAMME_VERSION,
        programme_version_id,
        column="definition",
        shape=Definition,
        field=field,
        kind="ProgrammeVersion",
    )


async def latest_version(facts: Facts, programme: str) -> UUID | None:
    """Return the id of the version of a programme that counts highest; None if there is none."""
    rows = await facts.rows(PROGRAMME_VERSION, programme=programme)
    newest = max(rows, key=lambda row: row["version"], default=None)
    return None if newest is None else newest["id"]
