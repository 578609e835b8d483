"""Mentorships with their parties, and who of them has signed."""

from collections.abc import Iterator
from uuid import UUID

from services.gateway.projections.columns import DATE, ID, RECORD, TEXT, TEXTS, maybe, record
from shared.contracts.registry.mentorship import (
    AgreementSigned,
    MentorshipAgreed,
    MentorshipProposed,
    Side,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

MENTORSHIP = Table(
    name="mentorship",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "cohort_id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "proposed_on": DATE,
        "agreed_on": maybe(DATE),
        **RECORD,
    },
    indexes=(
        ("proposed_on", "id"),
        ("programme", "proposed_on", "id"),
        ("org_unit_id", "proposed_on", "id"),
        ("cohort_id", "proposed_on", "id"),
    ),
)

MENTORSHIP_PARTY = Table(
    name="mentorship_party",
    version=1,
    key=("mentorship_id", "health_worker_id"),
    columns={
        "mentorship_id": ID,
        "health_worker_id": ID,
        "side": TEXT,
        "areas": TEXTS,
        "mentor_id": maybe(ID),
        "signed_on": maybe(DATE),
    },
    indexes=(("health_worker_id",), ("mentor_id",)),
)
"""Who signs: `side` is MENTOR, with a `mentor_id`, or MENTEE. One person signs once, though they be
a mentee in more than one of the `areas`."""

MENTORSHIP_MENTEE = Table(
    name="mentorship_mentee",
    version=1,
    key=("mentorship_id", "mentee_id"),
    columns={"mentorship_id": ID, "mentee_id": ID, "health_worker_id": ID, "area": TEXT},
    indexes=(("mentee_id",),),
)
"""The enrolments in the mentorship's care."""

MENTORSHIPS = Projection("mentorships", MENTORSHIP, MENTORSHIP_PARTY, MENTORSHIP_MENTEE)


@MENTORSHIPS.on(MentorshipProposed)
def proposed(event: MentorshipProposed, happening: Happening) -> Iterator[Change]:
    """Show a mentorship and all its parties."""
    yield Upsert(
        MENTORSHIP,
        (happening.stream,),
        {
            "cohort_id": event.cohort_id,
            "programme_version_id": event.programme_version_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "proposed_on": happening.meta.occurred_on,
            **record(happening),
        },
    )
    for mentor in event.mentors:
        yield Upsert(
            MENTORSHIP_PARTY,
            (happening.stream, mentor.health_worker_id),
            {"side": Side.MENTOR.value, "areas": (mentor.area,), "mentor_id": mentor.mentor_id},
        )
    areas: dict[UUID, list[str]] = {}
    for mentee in event.mentees:
        areas.setdefault(mentee.health_worker_id, []).append(mentee.area)
        yield Upsert(
            MENTORSHIP_MENTEE,
            (happening.stream, mentee.enrolment_id),
            {"health_worker_id": mentee.health_worker_id, "area": mentee.area},
        )
    for person, theirs in areas.items():
        yield Upsert(
            MENTORSHIP_PARTY,
            (happening.stream, person),
            {"side": Side.MENTEE.value, "areas": tuple(theirs)},
        )


@MENTORSHIPS.on(AgreementSigned)
def signed(event: AgreementSigned, happening: Happening) -> Iterator[Change]:
    """Show a party's signature."""
    yield Patch(
        MENTORSHIP_PARTY,
        (happening.stream, event.health_worker_id),
        {"signed_on": event.signed_on},
    )
    yield Patch(MENTORSHIP, (happening.stream,), record(happening))


@MENTORSHIPS.on(MentorshipAgreed)
def agreed(event: MentorshipAgreed, happening: Happening) -> Iterator[Change]:
    """Show that everybody has signed."""
    yield Patch(
        MENTORSHIP, (happening.stream,), {"agreed_on": event.agreed_on, **record(happening)}
    )
