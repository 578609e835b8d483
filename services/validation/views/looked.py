"""Where mentees were assessed whose programme asks for a look at the facility first."""

from collections.abc import Iterable

from shared.contracts.definition.conduct import ConductRule
from shared.contracts.validation.competency_correction import AttemptCorrected
from shared.contracts.validation.competency_record import AssessmentRecorded, AttemptFacts
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

ASSESSED_THERE = Table(
    name="known_assessed_there",
    version=1,
    key=("org_unit_id", "programme", "enrolment_id"),
    columns={
        "org_unit_id": Column(type="uuid"),
        "programme": Column(type="text"),
        "enrolment_id": Column(type="uuid"),
    },
)
"""Whose attempts were held, or are, against the day of a facility's baseline."""

LOOKED = Projection("looked", ASSESSED_THERE)


@LOOKED.on(AssessmentRecorded, AttemptCorrected)
def assessed(body: AttemptFacts, _at: Happening) -> Iterable[Change]:
    """Know what rests on when the facility was looked at."""
    rules = {each.rule for each in (*body.asked, *body.deviations)}
    if ConductRule.FACILITY_BASELINE_MISSING in rules:
        yield Upsert(ASSESSED_THERE, (body.org_unit_id, body.programme, body.enrolment_id), {})
