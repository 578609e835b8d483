"""What a mentor carries: in one area, or in all that they mentor in, as the programme counts it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.mentor import Mentor
from services.registry.views.offers import OFFER
from shared.contracts.definition import Definition
from shared.contracts.definition.people import LoadPer
from shared.deciding.work import Work


async def carried_besides(mentor: Mentor, rules: Definition, work: Work[Any]) -> frozenset[UUID]:
    """Return the mentorships that somebody carries in other areas, if those count too."""
    if rules.ratio.load_per is not LoadPer.PERSON:
        return frozenset()
    carried = frozenset[UUID]()
    for name in await _names(mentor.health_worker_id, work):
        for row in await work.facts.rows(OFFER, health_worker_id=name, programme=rules.programme):
            other = await work.find(Mentor, row["mentor_id"])
            if other is not None and other.id != mentor.id:
                carried |= other.carried_on(work.day)
    return carried


async def _names(health_worker_id: UUID, work: Work[Any]) -> tuple[UUID, ...]:
    """Return all records of a person: the one that stands for them, and those merged into it."""
    worker = await work.find(HealthWorker, health_worker_id)
    if worker is not None and worker.merged_into is not None:
        worker = await work.find(HealthWorker, worker.merged_into)
    return (health_worker_id,) if worker is None else (worker.id, *worker.aliases)


class Room(NamedTuple):
    """How many mentorships a mentor carries, and how many more they could take on."""

    carried: int
    places: int


def room_of(mentors: Iterable[Mentor], rules: Definition, day: date) -> Mapping[UUID, Room]:
    """Return what room each mentor has, by the mentor's id.

    Where all areas of a person count together, their places are shared out among them, so that
    whatever is proposed at once is never too much.
    """
    theirs: dict[UUID, list[Mentor]] = defaultdict(list)
    for mentor in sorted(mentors, key=lambda one: one.id):
        together = rules.ratio.load_per is LoadPer.PERSON
        theirs[mentor.health_worker_id if together else mentor.id].append(mentor)
    room: dict[UUID, Room] = {}
    for one_s in theirs.values():
        carried = len(frozenset[UUID]().union(*(one.carried_on(day) for one in one_s)))
        room |= {one.id: Room(carried, 0) for one in one_s}
        free = [one for one in one_s if one.able_on(day) and one.available_on(day)]
        for place, mentor in enumerate(free):
            left = max(mentor.limit(rules.ratio.load, day) - carried, 0)
            share, over = divmod(left, len(free))
            room[mentor.id] = Room(carried, share + (place < over))
    return room
