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
    MenteeReadmitted,
    MenteeTransferred,
    MenteeWithdrawn,
)
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

ENROLMENT = Table(
    name="known_enrolment",
    version=1,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
        "cohort_id": Column(type="uuid"),
        "programme": Column(type="text"),
        "area": Column(type="text"),
        "org_unit_id": Column(type="uuid"),
        "needs": Column(type="text[]"),
        "languages": Column(type="text[]"),
        "supervisor_id": Column(type="uuid", nullable=True),
        "active": Column(type="boolean"),
    },
    indexes=(("health_worker_id",), ("cohort_id", "active")),
)
"""Who is enrolled in what, where, and what they want to learn; `active` until it ends, and while it
is not set aside by a merge."""

ENROLMENTS = Projection("enrolments", ENROLMENT)


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
            "needs": body.needs,
            "languages": body.languages,
            "supervisor_id": body.supervisor_id,
            "active": True,
        },
    )


@ENROLMENTS.on(MenteeTransferred)
def transferred(body: MenteeTransferred, at: Happening) -> Iterable[Change]:
    """Know where they are mentored now."""
    yield Patch(ENROLMENT, (at.stream,), {"org_unit_id": body.org_unit_id})


@ENROLMENTS.on(MenteeWithdrawn, MenteeCompleted, EnrolmentSetAside)
def rests(_body: object, at: Happening) -> Iterable[Change]:
    """Know that it does not go on."""
    yield Patch(ENROLMENT, (at.stream,), {"active": False})


@ENROLMENTS.on(EnrolmentRestored, MenteeReadmitted, CompletionReopened)
def goes_on(_body: object, at: Happening) -> Iterable[Change]:
    """Know that it goes on."""
    yield Patch(ENROLMENT, (at.stream,), {"active": True})
