"""What the sessions of one person's day say of each other: the same one told twice, two at a time,
more in a day than counts.

None of it is sure: two phones may have told of one session, or there were two. A person settles it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.definition import Mode
from shared.domain.errors import Departure

NEAR = 15
"""Minutes by which two tellings of one session may differ."""


class SessionTwice(Departure):
    """Another of that day looks the same."""

    code = "SESSION_TWICE"
    template = "The session {session} of the same day has the same people, mode and length."
    remedy_template = (
        "Void one of them if they are the same; if they are two, let `sessionSettle` say so."
    )


class SessionOverlaps(Departure):
    """Somebody would have been in two at a time."""

    code = "SESSION_OVERLAPS"
    template = "The health worker {person} was in the session {session} at that time."
    remedy_template = (
        "Correct the times of one of them; if both are right, let `sessionSettle` say so."
    )


class DayTooLong(Departure):
    """More in a day than the programme counts."""

    code = "DAY_TOO_LONG"
    template = "The health worker {person} has {minutes} minutes on {day}; {most} count."
    remedy_template = "Check how long each session of that day lasted, and who was there."


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """Another session of somebody who was there, on the same day.

    Attributes:
        people: who was there, with the minutes of it that count for each.
        counts: whether it does, for anybody.
        settled: somebody found that it is none of what it was suspected of.
        after: it was told when the session that is weighed stood already: if both look the same,
            it is the one that is suspected.
        later: it was told later, in the same mentorship: of the two, what is too much of a day, or
            of a visit, is cut of it.
    """

    session_id: UUID
    mentorship_id: UUID
    visit_id: UUID | None
    mode: Mode
    minutes: int
    begins: datetime | None
    ends: datetime | None
    people: Mapping[UUID, int]
    counts: bool = True
    settled: bool = False
    after: bool = False
    later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What of a session is held against the others of its day."""

    mentorship_id: UUID
    visit_id: UUID | None
    mode: Mode
    minutes: int
    begins: datetime | None
    ends: datetime | None
    present: frozenset[UUID]


def must_not_be_told_twice(meant: Meant, others: Collection[Encounter]) -> None:
    """Suspect another session of the same mentorship, people, mode and about the same length.

    Where both say when they were, they are the same only if their times meet.

    Raises:
        SessionTwice: as it says.
    """
    for other in others:
        if looks_the_same(meant, other) and not other.after:
            raise SessionTwice("mentorshipId", session=other.session_id)


def must_not_overlap(meant: Meant, others: Collection[Encounter]) -> None:
    """Refuse that somebody is in two sessions at a time, where both say when they were.

    Sessions of one visit may be: two areas at one bedside. Of two, what was told last is suspected.

    Raises:
        SessionOverlaps: as it says.
    """
    for other in others:
        if other.after or looks_the_same(meant, other) or _of_one_visit(meant, other):
            continue
        if not _meet(meant, other):
            continue
        for person in sorted(meant.present & other.people.keys()):
            raise SessionOverlaps("begins", person=person, session=other.session_id)


def minutes_at_once(person: UUID, meant: Meant, others: Collection[Encounter]) -> int:
    """Return how much of a session somebody spent in others of the same visit at that time.

    Where it is not said when they were, they are taken to have been at one time. What was told
    later than the session gives way to it.
    """
    visit = (other for other in others if _of_one_visit(meant, other) and not other.later)
    return sum(_shared(person, meant, other) for other in visit)


def _shared(person: UUID, meant: Meant, other: Encounter) -> int:
    counted = other.people.get(person, 0)
    if meant.begins is None or meant.ends is None or other.begins is None or other.ends is None:
        return counted
    shared = min(meant.ends, other.ends) - max(meant.begins, other.begins)
    return min(max(int(shared.total_seconds()) // 60, 0), counted)


def _of_one_visit(meant: Meant, other: Encounter) -> bool:
    return meant.visit_id is not None and meant.visit_id == other.visit_id


def minutes_of_the_day(person: UUID, others: Collection[Encounter]) -> int:
    """Return how much of a person's day counts already: what was told later gives way."""
    return sum(other.people.get(person, 0) for other in others if not other.later)


def gives_way(meant: Meant, other: Encounter) -> bool:
    """Say whether another session is suspected of being this one, and counts for that no more."""
    return other.after and not other.settled and looks_the_same(meant, other)


def looks_the_same(meant: Meant, other: Encounter) -> bool:
    """Say whether another session has the same people, mode and about the same length and time."""
    alike = (meant.mentorship_id, meant.mode) == (other.mentorship_id, other.mode)
    if not alike or meant.present != other.people.keys():
        return False
    if abs(meant.minutes - other.minutes) > NEAR:
        return False
    timed = meant.begins is not None and other.begins is not None
    return _meet(meant, other) if timed else True


def _meet(meant: Meant, other: Encounter) -> bool:
    if meant.begins is None or meant.ends is None or other.begins is None or other.ends is None:
        return False
    return meant.begins < other.ends and other.begins < meant.ends
