"""Whom mentorships bring together, as sessions has heard of them: where mentees are mentored, and
which mentors may mentor.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from shared.contracts.registry.enrolment import MenteeEnrolled, MenteeTransferred
from shared.contracts.registry.mentor import (
    MentorCertificationCorrected,
    MentorCertificationVoided,
    MentorCertified,
    MentorReinstated,
    MentorSuspended,
    MentorSuspensionVoided,
    SuspensionGround,
)
from shared.deciding.facts import Row
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

CERTIFIED, SUSPENDED, REINSTATED = "CERTIFIED", "SUSPENDED", "REINSTATED"
NEVER = "NEVER"
UNCERTIFIED = "UNCERTIFIED"

MENTEE_UNIT = Table(
    name="known_mentee_unit",
    version=1,
    key=("enrolment_id", "since"),
    columns={
        "enrolment_id": Column(type="uuid"),
        "since": Column(type="date"),
        "org_unit_id": Column(type="uuid"),
    },
)
"""Where a mentee is mentored from a day on."""

MENTOR_SINCE = Table(
    name="known_mentor_since",
    version=1,
    key=("health_worker_id", "programme", "area", "version"),
    columns={
        "health_worker_id": Column(type="uuid"),
        "programme": Column(type="text"),
        "area": Column(type="text"),
        "version": Column(type="integer"),
        "since": Column(type="date"),
        "change": Column(type="text"),
    },
)
"""Since when a mentor is CERTIFIED, SUSPENDED so that they earn nothing (NEVER, if not so after
all), or REINSTATED; of what is said of their certification, the last holds, and it may be that they
are UNCERTIFIED. Whoever is suspended for leave, or lost a right, goes on with what they are in:
nothing is kept of it here."""

MET = Projection("met", MENTEE_UNIT, MENTOR_SINCE)


@MET.on(MenteeEnrolled)
def enrolled(body: MenteeEnrolled, at: Happening) -> Iterable[Change]:
    """Know where they begin."""
    yield Upsert(MENTEE_UNIT, (at.stream, body.since), {"org_unit_id": body.org_unit_id})


@MET.on(MenteeTransferred)
def transferred(body: MenteeTransferred, at: Happening) -> Iterable[Change]:
    """Know where they are from that day on."""
    yield Upsert(MENTEE_UNIT, (at.stream, body.since), {"org_unit_id": body.org_unit_id})


@MET.on(MentorCertified)
def certified(body: MentorCertified, at: Happening) -> Iterable[Change]:
    """Know that they may."""
    since = body.certified_on or at.meta.occurred_on
    yield _since(at, since, body.health_worker_id, body.programme, body.area, CERTIFIED)


@MET.on(MentorCertificationCorrected)
def certification_corrected(body: MentorCertificationCorrected, at: Happening) -> Iterable[Change]:
    """Know since when they may after all."""
    since, person = body.certified_on, body.health_worker_id
    yield _since(at, since, person, body.programme, body.area, CERTIFIED)


@MET.on(MentorCertificationVoided)
def certification_voided(body: MentorCertificationVoided, at: Happening) -> Iterable[Change]:
    """Know that they might not."""
    since, person = body.voided_on, body.health_worker_id
    yield _since(at, since, person, body.programme, body.area, UNCERTIFIED)


_EARNS_NOTHING = (
    SuspensionGround.CONDUCT,
    SuspensionGround.LEFT_SERVICE,
    SuspensionGround.OTHER,
)


@MET.on(MentorSuspended)
def suspended(body: MentorSuspended, at: Happening) -> Iterable[Change]:
    """Know that what they mentor earns nothing, unless they keep what they are in."""
    if body.ground in _EARNS_NOTHING:
        yield _since(at, body.since, body.health_worker_id, body.programme, body.area, SUSPENDED)


@MET.on(MentorReinstated)
def reinstated(body: MentorReinstated, at: Happening) -> Iterable[Change]:
    """Know that they may again."""
    yield _since(at, body.since, body.health_worker_id, body.programme, body.area, REINSTATED)


@MET.on(MentorSuspensionVoided)
def suspension_voided(body: MentorSuspensionVoided, at: Happening) -> Iterable[Change]:
    """Know that they might all along."""
    yield _since(at, body.since, body.health_worker_id, body.programme, body.area, NEVER)


def _since(
    at: Happening, since: date, person: UUID, programme: str, area: str, change: str
) -> Upsert:
    return Upsert(
        MENTOR_SINCE, (person, programme, area, at.version), {"since": since, "change": change}
    )


def suspended_on(day: date, rows: Iterable[Row]) -> bool:
    """Say whether a mentor was suspended in an area on a day, so that they earned nothing.

    Args:
        rows: theirs of `MENTOR_SINCE`, in that area. Each suspension lasts until the next
            reinstatement that is told; one that never was is of no day.
    """
    told: list[tuple[date, date | None]] = []
    for row in sorted(rows, key=lambda row: row["version"]):
        since = row["since"]
        if row["change"] == SUSPENDED:
            told.append((since, None))
        elif row["change"] == REINSTATED and told and told[-1][1] is None:
            told[-1] = (told[-1][0], since)
        elif row["change"] == NEVER:
            told = [one for one in told if one[0] != since]
    return any(since <= day and (until is None or day < until) for since, until in told)


def certified_on(day: date, rows: Iterable[Row]) -> bool | None:
    """Say whether a mentor was certified in an area by a day; None: nothing was said of it.

    Args:
        rows: theirs of `MENTOR_SINCE`, in that area.
    """
    told = [row for row in rows if row["change"] in (CERTIFIED, UNCERTIFIED)]
    last = max(told, key=lambda row: row["version"], default=None)
    return last and last["change"] == CERTIFIED and last["since"] <= day
