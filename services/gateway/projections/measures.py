"""What is measured, neither passed nor failed: indicators of mentees, and facilities' baselines."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, INTEGER, JSON, TEXT, maybe
from shared.contracts.validation.facility_baseline import FacilityBaselineAssessed
from shared.contracts.validation.indicator import IndicatorScored
from shared.projection import Change, Happening, Projection, Table, Upsert

INDICATOR_SCORE = Table(
    name="indicator_score",
    version=1,
    key=("mentee_id", "indicator", "round"),
    columns={
        "mentee_id": ID,
        "indicator": TEXT,
        "round": INTEGER,
        "occasion": TEXT,
        "score": INTEGER,
        "most": INTEGER,
        "scored_on": DATE,
        "programme": TEXT,
    },
    indexes=(("programme", "indicator", "mentee_id", "round"),),
)
"""Round 0 is the baseline; `score` is out of `most`."""

FACILITY_BASELINE = Table(
    name="facility_baseline",
    version=1,
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
    },
    indexes=(
        ("assessed_on", "id", "attempt"),
        ("org_unit_id", "assessed_on", "id", "attempt"),
        ("programme", "assessed_on", "id", "attempt"),
    ),
)
"""Every look at a facility; `areas` is a list of `{"area", "items": [{"item", "points"}], "raw",
"max"}`."""

MEASURES = Projection("measures", INDICATOR_SCORE, FACILITY_BASELINE)


@MEASURES.on(IndicatorScored)
def scored(event: IndicatorScored, _happening: Happening) -> Iterator[Change]:
    """Keep a score."""
    yield Upsert(
        INDICATOR_SCORE,
        (event.enrolment_id, event.indicator, event.round),
        {
            "occasion": event.occasion.value,
            "score": event.score,
            "most": event.most,
            "scored_on": event.scored_on,
            "programme": event.programme,
        },
    )


@MEASURES.on(FacilityBaselineAssessed)
def facility_assessed(event: FacilityBaselineAssessed, happening: Happening) -> Iterator[Change]:
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
        },
    )
