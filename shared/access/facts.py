"""What the policy must know of the world, folded from the registry's events into four tables."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from shared.contracts.registry.access_grant import (
    AccessGlassBroken,
    AccessGrantGiven,
    AccessGrantGivenOverGroup,
    AccessGrantRestored,
    AccessGrantRevoked,
    Role,
)
from shared.contracts.registry.group import GroupMemberAdded, GroupMemberRemoved, GroupMemberTold
from shared.contracts.registry.org_unit import (
    OrgUnitEstablished,
    OrgUnitMergedInto,
    OrgUnitPlacesTold,
    OrgUnitReparented,
    OrgUnitSplitUp,
)
from shared.projection import Change, Column, Delete, Happening, Patch, Projection, Table, Upsert
from shared.projection.schema import built_of

ACCESS_GRANT = Table(
    name="access_grant",
    version=5,
    key=("grant_id",),
    columns={
        "grant_id": Column(type="uuid"),
        "subject": Column(type="text"),
        "role": Column(type="text"),
        "org_unit_id": Column(type="uuid", nullable=True),
        "group_id": Column(type="uuid", nullable=True),
        "programme": Column(type="text", nullable=True),
        "health_worker_id": Column(type="uuid", nullable=True),
        "since": Column(type="date"),
        "until": Column(type="date", nullable=True),
        "revoked": Column(type="date", nullable=True),
        "own_mentorships": Column(type="boolean", nullable=True),
        "ends": Column(type="timestamptz", nullable=True),
        "over_person": Column(type="uuid", nullable=True),
        "position": Column(type="bigint"),
    },
)
"""Who holds which role where. `until` is the last day; from `revoked` on, and from the instant
`ends` on, it allows nothing."""

ORG_UNIT_PLACE = Table(
    name="org_unit_place",
    version=1,
    key=("org_unit_id", "since"),
    columns={
        "org_unit_id": Column(type="uuid"),
        "since": Column(type="date"),
        "parent_id": Column(type="uuid", nullable=True),
        "position": Column(type="bigint"),
    },
)
"""Under which parent a unit stands since when: until its next row begins. (A fold sees one event,
so it cannot write into the row before when that one ends.)"""

ORG_UNIT_HEIR = Table(
    name="org_unit_heir",
    version=1,
    key=("org_unit_id", "heir_id"),
    columns={
        "org_unit_id": Column(type="uuid"),
        "heir_id": Column(type="uuid"),
        "since": Column(type="date"),
        "merged": Column(type="boolean"),
        "position": Column(type="bigint"),
    },
)
"""What became of a unit since a day: the units it was split up into, or the one it is part of."""

GROUP_UNIT = Table(
    name="group_unit",
    version=1,
    key=("group_id", "org_unit_id"),
    columns={
        "group_id": Column(type="uuid"),
        "org_unit_id": Column(type="uuid"),
        "since": Column(type="date"),
        "until": Column(type="date", nullable=True),
        "position": Column(type="bigint"),
    },
)
"""Which units belong to a group since when, the last time; `until` is the first day without."""

ACCESS = Projection("access", ACCESS_GRANT, ORG_UNIT_PLACE, ORG_UNIT_HEIR, GROUP_UNIT)
"""`position`, in all tables, is that of the event that wrote the row last: a table's sum of them
changes with every change, which is how a reader who missed a notification finds out."""

STANDINGS = Projection("standings", ORG_UNIT_PLACE)
"""The units alone, once more, for a service that decides by where a unit stands: among its own
views, so that what a command rests on is waited for there."""

GROUP = "access"
"""What these tables are kept as: a group of their own, that no rebuild of views takes back."""

BUILT = built_of([ACCESS])


@ACCESS.on(AccessGrantGiven)
def _given(given: AccessGrantGiven, happening: Happening) -> Iterable[Change]:
    yield Upsert(
        ACCESS_GRANT,
        (happening.stream,),
        {
            "subject": given.subject_name,
            "role": given.role.value,
            "org_unit_id": given.org_unit_id,
            "programme": given.programme,
            "health_worker_id": given.health_worker_id,
            "since": given.since,
            "until": given.until,
            "own_mentorships": given.own_mentorships,
            "position": happening.position,
        },
    )


@ACCESS.on(AccessGrantGivenOverGroup)
def _given_over_group(given: AccessGrantGivenOverGroup, happening: Happening) -> Iterable[Change]:
    yield Upsert(
        ACCESS_GRANT,
        (happening.stream,),
        {
            "subject": given.subject_name,
            "role": given.role.value,
            "group_id": given.group_id,
            "programme": given.programme,
            "health_worker_id": given.health_worker_id,
            "since": given.since,
            "until": given.until,
            "own_mentorships": given.own_mentorships,
            "position": happening.position,
        },
    )


@ACCESS.on(AccessGlassBroken)
def _glass_broken(broken: AccessGlassBroken, happening: Happening) -> Iterable[Change]:
    over_person = broken.health_worker_id
    yield Upsert(
        ACCESS_GRANT,
        (happening.stream,),
        {
            "subject": broken.subject_name,
            "role": Role.BREAK_GLASS.value,
            # Over one person, wherever they are, or over the unit and all below it.
            "org_unit_id": None if over_person else broken.org_unit_id,
            "over_person": over_person,
            "since": broken.since,
            "until": broken.until,
            "ends": broken.ends,
            "position": happening.position,
        },
    )


@ACCESS.on(AccessGrantRevoked)
def _revoked(revoked: AccessGrantRevoked, happening: Happening) -> Iterable[Change]:
    yield Patch(
        ACCESS_GRANT,
        (happening.stream,),
        {"revoked": revoked.since, "position": happening.position},
    )


@ACCESS.on(AccessGrantRestored)
def _restored(_restored: AccessGrantRestored, happening: Happening) -> Iterable[Change]:
    yield Patch(
        ACCESS_GRANT, (happening.stream,), {"revoked": None, "position": happening.position}
    )


@ACCESS.on(OrgUnitEstablished)
@STANDINGS.on(OrgUnitEstablished)
def _established(established: OrgUnitEstablished, happening: Happening) -> Iterable[Change]:
    yield _standing(happening, established.since, established.parent_id)


@ACCESS.on(OrgUnitReparented)
@STANDINGS.on(OrgUnitReparented)
def _reparented(reparented: OrgUnitReparented, happening: Happening) -> Iterable[Change]:
    yield _standing(happening, reparented.since, reparented.parent_id)


@ACCESS.on(OrgUnitPlacesTold)
@STANDINGS.on(OrgUnitPlacesTold)
def _places_told(told: OrgUnitPlacesTold, happening: Happening) -> Iterable[Change]:
    for since in told.removed:
        yield Delete(ORG_UNIT_PLACE, (happening.stream, since))
    for place in told.places:
        yield _standing(happening, place.since, place.parent_id)


def _standing(happening: Happening, since: date, parent_id: UUID | None) -> Change:
    return Upsert(
        ORG_UNIT_PLACE,
        (happening.stream, since),
        {"parent_id": parent_id, "position": happening.position},
    )


@ACCESS.on(OrgUnitSplitUp)
def _split_up(split: OrgUnitSplitUp, happening: Happening) -> Iterable[Change]:
    for successor in split.successors:
        yield _heir(happening, successor, split.since, merged=False)


@ACCESS.on(OrgUnitMergedInto)
def _merged(merged: OrgUnitMergedInto, happening: Happening) -> Iterable[Change]:
    yield _heir(happening, merged.into_id, merged.since, merged=True)


def _heir(happening: Happening, heir: UUID, since: date, *, merged: bool) -> Change:
    return Upsert(
        ORG_UNIT_HEIR,
        (happening.stream, heir),
        {"since": since, "merged": merged, "position": happening.position},
    )


@ACCESS.on(GroupMemberAdded)
def _member_added(added: GroupMemberAdded, happening: Happening) -> Iterable[Change]:
    if added.org_unit_id is not None:
        yield _unit_of(happening, added.org_unit_id, added.since, None)


@ACCESS.on(GroupMemberRemoved)
def _member_removed(removed: GroupMemberRemoved, happening: Happening) -> Iterable[Change]:
    if removed.org_unit_id is not None:
        yield Patch(
            GROUP_UNIT,
            (happening.stream, removed.org_unit_id),
            {"until": removed.since, "position": happening.position},
        )


@ACCESS.on(GroupMemberTold)
def _member_told(told: GroupMemberTold, happening: Happening) -> Iterable[Change]:
    if told.org_unit_id is None:
        return
    if told.stays:
        last = told.stays[-1]
        yield _unit_of(happening, told.org_unit_id, last.since, last.until)
    else:
        yield Delete(GROUP_UNIT, (happening.stream, told.org_unit_id))


def _unit_of(happening: Happening, unit: UUID, since: date, until: date | None) -> Change:
    return Upsert(
        GROUP_UNIT,
        (happening.stream, unit),
        {"since": since, "until": until, "position": happening.position},
    )
