"""What an event changed of somebody's progress: a fold over their history, up to that event.

It counts as the read models do, enrolment by enrolment: competencies validated, as the event says
it; sessions that they were at and that stand; CPD points in the programme; rights to mentor that
are held; how the enrolment stands. What was taken back is counted no more from then on: the
difference is of the day it was recorded, never of the day it was about.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct

from services.gateway.projections import HEALTH_WORKER
from services.gateway.read.history import HISTORIES
from services.gateway.read.loader import Database


class Facts(Struct, frozen=True, rename="camel"):
    """What is read of an event's details; of the rest, nothing is counted."""

    health_worker_id: UUID | None = None
    enrolment_id: UUID | None = None
    enrolments: tuple[UUID, ...] = ()
    validated: int = 0
    competencies: int | None = None
    counts: bool = True  # younger than the events that bear it: what does not say it, counted
    tier: str = ""
    tier_area: str = ""
    balance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How somebody stands in one enrolment; with points of CPD, in all.

    Attributes:
        status: of the enrolment; None before it is known.
        validated: competencies, of as many as there are.
        sessions: those that stand and count, by their records.
        rights: to mentor, by tier and area.
        points: of CPD on their account.
    """

    status: str | None = None
    validated: int = 0
    competencies: int | None = None
    sessions: frozenset[UUID] = frozenset()
    rights: frozenset[tuple[str, str]] = frozenset()
    points: Decimal = Decimal(0)


NOTHING = Progress()


class Step(NamedTuple):
    """One event, as it is folded.

    Attributes:
        stream: the record it happened to.
    """

    id: UUID
    topic: str
    stream: UUID
    facts: Facts


class Difference(NamedTuple):
    """How somebody stood in an enrolment before an event, and after it; of points, in no one."""

    enrolment_id: UUID | None
    before: Progress
    after: Progress


@dataclass(slots=True)
class Fold:
    """Somebody's progress in all of their enrolments, event by event."""

    standing: dict[UUID | None, Progress] = field(default_factory=dict)
    enrolments: set[UUID] = field(default_factory=set)
    """Those that are known to be theirs."""
    counted: dict[UUID, bool] = field(default_factory=dict)
    """Of each session, whether it counts while it stands."""
    people: frozenset[UUID] = frozenset()
    """Whose history it is, by all of their names."""

    def take(self, step: Step) -> list[Difference]:
        """Fold an event, and return what it changed."""
        fold = _FOLDS.get(step.topic)
        if fold is None:
            return []
        changed = []
        for enrolment, after in list(fold(self, step)):
            before = self.standing.get(enrolment, NOTHING)
            if after != before:
                self.standing[enrolment] = after
                changed.append(Difference(enrolment, before, after))
        return changed

    def of(self, enrolment: UUID | None) -> Progress:
        """Return how they stand in an enrolment."""
        return self.standing.get(enrolment, NOTHING)

    def theirs(self, *ids: UUID | None) -> Iterator[UUID]:
        """Yield the enrolments among these that are theirs."""
        return (id for id in ids if id in self.enrolments)


Changes = Iterator[tuple[UUID | None, Progress]]
Folding = Callable[[Fold, Step], Changes]
_FOLDS: dict[str, Folding] = {}


def _on(
    *topics: str,
) -> Callable[[Callable[[Fold, Step], Changes]], Callable[[Fold, Step], Changes]]:
    def register(fold: Callable[[Fold, Step], Changes]) -> Callable[[Fold, Step], Changes]:
        _FOLDS.update(dict.fromkeys(topics, fold))
        return fold

    return register


_STATUS = {
    "registry.enrolment.completed": "COMPLETED",
    "registry.enrolment.withdrawn": "WITHDRAWN",
    "registry.enrolment.set_aside": "SET_ASIDE",
    "registry.enrolment.readmitted": "ENROLLED",
    "registry.enrolment.completion_reopened": "ENROLLED",
    "registry.enrolment.restored": "ENROLLED",
}


@_on("registry.enrolment.enrolled")
def _enrolled(fold: Fold, step: Step) -> Changes:
    if step.facts.health_worker_id in fold.people:
        fold.enrolments.add(step.stream)
        yield step.stream, replace(fold.of(step.stream), status="ENROLLED")


@_on(*_STATUS)
def _stands(fold: Fold, step: Step) -> Changes:
    for enrolment in fold.theirs(step.stream):
        yield enrolment, replace(fold.of(enrolment), status=_STATUS[step.topic])


@_on("validation.competency_record.opened")
def _opened(fold: Fold, step: Step) -> Changes:
    for enrolment in fold.theirs(step.facts.enrolment_id):
        yield enrolment, replace(fold.of(enrolment), competencies=step.facts.competencies)


@_on(
    "validation.competency_record.competency_validated",
    "validation.competency_record.revoked",
    "validation.competency_record.lapsed",
)
def _proved(fold: Fold, step: Step) -> Changes:
    for enrolment in fold.theirs(step.facts.enrolment_id):
        yield (
            enrolment,
            replace(
                fold.of(enrolment),
                validated=step.facts.validated,
                competencies=step.facts.competencies,
            ),
        )


@_on(
    "validation.competency_record.right_to_mentor_earned",
    "validation.competency_record.right_to_mentor_lost",
)
def _right(fold: Fold, step: Step) -> Changes:
    right = frozenset({(step.facts.tier, step.facts.tier_area)})
    for enrolment in fold.theirs(step.facts.enrolment_id):
        held = fold.of(enrolment).rights
        earned = step.topic.endswith("earned")
        yield (
            enrolment,
            replace(fold.of(enrolment), rights=held | right if earned else held - right),
        )


@_on("sessions.session.held", "sessions.session.corrected")
def _held(fold: Fold, step: Step) -> Changes:
    counted = fold.counted[step.stream] = step.facts.counts
    there = set(fold.theirs(*step.facts.enrolments))
    for enrolment in fold.enrolments:
        sessions = fold.of(enrolment).sessions - {step.stream}
        if enrolment in there and counted:
            sessions |= {step.stream}
        yield enrolment, replace(fold.of(enrolment), sessions=sessions)


@_on("sessions.session.voided")
def _voided(fold: Fold, step: Step) -> Changes:
    for enrolment in fold.enrolments:
        sessions = fold.of(enrolment).sessions - {step.stream}
        yield enrolment, replace(fold.of(enrolment), sessions=sessions)


@_on("sessions.session.reinstated")
def _reinstated(fold: Fold, step: Step) -> Changes:
    if not fold.counted.get(step.stream, True):
        return
    for enrolment in fold.theirs(*step.facts.enrolments):
        sessions = fold.of(enrolment).sessions | {step.stream}
        yield enrolment, replace(fold.of(enrolment), sessions=sessions)


@_on("sessions.cpd_account.awarded", "sessions.cpd_account.reversed")
def _points(fold: Fold, step: Step) -> Changes:
    if step.facts.health_worker_id in fold.people:
        yield None, replace(fold.of(None), points=step.facts.balance)


TOPICS = tuple(_FOLDS)
"""The events that change somebody's progress; all others change nothing of it."""

_STEPS = f"""
SELECT p.person, h.event_id, h.topic, h.stream, h.details
  FROM unnest($1::uuid[]) AS p(person) CROSS JOIN LATERAL (
    SELECT * FROM {HISTORIES.source} one
     WHERE one.health_worker_id = p.person AND one.topic = ANY($2)
  ) h
 ORDER BY h.recorded, h.service, h.position
"""
_ALIASES = f"""
SELECT merged_into_id AS person, id FROM "{HEALTH_WORKER.physical}" WHERE merged_into_id = ANY($1)
"""
_decoder = msgspec.json.Decoder(Facts)

Differences = dict[UUID, list[Difference]]
"""What each event of somebody's history changed, by its id."""


async def differences(database: Database, people: Sequence[UUID]) -> list[Differences]:
    """Return what the events in each of these people's histories changed of their progress."""
    names = {person: {person} for person in people}
    for row in await database.fetch(_ALIASES, list(people)):
        names[row["person"]].add(row["id"])
    folds = {person: Fold(people=frozenset(names[person])) for person in people}
    found: dict[UUID, Differences] = defaultdict(dict)
    for row in await database.fetch(_STEPS, list(people), list(TOPICS)):
        step = Step(row["event_id"], row["topic"], row["stream"], _decoder.decode(row["details"]))
        changed = folds[row["person"]].take(step)
        if changed:
            found[row["person"]][step.id] = changed
    return [found[person] for person in people]
