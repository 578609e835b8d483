"""`health-workers`: who works where as what; their number makes each row's person."""

from typing import Any
from uuid import UUID

from mshauri.api import Wish, global_id
from mshauri.importing.records.kinds import Kind
from mshauri.importing.records.known import Known
from mshauri.importing.records.planned import Planned, wish
from mshauri.importing.records.rows import Draft
from mshauri.importing.text import folded
from shared.contracts.registry.health_worker import HealthWorkerRegister
from shared.domain import derived_id

PERSON = "cadre givenNames familyName phone languages postings { orgUnit { code } }"
"""What has to be known of a person, to hold a row against it."""


def worker_id(number: str) -> UUID:
    """Return the id of the health worker that an import registers under a number."""
    return derived_id("import_health_worker", number)


def register(draft: Draft, known: Known) -> Wish:
    """Return the command that makes a row's person known."""
    number = draft.text("number")
    return wish(HealthWorkerRegister, draft, known, id=str(worker_id(number)))


def _plan(draft: Draft, known: Known) -> Planned | None:
    number = draft.text("number")
    stands = known.people.get(number)
    if stands is None:
        id = global_id("HealthWorker", worker_id(number))
        return Planned(draft=draft, same=number, id=id, wishes=(register(draft, known),))
    hold_person(draft, stands)
    return None if draft.errors else Planned(draft=draft, same=number, id=stands["id"])


def hold_person(draft: Draft, stands: dict[str, Any]) -> None:
    """Note in a row what it says otherwise of a person than what stands; empty cells say nothing.

    What one may not read is not compared.
    """
    if _named_otherwise(draft, stands):
        draft.wrong("NUMBER_OF_ANOTHER", "number")
    posted = _posted(stands)
    if draft.text("orgUnit") and posted is not None and draft.text("orgUnit") not in posted:
        draft.stands_otherwise("orgUnit", "healthWorkerTransfer")
    cadre = draft.text("cadre")
    if cadre and folded(cadre) != folded(stands.get("cadre", cadre)):
        draft.stands_otherwise("cadre", "healthWorkerChangeCadre")
    phone = draft.text("phone")
    if phone and _may_read(stands) and _digits(phone) != _digits(stands.get("phone", phone) or ""):
        draft.stands_otherwise("phone")
    if draft.differs_in_any("languages", stands):
        draft.stands_otherwise("languages")
    if draft.values.get("identifiers"):
        draft.warn("NOT_COMPARED", "identifiers", differs="identifiers")


def _may_read(stands: dict[str, Any]) -> bool:
    """Say whether one may read what is personal of them: nobody is without a name."""
    return stands.get("familyName") is not None


def _digits(phone: str) -> str:
    return phone.replace(" ", "")


def _named_otherwise(draft: Draft, stands: dict[str, Any]) -> bool:
    """Say whether the number is somebody's of another name, as far as one may read names."""
    return any(
        stands.get(part) is not None
        and draft.text(part)
        and folded(stands[part]) != folded(draft.text(part))
        for part in ("givenNames", "familyName")
    )


def _posted(stands: dict[str, Any]) -> set[str] | None:
    if "postings" not in stands:
        return None
    return {posting["orgUnit"]["code"] for posting in stands["postings"] if posting["orgUnit"]}


HEALTH_WORKERS = Kind(
    name="health-workers",
    record="health worker",
    sends=(HealthWorkerRegister,),
    key=("number",),
    plan=_plan,
    person=PERSON,
    required=frozenset({"number"}),
    names={"number": "HealthWorker"},
)
