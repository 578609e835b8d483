"""What is told of grants of access."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.access_grant import (
    AccessGlassBroken,
    AccessGlassReviewed,
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
tells(
    AccessGlassBroken,
    Words(
        "In an emergency, {subject_name} took leave to read the record of {health_worker_id}, "
        "until {ends}."
    ),
    Words(
        "In an emergency, {subject_name} took leave to read of everybody at {org_unit_id}, until "
        "{ends}."
    ),
)
tells(
    AccessGlassReviewed,
    Words(
        "{reviewed_by} looked into who had read the record of {health_worker_id} in an emergency: "
        "{outcome}."
    ),
    Words("{reviewed_by} looked into who had read of a unit in an emergency: {outcome}."),
)
tells(AccessGrantRevoked, Words("A grant of access was taken back, since {since}."))
tells(AccessGrantRestored, Words("A grant of access that was taken back on {revoked} holds again."))
