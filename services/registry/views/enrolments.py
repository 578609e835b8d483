"""Enrolments by person and by cohort, as the registry has heard of its own: the ledger finds a
record by its id alone. A view says where to look; the record itself says how it stands.
"""

from collections.abc import Iterable

from shared.contracts.registry.enrolment import (
    CompletionReopened,
    EnrolmentRestored,
    EnrolmentSetAside,
    MenteeCompleted,
    MenteeEnrolled,
    MenteeNeedsTold,
    MenteeReadmitted,
    MenteeTransferred,
    MenteeWithdrawn,
)
from shared.projection import Change, Column, Delete, Happening, Patch, Projection, Table, Upsert

ENROLMENT = Table(
    name="known_enrolment",
    version=3,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
        "cohort_id": Column(type="uuid"),
        "programme": Column(type="text"),
        "area": Column(type="text"),
        "org_unit_id": Column(type="uuid"),
        "languages": Column(type="text[]"),
        "supervisor_id": Column(type="uuid", nullable=True),
        "active": Column(type="boolean"),
        "goes_on_in": Column(type="uuid", nullable=True),
    },
    indexes=(("health_worker_id",), ("cohort_id", "active"), ("goes_on_in",)),
)
"""Who is enrolled in what, and where; `active` until it ends, and while it is not set aside by a
merge: then it is added up with the one that it `goes_on_in`."""

NEEDS = Table(
    name="known_needs",
    version=1,
    key=("enrolment_id", "since"),
    columns={
        "enrolment_id": Column(type="uuid"),
        "since": Column(type="date"),
        "needs": Column(type="text[]"),
    },
)
"""What they want to learn, from that day until the day of the next row."""

ENROLMENTS = Projection("enrolments", ENROLMENT, NEEDS)


@ENROLMENTS.on(MenteeEnrolled)
def enrolled(body: MenteeEnrolled, at: Happening) -> Iterable[Change]:
    """Know the enrolment."""
    yield Upsert(
        ENROLMENT,
        (at.stream,),
        {
            "health_worker_id": body.health_worker_id,
            "cohort_id": body.cohort_id,
            "programme": body.programme,
            "area": body.area,
            "org_unit_id": body.org_unit_id,
            "languages": body.languages,
            "supervisor_id": body.supervisor_id,
            "active": True,
        },
    )
    yield Upsert(NEEDS, (at.stream, body.since), {"needs": body.needs})


@ENROLMENTS.on(MenteeNeedsTold)
def needs_told(body: MenteeNeedsTold, at: Happening) -> Iterable[Change]:
    """Know what they want to learn instead."""
    for since in body.removed:
        yield Delete(NEEDS, (at.stream, since))
    for one in body.needs:
        yield Upsert(NEEDS, (at.stream, one.since), {"needs": one.needs})


@ENROLMENTS.on(MenteeTransferred)
def transferred(body: MenteeTransferred, at: Happening) -> Iterable[Change]:
    """Know where they are mentored now."""
    yield Patch(ENROLMENT, (at.stream,), {"org_unit_id": body.org_unit_id})


@ENROLMENTS.on(EnrolmentSetAside)
def set_aside(body: EnrolmentSetAside, at: Happening) -> Iterable[Change]:
    """Know that it rests, and in which one it goes on."""
    yield Patch(ENROLMENT, (at.stream,), {"active": False, "goes_on_in": body.goes_on_in})


@ENROLMENTS.on(EnrolmentRestored)
def restored(_body: EnrolmentRestored, at: Happening) -> Iterable[Change]:
    """Know that it goes on by itself."""
    yield Patch(ENROLMENT, (at.stream,), {"active": True, "goes_on_in": None})


@ENROLMENTS.on(MenteeWithdrawn, MenteeCompleted)
def rests(_body: object, at: Happening) -> Iterable[Change]:
    """Know that it does not go on."""
    yield Patch(ENROLMENT, (at.stream,), {"active": False})


@ENROLMENTS.on(MenteeReadmitted, CompletionReopened)
def goes_on(_body: object, at: Happening) -> Iterable[Change]:
    """Know that it goes on."""
    yield Patch(ENROLMENT, (at.stream,), {"active": True})
