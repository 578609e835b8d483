"""`assessments`: attempts at competencies, item by item; one row an attempt.

An attempt is known by the enrolment, the competency and its day; where there were two on one day,
by `reference`.
"""

from typing import Any

from mshauri.importing.columns import REFERENCE
from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.lists.of_enrolment import the_enrolment
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from shared.contracts.validation.competency_record import CompetencyAssess

_PERSON = """enrolments {
  id programme area since assessments { competency assessedOn technique items assessor { number } }
}"""


def _plan(draft: Draft, known: Known) -> Planned | None:
    enrolment = the_enrolment(draft, known)
    if enrolment is None:
        return None
    id = enrolment["id"]
    key = id, draft.text("competency"), draft.text("occurredOn"), draft.text("reference")
    stands = next((one for one in enrolment["assessments"] if _is_this(one, draft)), None)
    if stands is not None:
        # Two attempts of one day may have the same scores: each stands for one row.
        enrolment["assessments"].remove(stands)
        assessor = stands.get("assessor")
        if assessor is not None and assessor["number"] != draft.text("assessor"):
            draft.stands_otherwise("assessor")
            return None
        return Planned(draft=draft, same=key, id=id)
    # By its key, not by its content: a row that was changed is no second attempt.
    sent = wish(CompetencyAssess, draft, known, key=key, enrolmentId=id)
    return Planned(draft=draft, same=key, id=id, wishes=(sent,), writes=frozenset({id}))


def _is_this(stands: dict[str, Any], draft: Draft) -> bool:
    return (
        stands["competency"] == draft.text("competency")
        and stands["assessedOn"] == draft.text("occurredOn")
        and stands["technique"] == draft.values["technique"]
        and _scores(stands["items"]) == _scores(draft.values["items"])
    )


def _scores(items: list[dict[str, Any]]) -> dict[str, int]:
    return {one["item"]: one["points"] for one in items}


ASSESSMENTS = Kind(
    name="assessments",
    record="attempt",
    sends=(CompetencyAssess,),
    key=("healthWorker", "programme", "area", "competency", "occurredOn", "reference"),
    plan=_plan,
    person=_PERSON,
    required=frozenset({"occurredOn"}),
    also=(REFERENCE,),
)
