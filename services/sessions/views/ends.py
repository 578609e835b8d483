"""Who is mentored or mentors no more: enrolments that ended and mentors who were suspended, as
sessions has heard of them.
"""

from collections.abc import Iterable

from shared.contracts.registry.enrolment import MenteeCompleted, MenteeWithdrawn
from shared.contracts.registry.mentor import MentorReinstated, MentorSuspended
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

ENROLMENT_END = Table(
    name="known_enrolment_end",
    version=1,
    key=("enrolment_id",),
    columns={
        "enrolment_id": Column(type="uuid"),
        "withdrawn_on": Column(type="date", nullable=True),
        "completed_on": Column(type="date", nullable=True),
    },
)
"""An enrolment that ended. The day of a withdrawal is the first without them, the day of a
completion the last with them."""

MENTOR_RIGHT = Table(
    name="known_mentor_right",
    version=1,
    key=("mentor_id", "told_at"),
    columns={
        "mentor_id": Column(type="uuid"),
        "told_at": Column(type="integer"),
        "health_worker_id": Column(type="uuid"),
        "programme": Column(type="text"),
        "area": Column(type="text"),
        "since": Column(type="date"),
        "suspended": Column(type="boolean"),
    },
    indexes=(("health_worker_id", "programme"),),
)
"""Since when a mentor is suspended, or may mentor again: every time, in the order it was told."""

ENDS = Projection("ends", ENROLMENT_END, MENTOR_RIGHT)


@ENDS.on(MenteeWithdrawn)
def withdrawn(body: MenteeWithdrawn, at: Happening) -> Iterable[Change]:
    """Know that a mentee left before the end."""
    yield Upsert(ENROLMENT_END, (at.stream,), {"withdrawn_on": body.withdrawn_on})


@ENDS.on(MenteeCompleted)
def completed(body: MenteeCompleted, at: Happening) -> Iterable[Change]:
    """Know that a mentee came to the end."""
    yield Upsert(ENROLMENT_END, (at.stream,), {"completed_on": body.completed_on})


@ENDS.on(MentorSuspended)
def suspended(body: MentorSuspended, at: Happening) -> Iterable[Change]:
    """Know that a mentor may not mentor."""
    yield _right(body, at, suspended=True)


@ENDS.on(MentorReinstated)
def reinstated(body: MentorReinstated, at: Happening) -> Iterable[Change]:
    """Know that a mentor may mentor again."""
    yield _right(body, at, suspended=False)


def _right(body: MentorSuspended | MentorReinstated, at: Happening, *, suspended: bool) -> Change:
    return Upsert(
        MENTOR_RIGHT,
        (at.stream, at.version),
        {
            "health_worker_id": body.health_worker_id,
            "programme": body.programme,
            "area": body.area,
            "since": body.since,
            "suspended": suspended,
        },
    )
