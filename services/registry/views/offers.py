"""Mentors by programme or person, and what each of them offers: what the matching chooses from."""

from collections.abc import Iterable

from shared.contracts.registry.mentor import MentorAvailabilityDeclared, MentorNominated
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

OFFER = Table(
    name="known_offer",
    version=2,
    key=("mentor_id",),
    columns={
        "mentor_id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
        "programme": Column(type="text"),
        "skills": Column(type="text[]"),
        "languages": Column(type="text[]"),
    },
    indexes=(("programme",), ("health_worker_id", "programme")),
)
"""Whose record it is, and what they mentor best; whether they may, the record itself says."""

OFFERS = Projection("offers", OFFER)


@OFFERS.on(MentorNominated)
def nominated(body: MentorNominated, at: Happening) -> Iterable[Change]:
    """Know a mentor, who has declared nothing yet."""
    yield Upsert(
        OFFER,
        (at.stream,),
        {
            "health_worker_id": body.health_worker_id,
            "programme": body.programme,
            "skills": (),
            "languages": (),
        },
    )


@OFFERS.on(MentorAvailabilityDeclared)
def declared(body: MentorAvailabilityDeclared, at: Happening) -> Iterable[Change]:
    """Know what they offer."""
    yield Patch(OFFER, (at.stream,), {"skills": body.skills, "languages": body.languages})
