"""Mentorships with their parties: who has signed, who has left, and which phase they are in."""

from collections.abc import Iterator
from datetime import date
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
from shared.contracts.deviation import Deviation, all_count
from shared.contracts.registry.mentorship import (
    AgreementSigned,
    MenteeJoined,
    MenteeLeft,
    MenteeParty,
    MenteePhaseChanged,
    MentorDisengaged,
    MentorParty,
    MentorReassigned,
    MentorshipAccepted,
    MentorshipAgreed,
    MentorshipConcluded,
    MentorshipDeclined,
    MentorshipLeavingVoided,
    MentorshipMoved,
    MentorshipMovedToVersion,
    MentorshipPaused,
    MentorshipPhaseChanged,
    MentorshipProposed,
    MentorshipReopened,
    MentorshipResumed,
    MentorshipWaived,
    Side,
    SignatureCorrected,
    SignatureVoided,
)
from shared.projection import Change, Column, Delete, Happening, Patch, Projection, Table, Upsert

MENTORSHIP = Table(
    name="mentorship",
    version=4,
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
        "letters": BOOLEAN,
        "counts": BOOLEAN,
        "paused_on": maybe(DATE),
        "declined_on": maybe(DATE),
        "concluded_on": maybe(DATE),
        "ended_with_last": maybe(BOOLEAN),
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
agreement. Where there are no `letters`, it is agreed once it is taken up; it `counts` unless it
departs from a rule. It `ended_with_last` of its mentees, or because somebody said so."""

MENTORSHIP_PARTY = Table(
    name="mentorship_party",
    version=4,
    key=("mentorship_id", "health_worker_id"),
    columns={
        "mentorship_id": ID,
        "health_worker_id": ID,
        "side": TEXT,
        "areas": TEXTS,
        "mentor_id": maybe(ID),
        "signed_on": maybe(DATE),
        "signature_recorded_by": maybe(TEXT),
        "joined_on": maybe(DATE),
        "left_on": maybe(DATE),
    },
    indexes=(("health_worker_id",), ("mentor_id",)),
)
"""Who signs, and who left: `side` is MENTOR, with a `mentor_id`, or MENTEE. One person signs once,
though they mentor, or are a mentee, in more than one of the `areas`. Who came back is in it since
`joined_on`; every coming and going stands in `PARTY_CHANGE`."""

MENTORSHIP_MENTEE = Table(
    name="mentorship_mentee",
    version=2,
    key=("mentorship_id", "mentee_id"),
    columns={
        "mentorship_id": ID,
        "mentee_id": ID,
        "health_worker_id": ID,
        "area": TEXT,
        "joined_on": DATE,
        "left_on": maybe(DATE),
        "left_because": maybe(TEXT),
        "phase": maybe(TEXT),
        "phase_since": maybe(DATE),
    },
    indexes=(("mentee_id",),),
)
"""The enrolments in the mentorship's care, until `left_on`, which still belongs to it; `phase` is
their own, where they are in another than the mentorship."""

MENTORSHIP_MENTOR = Table(
    name="mentorship_mentor",
    version=1,
    key=("mentorship_id", "mentor_id"),
    columns={
        "mentorship_id": ID,
        "mentor_id": ID,
        "health_worker_id": ID,
        "area": TEXT,
        "joined_on": DATE,
        "left_on": maybe(DATE),
    },
    indexes=(("mentor_id",),),
)
"""The mentors of the team, one row an area; whoever came back is in it since `joined_on`."""

PARTY_CHANGE = Table(
    name="party_change",
    version=1,
    key=("mentorship_id", "version", "party_id"),
    columns={
        "mentorship_id": ID,
        "version": INTEGER,
        "party_id": ID,
        "health_worker_id": ID,
        "side": TEXT,
        "change": TEXT,
        "day": DATE,
        "reason": maybe(TEXT),
    },
)
"""Every coming (JOINED) and going (LEFT; STAYED: not after all) in a mentorship, at the version of
its record that says so: the history of who was in it."""

VACANCY = Table(
    name="vacancy",
    version=1,
    key=("mentorship_id", "mentor_id"),
    columns={
        "mentorship_id": ID,
        "mentor_id": ID,
        "since": DATE,
        "filled_on": maybe(DATE),
        "team": INTEGER,
    },
)
"""The place of a mentor who left, until somebody took it; `team` are the mentors who remained."""

MENTORSHIP_VERSION = Table(
    name="mentorship_version",
    version=1,
    key=("mentorship_id", "since", "programme_version_id"),
    columns={
        "mentorship_id": ID,
        "since": DATE,
        "programme_version_id": ID,
        "reason": maybe(TEXT),
    },
)
"""Each version of the rules that a mentorship was under, until the day of the next row."""

MENTORSHIP_PHASE = Table(
    name="mentorship_phase",
    version=1,
    key=("mentorship_id", "since", "phase"),
    columns={"mentorship_id": ID, "since": DATE, "phase": TEXT, "reason": maybe(TEXT)},
)
"""Each phase it was in, from that day until the day of its next row."""

DISENGAGEMENT = Table(
    name="disengagement",
    version=2,
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
        "cause": maybe(TEXT),
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
    MENTORSHIP_MENTOR,
    MENTORSHIP_PHASE,
    MENTORSHIP_VERSION,
    PARTY_CHANGE,
    VACANCY,
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
            "letters": event.letters,
            "counts": all_count(event.deviations),
            **record(happening),
        },
    )
    since = happening.meta.occurred_on
    yield Upsert(MENTORSHIP_VERSION, (happening.stream, since, event.programme_version_id), {})
    if event.phase is not None:
        yield Upsert(MENTORSHIP_PHASE, (happening.stream, since, event.phase), {})
    areas: dict[UUID, list[str]] = {}
    for mentor in event.mentors:
        theirs = areas.setdefault(mentor.health_worker_id, [])
        theirs.append(mentor.area)
        yield from _on_the_team(happening, mentor, since, theirs)
    for mentee in event.mentees:
        theirs = areas.setdefault(mentee.health_worker_id, [])
        theirs.append(mentee.area)
        yield from _in_care(happening, mentee, since, theirs)


@MENTORSHIPS.on(AgreementSigned)
def signed(event: AgreementSigned, happening: Happening) -> Iterator[Change]:
    """Show a party's signature."""
    yield Patch(
        MENTORSHIP_PARTY,
        (happening.stream, event.health_worker_id),
        {"signed_on": event.signed_on, "signature_recorded_by": happening.meta.actor},
    )
    yield Patch(MENTORSHIP, (happening.stream,), record(happening))


@MENTORSHIPS.on(SignatureCorrected)
def signature_corrected(event: SignatureCorrected, happening: Happening) -> Iterator[Change]:
    """Show the day on the letter."""
    party = (happening.stream, event.health_worker_id)
    yield Patch(MENTORSHIP_PARTY, party, {"signed_on": event.signed_on})
    yield _mentorship(happening, **({"agreed_on": event.agreed_on} if event.agreed_on else {}))


@MENTORSHIPS.on(SignatureVoided)
def signature_voided(event: SignatureVoided, happening: Happening) -> Iterator[Change]:
    """Show who has not signed after all."""
    yield Patch(MENTORSHIP_PARTY, (happening.stream, event.health_worker_id), {"signed_on": None})
    yield _mentorship(
        happening, **({"status": "ACCEPTED", "agreed_on": None} if event.unbinds else {})
    )


@MENTORSHIPS.on(MentorshipAgreed)
def agreed(event: MentorshipAgreed, happening: Happening) -> Iterator[Change]:
    """Show that everybody has signed."""
    yield _mentorship(happening, status="AGREED", agreed_on=event.agreed_on)


@MENTORSHIPS.on(MentorshipAccepted)
def accepted(event: MentorshipAccepted, happening: Happening) -> Iterator[Change]:
    """Show that the parties can sign."""
    yield _mentorship(happening, status="ACCEPTED", **_counts(event.deviations))


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
            "cause": event.cause and event.cause.value,
        },
    )
    yield Patch(MENTORSHIP_MENTOR, (happening.stream, event.mentor_id), {"left_on": event.left_on})
    yield Upsert(
        VACANCY,
        (happening.stream, event.mentor_id),
        {"since": event.left_on, "filled_on": None, "team": event.team},
    )
    person = event.health_worker_id
    yield _changed(happening, event.mentor_id, person, Side.MENTOR, "LEFT", event.left_on)
    if not event.stays:
        yield Patch(MENTORSHIP_PARTY, (happening.stream, person), {"left_on": event.left_on})
    yield _mentorship(happening, status="DISENGAGED")


@MENTORSHIPS.on(MentorReassigned)
def reassigned(event: MentorReassigned, happening: Happening) -> Iterator[Change]:
    """Show who took the place; they have to sign."""
    yield from _on_the_team(happening, event.mentor, event.since, [event.mentor.area])
    yield Patch(VACANCY, (happening.stream, event.replaces_id), {"filled_on": event.since})
    yield _mentorship(happening, status="ACCEPTED", **_counts(event.deviations))


@MENTORSHIPS.on(MenteeJoined)
def mentee_joined(event: MenteeJoined, happening: Happening) -> Iterator[Change]:
    """Show who came into its care."""
    yield from _in_care(happening, event.mentee, event.since, [event.mentee.area])
    yield _mentorship(happening, **_counts(event.deviations))


@MENTORSHIPS.on(MenteeLeft)
def mentee_left(event: MenteeLeft, happening: Happening) -> Iterator[Change]:
    """Show who is in its care no more, and why."""
    person = event.health_worker_id
    yield Patch(
        MENTORSHIP_MENTEE,
        (happening.stream, event.enrolment_id),
        {"left_on": event.left_on, "left_because": event.cause.value},
    )
    if not event.stays:
        yield Patch(MENTORSHIP_PARTY, (happening.stream, person), {"left_on": event.left_on})
    yield _changed(happening, event.enrolment_id, person, Side.MENTEE, "LEFT", event.left_on)
    yield _mentorship(happening)


@MENTORSHIPS.on(MentorshipLeavingVoided)
def stayed(event: MentorshipLeavingVoided, happening: Happening) -> Iterator[Change]:
    """Show somebody who did not leave after all; how that was told stays in its history."""
    key, person = (happening.stream, event.party_id), event.health_worker_id
    yield Patch(MENTORSHIP_PARTY, (happening.stream, person), {"left_on": None})
    yield _changed(happening, event.party_id, person, event.side, "STAYED", event.left_on)
    if event.side is Side.MENTEE:
        yield Patch(MENTORSHIP_MENTEE, key, {"left_on": None, "left_because": None})
        yield _mentorship(happening)
        return
    yield Patch(MENTORSHIP_MENTOR, key, {"left_on": None})
    yield Delete(VACANCY, key)
    yield Delete(DISENGAGEMENT, (*key, event.left_on))
    status = {} if event.over else {"status": "AGREED" if event.agreed else "ACCEPTED"}
    yield _mentorship(happening, **status)


@MENTORSHIPS.on(MenteePhaseChanged)
def mentee_phase_changed(event: MenteePhaseChanged, happening: Happening) -> Iterator[Change]:
    """Show the phase that one mentee is in."""
    yield Patch(
        MENTORSHIP_MENTEE,
        (happening.stream, event.enrolment_id),
        {"phase": event.phase, "phase_since": event.since},
    )
    yield _mentorship(happening)


@MENTORSHIPS.on(MentorshipMoved)
def moved(event: MentorshipMoved, happening: Happening) -> Iterator[Change]:
    """Show the unit that it is of now."""
    yield _mentorship(happening, org_unit_id=event.org_unit_id)


@MENTORSHIPS.on(MentorshipMovedToVersion)
def moved_to_version(event: MentorshipMovedToVersion, happening: Happening) -> Iterator[Change]:
    """Show the rules it is under now, and keep when and why it came under them."""
    version = event.programme_version_id
    yield Upsert(
        MENTORSHIP_VERSION,
        (happening.stream, event.since, version),
        {"reason": happening.meta.reason},
    )
    yield _mentorship(
        happening, programme_version_id=version, letters=event.letters, phase=event.phase
    )


@MENTORSHIPS.on(MentorshipWaived)
def waived(event: MentorshipWaived, happening: Happening) -> Iterator[Change]:
    """Show whether it counts now."""
    yield _mentorship(happening, counts=event.counts)


@MENTORSHIPS.on(MentorshipPaused)
def paused(event: MentorshipPaused, happening: Happening) -> Iterator[Change]:
    """Show since when it pauses."""
    yield _mentorship(happening, paused_on=event.since)


@MENTORSHIPS.on(MentorshipResumed)
def resumed(_event: MentorshipResumed, happening: Happening) -> Iterator[Change]:
    """Show that it goes on."""
    yield _mentorship(happening, paused_on=None)


@MENTORSHIPS.on(MentorshipReopened)
def reopened(_event: MentorshipReopened, happening: Happening) -> Iterator[Change]:
    """Show that it goes on as if it had not ended."""
    yield _mentorship(happening, status="AGREED", concluded_on=None, ended_with_last=None)


@MENTORSHIPS.on(MentorshipConcluded)
def concluded(event: MentorshipConcluded, happening: Happening) -> Iterator[Change]:
    """Show that it is over."""
    yield _mentorship(
        happening,
        status="CONCLUDED",
        concluded_on=event.concluded_on,
        ended_with_last=event.with_last,
    )


def _on_the_team(
    happening: Happening, mentor: MentorParty, since: date, areas: list[str]
) -> Iterator[Change]:
    person = mentor.health_worker_id
    yield Upsert(
        MENTORSHIP_MENTOR,
        (happening.stream, mentor.mentor_id),
        {"health_worker_id": person, "area": mentor.area, "joined_on": since, "left_on": None},
    )
    # Whoever comes back comes unsigned.
    yield Upsert(
        MENTORSHIP_PARTY,
        (happening.stream, person),
        {
            "side": Side.MENTOR.value,
            "areas": tuple(areas),
            "mentor_id": mentor.mentor_id,
            "signed_on": None,
            "joined_on": since,
            "left_on": None,
        },
    )
    yield _changed(happening, mentor.mentor_id, person, Side.MENTOR, "JOINED", since)


def _in_care(
    happening: Happening, mentee: MenteeParty, since: date, areas: list[str]
) -> Iterator[Change]:
    person = mentee.health_worker_id
    yield Upsert(
        MENTORSHIP_MENTEE,
        (happening.stream, mentee.enrolment_id),
        {
            "health_worker_id": person,
            "area": mentee.area,
            "joined_on": since,
            "left_on": None,
            "left_because": None,
        },
    )
    # Whoever comes back had signed before.
    yield Upsert(
        MENTORSHIP_PARTY,
        (happening.stream, person),
        {
            "side": Side.MENTEE.value,
            "areas": tuple(areas),
            "joined_on": since,
            "left_on": None,
        },
    )
    yield _changed(happening, mentee.enrolment_id, person, Side.MENTEE, "JOINED", since)


def _changed(
    happening: Happening, party: UUID, person: UUID, side: Side, change: str, day: date
) -> Upsert:
    return Upsert(
        PARTY_CHANGE,
        (happening.stream, happening.version, party),
        {
            "health_worker_id": person,
            "side": side.value,
            "change": change,
            "day": day,
            "reason": happening.meta.reason,
        },
    )


def _counts(deviations: tuple[Deviation, ...]) -> dict[str, bool]:
    """Return that it does not count, if it does not because of these; else nothing."""
    return {} if all_count(deviations) else {"counts": False}


def _mentorship(happening: Happening, **values: Any) -> Patch:
    return Patch(MENTORSHIP, (happening.stream,), {**values, **record(happening)})
