"""`mentors`: a professional body's members, put forward to mentor; who is not known is registered.

The columns about the person are needed only for numbers that nobody has yet.
"""

from typing import Any

from mshauri.api import Wish, global_id, local_id
from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.lists.health_workers import (
    PERSON,
    hold_person,
    register,
    worker_id,
)
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from shared.contracts.registry.health_worker import HealthWorkerRegister
from shared.contracts.registry.mentor import MentorNominate
from shared.domain import derived_id

_OF_THE_PERSON = ("givenNames", "familyName", "cadre", "orgUnit")


def _plan(draft: Draft, known: Known) -> Planned | None:
    number, programme, area = map(draft.text, ("number", "programme", "area"))
    same = number, programme, area
    person = known.people.get(number)
    if person is not None:
        hold_person(draft, person, known)
    for stands in person["mentoring"] if person else ():
        if (stands["programme"], stands["area"]) == (programme, area):
            _hold(draft, stands)
            return None if draft.errors else Planned(draft=draft, same=same, id=stands["id"])
    if draft.errors:
        return None
    wishes: list[Wish] = []
    if person is None:
        if not _can_be_registered(draft):
            return None
        wishes.append(register(draft, known))
        # The person's other rows come after this one, and find them known.
        person = {"id": global_id("HealthWorker", worker_id(number)), "mentoring": []}
        known.people[number] = person
    mentor_id = derived_id("import_mentor", programme, area, local_id(person["id"]))
    version = int(draft.values.get("version", 0))
    wishes.append(
        wish(
            MentorNominate,
            draft,
            known,
            id=str(mentor_id),
            healthWorkerId=person["id"],
            programmeVersionId=known.versions[programme, version],
        )
    )
    return Planned(
        draft=draft,
        same=same,
        id=global_id("Mentor", mentor_id),
        wishes=tuple(wishes),
        writes=frozenset({number}),
        by_day=False,
    )


def _hold(draft: Draft, stands: dict[str, Any]) -> None:
    if draft.differs_in_any("criteria", stands):
        draft.stands_otherwise("criteria")


def _can_be_registered(draft: Draft) -> bool:
    for name in _OF_THE_PERSON:
        if name not in draft.values:
            draft.wrong("NEW_PERSON", name, means=draft.layout.columns[name].means)
    return not draft.errors


MENTORS = Kind(
    name="mentors",
    record="mentor",
    sends=(HealthWorkerRegister, MentorNominate),
    key=("number", "programme", "area"),
    plan=_plan,
    person=f"{PERSON} mentoring {{ id programme area criteria }}",
    optional=frozenset(_OF_THE_PERSON),
    names={"number": "HealthWorker"},
    called={"healthWorkerId": "number"},
)
