"""What is told of facilities over time."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.org_unit_facility import OrgUnitFacilityTold

tells(OrgUnitFacilityTold, Words("What was told of the facility over time was told anew."))
