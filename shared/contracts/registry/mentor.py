"""Mentors: nominated for an area of a programme, oriented, and certified if they did well."""

from typing import Annotated

from msgspec import Meta

from shared.contracts.base import (
    Code,
    Command,
    Event,
    HealthWorkerId,
    MentorId,
    MentorshipId,
    NewId,
    OrgUnitId,
    ProgrammeVersionId,
    asked,
    happened,
)

Percent = Annotated[int, Meta(ge=0, le=100, description="Out of 100.")]


@happened("registry.mentor.nominated", subject="health_worker_id")
class MentorNominated(Event, kw_only=True):
    """A health worker is put forward to mentor in one area of a programme."""

    health_worker_id: HealthWorkerId
    programme_version_id: ProgrammeVersionId
    programme: Code
    area: Code
    association: Code | None = None
    org_unit_id: OrgUnitId


@happened("registry.mentor.oriented", subject="health_worker_id")
class MentorOriented(Event, kw_only=True):
    """They took the orientation, with its theoretical and its practical evaluation."""

    health_worker_id: HealthWorkerId
    theory: Percent
    practical: Percent


@happened("registry.mentor.certified", subject="health_worker_id")
class MentorCertified(Event, kw_only=True):
    """They may mentor, and assess, in their area."""

    health_worker_id: HealthWorkerId
    programme: Code
    area: Code


@happened("registry.mentor.assigned", subject="health_worker_id")
class MentorAssigned(Event, kw_only=True):
    """A mentorship counts towards their load from now on."""

    health_worker_id: HealthWorkerId
    mentorship_id: MentorshipId


@asked("registry", "Mentor", by="administrator coordinator")
class MentorNominate(Command, kw_only=True):
    """Put a health worker forward to mentor in an area of a programme."""

    id: NewId = None
    health_worker_id: HealthWorkerId
    programme_version_id: ProgrammeVersionId
    area: Code


@asked("registry", "Mentor", by="administrator coordinator")
class MentorOrient(Command, kw_only=True):
    """Record a nominated mentor's orientation and its two evaluations."""

    mentor_id: MentorId
    theory: Percent
    practical: Percent


@asked("registry", "Mentor", by="administrator coordinator")
class MentorCertify(Command, kw_only=True):
    """Certify an oriented mentor whose evaluations reach what the programme asks."""

    mentor_id: MentorId
