"""What is told of groups."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.group import (
    GroupEntrusted,
    GroupEstablished,
    GroupMemberAdded,
    GroupMemberRemoved,
    GroupMemberTold,
    GroupOfficeLeft,
    GroupOfficeTaken,
    GroupOfficeTold,
)

tells(GroupEstablished, Words("The group {name} was established, since {since}."))
tells(
    GroupMemberAdded,
    Words("{health_worker_id} became a member of the group, since {since}."),
    Words("{org_unit_id} became a member of the group, since {since}."),
    Words("Somebody became a member of the group, since {since}."),
)
tells(
    GroupMemberRemoved,
    Words("{health_worker_id} is no member of the group any more, since {since}."),
    Words("{org_unit_id} is no member of the group any more, since {since}."),
    Words("Somebody is no member of the group any more, since {since}."),
)
tells(
    GroupMemberTold,
    Words("When {health_worker_id} was a member of the group was told anew."),
    Words("When {org_unit_id} was a member of the group was told anew."),
    Words("When somebody was a member of the group was told anew."),
)
tells(GroupEntrusted, Words("The group was entrusted with its units, as {role}."))
tells(
    GroupOfficeTaken,
    Words("{health_worker_id} took an office in the group ({office}), since {since}."),
)
tells(
    GroupOfficeLeft, Words("{health_worker_id} left an office in the group ({office}), on {since}.")
)
tells(
    GroupOfficeTold,
    Words("When {health_worker_id} held an office in the group ({office}) was told anew."),
)
