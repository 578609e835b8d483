"""What a grant over a group reaches: the units that belong to it on the day that is asked about.

It follows membership: a unit that leaves is out of reach from that day on, one that joins within
it. Who takes a unit into such a group answers for that (`GroupEntrusted`).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from shared.access.grants import Grant


class Members:
    """The units of every group, with the days on which each belonged to it last."""

    def __init__(self) -> None:
        self._units: dict[UUID, dict[UUID, tuple[date, date | None]]] = {}

    def take(self, group: UUID, unit: UUID, since: date, until: date | None) -> None:
        """Take in that a unit belongs to a group since a day, until the first without it."""
        self._units.setdefault(group, {})[unit] = (since, until)

    def told(self, grants: Iterable[Grant], on: date) -> Iterator[Grant]:
        """Yield the grants, each that is over a group as one over every unit of it that day."""
        for grant in grants:
            if grant.group_id is None:
                yield grant
                continue
            for unit, (since, until) in self._units.get(grant.group_id, {}).items():
                if since <= on and (until is None or on < until):
                    yield replace(grant, org_unit_id=unit, group_id=None)
