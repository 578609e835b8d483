"""`indicator-scores`: points on a programme's indicators, at baseline and again; one a row."""

from typing import Any

from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.lists.of_enrolment import the_enrolment
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from shared.contracts.validation.indicator import IndicatorScore

_PERSON = """enrolments {
  id programme area since
  indicators { indicator occasion score scoredOn voidedOn scorer { number } }
}"""


def _plan(draft: Draft, known: Known) -> Planned | None:
    enrolment = the_enrolment(draft, known)
    if enrolment is None:
        return None
    id = enrolment["id"]
    names = "indicator", "occasion", "occurredOn"
    key = id, *map(draft.text, names)
    for stands in enrolment["indicators"]:
        if _is_this(stands, draft):
            if stands["score"] != draft.values["score"]:
                draft.stands_otherwise("score", "indicatorCorrect")
            return None if draft.errors else Planned(draft=draft, same=key, id=id)
    sent = wish(IndicatorScore, draft, known, key=("indicator_score", *key), enrolmentId=id)
    return Planned(draft=draft, same=key, id=id, wishes=(sent,), writes=frozenset({id}))


def _is_this(stands: dict[str, Any], draft: Draft) -> bool:
    return stands["voidedOn"] is None and (
        stands["indicator"],
        stands["occasion"],
        stands["scoredOn"],
    ) == tuple(map(draft.text, ("indicator", "occasion", "occurredOn")))


INDICATOR_SCORES = Kind(
    name="indicator-scores",
    record="score",
    sends=(IndicatorScore,),
    key=("healthWorker", "programme", "area", "indicator", "occasion", "occurredOn"),
    plan=_plan,
    person=_PERSON,
    required=frozenset({"occurredOn"}),
)
