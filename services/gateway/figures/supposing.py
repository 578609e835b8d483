"""The hierarchy as it would be with a reform: nothing is recorded, and no rule is asked here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

from services.gateway.projections import ORG_UNIT
from services.gateway.read.loader import Reader
from shared.access.known import Known
from shared.access.reforms import Heir
from shared.access.tree import Standing
from shared.contracts.registry.reform import ReformChange, ReformChangeKind

_UNITS = 'SELECT id, code, name, unit_kind, state, into_id FROM "{unit}"'


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as far as a reform is looked at: `into_id` is what it became part of."""

    id: UUID
    code: str
    name: str
    kind: str
    open: bool = True
    into_id: UUID | None = None


async def units_of(reader: Reader) -> dict[UUID, Unit]:
    """Return every unit there is: they are published."""
    rows = await reader.fetch(_UNITS.format(unit=ORG_UNIT.physical))
    return {
        row["id"]: Unit(
            row["id"], row["code"], row["name"], row["unit_kind"],
            row["state"] == "ACTIVE", row["into_id"],
        )
        for row in rows
    }  # fmt: skip


@dataclass(slots=True)
class Supposed:
    """A hierarchy, and what of it a list of changes makes, in its order.

    Attributes:
        on: the day of the reform.
        units: all of them, with those that the reform brings.
        parents: where units come to stand by it.
        ended: what is no more by it, with the units that it was split up into.
    """

    known: Known
    on: date
    units: dict[UUID, Unit]
    parents: dict[UUID, UUID | None] = field(default_factory=dict)
    heirs: list[tuple[UUID, Heir]] = field(default_factory=list)
    ended: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)

    @classmethod
    def by(
        cls, changes: Iterable[ReformChange], on: date, known: Known, units: Mapping[UUID, Unit]
    ) -> "Supposed":
        """Suppose that all of them came; what names nobody we know is left out."""
        supposed = cls(known, on, dict(units))
        for change in changes:
            supposed._take(change)
        return supposed

    @property
    def after(self) -> Known:
        """What would be known of grants and places."""
        standings = [Standing(unit, self.on, parent) for unit, parent in self.parents.items()]
        return self.known.supposing(standings, self.heirs)

    def _take(self, change: ReformChange) -> None:
        kind, unit = change.kind, self.units.get(change.org_unit_id or UUID(int=0))
        if kind is ReformChangeKind.ESTABLISH:
            self._bring(change.id or uuid4(), change.code, change.name, change, change.parent_id)
        elif unit is None:
            return
        elif kind is ReformChangeKind.RENAME:
            self.units[unit.id] = replace(unit, name=change.name or unit.name)
        elif kind is ReformChangeKind.MOVE:
            self.parents[unit.id] = change.parent_id
        elif kind is ReformChangeKind.SPLIT:
            self._split(change, unit)
        elif kind is ReformChangeKind.MERGE and change.into_id in self.units:
            self._merge(change, unit, change.into_id)
        elif kind is ReformChangeKind.CLOSE:
            self._end(unit)

    def _bring(
        self,
        id: UUID,
        code: str | None,
        name: str | None,
        like: ReformChange | Unit,
        parent: UUID | None,
    ) -> UUID:
        told = like.kind if isinstance(like, Unit) else like.unit_kind and like.unit_kind.value
        self.units[id] = Unit(id, code or "", name or "", told or "")
        self.parents[id] = parent
        return id

    def _split(self, change: ReformChange, unit: Unit) -> None:
        parent = self._parent(unit.id)
        parts = tuple(
            self._bring(part.id or uuid4(), part.code, part.name, unit, parent)
            for part in change.successors
        )
        self.heirs += [(unit.id, Heir(part, self.on, merged=False)) for part in parts]
        children = self._children(unit.id)
        self._end(unit, parts)
        self._put(children, change, change.children_to)

    def _merge(self, change: ReformChange, unit: Unit, into: UUID) -> None:
        self.heirs.append((unit.id, Heir(into, self.on, merged=True)))
        children = self._children(unit.id)
        self._end(unit, into=into)
        self._put(children, change, change.children_to or into)

    def _put(self, children: Sequence[UUID], change: ReformChange, rest: UUID | None) -> None:
        named = {child.org_unit_id: child.parent_id for child in change.children}
        for child in children:
            parent = named.get(child, rest)
            if parent is not None:
                self.parents[child] = parent

    def _end(self, unit: Unit, parts: tuple[UUID, ...] = (), into: UUID | None = None) -> None:
        self.units[unit.id] = replace(unit, open=False, into_id=into)
        self.ended[unit.id] = parts

    def _parent(self, unit: UUID) -> UUID | None:
        if unit in self.parents:
            return self.parents[unit]
        path = self.known.tree.path(unit, self.on)
        return path[1] if len(path) > 1 else None

    def _children(self, unit: UUID) -> list[UUID]:
        found = [*self.known.tree.children(unit, self.on), *self.parents]
        return [
            child
            for child in dict.fromkeys(found)
            if child in self.units and self.units[child].open and self._parent(child) == unit
        ]
