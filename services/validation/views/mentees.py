"""Mentees: who is enrolled in what, where, under which rules since when, and whether they left."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shared.contracts.registry.enrolment import (
    CompletionReopened,
    EnrolmentRestored,
    EnrolmentSetAside,
    MenteeCompleted,
    MenteeEnrolled,
    MenteeMovedToVersion,
    MenteeReadmitted,
    MenteeTransferred,
    MenteeWithdrawn,
)
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

MENTEE = Table(
    name="known_mentee",
    version=4,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
        "programme_version_id": Column(type="uuid"),
        "programme": Column(type="text"),
        "area": Column(type="text"),
        "org_unit_id": Column(type="uuid"),
        "since": Column(type="date"),
        "completed_on": Column(type="date", nullable=True),
        "withdrawn_on": Column(type="date", nullable=True),
        "set_aside": Column(type="boolean", nullable=True),
        "goes_on_in": Column(type="uuid", nullable=True),
    },
)
"""Who is enrolled in what: facility and rules are those they were enrolled with. One that is set
aside is added up with the one it `goes_on_in`."""

MENTEE_SINCE = Table(
    name="known_mentee_since",
    version=1,
    key=("enrolment_id", "since"),
    columns={
        "enrolment_id": Column(type="uuid"),
        "since": Column(type="date"),
        "org_unit_id": Column(type="uuid", nullable=True),
        "programme_version_id": Column(type="uuid", nullable=True),
    },
)
"""From which day on a mentee is at another facility, or under another version of the rules."""

ENROLLED = Projection("enrolled", MENTEE, MENTEE_SINCE)


@ENROLLED.on(MenteeEnrolled)
def enrolled(body: MenteeEnrolled, at: Happening) -> Iterable[Change]:
    """Know the mentee."""
    yield Upsert(
        MENTEE,
        (at.stream,),
        {
            "health_worker_id": body.health_worker_id,
            "programme_version_id": body.programme_version_id,
            "programme": body.programme,
            "area": body.area,
            "org_unit_id": body.org_unit_id,
            "since": body.since,
        },
    )


@ENROLLED.on(MenteeTransferred)
def transferred(body: MenteeTransferred, at: Happening) -> Iterable[Change]:
    """Know where they are from that day on."""
    yield Upsert(MENTEE_SINCE, (at.stream, body.since), {"org_unit_id": body.org_unit_id})


@ENROLLED.on(MenteeMovedToVersion)
def moved(body: MenteeMovedToVersion, at: Happening) -> Iterable[Change]:
    """Know by which rules they go from that day on."""
    yield Upsert(
        MENTEE_SINCE,
        (at.stream, body.since),
        {"programme_version_id": body.programme_version_id},
    )


@ENROLLED.on(MenteeWithdrawn)
def withdrawn(body: MenteeWithdrawn, at: Happening) -> Iterable[Change]:
    """Know that they left."""
    yield Patch(MENTEE, (at.stream,), {"withdrawn_on": body.withdrawn_on})


@ENROLLED.on(MenteeCompleted)
def completed(body: MenteeCompleted, at: Happening) -> Iterable[Change]:
    """Know that they came to the end."""
    yield Patch(MENTEE, (at.stream,), {"completed_on": body.completed_on})


@ENROLLED.on(MenteeReadmitted)
def readmitted(_body: MenteeReadmitted, at: Happening) -> Iterable[Change]:
    """Know that they did not leave after all."""
    yield Patch(MENTEE, (at.stream,), {"withdrawn_on": None})


@ENROLLED.on(CompletionReopened)
def reopened(_body: CompletionReopened, at: Happening) -> Iterable[Change]:
    """Know that they have not come to the end after all."""
    yield Patch(MENTEE, (at.stream,), {"completed_on": None})


@ENROLLED.on(EnrolmentSetAside)
def set_aside(body: EnrolmentSetAside, at: Happening) -> Iterable[Change]:
    """Know that the enrolment rests, and in which one it goes on."""
    yield Patch(MENTEE, (at.stream,), {"set_aside": True, "goes_on_in": body.goes_on_in})


@ENROLLED.on(EnrolmentRestored)
def restored(_body: EnrolmentRestored, at: Happening) -> Iterable[Change]:
    """Know that it goes on."""
    yield Patch(MENTEE, (at.stream,), {"set_aside": None, "goes_on_in": None})


def as_of(
    day: date, enrolled: Mapping[str, Any], changes: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return a row of `MENTEE` as it stood on a day, by its rows of `MENTEE_SINCE`."""
    known = dict(enrolled.items())
    for change in sorted(changes, key=lambda change: change["since"]):
        if change["since"] <= day:
            for column in ("org_unit_id", "programme_version_id"):
                known[column] = change[column] or known[column]
    return known
