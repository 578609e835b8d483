"""Mentorships, as sessions has heard of them: what each is, and who came and went, and when."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from shared.contracts.deviation import Deviation
from shared.contracts.registry.cohort import CohortPaused, CohortResumed
from shared.contracts.registry.mentorship import (
    AgreementSigned,
    MenteeJoined,
    MenteeLeaving,
    MenteeLeft,
    MenteeParty,
    MenteePhaseChanged,
    MentorDisengaged,
    MentorParty,
    MentorReassigned,
    MentorshipAccepted,
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
from shared.contracts.registry.pause import Paused, Resumed
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

LIVE, CONCLUDED, DECLINED = "LIVE", "CONCLUDED", "DECLINED"
JOINED, LEFT, ENDED, SIGNED = "JOINED", "LEFT", "ENDED", "SIGNED"
SIGNATURE_CORRECTED, SIGNATURE_VOIDED = "SIGNATURE_CORRECTED", "SIGNATURE_VOIDED"
STAYED = "STAYED"

MENTORSHIP = Table(
    name="known_mentorship",
    version=4,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "cohort_id": Column(type="uuid"),
        "programme_version_id": Column(type="uuid"),
        "programme": Column(type="text"),
        "org_unit_id": Column(type="uuid"),
        "phase": Column(type="text", nullable=True),
        "state": Column(type="text"),
        "ended_on": Column(type="date", nullable=True),
        "departs": Column(type="text[]"),
        "departed": Column(type="text[]", nullable=True),
    },
    indexes=(("cohort_id",),),
)
"""A mentorship, LIVE until it is CONCLUDED or DECLINED: from the day `ended_on` on. Version, unit
and phase are those it began with; `departs` and `departed` are the rules that it did not keep when
it was proposed and accepted, so that it does not count.
"""

PARTY_CHANGE = Table(
    name="known_party_change",
    version=1,
    key=("mentorship_id", "version", "party_id"),
    columns={
        "mentorship_id": Column(type="uuid"),
        "version": Column(type="integer"),
        "party_id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
        "change": Column(type="text"),
        "day": Column(type="date", nullable=True),
        "side": Column(type="text", nullable=True),
        "area": Column(type="text", nullable=True),
        "departs": Column(type="text[]", nullable=True),
    },
)
"""Everybody's coming (JOINED), going (LEFT; STAYED, if they did not after all) and signature
(SIGNED; SIGNATURE_CORRECTED, so that it is of another day; SIGNATURE_VOIDED), at the version of
the stream that says so; `party_id` is the mentor or the enrolment, of a signature the person.
`day` is the first of what is so, none: from the beginning. A mentee who came to an end (ENDED)
is a party still, whom nobody expects. Its key begins with the mentorship, by which it is read.
"""

PHASE_SINCE = Table(
    name="known_phase",
    version=2,
    key=("mentorship_id", "version"),
    columns={
        "mentorship_id": Column(type="uuid"),
        "version": Column(type="integer"),
        "enrolment_id": Column(type="uuid", nullable=True),
        "phase": Column(type="text", nullable=True),
        "since": Column(type="date"),
    },
)
"""Every later phase of a mentorship, or of one of its mentees alone, and since when it is in it."""

VERSION_SINCE = Table(
    name="known_mentorship_version",
    version=1,
    key=("mentorship_id", "version"),
    columns={
        "mentorship_id": Column(type="uuid"),
        "version": Column(type="integer"),
        "programme_version_id": Column(type="uuid"),
        "since": Column(type="date"),
    },
)
"""Every later version of the rules that a mentorship came under, and since when."""

UNIT_SINCE = Table(
    name="known_mentorship_unit",
    version=1,
    key=("mentorship_id", "version"),
    columns={
        "mentorship_id": Column(type="uuid"),
        "version": Column(type="integer"),
        "org_unit_id": Column(type="uuid"),
        "since": Column(type="date"),
    },
)
"""Every later unit that a mentorship went to, and since when it is there."""

WAIVED = Table(
    name="known_waiver",
    version=1,
    key=("mentorship_id", "rule"),
    columns={"mentorship_id": Column(type="uuid"), "rule": Column(type="text")},
)
"""The rules that an office waived for a mentorship."""

PAUSE = Table(
    name="known_pause",
    version=2,
    key=("record_id", "since"),
    columns={
        "record_id": Column(type="uuid"),
        "since": Column(type="date"),
        "until": Column(type="date", nullable=True),
    },
)
"""From when until when a mentorship paused, or a cohort with all of its mentorships."""

MENTORSHIPS = Projection(
    "mentorships",
    MENTORSHIP,
    PARTY_CHANGE,
    PHASE_SINCE,
    VERSION_SINCE,
    UNIT_SINCE,
    WAIVED,
    PAUSE,
)


@MENTORSHIPS.on(MentorshipProposed)
def proposed(body: MentorshipProposed, at: Happening) -> Iterable[Change]:
    """Know the mentorship and its parties, none of whom has signed."""
    yield Upsert(
        MENTORSHIP,
        (at.stream,),
        {
            "cohort_id": body.cohort_id,
            "programme_version_id": body.programme_version_id,
            "programme": body.programme,
            "org_unit_id": body.org_unit_id,
            "phase": body.phase,
            "state": LIVE,
            "departs": _not_counting(body.deviations),
        },
    )
    for mentor in body.mentors:
        yield _mentor(at, mentor, None)
    for mentee in body.mentees:
        yield _mentee(at, mentee, None)


@MENTORSHIPS.on(MentorshipAccepted)
def accepted(body: MentorshipAccepted, at: Happening) -> Iterable[Change]:
    """Know what it departs from besides."""
    yield Patch(MENTORSHIP, (at.stream,), {"departed": _not_counting(body.deviations)})


@MENTORSHIPS.on(MentorshipWaived)
def waived(body: MentorshipWaived, at: Happening) -> Iterable[Change]:
    """Know what was waived."""
    yield Upsert(WAIVED, (at.stream, body.rule.value), {})


@MENTORSHIPS.on(AgreementSigned)
def signed(body: AgreementSigned, at: Happening) -> Iterable[Change]:
    """Know whose signature is there."""
    person = body.health_worker_id
    yield _change(at, person, person, SIGNED, body.signed_on)


@MENTORSHIPS.on(SignatureCorrected)
def signature_corrected(body: SignatureCorrected, at: Happening) -> Iterable[Change]:
    """Know since when it is there after all."""
    person = body.health_worker_id
    yield _change(at, person, person, SIGNATURE_CORRECTED, body.signed_on)


@MENTORSHIPS.on(SignatureVoided)
def signature_voided(body: SignatureVoided, at: Happening) -> Iterable[Change]:
    """Know whose is not there after all."""
    person = body.health_worker_id
    yield _change(at, person, person, SIGNATURE_VOIDED, None)


@MENTORSHIPS.on(MentorDisengaged)
def disengaged(body: MentorDisengaged, at: Happening) -> Iterable[Change]:
    """Know since when a mentor mentors here no more."""
    yield _change(at, body.mentor_id, body.health_worker_id, LEFT, body.left_on)


@MENTORSHIPS.on(MentorReassigned)
def reassigned(body: MentorReassigned, at: Happening) -> Iterable[Change]:
    """Know a mentor who joined, and may have left before."""
    yield _mentor(at, body.mentor, body.since, body.deviations)


@MENTORSHIPS.on(MenteeJoined)
def joined(body: MenteeJoined, at: Happening) -> Iterable[Change]:
    """Know a mentee who joined, and may have left before."""
    yield _mentee(at, body.mentee, body.since, body.deviations)


@MENTORSHIPS.on(MenteeLeft)
def left(body: MenteeLeft, at: Happening) -> Iterable[Change]:
    """Know a mentee who is in its care no more from the next day on."""
    change = LEFT if body.cause is MenteeLeaving.REMOVED else ENDED
    yield _change(at, body.enrolment_id, body.health_worker_id, change, _after(body.left_on))


@MENTORSHIPS.on(MentorshipLeavingVoided)
def stayed(body: MentorshipLeavingVoided, at: Happening) -> Iterable[Change]:
    """Know who did not leave, nor come to an end, after all."""
    yield _change(at, body.party_id, body.health_worker_id, STAYED, body.left_on)


@MENTORSHIPS.on(MentorshipPhaseChanged)
def phase_changed(body: MentorshipPhaseChanged, at: Happening) -> Iterable[Change]:
    """Know the phase it is in, and since when."""
    yield Upsert(PHASE_SINCE, (at.stream, at.version), {"since": body.since, "phase": body.phase})


@MENTORSHIPS.on(MenteePhaseChanged)
def mentee_phase_changed(body: MenteePhaseChanged, at: Happening) -> Iterable[Change]:
    """Know the phase that one mentee is in, and since when."""
    yield Upsert(
        PHASE_SINCE,
        (at.stream, at.version),
        {"since": body.since, "phase": body.phase, "enrolment_id": body.enrolment_id},
    )


@MENTORSHIPS.on(MentorshipMoved)
def moved_on(body: MentorshipMoved, at: Happening) -> Iterable[Change]:
    """Know where it is from that day on."""
    yield Upsert(
        UNIT_SINCE, (at.stream, at.version), {"since": body.since, "org_unit_id": body.org_unit_id}
    )


@MENTORSHIPS.on(MentorshipMovedToVersion)
def moved(body: MentorshipMovedToVersion, at: Happening) -> Iterable[Change]:
    """Know its rules from that day on, and the phase that they have for it."""
    yield Upsert(
        VERSION_SINCE,
        (at.stream, at.version),
        {"since": body.since, "programme_version_id": body.programme_version_id},
    )
    yield Upsert(PHASE_SINCE, (at.stream, at.version), {"since": body.since, "phase": body.phase})


@MENTORSHIPS.on(MentorshipPaused, CohortPaused)
def paused(body: Paused, at: Happening) -> Iterable[Change]:
    """Know since when nothing is due in it."""
    yield Upsert(PAUSE, (at.stream, body.since), {"until": None})


@MENTORSHIPS.on(MentorshipResumed, CohortResumed)
def resumed(body: Resumed, at: Happening) -> Iterable[Change]:
    """Know since when it goes on."""
    yield Patch(PAUSE, (at.stream, body.paused), {"until": body.since})


@MENTORSHIPS.on(MentorshipReopened)
def reopened(_body: MentorshipReopened, at: Happening) -> Iterable[Change]:
    """Know that it goes on, as if it had not ended."""
    yield Patch(MENTORSHIP, (at.stream,), {"state": LIVE, "ended_on": None})


@MENTORSHIPS.on(MentorshipConcluded)
def concluded(body: MentorshipConcluded, at: Happening) -> Iterable[Change]:
    """Know that nothing more is held under it, from the next day on if it ended by itself."""
    ended_on = _after(body.concluded_on) if body.with_last else body.concluded_on
    yield Patch(MENTORSHIP, (at.stream,), {"state": CONCLUDED, "ended_on": ended_on})


@MENTORSHIPS.on(MentorshipDeclined)
def declined(_body: MentorshipDeclined, at: Happening) -> Iterable[Change]:
    """Know that nothing comes of it."""
    yield Patch(MENTORSHIP, (at.stream,), {"state": DECLINED, "ended_on": at.meta.occurred_on})


def _mentor(
    at: Happening, mentor: MentorParty, day: date | None, deviations: tuple[Deviation, ...] = ()
) -> Upsert:
    said = {"side": Side.MENTOR, "area": mentor.area, "departs": _not_counting(deviations)}
    return _change(at, mentor.mentor_id, mentor.health_worker_id, JOINED, day, **said)


def _mentee(
    at: Happening, mentee: MenteeParty, day: date | None, deviations: tuple[Deviation, ...] = ()
) -> Upsert:
    said = {"side": Side.MENTEE, "area": mentee.area, "departs": _not_counting(deviations)}
    return _change(at, mentee.enrolment_id, mentee.health_worker_id, JOINED, day, **said)


def _change(
    at: Happening, party: UUID, person: UUID, change: str, day: date | None, **more: object
) -> Upsert:
    return Upsert(
        PARTY_CHANGE,
        (at.stream, at.version, party),
        {"health_worker_id": person, "change": change, "day": day, **more},
    )


def _not_counting(deviations: tuple[Deviation, ...]) -> list[str]:
    return [each.rule.value for each in deviations if not each.counts]


def _after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)
