"""Finding org units that a command names: that they are, and who stands above whom."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.sessions.views.org_units import ORG_UNIT
from shared.access.facts import ORG_UNIT_PLACE
from shared.access.tree import Standing, Tree
from shared.deciding.work import Work
from shared.domain.errors import Refusal
from shared.domain.phrases import Phrase


class UnitNoMore(Refusal):
    """Nothing happens in a unit that was closed, merged or split up."""

    code = "UNIT_NO_MORE"
    template = "The unit {unit} is no more since {ended_on}."
    remedy_template = "{right}"


class NotAUnitAbove(Refusal):
    """Something is passed on upwards."""

    code = "NOT_A_UNIT_ABOVE"
    template = "The unit {unit} does not stand above the one that it is passed on from."
    remedy_template = "Name one of the units above it: {above}."


async def must_be_there(unit: UUID, work: Work[Any], *, field: str, on: date | None = None) -> None:
    """Refuse a unit that nobody has heard of, or that is no more on a day: the command's.

    Raises:
        NotFound, UnitNoMore: as they say; the error names `field`.
    """
    known = await work.facts.get(ORG_UNIT, unit, field=field, kind="OrgUnit")
    ended_on = known["ended_on"]
    if ended_on is not None and ended_on <= (on or work.day):
        right = Phrase("Name another unit, or a day before {ended_on}.", ended_on=ended_on)
        if heirs := await _standing_in(known["heirs"], work):
            right = Phrase(
                "Name what stands in its place, or a day before {ended_on}: {heirs}.",
                ended_on=ended_on,
                heirs=", ".join(heirs),
            )
        raise UnitNoMore(field, unit=known["code"], ended_on=ended_on, right=right)


async def _standing_in(heirs: Iterable[UUID], work: Work[Any]) -> list[str]:
    """Return the units that are there today of those that took a place, and those after them, by
    code and name.
    """
    found: list[str] = []
    waiting = list(heirs)
    seen = set(waiting)
    while waiting:
        known = await work.facts.find(ORG_UNIT, waiting.pop(0))
        if known is None:
            continue
        if known["ended_on"] is None:
            found.append(f"{known['code']} ({known['name']})")
        new = [heir for heir in known["heirs"] if heir not in seen]
        waiting += new
        seen.update(new)
    return found


async def must_stand_above(unit: UUID, below: UUID, work: Work[Any], *, field: str) -> None:
    """Refuse a unit that does not stand above another one, on the command's day.

    Raises:
        NotFound, UnitNoMore, NotAUnitAbove: as they say; the error names `field`.
    """
    await must_be_there(unit, work, field=field)
    above = await _units_above(below, work)
    if unit not in above:
        raise NotAUnitAbove(field, unit=unit, above=", ".join(map(str, above)) or "there is none")


async def _units_above(unit: UUID, work: Work[Any]) -> list[UUID]:
    """Return the parents up to the root; it ends where two units stand under each other."""
    above: list[UUID] = []
    parent = await _parent(unit, work.day, work)
    while parent is not None and parent not in above:
        above.append(parent)
        parent = await _parent(parent, work.day, work)
    return above


async def _parent(unit: UUID, day: date, work: Work[Any]) -> UUID | None:
    rows = await work.facts.rows(ORG_UNIT_PLACE, org_unit_id=unit)
    standings = (Standing(unit, row["since"], row["parent_id"]) for row in rows)
    _, *parents = Tree.on(day, standings).path(unit) or (unit,)
    return next(iter(parents), None)
