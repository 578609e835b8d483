"""Departures: mentors who left a mentorship formally, as sessions has heard of them."""

from collections.abc import Iterable

from shared.contracts.registry.mentorship import MentorDisengaged, MentorshipLeavingVoided
from shared.projection import Change, Column, Delete, Happening, Projection, Table, Upsert

DEPARTURE = Table(
    name="known_departure",
    version=1,
    key=("mentorship_id", "mentor_id"),
    columns={
        "mentorship_id": Column(type="uuid"),
        "mentor_id": Column(type="uuid"),
        "left_on": Column(type="date"),
    },
)

DEPARTURES = Projection("departures", DEPARTURE)


@DEPARTURES.on(MentorDisengaged)
def left(body: MentorDisengaged, at: Happening) -> Iterable[Change]:
    """Know who left, and when."""
    yield Upsert(DEPARTURE, (at.stream, body.mentor_id), {"left_on": body.left_on})


@DEPARTURES.on(MentorshipLeavingVoided)
def stayed(body: MentorshipLeavingVoided, at: Happening) -> Iterable[Change]:
    """Know who did not leave after all: nobody is to be told."""
    yield Delete(DEPARTURE, (at.stream, body.party_id))
