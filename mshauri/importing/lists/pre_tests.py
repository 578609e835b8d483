"""`pre-tests`: where a mentee stood before, in an area or a competency; one row a test."""

from typing import Any

from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known
from mshauri.importing.lists.of_enrolment import the_enrolment
from mshauri.importing.planned import Planned, wish
from mshauri.importing.rows import Draft
from shared.contracts.validation.competency_record import CompetencyBaselineAssess

_PERSON = """enrolments {
  id programme area since
  competencyBaselines { competency assessedOn raw max assessor { number } }
}"""


def _plan(draft: Draft, known: Known) -> Planned | None:
    enrolment = the_enrolment(draft, known)
    if enrolment is None:
        return None
    id, competency = enrolment["id"], draft.text("competency")
    key = id, competency
    for stands in enrolment["competencyBaselines"]:
        if (stands["competency"] or "") == competency:
            _hold(draft, stands)
            return None if draft.errors else Planned(draft=draft, same=key, id=id)
    sent = wish(CompetencyBaselineAssess, draft, known, key=("pre_test", *key), enrolmentId=id)
    return Planned(draft=draft, same=key, id=id, wishes=(sent,), writes=frozenset({id}))


def _hold(draft: Draft, stands: dict[str, Any]) -> None:
    change = "competencyBaselineCorrect"
    for name, theirs in (("raw", "raw"), ("max", "max"), ("occurredOn", "assessedOn")):
        if draft.values[name] != stands[theirs]:
            draft.stands_otherwise(name, change)
    assessor = stands.get("assessor")
    if assessor is not None and assessor["number"] != draft.text("assessor"):
        draft.stands_otherwise("assessor", change)


PRE_TESTS = Kind(
    name="pre-tests",
    record="pre-test",
    sends=(CompetencyBaselineAssess,),
    key=("healthWorker", "programme", "area", "competency"),
    plan=_plan,
    person=_PERSON,
    required=frozenset({"occurredOn"}),
)
