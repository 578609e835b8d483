"""What sessions has heard of the registry: the agreements that sessions are held under."""

from collections.abc import Iterable

from shared.contracts.registry.mentorship import (
    AgreementSigned,
    MentorshipAgreed,
    MentorshipProposed,
)
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

MENTORSHIP = Table(
    name="known_mentorship",
    version=1,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "programme_version_id": Column(type="uuid"),
        "org_unit_id": Column(type="uuid"),
        "mentors": Column(type="uuid[]"),
        "mentees": Column(type="uuid[]"),
        "awaited": Column(type="integer"),
        "agreed_on": Column(type="date", nullable=True),
    },
)
"""Who is in a mentorship, and how many signatures it still awaits."""

AGREEMENTS = Projection("agreements", MENTORSHIP)


@AGREEMENTS.on(MentorshipProposed)
def proposed(body: MentorshipProposed, at: Happening) -> Iterable[Change]:
    """Know the mentorship, unsigned."""
    yield Upsert(
        MENTORSHIP,
        (at.stream,),
        {
            "programme_version_id": body.programme_version_id,
            "org_unit_id": body.org_unit_id,
            "mentors": [party.health_worker_id for party in body.mentors],
            "mentees": [party.health_worker_id for party in body.mentees],
            "awaited": len(body.mentors) + len(body.mentees),
        },
    )


@AGREEMENTS.on(AgreementSigned)
def signed(body: AgreementSigned, at: Happening) -> Iterable[Change]:
    """Know how many signatures are still to come."""
    yield Patch(MENTORSHIP, (at.stream,), {"awaited": body.awaited})


@AGREEMENTS.on(MentorshipAgreed)
def agreed(body: MentorshipAgreed, at: Happening) -> Iterable[Change]:
    """Know that sessions may be held."""
    yield Patch(MENTORSHIP, (at.stream,), {"agreed_on": body.agreed_on})
