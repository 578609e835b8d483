"""What is told of facilities looked at."""

from services.gateway.telling.words import Words, tells
from shared.contracts.validation.facility_baseline import (
    FacilityBaselineAssessed,
    FacilityBaselineCorrected,
    FacilityBaselineCountersigned,
    FacilityBaselineReinstated,
    FacilityBaselineVoided,
)

tells(
    FacilityBaselineAssessed,
    Words("{org_unit_id} was assessed by {assessor_id} on {assessed_on}: {raw} of {max}."),
    Words("{org_unit_id} was assessed on {assessed_on}: {raw} of {max}."),
)
tells(
    FacilityBaselineCorrected,
    Words("The assessment of {org_unit_id} was corrected: {raw} of {max}, on {assessed_on}."),
)
tells(
    FacilityBaselineVoided,
    Words("Assessment {attempt} of {org_unit_id} was voided on {voided_on}."),
)
tells(
    FacilityBaselineReinstated,
    Words("Assessment {attempt} of {org_unit_id} stands again, since {reinstated_on}."),
)
tells(
    FacilityBaselineCountersigned,
    Words(
        "Assessment {attempt} of {org_unit_id} was countersigned by {assessor_id} on "
        "{countersigned_on}."
    ),
)
