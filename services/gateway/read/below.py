"""The condition that a unit stands below others: by its ancestors, never by a list of units."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from services.gateway.projections.ancestors import NAME


class Binds(Protocol):
    """A statement, as far as values are bound in it."""

    def once(self, value: object, type: str) -> str:
        """Bind a value and return its place; the same one where it was bound before."""


def below(unit: str, tops: Sequence[UUID], on: date, s: Binds) -> str:
    """Return the condition that a unit is one of `tops`, or stood below one that day.

    A unit that nobody knows, and no unit, are below nothing.

    Args:
        unit: SQL, the column with its id.
    """
    day = s.once(on, "date")
    return (
        f'EXISTS (SELECT FROM "{NAME}" above WHERE above.org_unit_id = {unit}'
        f" AND above.ancestor_id = ANY({s.once(tops, 'uuid[]')})"
        f" AND above.since <= {day} AND above.until > {day})"
    )
