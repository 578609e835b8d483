"""What is known of grants, places and reforms: all in memory, taken in a row at a time.

The tables have a `position` a row, of the event that wrote it last. The sum of those that are
known says whether they are all there are: whoever reads only what is new finds out what was missed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.access.grants import Grant
from shared.access.members import Members
from shared.access.reforms import Heir, Reforms
from shared.access.tree import DatedTree, Standing
from shared.contracts.registry.access_grant import Role

_AT_ONCE = datetime.min.replace(tzinfo=UTC)
"""When a grant ends that goes by hours, and was taken back: a day may not have begun everywhere."""

_ROLES = frozenset(role.value for role in Role)


class Rows:
    """Which rows of a table are known, by key, at which positions.

    Attributes:
        newest: the highest position known.
        total: the sum of all of them.
    """

    def __init__(self) -> None:
        self._positions: dict[Any, int] = {}
        self.newest = self.total = 0

    def is_news(self, key: Any, position: int) -> bool:
        """Take a row in; say whether it is new, or was written since."""
        before = self._positions.get(key, 0)
        if before == position:
            return False
        self._positions[key] = position
        self.newest = max(self.newest, position)
        self.total += position - before
        return True


class Known:
    """Grants by subject, and the org units as they stood on any day."""

    def __init__(self) -> None:
        self.grants = Rows()
        self.places = Rows()
        self.heirs = Rows()
        self.members = Rows()
        self.tree = DatedTree()
        self._reforms = Reforms(self.tree)
        self._groups = Members()
        self._held: dict[str, dict[UUID, Grant]] = {}
        self._subject_of: dict[UUID, str] = {}

    def grants_of(self, subject: str, on: date) -> tuple[Grant, ...]:
        """Return every grant the subject was ever given, over the units that the groups of some
        have on that day, and what became of them by that day.
        """
        return self.reaching(self._held.get(subject, {}).values(), on)

    def held_by(self, subject: str, on: date, at: datetime) -> Iterator[tuple[UUID, Grant]]:
        """Yield each grant that the subject holds on a day, at that instant of it, as it was given,
        with its id.
        """
        for id, grant in self._held.get(subject, {}).items():
            if grant.holds(on) and grant.lasts(at):
                yield id, grant

    def reaching(self, grants: Iterable[Grant], on: date) -> tuple[Grant, ...]:
        """Return what grants are over on a day: their groups' units, and what became of units."""
        return self._reforms.carried(self._groups.told(grants, on), on)

    def given_to(self, subject: str) -> Iterator[Grant]:
        """Yield every grant that the subject was ever given, as it was given."""
        yield from self._held.get(subject, {}).values()

    def given(self) -> Iterator[Grant]:
        """Yield every grant that was ever given, to anybody, as it was given; not what somebody
        took for some hours.
        """
        for held in self._held.values():
            yield from (grant for grant in held.values() if grant.ends is None)

    def reached_on(self, unit: UUID, on: date) -> Iterator[UUID]:
        """Yield the id of every grant that reaches a unit on a day, from above or anywhere."""
        path = frozenset(self.tree.path(unit, on))
        for held in self._held.values():
            for id, grant in held.items():
                if (
                    grant.over_person is None
                    and grant.holds(on)
                    and any(
                        one.org_unit_id is None or one.org_unit_id in path
                        for one in self.reaching([grant], on)
                    )
                ):
                    yield id

    def supposing(
        self, standings: Iterable[Standing], heirs: Iterable[tuple[UUID, Heir]]
    ) -> "Known":
        """Return what would be known if units stood so, and took others' places, besides."""
        other = Known()
        other.tree = self.tree.supposing(standings)
        other._reforms = self._reforms.supposing(other.tree, heirs)
        other._held, other._groups = self._held, self._groups
        return other

    def grants_over(self, units: Collection[UUID], on: date) -> list[tuple[UUID, Grant]]:
        """Return the grants that hold on a day and name one of these units, each with its id."""
        return [
            (id, grant)
            for held in self._held.values()
            for id, grant in held.items()
            if grant.org_unit_id in units and grant.holds(on)
        ]

    def take_grants(self, rows: Iterable[Mapping[str, Any]]) -> bool:
        """Take rows of the table of grants in; say whether any was news."""
        news = False
        for row in rows:
            id = row["grant_id"]
            if not self.grants.is_news(id, row["position"]):
                continue
            news = True
            before = self._subject_of.get(id)
            if before is not None:
                del self._held[before][id]
            # A role of a release newer than this one allows nothing here.
            if row["role"] in _ROLES:
                grant = grant_of(row)
                self._subject_of[id] = grant.subject
                self._held.setdefault(grant.subject, {})[id] = grant
            elif before is not None:
                del self._subject_of[id]
        return news

    def take_places(self, rows: Iterable[Mapping[str, Any]]) -> bool:
        """Take rows of the table of places in; say whether any was news."""
        news = False
        for row in rows:
            unit, since = row["org_unit_id"], row["since"]
            if self.places.is_news((unit, since), row["position"]):
                self.tree.take(Standing(unit, since, row["parent_id"]))
                news = True
        return news

    def take_heirs(self, rows: Iterable[Mapping[str, Any]]) -> bool:
        """Take rows of the table of heirs in; say whether any was news."""
        news = False
        for row in rows:
            unit, heir = row["org_unit_id"], row["heir_id"]
            if self.heirs.is_news((unit, heir), row["position"]):
                self._reforms.take(unit, Heir(heir, row["since"], row["merged"]))
                news = True
        return news

    def take_members(self, rows: Iterable[Mapping[str, Any]]) -> bool:
        """Take rows of the table of groups' units in; say whether any was news."""
        news = False
        for row in rows:
            group, unit = row["group_id"], row["org_unit_id"]
            if self.members.is_news((group, unit), row["position"]):
                self._groups.take(group, unit, row["since"], row["until"])
                news = True
        return news


def grant_of(row: Mapping[str, Any]) -> Grant:
    """Return the grant that a row of the table says."""
    until: date | None = row["until"]
    ends = row.get("ends")
    if row["revoked"] is not None and ends is not None:
        ends = _AT_ONCE
    elif row["revoked"] is not None:
        last = row["revoked"] - timedelta(days=1)
        until = last if until is None else min(until, last)
    return Grant(
        subject=row["subject"],
        role=Role(row["role"]),
        org_unit_id=row["org_unit_id"],
        group_id=row["group_id"],
        programme=row["programme"],
        health_worker_id=row["health_worker_id"],
        since=row["since"],
        until=until,
        own_mentorships=bool(row["own_mentorships"]),
        ends=ends,
        over_person=row.get("over_person"),
    )
