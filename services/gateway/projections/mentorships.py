"""Mentorships with their parties: who has signed, who has left, and which phase they are in."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    INTEGER,
    JSON,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from shared.contracts.registry.mentorship import (
    AgreementSigned,
    MentorDisengaged,
    MentorParty,
    MentorReassigned,
    MentorshipAccepted,
    MentorshipAgreed,
    MentorshipConcluded,
    MentorshipDeclined,
    MentorshipPhaseChanged,
    MentorshipProposed,
    Side,
)
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

MENTORSHIP = Table(
    name="mentorship",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "cohort_id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "proposed_on": DATE,
        "agreed_on": maybe(DATE),
        "status": TEXT,
        "phase": maybe(TEXT),
        "matched": BOOLEAN,
        "score": Column(type="double precision", nullable=True),
        "reasons": TEXTS,
        "declined_on": maybe(DATE),
        "concluded_on": maybe(DATE),
        **RECORD,
    },
    indexes=(
        ("status", "proposed_on", "id"),
        ("proposed_on", "id"),
        ("programme", "proposed_on", "id"),
        ("programme_version_id", "id"),
        ("org_unit_id", "proposed_on", "id"),
        ("cohort_id", "proposed_on", "id"),
    ),
)
"""`status` is PROPOSED (by the matching), ACCEPTED (it can be signed), AGREED, DISENGAGED (a mentor
left and nobody took the place), CONCLUDED or DECLINED; `agreed_on` is the day of the last
agreement."""

MENTORSHIP_PARTY = Table(
    name="mentorship_party",
    version=2,
    key=("mentorship_id", "health_worker_id"),
    columns={
        "mentorship_id": ID,
        "health_worker_id": ID,
        "side": TEXT,
        "areas": TEXTS,
        "mentor_id": maybe(ID),
        "signed_on": maybe(DATE),
        "left_on": maybe(DATE),
    },
    indexes=(("health_worker_id",), ("mentor_id",)),
)
"""Who signs, and who left: `side` is MENTOR, with a `mentor_id`, or MENTEE. One person signs once,
though they be a mentee in more than one of the `areas`."""

MENTORSHIP_MENTEE = Table(
    name="mentorship_mentee",
    version=1,
    key=("mentorship_id", "mentee_id"),
    columns={"mentorship_id": ID, "mentee_id": ID, "health_worker_id": ID, "area": TEXT},
    indexes=(("mentee_id",),),
)
"""The enrolments in the mentorship's care."""

MENTORSHIP_PHASE = Table(
    name="mentorship_phase",
    version=1,
    key=("mentorship_id", "since", "phase"),
    columns={"mentorship_id": ID, "since": DATE, "phase": TEXT, "reason": maybe(TEXT)},
)
"""Each phase it was in, from that day until the day of its next row."""

DISENGAGEMENT = Table(
    name="disengagement",
    version=1,
    key=("mentorship_id", "mentor_id", "left_on"),
    columns={
        "mentorship_id": ID,
        "mentor_id": ID,
        "left_on": DATE,
        "health_worker_id": ID,
        "reason": maybe(TEXT),
        "notified": JSON,
        "due": TEXTS,
        "due_on": maybe(DATE),
        "team": INTEGER,
    },
    indexes=(("mentor_id",),),
)
"""A mentor who left: `notified` is a list of `{"role", "name", "notifiedOn"}`, `due` the roles that
were not told by then, and `team` the mentors who remained."""

MENTORSHIPS = Projection(
    "mentorships",
    MENTORSHIP,
    MENTORSHIP_PARTY,
    MENTORSHIP_MENTEE,
    MENTORSHIP_PHASE,
    DISENGAGEMENT,
)


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
            # Whoever puts one together by hand has accepted it.
            "status": "PROPOSED" if event.matched else "ACCEPTED",
            "phase": event.phase,
            "matched": event.matched,
            "score": event.score,
            "reasons": event.reasons,
            **record(happening),
        },
    )
    if event.phase is not None:
        since = happening.meta.occurred_on
        yield Upsert(MENTORSHIP_PHASE, (happening.stream, since, event.phase), {})
    for mentor in event.mentors:
        yield _on_the_team(happening, mentor)
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
    yield _mentorship(happening, status="AGREED", agreed_on=event.agreed_on)


@MENTORSHIPS.on(MentorshipAccepted)
def accepted(_event: MentorshipAccepted, happening: Happening) -> Iterator[Change]:
    """Show that the parties can sign."""
    yield _mentorship(happening, status="ACCEPTED")


@MENTORSHIPS.on(MentorshipDeclined)
def declined(_event: MentorshipDeclined, happening: Happening) -> Iterator[Change]:
    """Show that nothing comes of it."""
    yield _mentorship(happening, status="DECLINED", declined_on=happening.meta.occurred_on)


@MENTORSHIPS.on(MentorshipPhaseChanged)
def phase_changed(event: MentorshipPhaseChanged, happening: Happening) -> Iterator[Change]:
    """Show the phase it is in now, and keep when and why it came there."""
    yield Upsert(
        MENTORSHIP_PHASE,
        (happening.stream, event.since, event.phase),
        {"reason": happening.meta.reason},
    )
    yield _mentorship(happening, phase=event.phase)


@MENTORSHIPS.on(MentorDisengaged)
def disengaged(event: MentorDisengaged, happening: Happening) -> Iterator[Change]:
    """Show who left, and who was told."""
    yield Upsert(
        DISENGAGEMENT,
        (happening.stream, event.mentor_id, event.left_on),
        {
            "health_worker_id": event.health_worker_id,
            "reason": happening.meta.reason,
            "notified": event.notified,
            "due": event.due,
            "due_on": event.due_on,
            "team": event.team,
        },
    )
    yield Patch(
        MENTORSHIP_PARTY,
        (happening.stream, event.health_worker_id),
        {"left_on": event.left_on},
    )
    yield _mentorship(happening, status="DISENGAGED")


@MENTORSHIPS.on(MentorReassigned)
def reassigned(event: MentorReassigned, happening: Happening) -> Iterator[Change]:
    """Show who took the place; they have to sign."""
    yield _on_the_team(happening, event.mentor)
    yield _mentorship(happening, status="ACCEPTED")


@MENTORSHIPS.on(MentorshipConcluded)
def concluded(event: MentorshipConcluded, happening: Happening) -> Iterator[Change]:
    """Show that it is over."""
    yield _mentorship(happening, status="CONCLUDED", concluded_on=event.concluded_on)


def _on_the_team(happening: Happening, mentor: MentorParty) -> Upsert:
    # Whoever comes back comes unsigned.
    return Upsert(
        MENTORSHIP_PARTY,
        (happening.stream, mentor.health_worker_id),
        {
            "side": Side.MENTOR.value,
            "areas": (mentor.area,),
            "mentor_id": mentor.mentor_id,
            "signed_on": None,
            "left_on": None,
        },
    )


def _mentorship(happening: Happening, **values: Any) -> Patch:
    return Patch(MENTORSHIP, (happening.stream,), {**values, **record(happening)})
