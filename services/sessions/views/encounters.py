"""Sessions that were held, as sessions has heard of its own: found by the day of somebody who was
there.

It is a moment behind: of two that are logged in the same second, neither may know of the other.
"""

from collections.abc import Iterable
from uuid import UUID

from shared.contracts.definition.conduct import SUSPICIONS
from shared.contracts.sessions.session import (
    SessionCorrected,
    SessionFacts,
    SessionHeld,
    SessionReinstated,
    SessionVoided,
)
from shared.deciding.facts import Row
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

ENCOUNTER = Table(
    name="known_encounter",
    version=3,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "mentorship_id": Column(type="uuid"),
        "visit_id": Column(type="uuid", nullable=True),
        "held_on": Column(type="date"),
        "mode": Column(type="text"),
        "format": Column(type="text", nullable=True),
        "minutes": Column(type="integer"),
        "begins": Column(type="timestamptz", nullable=True),
        "ends": Column(type="timestamptz", nullable=True),
        "people": Column(type="uuid[]"),
        "counts": Column(type="boolean"),
        "settled": Column(type="boolean"),
        "told_at": Column(type="integer"),
        "told_in": Column(type="bigint"),
        "voided_in": Column(type="bigint", nullable=True),
        "suspected_of": Column(type="uuid", nullable=True),
        "stands": Column(type="boolean"),
    },
    indexes=(("suspected_of",), ("visit_id",), ("mentorship_id", "held_on")),
)
"""A session as it was told last, at which version of its stream; one that is voided stands no more.

`told_in` and `voided_in` are positions among those of its mentorship: when it was told, and when it
was voided last. It may be suspected of being another, or of having been at the same time.
"""

PRESENCE = Table(
    name="known_presence",
    version=1,
    key=("session_id", "health_worker_id"),
    columns={
        "session_id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
        "held_on": Column(type="date"),
        "minutes": Column(type="integer"),
        "told_at": Column(type="integer"),
    },
    indexes=(("health_worker_id", "held_on"),),
)
"""Somebody was there, for so many minutes that count, as was told at that version: a correction
does not say who was not there after all."""

ENCOUNTERS = Projection("encounters", ENCOUNTER, PRESENCE)


@ENCOUNTERS.on(SessionHeld)
def held(body: SessionHeld, at: Happening) -> Iterable[Change]:
    """Know the session, and who was there."""
    yield from _told(body, at, stands=True)


@ENCOUNTERS.on(SessionCorrected)
def corrected(body: SessionCorrected, at: Happening) -> Iterable[Change]:
    """Know it as it was after all; judged again, it was told when it was."""
    yield from _told(body, at, stands=True, anew=body.facts_version is None)


@ENCOUNTERS.on(SessionVoided)
def voided(_body: SessionVoided, at: Happening) -> Iterable[Change]:
    """Know that it was not."""
    yield Patch(ENCOUNTER, (at.stream,), {"stands": False, "voided_in": at.position})


@ENCOUNTERS.on(SessionReinstated)
def reinstated(_body: SessionReinstated, at: Happening) -> Iterable[Change]:
    """Know that it was."""
    yield Patch(ENCOUNTER, (at.stream,), {"stands": True})


def _told(
    body: SessionFacts, at: Happening, *, stands: bool, anew: bool = True
) -> Iterable[Change]:
    people = (*body.mentors, *body.mentees)
    told = {
        "mentorship_id": body.mentorship_id,
        "visit_id": body.visit_id,
        "held_on": body.held_on,
        "mode": body.mode,
        "format": body.format,
        "minutes": body.minutes,
        "begins": body.begins,
        "ends": body.ends,
        "people": list(people),
        "counts": body.counts,
        "settled": bool(body.settled),
        "told_at": at.version,
        "suspected_of": _suspected_of(body),
        "stands": stands,
    }
    if anew:
        yield Upsert(ENCOUNTER, (at.stream,), {**told, "told_in": at.position})
    else:
        yield Patch(ENCOUNTER, (at.stream,), told)
    there = {part.health_worker_id: part.minutes for part in body.partly}
    there |= {credit.health_worker_id: credit.minutes for credit in body.credited}
    for person in people:
        yield Upsert(
            PRESENCE,
            (at.stream, person),
            {
                "held_on": body.held_on,
                "minutes": there.get(person, body.minutes),
                "told_at": at.version,
            },
        )


def _suspected_of(body: SessionFacts) -> UUID | None:
    for each in body.deviations:
        if each.rule in SUSPICIONS:
            values = {param.name: param.value for param in each.params}
            return UUID(str(values["session"]))
    return None


def stood_when_told(one: Row, other: Row) -> bool:
    """Say whether a session stood already when another of its mentorship was told.

    What was told in the place of a voided one comes before it.
    """
    if one["told_in"] > other["told_in"]:
        return not stood_when_told(other, one)
    voided_in = one["voided_in"]
    return voided_in is None or not one["told_in"] < voided_in < other["told_in"]
