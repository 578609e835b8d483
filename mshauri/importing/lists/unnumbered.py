"""People of a list who have no number: known by their name where they work.

No id is made of a name, which would give it away; what was registered is found where it was.
"""

from typing import Any
from uuid import uuid4

from mshauri.api import Api, global_id
from mshauri.importing.errors import row_error
from mshauri.importing.known import Known
from mshauri.importing.lists.licences import licence_of
from mshauri.importing.lookups import nodes_of
from mshauri.importing.plan import Listed
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from shared.contracts.registry.health_worker import HealthWorkerRegister
from shared.domain.folding import folded_text

_THERE = """
query There($unit: ID!, $cursor: Cursor) {
  healthWorkers(first: 100, after: $cursor, filter: {orgUnitId: $unit}) {
    nodes { id number givenNames familyName phone %s orgUnit { code } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


async def look_up_unnumbered(api: Api, listed: Listed, known: Known) -> None:
    """Ask who works where a row without a number says."""
    born = "birthYear" if "birthYear" in listed.kind.columns else ""
    drafts = [draft for draft in listed.sound if not draft.text("number")]
    for code in sorted({known.meant["OrgUnit"].get(one, one) for one in _units(drafts)}):
        unit = known.ids["OrgUnit"].get(code)
        if unit is not None:
            found = nodes_of(api, _THERE % born, "healthWorkers", unit=unit)
            known.beside[code] = [one async for one in found if _is_at(one, code)]


def check_number(draft: Draft) -> None:
    """Look whether a row without a number is meant to have none.

    A list that has no column of numbers has people without; one that has it says so in its mapping.
    """
    layout = draft.layout
    heading = layout.headings.get("number", "")
    told = {error.column for error in draft.errors}
    lacks = heading and not draft.text("number") and heading not in told
    if lacks and "number" not in layout.mapping.without:
        draft.errors.insert(0, row_error("MISSING_VALUE", draft.row, heading, "", "NO_NUMBER"))


def _units(drafts: list[Draft]) -> set[str]:
    return {draft.text("orgUnit") for draft in drafts}


def _is_at(node: dict[str, Any], code: str) -> bool:
    return node["orgUnit"] is not None and node["orgUnit"]["code"] == code


def plan_unnumbered(draft: Draft, known: Known) -> Planned | None:
    """Return what becomes of a row without a number."""
    code = draft.text("orgUnit")
    names = _name(draft.values)
    told = draft.text("birthYear"), _digits(draft.text("phone"))
    same = code, names, told
    for stands in known.beside.get(code, ()):
        if _name(stands) == names and _may_be(stands, draft):
            return Planned(draft=draft, same=same, id=stands["id"])
    new = uuid4()
    sent = wish(
        HealthWorkerRegister,
        draft,
        known,
        key=("unnumbered", str(new)),
        id=str(new),
        **licence_of(draft),
    )
    id = global_id("HealthWorker", new)
    return Planned(draft=draft, same=same, id=id, wishes=(sent,))


def _name(said: dict[str, Any]) -> str:
    parts = (said.get("givenNames"), said.get("familyName"))
    return " ".join(sorted(folded_text(" ".join(filter(None, parts))).split()))


def _may_be(stands: dict[str, Any], draft: Draft) -> bool:
    """Say whether nothing that both tell of tells them apart."""
    born, phone = draft.values.get("birthYear"), _digits(draft.text("phone"))
    theirs = _digits(stands.get("phone") or "")
    other_year = born is not None and stands.get("birthYear") not in (None, born)
    return not other_year and not (phone and theirs and phone[-8:] != theirs[-8:])


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit())
