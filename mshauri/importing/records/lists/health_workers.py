"""`health-workers`: who works where as what; their number makes each row's person."""

from typing import Any
from uuid import UUID

from mshauri.api import Wish, global_id
from mshauri.importing.records.kinds import Kind
from mshauri.importing.records.known import Known
from mshauri.importing.records.planned import Planned, wish
from mshauri.importing.records.rows import Draft
from shared.contracts.registry.health_worker import HealthWorkerRegister
from shared.domain import derived_id

_PERSON = "cadre givenNames familyName postings { orgUnit { code } }"


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
    if _named_otherwise(draft, stands):
        draft.wrong("NUMBER_OF_ANOTHER", "number")
    if draft.text("orgUnit") not in _posted(stands):
        draft.wrong("STANDS_OTHERWISE", "orgUnit", differs="posting", change="healthWorkerTransfer")
    if draft.text("cadre") != stands["cadre"]:
        draft.wrong("STANDS_OTHERWISE", "cadre", differs="cadre", change="healthWorkerChangeCadre")
    return None if draft.errors else Planned(draft=draft, same=number, id=stands["id"])


def _named_otherwise(draft: Draft, stands: dict[str, Any]) -> bool:
    """Say whether the number is somebody's of another name, as far as one may read names."""
    return any(
        stands[part] is not None and stands[part].casefold() != draft.text(part).casefold()
        for part in ("givenNames", "familyName")
    )


def _posted(stands: dict[str, Any]) -> set[str]:
    return {posting["orgUnit"]["code"] for posting in stands["postings"] if posting["orgUnit"]}


HEALTH_WORKERS = Kind(
    name="health-workers",
    record="health worker",
    sends=(HealthWorkerRegister,),
    key=("number",),
    plan=_plan,
    person=_PERSON,
    required=frozenset({"number"}),
    names={"number": "HealthWorker"},
)
