"""Mentorships, as sessions has heard of them: what each is, and who is a party of it, and when."""

from collections.abc import Iterable

from shared.contracts.registry.mentorship import (
    AgreementSigned,
    MenteeParty,
    MentorDisengaged,
    MentorParty,
    MentorReassigned,
    MentorshipConcluded,
    MentorshipDeclined,
    MentorshipPhaseChanged,
    MentorshipProposed,
    Side,
)
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

LIVE, CONCLUDED, DECLINED = "LIVE", "CONCLUDED", "DECLINED"

MENTORSHIP = Table(
    name="known_mentorship",
    version=2,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "programme_version_id": Column(type="uuid"),
        "programme": Column(type="text"),
        "org_unit_id": Column(type="uuid"),
        "phase": Column(type="text", nullable=True),
        "state": Column(type="text"),
        "ended_on": Column(type="date", nullable=True),
    },
)
"""A mentorship, LIVE until it is CONCLUDED or DECLINED: from the day `ended_on` on."""

PARTY = Table(
    name="known_party",
    version=1,
    key=("mentorship_id", "health_worker_id"),
    columns={
        "mentorship_id": Column(type="uuid"),
        "health_worker_id": Column(type="uuid"),
        "side": Column(type="text"),
        "areas": Column(type="text[]"),
        "enrolment_ids": Column(type="uuid[]"),
        "joined_on": Column(type="date", nullable=True),
        "signed_on": Column(type="date", nullable=True),
        "left_on": Column(type="date", nullable=True),
    },
)
"""A party of a mentorship, from its beginning or from the day they joined, until they left.

It has a row of its own because mentors come and go: an event that says who left does not say who
stays. Its key begins with the mentorship, by which it is read.
"""

PHASE_SINCE = Table(
    name="known_phase",
    version=1,
    key=("mentorship_id", "phase"),
    columns={
        "mentorship_id": Column(type="uuid"),
        "phase": Column(type="text"),
        "since": Column(type="date"),
        "from_phase": Column(type="text"),
    },
)
"""Every later phase of a mentorship, since when it is in it, and the phase before."""

MENTORSHIPS = Projection("mentorships", MENTORSHIP, PARTY, PHASE_SINCE)


@MENTORSHIPS.on(MentorshipProposed)
def proposed(body: MentorshipProposed, at: Happening) -> Iterable[Change]:
    """Know the mentorship and its parties, none of whom has signed."""
    yield Upsert(
        MENTORSHIP,
        (at.stream,),
        {
            "programme_version_id": body.programme_version_id,
            "programme": body.programme,
            "org_unit_id": body.org_unit_id,
            "phase": body.phase,
            "state": LIVE,
        },
    )
    for mentor in body.mentors:
        yield Upsert(PARTY, (at.stream, mentor.health_worker_id), _mentor(mentor))
    for person in dict.fromkeys(party.health_worker_id for party in body.mentees):
        theirs = [party for party in body.mentees if party.health_worker_id == person]
        yield Upsert(PARTY, (at.stream, person), _mentee(theirs))


def _mentor(party: MentorParty) -> dict[str, object]:
    return {"side": Side.MENTOR, "areas": [party.area], "enrolment_ids": []}


def _mentee(parties: list[MenteeParty]) -> dict[str, object]:
    """Return one person as mentee, who may have come by an enrolment in each of several areas."""
    return {
        "side": Side.MENTEE,
        "areas": [party.area for party in parties],
        "enrolment_ids": [party.enrolment_id for party in parties],
    }


@MENTORSHIPS.on(AgreementSigned)
def signed(body: AgreementSigned, at: Happening) -> Iterable[Change]:
    """Know whose signature is there."""
    yield Patch(PARTY, (at.stream, body.health_worker_id), {"signed_on": body.signed_on})


@MENTORSHIPS.on(MentorDisengaged)
def disengaged(body: MentorDisengaged, at: Happening) -> Iterable[Change]:
    """Know since when a mentor mentors here no more."""
    yield Patch(PARTY, (at.stream, body.health_worker_id), {"left_on": body.left_on})


@MENTORSHIPS.on(MentorReassigned)
def reassigned(body: MentorReassigned, at: Happening) -> Iterable[Change]:
    """Know a mentor who joined, and has not signed; they may have left before."""
    yield Upsert(
        PARTY,
        (at.stream, body.mentor.health_worker_id),
        {**_mentor(body.mentor), "joined_on": body.since, "signed_on": None, "left_on": None},
    )


@MENTORSHIPS.on(MentorshipPhaseChanged)
def phase_changed(body: MentorshipPhaseChanged, at: Happening) -> Iterable[Change]:
    """Know the phase it is in, and since when."""
    yield Patch(MENTORSHIP, (at.stream,), {"phase": body.phase})
    yield Upsert(
        PHASE_SINCE,
        (at.stream, body.phase),
        {"since": body.since, "from_phase": body.from_phase},
    )


@MENTORSHIPS.on(MentorshipConcluded)
def concluded(body: MentorshipConcluded, at: Happening) -> Iterable[Change]:
    """Know that nothing more is held under it."""
    yield Patch(MENTORSHIP, (at.stream,), {"state": CONCLUDED, "ended_on": body.concluded_on})


@MENTORSHIPS.on(MentorshipDeclined)
def declined(_body: MentorshipDeclined, at: Happening) -> Iterable[Change]:
    """Know that nothing comes of it."""
    yield Patch(MENTORSHIP, (at.stream,), {"state": DECLINED, "ended_on": at.meta.occurred_on})
