"""What validation has heard of the registry: mentees and certified mentors."""

from collections.abc import Iterable

from shared.contracts.registry.enrolment import MenteeEnrolled
from shared.contracts.registry.mentor import MentorCertified
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

MENTEE = Table(
    name="known_mentee",
    version=1,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
        "programme_version_id": Column(type="uuid"),
        "programme": Column(type="text"),
        "area": Column(type="text"),
        "org_unit_id": Column(type="uuid"),
        "since": Column(type="date"),
    },
)
"""Who is enrolled in what."""

CERTIFIED = Table(
    name="known_certified_mentor",
    version=1,
    key=("health_worker_id", "programme", "area"),
    columns={
        "health_worker_id": Column(type="uuid"),
        "programme": Column(type="text"),
        "area": Column(type="text"),
        "mentor_id": Column(type="uuid"),
        "certified_on": Column(type="date"),
    },
)
"""Who may assess in which area."""

ENROLLED = Projection("enrolled", MENTEE, CERTIFIED)


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


@ENROLLED.on(MentorCertified)
def certified(body: MentorCertified, at: Happening) -> Iterable[Change]:
    """Know who may assess."""
    yield Upsert(
        CERTIFIED,
        (body.health_worker_id, body.programme, body.area),
        {"mentor_id": at.stream, "certified_on": at.meta.occurred_on},
    )
