"""Deciding whether two records are of one person, and what follows for what they are enrolled in.

Nothing is moved from one record to the other. A merge lets those enrolments of the alias rest that
the other record, or another alias of it, has an active counterpart of; `must_be_free` keeps the
person from a second active enrolment under their other name. So claims stay whose they were, and
to reverse the merge is to let go on what rests.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.registry.aggregates.enrolment import Enrolment
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.mentorship import Mentorship
from services.registry.commands.handlers import handlers
from services.registry.commands.screening import known_people, nicknames_at
from services.registry.commands.workshops import who_stands_for
from services.registry.screening.blocks import worth_a_look
from services.registry.screening.likeness import Known, Likeness, likeness
from services.registry.views.care import IN_CARE
from services.registry.views.enrolments import ENROLMENT
from services.registry.views.people import FOUND_BY, PERSON
from shared.contracts.registry.health_worker import (
    HealthWorkerCheckDuplicates,
    HealthWorkerDismissDuplicate,
    HealthWorkerMerge,
    HealthWorkerSuspectDuplicate,
    HealthWorkerUnmerge,
)
from shared.deciding.work import Work
from shared.domain.errors import Conflict, Refusal


class NothingSuspected(Refusal):
    """There is nothing new to look at."""

    code = "NOTHING_SUSPECTED"
    template = "Nothing new says that the record is of somebody who is recorded already."
    remedy_template = "Nothing is left to do."


class LaterMergeRestsOnIt(Refusal):
    """Merges that build on each other are reversed in the opposite order."""

    code = "LATER_MERGE_RESTS_ON_IT"
    template = (
        "The record {later} was merged later, and an enrolment of its rests because of one of this."
    )
    remedy_template = "Reverse the merge of {later} first."


class MergedWithTheirMentor(Refusal):
    """Nobody mentors themselves, under whichever name."""

    code = "MERGED_WITH_THEIR_MENTOR"
    template = "One of the two records mentors the other in the mentorship {mentorship}."
    remedy_template = (
        "If they are one person, reassign the mentor or conclude the mentorship first."
    )


class EnrolledUnderOtherName(Conflict):
    """A person has one active enrolment a programme and area, whichever record it is of."""

    code = "ENROLLED_UNDER_OTHER_NAME"
    template = "The person is active in {area} by the enrolment {enrolment} of another record."
    remedy_template = "Go on with {enrolment}, or withdraw it first."


@handlers.decides(HealthWorkerCheckDuplicates)
async def check(
    command: HealthWorkerCheckDuplicates, work: Work[HealthWorkerCheckDuplicates]
) -> HealthWorker:
    """Compare a record with those that are found by what it is found by, wherever they are."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    worker.must_stand_for_itself("healthWorkerId")
    await work.facts.get(PERSON, worker.id, field="healthWorkerId", kind="HealthWorker")
    this, others = await _who_may_be(worker, work)
    for other in worth_a_look(this, others):
        found = likeness(this, other)
        if found.grounds:
            await _suspect(worker, other.id, found, work)
    if not worker.recorded:
        raise NothingSuspected("healthWorkerId")
    return worker


@handlers.decides(HealthWorkerSuspectDuplicate)
async def suspect(
    command: HealthWorkerSuspectDuplicate, work: Work[HealthWorkerSuspectDuplicate]
) -> HealthWorker:
    """Look thoroughly at two records, by all that is known of them now."""
    pair = command.health_worker_id, command.other_id
    worker = await who_stands_for(pair[0], work, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    known = await known_people(work.facts, pair, pair, await nicknames_at(worker.org_unit_id, work))
    if len(known) == len(pair):
        one, other = (known[id] for id in pair)
        found = likeness(one, other, thorough=True)
        if found.grounds:
            await _suspect(worker, other.id, found, work)
    if not worker.recorded:
        raise NothingSuspected("healthWorkerId")
    return worker


async def _who_may_be(worker: HealthWorker, work: Work[Any]) -> tuple[Known, list[Known]]:
    """Return what is known of a record, and of all that have a key in common with it."""
    facts = work.facts
    own = {row["key"] for row in await facts.rows(FOUND_BY, health_worker_id=worker.id)}
    near = await facts.rows_among(FOUND_BY, "key", own)
    people = {row["health_worker_id"] for row in near} | {worker.id}
    # At the door all of them are few enough to be looked up.
    numbered = people
    nicknames = await nicknames_at(worker.org_unit_id, work)
    known = await known_people(facts, people, numbered, nicknames)
    this = known.pop(worker.id)
    return this, [known[id] for id in sorted(known)]


async def _suspect(worker: HealthWorker, id: UUID, found: Likeness, work: Work[Any]) -> None:
    """Suspect a record of being whoever stands for another one, unless somebody looked at that."""
    other = await who_stands_for(id, work, field="otherId")
    if other.id != worker.id and not worker.looked_at(other):
        worker.suspect(other.id, found.grounds, found.score)


@handlers.decides(HealthWorkerDismissDuplicate)
async def dismiss(
    command: HealthWorkerDismissDuplicate, work: Work[HealthWorkerDismissDuplicate]
) -> HealthWorker:
    """Dismiss a suspicion, at the record that it was recorded of."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    other = await work.get(HealthWorker, command.other_id, field="otherId")
    await work.allow(at=other.org_unit_id)
    await work.allow(at=worker.org_unit_id)
    work.reason()
    if worker.id in other.suspected:
        worker, other = other, worker
    worker.dismiss(other.id)
    return worker


@handlers.decides(HealthWorkerMerge)
async def merge(command: HealthWorkerMerge, work: Work[HealthWorkerMerge]) -> HealthWorker:
    """Merge a record into another; who does so answers for both."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    into = await work.get(HealthWorker, command.into_id, field="intoId")
    await work.allow(at=into.org_unit_id)
    await work.allow(at=worker.org_unit_id)
    work.reason()
    theirs = await _active((into.id, *into.aliases), work)
    taken = {(enrolment.programme, enrolment.area): enrolment.id for enrolment in theirs}
    resting = [
        enrolment
        for enrolment in await _active([worker.id], work)
        if (enrolment.programme, enrolment.area) in taken
    ]
    await _nobody_may_mentor_themselves({worker.id, into.id, *into.aliases}, work)
    worker.merge(into, tuple(enrolment.id for enrolment in resting))
    for enrolment in resting:
        enrolment.set_aside(taken[enrolment.programme, enrolment.area])
    return worker


@handlers.decides(HealthWorkerUnmerge)
async def unmerge(command: HealthWorkerUnmerge, work: Work[HealthWorkerUnmerge]) -> HealthWorker:
    """Reverse a merge; who does so answers for both."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    survivor = await work.get(HealthWorker, worker.must_be_merged(), field="healthWorkerId")
    await work.allow(at=survivor.org_unit_id)
    await work.allow(at=worker.org_unit_id)
    work.reason()
    await _nothing_may_rest_on(worker, survivor, work)
    for id in worker.set_aside:
        (await work.get(Enrolment, id, field="healthWorkerId")).restore()
    worker.unmerge(survivor)
    return worker


async def must_be_free(worker: HealthWorker, programme: str, area: str, work: Work[Any]) -> None:
    """Refuse what would be a person's second active enrolment, under their other name.

    Raises:
        EnrolledUnderOtherName: a record that `worker` stands for too has an active one.
    """
    for enrolment in await _active(worker.aliases, work):
        if (enrolment.programme, enrolment.area) == (programme, area):
            raise EnrolledUnderOtherName("healthWorkerId", area=area, enrolment=enrolment.id)


async def _active(people: Iterable[UUID], work: Work[Any]) -> list[Enrolment]:
    # The view says which enrolments there are, each of them how it stands: so the transaction
    # rests on them, and is decided anew if one of them has moved.
    found = [
        await work.get(Enrolment, row["id"], field="healthWorkerId")
        for person in people
        for row in await work.facts.rows(ENROLMENT, health_worker_id=person)
    ]
    return [enrolment for enrolment in found if enrolment.active]


async def _nobody_may_mentor_themselves(person: set[UUID], work: Work[Any]) -> None:
    for name in person:
        for row in await work.facts.rows(IN_CARE, health_worker_id=name):
            mentorship = await work.get(Mentorship, row["mentorship_id"], field="intoId")
            if mentorship.live and mentorship.mentors & person:
                raise MergedWithTheirMentor("intoId", mentorship=mentorship.id)


async def _nothing_may_rest_on(
    worker: HealthWorker, survivor: HealthWorker, work: Work[Any]
) -> None:
    own = {(one.programme, one.area) for one in await _active([worker.id], work)}
    for id in survivor.aliases[survivor.aliases.index(worker.id) + 1 :]:
        later = await work.get(HealthWorker, id, field="healthWorkerId")
        for resting in later.set_aside:
            enrolment = await work.get(Enrolment, resting, field="healthWorkerId")
            if (enrolment.programme, enrolment.area) in own:
                raise LaterMergeRestsOnIt("healthWorkerId", later=later.id)
