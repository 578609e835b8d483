"""Which columns of a selection are watched, and whose a row of them is: derived from declarations.

A `Watch` is put on a statement by `sql`, and taken off its rows by the loader.
"""

from dataclasses import dataclass
from typing import Any

from services.gateway.looked.looks import looks_here
from services.gateway.read.declare import Concerning, InUnit, Leaf, Model, Through, models
from shared.contracts.access.operation import AccessKind

FINDS = frozenset({"named", "reached", "known"})
"""Filters by what is personal: whoever is found by it is shown by it."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What tells that a row shows something of somebody.

    Attributes:
        leaves: the fields that do where they are not empty: in Python, as the schema has them, and
            of which kind.
        always: the kinds that any row is of.
    """

    leaves: tuple[tuple[str, str, AccessKind], ...]
    always: frozenset[AccessKind]

    def note(self, row: Any) -> None:
        """Note what a row shows that leaves the reader now."""
        looks = looks_here()
        if looks is None:
            return
        values = row.__dict__
        shown = [leaf for leaf in self.leaves if values[leaf[0]] is not None]
        if not (shown or self.always):
            return
        kinds = self.always.union(kind for _, _, kind in shown)
        whose = values["whose"]
        looks.add(kinds, (name for _, name, _ in shown), whose)
        if not whose and values["where"] is not None:
            looks.units.add(values["where"])

    def counted(self) -> None:
        """Note that rows were counted: that there are such rows was told."""
        looks = looks_here()
        if looks is not None and self.always:
            looks.add(self.always, (), None)


def watch_of(model: Model, fields: tuple[str, ...], *, finds: bool = False) -> Watch | None:
    """Return what is to be watched of these fields of a row; None: nothing.

    Args:
        finds: rows are found by what is personal.
    """
    leaves = tuple(
        (name, f"{model.name}.{model.spelt(name)}", kind)
        for name in fields
        if (kind := _kind_of(model, name)) is not None
    )
    always = {AccessKind.PERSONAL} if finds else set()
    if model.shows is not None:
        always.add(model.shows)
    return Watch(leaves, frozenset(always)) if leaves or always else None


def _kind_of(model: Model, name: str) -> AccessKind | None:
    declared = model.fields[name]
    assert isinstance(declared, Leaf)
    if declared.confided is not None:
        return AccessKind.CONFIDED
    return AccessKind.PERSONAL if declared.personal else None


def whose(model: Model, alias: str = "t") -> str:
    """Return SQL for whose a row is: a person's id, or an array of those of a mentorship's parties;
    NULL where it is about no one person.
    """
    visibility = model.visibility
    if isinstance(visibility, InUnit) and visibility.person is not None:
        return f'{alias}."{visibility.person}"'
    if "health_worker_id" in model.table.columns:
        return f'{alias}."health_worker_id"'
    if isinstance(visibility, InUnit) and visibility.parties is not None:
        party = models["MentorshipParty"]
        return (
            f"ARRAY(SELECT {alias}p.health_worker_id FROM {party.source} {alias}p"
            f' WHERE {alias}p.mentorship_id = {alias}."{visibility.parties}")'
        )
    if isinstance(visibility, Through):
        return _through(visibility, alias, whose)
    return "NULL::uuid"


def where(model: Model, alias: str = "t") -> str:
    """Return SQL for the org unit that a row belongs to."""
    visibility = model.visibility
    if isinstance(visibility, InUnit | Concerning):
        return f'{alias}."{visibility.unit}"'
    if isinstance(visibility, Through):
        return _through(visibility, alias, where)
    return "NULL::uuid"


def _through(visibility: Through, alias: str, says: Any) -> str:
    to, inner = models[visibility.to], f"{alias}w"
    return (
        f"(SELECT {says(to, inner)} FROM {to.source} {inner}"
        f' WHERE {inner}.id = {alias}."{visibility.by}")'
    )
