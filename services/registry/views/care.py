"""Which mentorships a mentee is or was in the care of: they themselves say the rest."""

from collections.abc import Iterable

from shared.contracts.registry.mentorship import MentorshipProposed
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

IN_CARE = Table(
    name="in_care",
    version=1,
    key=("mentorship_id", "enrolment_id"),
    columns={
        "mentorship_id": Column(type="uuid"),
        "enrolment_id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
    },
    indexes=(("health_worker_id",),),
)

CARE = Projection("care", IN_CARE)


@CARE.on(MentorshipProposed)
def proposed(body: MentorshipProposed, at: Happening) -> Iterable[Change]:
    """Know each mentee it was proposed for."""
    for party in body.mentees:
        yield Upsert(
            IN_CARE,
            (at.stream, party.enrolment_id),
            {"health_worker_id": party.health_worker_id},
        )
