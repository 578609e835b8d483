"""The cascade: whoever earns the right to mentor the tier below is put forward there; whoever loses
it mentors no more, until they hold it again.
"""

from collections.abc import Iterable
from uuid import UUID

from services.registry.aggregates.mentor import cascade_mentor_id
from shared.contracts.registry.health_worker import (
    HealthWorkerMergedInto,
    HealthWorkerMergeReversed,
    HealthWorkerWeighRights,
)
from shared.contracts.registry.mentor import (
    MentorNominateByCascade,
    MentorReinstate,
    MentorSuspend,
    SuspensionGround,
)
from shared.contracts.validation.competency_record import RightToMentorEarned, RightToMentorLost
from shared.domain import derived_id
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

CASCADE = Policy("cascade")


@CASCADE.on(RightToMentorEarned)
def earned(body: RightToMentorEarned, _happening: Happening) -> Iterable[Reaction]:
    """Put them forward on the day they earned it, whenever that is told, or let them go on whose
    right had fallen with a correction.
    """
    mentor_id = cascade_mentor_id(body.tier, body.tier_area, body.health_worker_id)
    yield Reaction(
        MentorReinstate,
        about=derived_id("right held again", mentor_id),
        mentor_id=mentor_id,
        reason="The right to mentor is held again.",
    )
    yield Reaction(
        MentorNominateByCascade,
        about=mentor_id,
        occurred_on=body.earned_on,
        enrolment_id=body.enrolment_id,
        programme=body.tier,
        area=body.tier_area,
    )


@CASCADE.on(RightToMentorLost)
def lost(body: RightToMentorLost, _happening: Happening) -> Iterable[Reaction]:
    """Suspend the mentor that the right made of them."""
    mentor_id = cascade_mentor_id(body.tier, body.tier_area, body.health_worker_id)
    yield Reaction(
        MentorSuspend,
        about=mentor_id,
        mentor_id=mentor_id,
        ground=SuspensionGround.RIGHT_FELL if body.fell else SuspensionGround.RIGHT_LOST,
        reason=f"The right to mentor is lost: the validation of {body.because} counts no more.",
    )


@CASCADE.on(HealthWorkerMergedInto)
def merged(body: HealthWorkerMergedInto, _happening: Happening) -> Iterable[Reaction]:
    """Weigh what the person mentors by, under both names."""
    yield _weigh(body.into_id)


@CASCADE.on(HealthWorkerMergeReversed)
def parted(body: HealthWorkerMergeReversed, _happening: Happening) -> Iterable[Reaction]:
    """Weigh what each of the two mentors by."""
    yield _weigh(body.health_worker_id)
    yield _weigh(body.from_id)


def _weigh(person: UUID) -> Reaction:
    return Reaction(
        HealthWorkerWeighRights,
        about=derived_id("rights", person),
        health_worker_id=person,
        reason="Two records were merged, or a merge was reversed.",
    )
