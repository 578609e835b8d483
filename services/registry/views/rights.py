"""Who has the right to mentor which tier, by which enrolment's validations."""

from collections.abc import Collection, Iterable
from uuid import UUID

from shared.contracts.validation.competency_record import RightToMentorEarned, RightToMentorLost
from shared.deciding.facts import Facts
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

RIGHT_TO_MENTOR = Table(
    name="right_to_mentor",
    version=1,
    key=("enrolment_id", "tier", "tier_area"),
    columns={
        "enrolment_id": Column(type="uuid"),
        "tier": Column(type="text"),
        "tier_area": Column(type="text"),
        "health_worker_id": Column(type="uuid"),
        "held": Column(type="boolean"),
    },
    indexes=(("health_worker_id",),),
)
"""A right that was earned, and whether it is still held."""

RIGHTS = Projection("rights", RIGHT_TO_MENTOR)


@RIGHTS.on(RightToMentorEarned)
def earned(body: RightToMentorEarned, _at: Happening) -> Iterable[Change]:
    """Know that it is held."""
    yield Upsert(
        RIGHT_TO_MENTOR,
        (body.enrolment_id, body.tier, body.tier_area),
        {"health_worker_id": body.health_worker_id, "held": True},
    )


@RIGHTS.on(RightToMentorLost)
def lost(body: RightToMentorLost, _at: Happening) -> Iterable[Change]:
    """Know that it is held no more."""
    yield Patch(RIGHT_TO_MENTOR, (body.enrolment_id, body.tier, body.tier_area), {"held": False})


async def has_right(facts: Facts, records: Collection[UUID], tier: str, tier_area: str) -> bool:
    """Say whether any enrolment of a person, under any of their records, gives them the right to
    mentor there, now.
    """
    held = await facts.rows_among(
        RIGHT_TO_MENTOR,
        "health_worker_id",
        records,
        tier=tier,
        tier_area=tier_area,
        held=True,
    )
    return bool(held)
