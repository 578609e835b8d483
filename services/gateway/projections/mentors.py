"""Mentors: one row for each health worker and area, from nomination on, and what each carries."""

from collections.abc import Iterator
from typing import Any

from services.gateway.projections.columns import (
    DATE,
    ID,
    INTEGER,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from shared.contracts.registry.mentor import (
    MentorAssigned,
    MentorAvailabilityDeclared,
    MentorCertificationCorrected,
    MentorCertificationVoided,
    MentorCertified,
    MentorNominated,
    MentorOrientationVoided,
    MentorOriented,
    MentorReinstated,
    MentorReleased,
    MentorSuspended,
    MentorSuspensionVoided,
)
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

MENTOR = Table(
    name="mentor",
    version=4,
    key=("id",),
    columns={
        "id": ID,
        "health_worker_id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "area": TEXT,
        "association": maybe(TEXT),
        "org_unit_id": ID,
        "status": TEXT,
        "theory": maybe(INTEGER),
        "practical": maybe(INTEGER),
        "nominated_on": DATE,
        "oriented_on": maybe(DATE),
        "certified_on": maybe(DATE),
        "suspended_on": maybe(DATE),
        "suspended_for": maybe(TEXT),
        "nominated_by": TEXT,
        "criteria": TEXTS,
        "earned_in": maybe(ID),
        "skills": TEXTS,
        "languages": TEXTS,
        "places": maybe(INTEGER),
        "available_since": maybe(DATE),
        "available_until": maybe(DATE),
        **RECORD,
    },
    indexes=(
        ("health_worker_id",),
        ("programme", "area", "nominated_on", "id"),
        ("programme", "status", "nominated_on", "id"),
        ("area", "nominated_on", "id"),
        ("status", "nominated_on", "id"),
        ("org_unit_id", "nominated_on", "id"),
        ("nominated_on", "id"),
    ),
)
"""`status` is NOMINATED, ORIENTED, CERTIFIED or SUSPENDED; `theory` and `practical` are out of 100.
`earned_in` is the enrolment whose validations put them forward; `places` and what stands with it is
what they declared last."""

MENTOR_LOAD = Table(
    name="mentor_load",
    version=1,
    key=("mentor_id", "mentorship_id"),
    columns={"mentor_id": ID, "mentorship_id": ID, "assigned_on": DATE},
)
"""The mentorships that count towards a mentor's load now."""

MENTORS = Projection("mentors", MENTOR, MENTOR_LOAD)


@MENTORS.on(MentorNominated)
def nominated(event: MentorNominated, happening: Happening) -> Iterator[Change]:
    """Show a candidate mentor."""
    yield Upsert(
        MENTOR,
        (happening.stream,),
        {
            "health_worker_id": event.health_worker_id,
            "programme_version_id": event.programme_version_id,
            "programme": event.programme,
            "area": event.area,
            "association": event.association,
            "org_unit_id": event.org_unit_id,
            "status": "NOMINATED",
            "nominated_by": event.nominated_by.value,
            "criteria": event.criteria,
            "earned_in": event.earned_in,
            "skills": (),
            "languages": (),
            "nominated_on": happening.meta.occurred_on,
            **record(happening),
        },
    )


@MENTORS.on(MentorOriented)
def oriented(event: MentorOriented, happening: Happening) -> Iterator[Change]:
    """Show what they scored at the orientation."""
    yield Patch(
        MENTOR,
        (happening.stream,),
        {
            **({} if event.suspended else {"status": "ORIENTED"}),
            "theory": event.theory,
            "practical": event.practical,
            "oriented_on": event.oriented_on or happening.meta.occurred_on,
            **record(happening),
        },
    )


@MENTORS.on(MentorOrientationVoided)
def orientation_voided(event: MentorOrientationVoided, happening: Happening) -> Iterator[Change]:
    """Show the orientation that stands, if one does."""
    status = "ORIENTED" if event.oriented else "NOMINATED"
    yield _mentor(
        happening,
        **({} if event.suspended else {"status": status}),
        theory=event.theory,
        practical=event.practical,
        oriented_on=event.oriented_on,
    )


@MENTORS.on(MentorCertified)
def certified(event: MentorCertified, happening: Happening) -> Iterator[Change]:
    """Show that they may mentor."""
    yield Patch(
        MENTOR,
        (happening.stream,),
        {
            "status": "CERTIFIED",
            "certified_on": event.certified_on or happening.meta.occurred_on,
            **record(happening),
        },
    )


@MENTORS.on(MentorCertificationCorrected)
def certification_corrected(
    event: MentorCertificationCorrected, happening: Happening
) -> Iterator[Change]:
    """Show since when they may mentor after all."""
    yield _mentor(happening, certified_on=event.certified_on)


@MENTORS.on(MentorCertificationVoided)
def certification_voided(
    event: MentorCertificationVoided, happening: Happening
) -> Iterator[Change]:
    """Show how far they had come; who is suspended is shown as that."""
    status = "ORIENTED" if event.oriented else "NOMINATED"
    yield _mentor(happening, certified_on=None, **({} if event.suspended else {"status": status}))


@MENTORS.on(MentorAssigned)
def assigned(event: MentorAssigned, happening: Happening) -> Iterator[Change]:
    """Show what they carry."""
    yield Upsert(
        MENTOR_LOAD,
        (happening.stream, event.mentorship_id),
        {"assigned_on": event.since or happening.meta.occurred_on},
    )
    yield _mentor(happening)


@MENTORS.on(MentorReleased)
def released(event: MentorReleased, happening: Happening) -> Iterator[Change]:
    """Take a mentorship off their load."""
    yield Delete(MENTOR_LOAD, (happening.stream, event.mentorship_id))
    yield _mentor(happening)


@MENTORS.on(MentorAvailabilityDeclared)
def declared(event: MentorAvailabilityDeclared, happening: Happening) -> Iterator[Change]:
    """Show what they offer now."""
    yield _mentor(
        happening,
        skills=event.skills,
        languages=event.languages,
        places=event.places,
        available_since=event.since,
        available_until=event.until,
    )


@MENTORS.on(MentorSuspended)
def suspended(event: MentorSuspended, happening: Happening) -> Iterator[Change]:
    """Show that they may not mentor."""
    ground = event.ground and event.ground.value
    yield _mentor(happening, status="SUSPENDED", suspended_on=event.since, suspended_for=ground)


@MENTORS.on(MentorReinstated)
def reinstated(event: MentorReinstated, happening: Happening) -> Iterator[Change]:
    """Show how far they had come; who is certified may mentor again."""
    before = "ORIENTED" if event.oriented else "NOMINATED"
    status = "CERTIFIED" if event.certified else before
    yield _mentor(happening, status=status, suspended_on=None, suspended_for=None)


@MENTORS.on(MentorSuspensionVoided)
def suspension_voided(event: MentorSuspensionVoided, happening: Happening) -> Iterator[Change]:
    """Show how far they had come, if they were suspended by it still."""
    before = "ORIENTED" if event.oriented else "NOMINATED"
    status = "CERTIFIED" if event.certified else before
    still = {"status": status, "suspended_on": None, "suspended_for": None}
    yield _mentor(happening, **(still if event.until is None else {}))


def _mentor(happening: Happening, **values: Any) -> Patch:
    return Patch(MENTOR, (happening.stream,), {**values, **record(happening)})
