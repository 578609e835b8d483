"""What is told of codes of units."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.org_unit_codes import OrgUnitCodesTold

tells(OrgUnitCodesTold, Words("The codes of the unit in the list {system} were told anew."))
