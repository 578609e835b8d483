"""What the other services say of an enrolment: sessions attended, competencies, indicators."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from shared.contracts.sessions.session import (
    SessionCorrected,
    SessionFacts,
    SessionHeld,
    SessionReinstated,
    SessionVoided,
)
from shared.contracts.validation.competency_record import (
    Cause,
    CompetencyLapsed,
    CompetencyRevoked,
    CompetencyValidated,
)
from shared.contracts.validation.indicator import (
    IndicatorCorrected,
    IndicatorFacts,
    IndicatorReinstated,
    IndicatorScored,
    IndicatorVoided,
)
from shared.deciding.facts import Facts
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

ATTENDANCE = Table(
    name="attendance",
    version=2,
    key=("session_id", "enrolment_id"),
    columns={
        "session_id": Column(type="uuid"),
        "enrolment_id": Column(type="uuid"),
        "mentorship_id": Column(type="uuid"),
        "held_on": Column(type="date"),
        "said_at": Column(type="integer"),
    },
    indexes=(("enrolment_id",),),
)
"""Who was said to be at a session that counts, and at which version of its stream, last."""

AMENDED_SESSION = Table(
    name="amended_session",
    version=1,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "mentorship_id": Column(type="uuid"),
        "corrected_at": Column(type="integer", nullable=True),
        "voided": Column(type="boolean", nullable=True),
    },
    indexes=(("mentorship_id",),),
)
"""The sessions that were corrected, at which version of their stream, or voided: few of them.

A correction says who was there, not who was not after all; whoever was said to be there before it
and not in it was not.
"""

ENROLMENT_PROGRESS = Table(
    name="enrolment_progress",
    version=2,
    key=("enrolment_id",),
    columns={
        "enrolment_id": Column(type="uuid"),
        "validated": Column(type="integer", nullable=True),
        "competencies": Column(type="integer", nullable=True),
        "indicators": Column(type="boolean", nullable=True),
    },
)
"""How many competencies are validated, of how many, and whether the indicators are complete."""

VALIDATION_TURN = Table(
    name="validation_turn",
    version=1,
    key=("enrolment_id", "competency", "told_at"),
    columns={
        "enrolment_id": Column(type="uuid"),
        "competency": Column(type="text"),
        "told_at": Column(type="integer"),
        "turned_on": Column(type="date"),
        "holds": Column(type="boolean"),
        "taken_back": Column(type="boolean"),
    },
)
"""Each time a validation began to hold, or ended, in the order it was told.

One that was taken back, or fell, holds for no day any more; one that lapsed, or was suspended by a
later attempt, held until then.
"""

PROGRESS = Projection("progress", ATTENDANCE, AMENDED_SESSION, ENROLMENT_PROGRESS, VALIDATION_TURN)


@PROGRESS.on(SessionHeld)
def held(body: SessionHeld, at: Happening) -> Iterable[Change]:
    """Know for whom it counts."""
    yield from _there(body, at)


@PROGRESS.on(SessionCorrected)
def corrected(body: SessionCorrected, at: Happening) -> Iterable[Change]:
    """Know for whom it counts after all."""
    yield _amended(at, body.mentorship_id, corrected_at=at.version)
    yield from _there(body, at)


@PROGRESS.on(SessionVoided)
def voided(body: SessionVoided, at: Happening) -> Iterable[Change]:
    """Count it no more."""
    yield _amended(at, body.mentorship_id, voided=True)


@PROGRESS.on(SessionReinstated)
def reinstated(body: SessionReinstated, at: Happening) -> Iterable[Change]:
    """Count it again."""
    yield _amended(at, body.mentorship_id, voided=False)


@PROGRESS.on(CompetencyValidated)
def validated(body: CompetencyValidated, at: Happening) -> Iterable[Change]:
    """Know how many competencies are validated, and this one since when."""
    yield _validated(body)
    yield _turned(body, at, body.validated_on, holds=True)


@PROGRESS.on(CompetencyRevoked)
def revoked(body: CompetencyRevoked, at: Happening) -> Iterable[Change]:
    """Know how many are left, and whether this one was any at all."""
    yield _validated(body)
    taken_back = body.cause is not Cause.SUSPENDED
    yield _turned(body, at, body.revoked_on, holds=False, taken_back=taken_back)


@PROGRESS.on(CompetencyLapsed)
def lapsed(body: CompetencyLapsed, at: Happening) -> Iterable[Change]:
    """Know how many are left, and that this one held until then."""
    yield _validated(body)
    yield _turned(body, at, body.lapsed_on, holds=False)


@PROGRESS.on(IndicatorScored, IndicatorCorrected)
def scored(body: IndicatorFacts, _at: Happening) -> Iterable[Change]:
    """Know whether every indicator was scored twice."""
    yield Upsert(ENROLMENT_PROGRESS, (body.enrolment_id,), {"indicators": body.complete})


@PROGRESS.on(IndicatorVoided)
def score_voided(body: IndicatorVoided, _at: Happening) -> Iterable[Change]:
    """Know whether every indicator still was."""
    yield Upsert(ENROLMENT_PROGRESS, (body.enrolment_id,), {"indicators": body.complete})


@PROGRESS.on(IndicatorReinstated)
def score_reinstated(body: IndicatorReinstated, _at: Happening) -> Iterable[Change]:
    """Know whether every indicator was after all."""
    yield Upsert(ENROLMENT_PROGRESS, (body.enrolment_id,), {"indicators": body.complete})


def _there(body: SessionFacts, at: Happening) -> Iterable[Change]:
    for enrolment_id in body.enrolments if body.counts else ():
        yield Upsert(
            ATTENDANCE,
            (at.stream, enrolment_id),
            {
                "mentorship_id": body.mentorship_id,
                "held_on": body.held_on,
                "said_at": at.version,
            },
        )


def _amended(at: Happening, mentorship_id: UUID, **columns: Any) -> Upsert:
    return Upsert(AMENDED_SESSION, (at.stream,), {"mentorship_id": mentorship_id, **columns})


Turn: TypeAlias = CompetencyValidated | CompetencyRevoked | CompetencyLapsed


def _validated(body: Turn) -> Upsert:
    return Upsert(
        ENROLMENT_PROGRESS,
        (body.enrolment_id,),
        {"validated": body.validated, "competencies": body.competencies},
    )


def _turned(
    body: Turn, at: Happening, on: date, *, holds: bool, taken_back: bool = False
) -> Upsert:
    return Upsert(
        VALIDATION_TURN,
        (body.enrolment_id, body.competency, at.version),
        {"turned_on": on, "holds": holds, "taken_back": taken_back},
    )


async def validated_by(facts: Facts, enrolment_id: UUID, day: date) -> int:
    """Return on how many competencies a mentee was validated on a day, as it is told now."""
    held: dict[str, bool] = {}
    turns = await facts.rows(VALIDATION_TURN, enrolment_id=enrolment_id)
    for turn in sorted(turns, key=lambda row: row["told_at"]):
        if turn["taken_back"]:
            held.pop(turn["competency"], None)
        elif turn["turned_on"] <= day:
            held[turn["competency"]] = turn["holds"]
    return sum(held.values())


async def days_of_progress(facts: Facts, enrolments: Collection[UUID]) -> list[date]:
    """Return the days of sessions and validations that may have brought them to the end, in
    whichever of their enrolments.
    """
    attended = await facts.rows_among(ATTENDANCE, "enrolment_id", enrolments)
    turned = await facts.rows_among(VALIDATION_TURN, "enrolment_id", enrolments)
    days = {row["held_on"] for row in attended} | {row["turned_on"] for row in turned}
    return sorted(days)


async def sessions_attended(
    facts: Facts, enrolments: Collection[UUID], by: date | None = None
) -> int:
    """Return how many sessions a mentee attended, in all or by a day, as they are said to have
    been now; one that they are named at under two names counts once.
    """
    attended = [
        row
        for row in await facts.rows_among(ATTENDANCE, "enrolment_id", enrolments)
        if by is None or row["held_on"] <= by
    ]
    amended = {
        row["id"]: row
        for mentorship_id in {row["mentorship_id"] for row in attended}
        for row in await facts.rows(AMENDED_SESSION, mentorship_id=mentorship_id)
    }
    return len(
        {row["session_id"] for row in attended if _counts(row, amended.get(row["session_id"]))}
    )


async def sessions_in(
    facts: Facts, mentorship_id: UUID, enrolments: Collection[UUID]
) -> frozenset[UUID]:
    """Return the sessions in a mentorship that count for any of these mentees now."""
    attended = await facts.rows_among(
        ATTENDANCE, "enrolment_id", enrolments, mentorship_id=mentorship_id
    )
    amended = {
        row["id"]: row for row in await facts.rows(AMENDED_SESSION, mentorship_id=mentorship_id)
    }
    return frozenset(
        row["session_id"] for row in attended if _counts(row, amended.get(row["session_id"]))
    )


def _counts(attendance: Any, amended: Any) -> bool:
    if amended is None:
        return True
    return not amended["voided"] and attendance["said_at"] >= (amended["corrected_at"] or 0)
