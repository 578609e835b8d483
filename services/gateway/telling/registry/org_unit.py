"""What is told of units."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.org_unit import (
    OrgUnitClosed,
    OrgUnitEstablished,
    OrgUnitFacilityUpdated,
    OrgUnitMergedInto,
    OrgUnitPlacesTold,
    OrgUnitRenamed,
    OrgUnitReopened,
    OrgUnitReparented,
    OrgUnitSplitUp,
)

tells(OrgUnitEstablished, Words("The unit {name} was established, since {since}."))
tells(OrgUnitRenamed, Words("The unit is called {name}, since {since}."))
tells(OrgUnitReparented, Words("The unit belongs to {parent_id}, since {since}."))
tells(OrgUnitPlacesTold, Words("Where the unit belonged was told anew."))
tells(OrgUnitSplitUp, Words("The unit was split up into {successors}, on {since}."))
tells(OrgUnitMergedInto, Words("The unit was merged into {into_id}, on {since}."))
tells(OrgUnitFacilityUpdated, Words("What is told of the facility is new, since {since}."))
tells(OrgUnitClosed, Words("The unit was closed on {since}."))
tells(OrgUnitReopened, Words("The unit that was closed on {closed_on} is open after all."))
