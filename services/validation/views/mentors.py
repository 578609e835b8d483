"""Assessors: from which day on somebody may assess in an area, and from which day on not."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from shared.contracts.registry.mentor import (
    MentorCertificationCorrected,
    MentorCertificationVoided,
    MentorCertified,
    MentorReinstated,
    MentorSuspended,
    MentorSuspensionVoided,
    SuspensionGround,
)
from shared.projection import Change, Column, Delete, Happening, Projection, Table, Upsert

MAY_ASSESS = Table(
    name="known_assessor",
    version=2,
    key=("health_worker_id", "programme", "area", "since"),
    columns={
        "health_worker_id": Column(type="uuid"),
        "programme": Column(type="text"),
        "area": Column(type="text"),
        "since": Column(type="date"),
        "may": Column(type="boolean"),
    },
)
"""What holds since a day, until the next row begins."""

ASSESSORS = Projection("assessors", MAY_ASSESS)


@ASSESSORS.on(MentorCertified)
def certified(body: MentorCertified, at: Happening) -> Iterable[Change]:
    """Know that they may."""
    day = body.certified_on or at.meta.occurred_on
    yield _since(day, body.health_worker_id, body.programme, body.area, may=True)


@ASSESSORS.on(MentorCertificationCorrected)
def certification_corrected(body: MentorCertificationCorrected, _at: Happening) -> Iterable[Change]:
    """Know since when they may after all."""
    person, programme, area = body.health_worker_id, body.programme, body.area
    if body.instead_of is not None:
        yield Delete(MAY_ASSESS, (person, programme, area, body.instead_of))
    yield _since(body.certified_on, person, programme, area, may=True)


@ASSESSORS.on(MentorCertificationVoided)
def certification_voided(body: MentorCertificationVoided, _at: Happening) -> Iterable[Change]:
    """Know that they might not."""
    day = body.certified_on or body.voided_on
    yield _since(day, body.health_worker_id, body.programme, body.area, may=False)


@ASSESSORS.on(MentorSuspended)
def suspended(body: MentorSuspended, _at: Happening) -> Iterable[Change]:
    """Know that they may not, unless they are only on leave, and lose no right."""
    if body.ground is SuspensionGround.LEAVE:
        return
    yield _since(body.since, body.health_worker_id, body.programme, body.area, may=False)


@ASSESSORS.on(MentorReinstated)
def reinstated(body: MentorReinstated, _at: Happening) -> Iterable[Change]:
    """Know that they may again, if they might before."""
    yield _since(body.since, body.health_worker_id, body.programme, body.area, may=body.certified)


@ASSESSORS.on(MentorSuspensionVoided)
def suspension_voided(body: MentorSuspensionVoided, _at: Happening) -> Iterable[Change]:
    """Know that they might as before, on every day of it."""
    person, programme, area = body.health_worker_id, body.programme, body.area
    for day in filter(None, {body.since, body.until}):
        if body.certified and day == body.certified_on:
            yield _since(day, person, programme, area, may=True)
        else:
            yield Delete(MAY_ASSESS, (person, programme, area, day))


def _since(day: date, person: UUID, programme: str, area: str, *, may: bool) -> Change:
    return Upsert(MAY_ASSESS, (person, programme, area, day), {"may": may})


def may_assess(day: date, rows: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether a person might on a day, by their rows of `MAY_ASSESS` in an area."""
    known = max(
        (row for row in rows if row["since"] <= day), key=lambda row: row["since"], default=None
    )
    return known is not None and known["may"]
