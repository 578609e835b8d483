"""`facility-baselines`: how a facility stood, side by side with all that a programme looks at.

One row a look; the points of each item stand in a column of their own, `item:AREA/ITEM`.
"""

from typing import Any

from mshauri.api import Api
from mshauri.importing.columns import Column, Form
from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.plan import Listed
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from mshauri.importing.words import MEANS
from shared.contracts.validation.competency_record import ItemScores
from shared.contracts.validation.facility_baseline import FacilityBaselineAssess

_LOOKS = """
query Looks($programme: String!, $unit: ID!) {
  facilityBaselines(first: 100, filter: {programme: $programme, orgUnitId: $unit}) {
    nodes { assessedOn voidedOn raw orgUnit { code } }
  }
}
"""

SCORES = Column(
    name="scores",
    means=MEANS["scores"],
    form=Form.TEXT,
    hint=ItemScores,
    required=True,
    many=True,
    pair=("item", "points"),
)


def _check(draft: Draft) -> None:
    for one in draft.values.get("scores", ()):
        area, slash, item = one["item"].partition("/")
        if not (area and slash and item):
            draft.wrong("BAD_PAIR", "scores", part=one["item"], form="AREA/ITEM=points")


async def _look_up(api: Api, listed: Listed, known: Known) -> None:
    """Ask for the looks at every facility that is named."""
    named = {(draft.text("programme"), draft.text("orgUnit")) for draft in listed.sound}
    for programme, code in sorted(named):
        unit = known.ids["OrgUnit"].get(code)
        if unit is not None:
            found = await api.ask(_LOOKS, programme=programme, unit=unit)
            known.beside[programme, code] = found["facilityBaselines"]["nodes"]


def _plan(draft: Draft, known: Known) -> Planned | None:
    programme, code, day = map(draft.text, ("programme", "orgUnit", "occurredOn"))
    key = programme, code, day
    for stands in known.beside.get((programme, code), ()):
        own = stands["orgUnit"] is not None and stands["orgUnit"]["code"] == code
        if own and stands["assessedOn"] == day and stands["voidedOn"] is None:
            if stands["raw"] != sum(one["points"] for one in draft.values["scores"]):
                draft.stands_otherwise("scores", "facilityBaselineCorrect")
                return None
            return Planned(draft=draft, same=key)
    unit = known.ids["OrgUnit"][code]
    sent = wish(
        FacilityBaselineAssess,
        draft,
        known,
        key=("facility_baseline", *key),
        programmeVersionId=known.versions[programme, int(draft.values.get("version", 0))],
        areas=_areas(draft),
    )
    return Planned(draft=draft, same=key, wishes=(sent,), writes=frozenset({unit}))


def _areas(draft: Draft) -> list[dict[str, Any]]:
    areas: dict[str, list[dict[str, Any]]] = {}
    for one in draft.values["scores"]:
        area, _, item = one["item"].partition("/")
        areas.setdefault(area, []).append({"item": item, "points": one["points"]})
    return [{"area": area, "items": items} for area, items in areas.items()]


FACILITY_BASELINES = Kind(
    name="facility-baselines",
    record="facility baseline",
    sends=(FacilityBaselineAssess,),
    key=("orgUnit", "programme", "occurredOn"),
    plan=_plan,
    hidden=frozenset({"areas"}),
    also=(SCORES,),
    required=frozenset({"occurredOn"}),
    check=_check,
    look_up=_look_up,
)
