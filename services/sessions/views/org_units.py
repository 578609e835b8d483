"""Org units, as sessions has heard of them: that they are, and since when they are no more."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from shared.contracts.registry.org_unit import (
    OrgUnitClosed,
    OrgUnitEstablished,
    OrgUnitMergedInto,
    OrgUnitRenamed,
    OrgUnitReopened,
    OrgUnitSplitUp,
)
from shared.contracts.registry.org_unit_codes import OWN, OrgUnitCodesTold
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

ORG_UNIT = Table(
    name="known_org_unit",
    version=2,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "code": Column(type="text"),
        "name": Column(type="text"),
        "heirs": Column(type="uuid[]"),
        "since": Column(type="date"),
        "ended_on": Column(type="date", nullable=True),
    },
)
"""From the day `ended_on` on, it is closed, or part of others: `heirs` took its place."""

ORG_UNITS = Projection("org_units", ORG_UNIT)


@ORG_UNITS.on(OrgUnitEstablished)
def established(body: OrgUnitEstablished, at: Happening) -> Iterable[Change]:
    """Know that there is such a unit."""
    shown = {"code": body.code, "name": body.name, "heirs": (), "since": body.since}
    yield Upsert(ORG_UNIT, (at.stream,), shown)


@ORG_UNITS.on(OrgUnitRenamed)
def renamed(body: OrgUnitRenamed, at: Happening) -> Iterable[Change]:
    """Know what it is called."""
    yield Patch(ORG_UNIT, (at.stream,), {"name": body.name})


@ORG_UNITS.on(OrgUnitCodesTold)
def codes_told(body: OrgUnitCodesTold, at: Happening) -> Iterable[Change]:
    """Know its own code."""
    if body.system == OWN:
        now = max(body.codes, key=lambda one: one.since)
        yield Patch(ORG_UNIT, (at.stream,), {"code": now.code})


@ORG_UNITS.on(OrgUnitClosed)
def closed(body: OrgUnitClosed, at: Happening) -> Iterable[Change]:
    """Know that it was closed."""
    yield _no_more(at.stream, body.since)


@ORG_UNITS.on(OrgUnitReopened)
def reopened(_body: OrgUnitReopened, at: Happening) -> Iterable[Change]:
    """Know that it was not."""
    yield Patch(ORG_UNIT, (at.stream,), {"ended_on": None})


@ORG_UNITS.on(OrgUnitMergedInto)
def merged(body: OrgUnitMergedInto, at: Happening) -> Iterable[Change]:
    """Know that it became part of another."""
    yield _no_more(at.stream, body.since, body.into_id)


@ORG_UNITS.on(OrgUnitSplitUp)
def split_up(body: OrgUnitSplitUp, at: Happening) -> Iterable[Change]:
    """Know that others took its place."""
    yield _no_more(at.stream, body.since, *body.successors)


def _no_more(unit: UUID, since: date, *heirs: UUID) -> Change:
    return Patch(ORG_UNIT, (unit,), {"ended_on": since, "heirs": heirs})
