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


def below(unit: str, tops: Sequence[UUID], on: date, s: Binds, *, of_all: bool = False) -> str:
    """Return the condition that a unit is one of `tops`, or stood below one that day.

    A unit that nobody knows, and no unit, are below nothing.

    Args:
        unit: SQL, the column with its id.
        of_all: it is asked of all rows of a table, and is one of several conditions of which one
            is enough: then what lies below is looked up once, and not for every row.
    """
    day = s.once(on, "date")
    if of_all:
        return (
            f'{unit} IN (SELECT above.org_unit_id FROM "{NAME}" above'
            f" WHERE above.ancestor_id = ANY({s.once(tops, 'uuid[]')})"
            f" AND above.since <= {day} AND above.until > {day})"
        )
    return (
        f'EXISTS (SELECT FROM "{NAME}" above WHERE above.org_unit_id = {unit}'
        f" AND above.ancestor_id = ANY({s.once(tops, 'uuid[]')})"
        f" AND above.since <= {day} AND above.until > {day})"
    )
