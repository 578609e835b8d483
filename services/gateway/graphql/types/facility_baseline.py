"""How facilities stood, every time somebody looked."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.reading import leaf, one, read_model, where
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import FACILITY_BASELINE
from services.gateway.read.declare import InUnit, Order

if TYPE_CHECKING:
    from services.gateway.graphql.types.health_worker import HealthWorker

LazyHealthWorker = Annotated[
    "HealthWorker", strawberry.lazy("services.gateway.graphql.types.health_worker")
]

FacilityBaselineOrder = order_enum(
    "FacilityBaselineOrder",
    "In which order facility baselines are listed.",
    ASSESSED=(Order(columns=("assessed_on",)), "By the day of the assessment."),
    ASSESSED_DESC=(Order(columns=("assessed_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which facility baselines.")
class FacilityBaselineFilter:
    """Filters of `facilityBaselines`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Of this unit, or of one below it.", how="under", kind="OrgUnit"
    )


@read_model(
    FACILITY_BASELINE,
    scope=InUnit(unit="org_unit_id", programme="programme"),
    description="How a facility stood when somebody looked at it, item by item.",
)
class FacilityBaseline:
    """One look."""

    programme: str = leaf("The programme's code.")
    attempt: int = leaf("1 for the baseline itself; then counting up.")
    assessed_on: date = leaf("The day of the assessment.")
    voided_on: date | None = leaf("The day it was voided; null while it counts.")
    raw: int = leaf("Points reached in all areas.")
    max: int = leaf("Points there were.")
    areas: JSON = leaf("Each area's points: `[{area, items: [{item, points}], raw, max}]`.")
    notes: str | None = leaf(
        "What else there was to say; null if not for you to read.", personal=True
    )
    unsigned: bool = leaf("Opens no gate until the assessor has countersigned it.")
    recorded_by: str = leaf("Who recorded it, by the subject of their token.")
    recorded_for_another: bool | None = leaf(
        "Whether that was somebody else than the assessor; null where nobody is named."
    )
    assessor: LazyHealthWorker | None = one(
        "HealthWorker", by="assessor_id", description="Who looked, if named and in your scope."
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="The facility.")
