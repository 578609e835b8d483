"""What is measured, neither passed nor failed: indicators of mentees, and facilities' baselines."""

from collections.abc import Iterator

from services.gateway.projections.columns import BOOLEAN, DATE, ID, INTEGER, JSON, TEXT, maybe
from shared.contracts.validation.facility_baseline import (
    FacilityBaselineAssessed,
    FacilityBaselineCorrected,
    FacilityBaselineCountersigned,
    FacilityBaselineFacts,
    FacilityBaselineReinstated,
    FacilityBaselineVoided,
)
from shared.contracts.validation.indicator import (
    IndicatorCorrected,
    IndicatorFacts,
    IndicatorReinstated,
    IndicatorScored,
    IndicatorVoided,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

INDICATOR_SCORE = Table(
    name="indicator_score",
    version=3,
    key=("mentee_id", "indicator", "round"),
    columns={
        "mentee_id": ID,
        "indicator": TEXT,
        "round": INTEGER,
        "occasion": TEXT,
        "score": INTEGER,
        "most": INTEGER,
        "scored_on": DATE,
        "scorer_id": ID,
        "recorded_by": TEXT,
        "voided_on": maybe(DATE),
        "programme": TEXT,
    },
    indexes=(("programme", "indicator", "mentee_id", "round"),),
)
"""Rounds count as they were told; `score` is out of `most`. What is voided counts for nothing.
The scorer is the mentee, where nobody else is named."""

FACILITY_BASELINE = Table(
    name="facility_baseline",
    version=3,
    key=("id", "attempt"),
    columns={
        "id": ID,
        "attempt": INTEGER,
        "org_unit_id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "areas": JSON,
        "raw": INTEGER,
        "max": INTEGER,
        "notes": maybe(TEXT),
        "assessed_on": DATE,
        "assessor_id": maybe(ID),
        "recorded_by": TEXT,
        "recorded_for_another": maybe(BOOLEAN),
        "unsigned": BOOLEAN,
        "voided_on": maybe(DATE),
    },
    indexes=(
        ("assessed_on", "id", "attempt"),
        ("org_unit_id", "assessed_on", "id", "attempt"),
        ("programme", "assessed_on", "id", "attempt"),
    ),
)
"""Every look at a facility; `areas` is a list of `{"area", "items": [{"item", "points"}], "raw",
"max"}`. Whether somebody else recorded it than whoever looked is empty where nobody is named."""

MEASURES = Projection("measures", INDICATOR_SCORE, FACILITY_BASELINE)


@MEASURES.on(IndicatorScored, IndicatorCorrected)
def scored(event: IndicatorFacts, happening: Happening) -> Iterator[Change]:
    """Keep a score."""
    yield Upsert(
        INDICATOR_SCORE,
        (event.enrolment_id, event.indicator, event.round),
        {
            "occasion": event.occasion.value,
            "score": event.score,
            "most": event.most,
            "scored_on": event.scored_on,
            "scorer_id": event.scorer_id or event.health_worker_id,
            "recorded_by": happening.meta.actor,
            "programme": event.programme,
        },
    )


@MEASURES.on(IndicatorVoided)
def score_voided(event: IndicatorVoided, _happening: Happening) -> Iterator[Change]:
    """Show that it does not count."""
    key = (event.enrolment_id, event.indicator, event.round)
    yield Patch(INDICATOR_SCORE, key, {"voided_on": event.voided_on})


@MEASURES.on(IndicatorReinstated)
def score_reinstated(event: IndicatorReinstated, _happening: Happening) -> Iterator[Change]:
    """Show that it counts again."""
    key = (event.enrolment_id, event.indicator, event.round)
    yield Patch(INDICATOR_SCORE, key, {"voided_on": None})


@MEASURES.on(FacilityBaselineVoided)
def look_voided(event: FacilityBaselineVoided, happening: Happening) -> Iterator[Change]:
    """Show that it does not count."""
    key = (happening.stream, event.attempt)
    yield Patch(FACILITY_BASELINE, key, {"voided_on": event.voided_on})


@MEASURES.on(FacilityBaselineReinstated)
def look_reinstated(event: FacilityBaselineReinstated, happening: Happening) -> Iterator[Change]:
    """Show that it counts again."""
    yield Patch(FACILITY_BASELINE, (happening.stream, event.attempt), {"voided_on": None})


@MEASURES.on(FacilityBaselineAssessed, FacilityBaselineCorrected)
def facility_assessed(event: FacilityBaselineFacts, happening: Happening) -> Iterator[Change]:
    """Keep how a facility stood."""
    yield Upsert(
        FACILITY_BASELINE,
        (happening.stream, event.attempt),
        {
            "org_unit_id": event.org_unit_id,
            "programme_version_id": event.programme_version_id,
            "programme": event.programme,
            "areas": event.areas,
            "raw": event.raw,
            "max": event.max,
            "notes": event.notes,
            "assessed_on": event.assessed_on,
            "assessor_id": event.assessor_id,
            "recorded_by": happening.meta.actor,
            "recorded_for_another": event.recorded_for_another,
            "unsigned": event.unsigned,
        },
    )


@MEASURES.on(FacilityBaselineCountersigned)
def look_signed(event: FacilityBaselineCountersigned, happening: Happening) -> Iterator[Change]:
    """Show that whoever looked has signed it."""
    yield Patch(FACILITY_BASELINE, (happening.stream, event.attempt), {"unsigned": False})
