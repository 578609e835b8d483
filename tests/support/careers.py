"""What becomes of what somebody has in programmes: shown beforehand, and as it was done."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from services.gateway.figures.consequences import Change, Consequence, consequences
from shared.contracts.registry.employment import HealthWorkerEmploymentFollowed, Outcome
from shared.projection import Table
from tests.support.house import House
from tests.support.tables import Row


async def shown(house: House, person: UUID, change: Change) -> list[Consequence]:
    """Return what the gateway would show beforehand."""

    async def select(table: Table, column: str, values: Collection[UUID]) -> Sequence[Row]:
        return [row for row in house.gateway.tables.of(table) if row[column] in values]

    return await consequences(person, change, select)


def to_happen(found: list[Consequence]) -> list[Outcome]:
    """Return what of it is done, and does not stay as it is."""
    return [one.outcome for one in found if one.outcome is not None]


async def done(house: House, person: UUID) -> list[list[Outcome]]:
    """Return what was done, each time that anything was."""
    return [
        list(event.outcomes)
        for event in await house.events(person)
        if isinstance(event, HealthWorkerEmploymentFollowed)
    ]


def became(outcomes: list[Outcome]) -> list[tuple[str, str, Any]]:
    """Return what became of what, and since when."""
    return [(one.duty.value, one.becomes.value, one.on) for one in outcomes]
