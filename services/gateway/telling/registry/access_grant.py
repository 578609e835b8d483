"""What is told of grants of access."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.access_grant import (
    AccessGlassBroken,
    AccessGrantGiven,
    AccessGrantGivenOverGroup,
    AccessGrantRestored,
    AccessGrantRevoked,
)

tells(
    AccessGrantGiven,
    Words("{subject_name} was given access as {role} over {org_unit_id}, since {since}."),
    Words("{subject_name} was given access as {role}, since {since}."),
)
tells(
    AccessGrantGivenOverGroup,
    Words("{subject_name} was given access as {role} over the units of {group_id}, since {since}."),
)
tells(AccessGrantRevoked, Words("A grant of access was taken back, since {since}."))
tells(AccessGrantRestored, Words("A grant of access that was taken back on {revoked} holds again."))
tells(
    AccessGlassBroken,
    Words("{subject_name} took leave to read of {health_worker_id} in an emergency, until {ends}."),
    Words("{subject_name} took leave to read in {org_unit_id} in an emergency, until {ends}."),
)
