"""The published programme versions, as a service other than the registry has heard of them."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from shared.contracts.definition import Definition
from shared.contracts.registry.programme import ProgrammeVersionPublished
from shared.projection import Change, Column, Happening, Projection, Table, Upsert
from shared.runtime.facts import Facts

PROGRAMME_VERSION = Table(
    name="known_programme_version",
    version=1,
    key=("id",),
    columns={"id": Column(type="uuid"), "definition": Column(type="jsonb")},
)

PROGRAMMES = Projection("programmes", PROGRAMME_VERSION)
"""A local view for any service that decides by a programme's rules."""


@PROGRAMMES.on(ProgrammeVersionPublished)
def published(body: ProgrammeVersionPublished, at: Happening) -> Iterable[Change]:
    """Know the rules."""
    yield Upsert(
        PROGRAMME_VERSION, (at.stream,), {"definition": msgspec.to_builtins(body.definition)}
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
