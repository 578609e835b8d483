"""What a session was about: topics, competencies practised, doses of simulation, observed cases
(how many, never who), and what each of those present took away from it.
"""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Event,
    HealthWorkerId,
    MentorshipId,
    OrgUnitId,
    PersonalLongText,
    Text,
    happened,
    ref,
)


class Simulation(Struct, frozen=True, kw_only=True, rename="camel"):
    """A short drill, repeated: low dose, high frequency."""

    topic: Annotated[Text, Meta(description="What was drilled: a competency's code, or in words.")]
    doses: Annotated[int, Meta(ge=1, le=1000, description="How often.")]


class Substance(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a session was about, and what led to it; it names nobody."""

    topics: Annotated[
        tuple[Text, ...], Meta(max_length=50, description="What was talked about, in words.")
    ] = ()
    competencies: Annotated[
        tuple[Code, ...],
        Meta(max_length=100, description="Competencies practised, by the frameworks' codes."),
    ] = ()
    simulations: Annotated[
        tuple[Simulation, ...], Meta(max_length=50, description="What was drilled, and how often.")
    ] = ()
    observed_cases: Annotated[
        int, Meta(ge=0, le=1000, description="How many patients were observed, all with consent.")
    ] = 0
    support_request_id: (
        Annotated[UUID, ref("SupportRequest", "The support request that it took up.")] | None
    ) = None
    improvement_action_id: (
        Annotated[UUID, ref("ImprovementAction", "The improvement action that it was for.")] | None
    ) = None
    plan_id: Annotated[UUID, ref("Plan", "The plan that it carried out.")] | None = None


NOTHING_SAID = Substance()

Said = Annotated[PersonalLongText, Meta(description="In words. Personal.")]


class Debrief(Struct, frozen=True, kw_only=True, rename="camel"):
    """What one of those present took away; all of it is personal."""

    health_worker_id: HealthWorkerId
    strengths: Said | None = None
    weaknesses: Said | None = None
    feedback: Said | None = None
    homework: Said | None = None
    next_steps: Said | None = None


Debriefs = Annotated[
    tuple[Debrief, ...], Meta(max_length=100, description="Those of the present whom it concerns.")
]


@happened("sessions.session.debriefed", subject="health_worker_id")
class SessionDebriefed(Event, kw_only=True):
    """What somebody who was there took away from a session.

    `facts_version` is the version of the session's record that tells that they were there.
    """

    health_worker_id: HealthWorkerId
    facts_version: Annotated[int, Meta(ge=1)]
    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    strengths: Said | None = None
    weaknesses: Said | None = None
    feedback: Said | None = None
    homework: Said | None = None
    next_steps: Said | None = None
