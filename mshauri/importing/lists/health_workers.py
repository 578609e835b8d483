"""`health-workers`: who works where as what; their number makes each row's person.

Who has no number is known by their name where they work: who of that name is there is not
registered again.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from mshauri.api import Wish, global_id
from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.lists.licences import COLUMNS, check_licence, licence_of
from mshauri.importing.lists.unnumbered import check_number, look_up_unnumbered, plan_unnumbered
from mshauri.importing.planned import Change, Planned, command_id, wish
from mshauri.importing.reading.text import folded
from mshauri.importing.rows import Draft
from services.registry.phones import one_phone
from shared.contracts.base import Command, wire_name
from shared.contracts.registry.health_worker import (
    HealthWorkerChangeCadre,
    HealthWorkerRegister,
    HealthWorkerTransfer,
    HealthWorkerUpdateDetails,
)
from shared.domain import derived_id

_TOLD = ("email", "sex", "birthYear", "qualification", "employer")
TOLD = tuple(name for name in _TOLD if name in HealthWorkerUpdateDetails.__struct_encode_fields__)
"""What is told of a person besides, and can be told otherwise; personal, all of it."""
PERSON = " ".join(
    (
        *("version cadre givenNames familyName phone languages", *TOLD),
        "postings { kind orgUnit { code } }",
    )
)
"""What has to be known of a person, to hold a row against it."""


def worker_id(number: str) -> UUID:
    """Return the id of the health worker that an import registers under a number."""
    return derived_id("import_health_worker", number)


def register(draft: Draft, known: Known) -> Wish:
    """Return the command that makes a row's person known."""
    number = draft.text("number")
    return wish(HealthWorkerRegister, draft, known, id=str(worker_id(number)), **licence_of(draft))


def _check(draft: Draft) -> None:
    check_number(draft)
    check_licence(draft)


def _plan(draft: Draft, known: Known) -> Planned | None:
    number = draft.text("number")
    if not number:
        return plan_unnumbered(draft, known)
    stands = known.people.get(number)
    if stands is None:
        id = global_id("HealthWorker", worker_id(number))
        return Planned(draft=draft, same=number, id=id, wishes=(register(draft, known),))
    if not known.update:
        hold_person(draft, stands, known, update=True)
        return None if draft.errors else Planned(draft=draft, same=number, id=stands["id"])
    if named_otherwise(draft, stands):
        draft.wrong("NUMBER_OF_ANOTHER", "number")
        return None
    _note_licence(draft)
    changes = tuple(differences(draft, stands, known))
    wishes = [change_wish(command, changes, draft, known, stands) for command in CHANGES]
    if draft.values.get("identifiers"):
        draft.warn("SENT_NOT_COMPARED", "identifiers", differs="identifiers")
        wishes.append(_identifiers(draft, known, stands))
    return Planned(
        draft=draft,
        same=number,
        id=stands["id"],
        wishes=tuple(one for one in wishes if one is not None),
        changes=changes,
    )


CHANGES: tuple[type[Command], ...] = (
    HealthWorkerTransfer,
    HealthWorkerChangeCadre,
    HealthWorkerUpdateDetails,
)
_DATED = HealthWorkerTransfer, HealthWorkerChangeCadre
"""Since the row's day; the others are so from now on."""


def change_wish(
    command: type[Command],
    changes: tuple[Change, ...],
    draft: Draft,
    known: Known,
    stands: dict[str, Any],
) -> Wish | None:
    """Return the command that makes a person in some columns what a row says; None: in none."""
    named = wire_name(command)
    columns = [draft.layout.columns[one.column] for one in changes if one.command == named]
    if not columns:
        return None
    made = wish(command, draft, known, healthWorkerId=stands["id"])
    said = {"healthWorkerId", *(one.field for one in columns)}
    said |= {"occurredOn"} if command in _DATED else set()
    content = {name: value for name, value in made.command.items() if name in said}
    # By the version too: what was changed to and fro is changed anew.
    again = command_id(named, content, str(stands.get("version", 0)))
    return Wish(named, {"commandId": again, **content})


def _identifiers(draft: Draft, known: Known, stands: dict[str, Any]) -> Wish:
    """Return the command that adds a row's identifiers: once, however often the list comes."""
    named = wire_name(HealthWorkerUpdateDetails)
    content = {"healthWorkerId": stands["id"], "identifiers": draft.values["identifiers"]}
    return Wish(named, {"commandId": command_id(named, content), **content})


def hold_person(
    draft: Draft, stands: dict[str, Any], known: Known, *, update: bool = False
) -> None:
    """Note in a row what it says otherwise of a person than what stands; empty cells say nothing.

    What one may not read is not compared. `update`: `--update` would change it.
    """
    if named_otherwise(draft, stands):
        draft.wrong("NUMBER_OF_ANOTHER", "number")
        update = False
    _note_licence(draft)
    for one in differences(draft, stands, known):
        draft.stands_otherwise(one.column, one.command, update=update)
    if draft.values.get("identifiers"):
        draft.warn("NOT_COMPARED", "identifiers", differs="identifiers")


def _note_licence(draft: Draft) -> None:
    if "licenceNumber" in draft.values:
        draft.warn("NOT_COMPARED", "licenceNumber", differs="licence")


def differences(draft: Draft, stands: dict[str, Any], known: Known) -> Iterator[Change]:
    """Yield each column in which a row says otherwise than what stands, and what changes it."""
    transfer, change_cadre, update = map(wire_name, CHANGES)
    posted = _posted(stands)
    if draft.text("orgUnit") and posted is not None and draft.text("orgUnit") not in posted:
        first = _posted(stands, "PRIMARY") or [""]
        yield Change("orgUnit", transfer, first[-1])
    cadre = draft.text("cadre")
    if cadre and not _is_cadre(cadre, stands.get("cadre", cadre), known):
        yield Change("cadre", change_cadre, stands["cadre"])
    phone = draft.text("phone")
    if phone and _may_read(stands) and not one_phone(phone, stands.get("phone", phone) or ""):
        yield Change("phone", update)
    if draft.differs_in_any("languages", stands):
        yield Change("languages", update, "; ".join(stands["languages"]))
    for name in TOLD:
        ours, theirs = draft.values.get(name), stands.get(name)
        if ours is not None and _may_read(stands) and _comparable(ours) != _comparable(theirs):
            yield Change(name, update)


def _is_cadre(cadre: str, stands: str, known: Known) -> bool:
    """Say whether a word is the cadre that stands, or stands for it in the country's list."""
    ours, theirs = folded(cadre), folded(stands)
    return ours == theirs or (ours, theirs) in known.cadres


def _comparable(value: Any) -> Any:
    return folded(value) if isinstance(value, str) else value


def _may_read(stands: dict[str, Any]) -> bool:
    """Say whether one may read what is personal of them: nobody is without a name."""
    return any(stands.get(part) is not None for part in ("givenNames", "familyName"))


def named_otherwise(draft: Draft, stands: dict[str, Any]) -> bool:
    """Say whether the number is somebody's of another name, as far as one may read names."""
    return any(
        stands.get(part) is not None
        and draft.text(part)
        and folded(stands[part]) != folded(draft.text(part))
        for part in ("givenNames", "familyName")
    )


def _posted(stands: dict[str, Any], kind: str | None = None) -> list[str] | None:
    """Return the codes of the units where they are or were posted; those of one kind alone."""
    if "postings" not in stands:
        return None
    return [
        posting["orgUnit"]["code"]
        for posting in stands["postings"]
        if posting["orgUnit"] and kind in (None, posting["kind"])
    ]


HEALTH_WORKERS = Kind(
    name="health-workers",
    record="health worker",
    sends=(HealthWorkerRegister,),
    key=("number",),
    plan=_plan,
    person=PERSON,
    names={"number": "HealthWorker"},
    also=COLUMNS,
    check=_check,
    look_up=look_up_unnumbered,
    updates=True,
)
