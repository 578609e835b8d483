"""Groups that cut across the hierarchy, who belongs to each, and who holds which office in it."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, RECORD, TEXT, maybe, record
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
from shared.domain.folding import folded_text
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

GROUP = Table(
    name="group",
    version=3,
    key=("id",),
    columns={
        "id": ID,
        "code": TEXT,
        "name": TEXT,
        "name_folded": TEXT,
        "group_kind": TEXT,
        "since": DATE,
        "org_unit_id": maybe(ID),
        **RECORD,
    },
    indexes=(
        ("code",),
        ("name_folded", "id"),
        ("group_kind", "name_folded", "id"),
        ("org_unit_id", "name_folded", "id"),
    ),
)
"""Groups are sorted by `name_folded`, without case and accents."""

GROUP_MEMBER = Table(
    name="group_member",
    version=1,
    key=("group_id", "member_id"),
    columns={
        "group_id": ID,
        "member_id": ID,
        "org_unit_id": maybe(ID),
        "health_worker_id": maybe(ID),
        "since": DATE,
        "until": maybe(DATE),
    },
    indexes=(("org_unit_id",), ("health_worker_id",), ("group_id", "since", "member_id")),
)
"""`member_id` is that of the org unit or of the health worker; `until` is the day on which they did
not belong to it any more."""

GROUP_OFFICER = Table(
    name="group_officer",
    version=1,
    key=("group_id", "office", "health_worker_id"),
    columns={
        "group_id": ID,
        "office": TEXT,
        "health_worker_id": ID,
        "org_unit_id": maybe(ID),
        "since": DATE,
        "until": maybe(DATE),
    },
    indexes=(("health_worker_id", "since"),),
)
"""Who holds an office, or held it the last time, until the first day on which they did not;
`org_unit_id` is the member unit that they stood for when they took it."""

GROUPS = Projection("groups", GROUP, GROUP_MEMBER, GROUP_OFFICER)


@GROUPS.on(GroupEstablished)
def established(event: GroupEstablished, happening: Happening) -> Iterator[Change]:
    """Show a group."""
    yield Upsert(
        GROUP,
        (happening.stream,),
        {
            "code": event.code,
            "name": event.name,
            "name_folded": folded_text(event.name),
            "group_kind": event.group_kind.value,
            "since": event.since,
            "org_unit_id": event.org_unit_id,
            **record(happening),
        },
    )


@GROUPS.on(GroupMemberAdded)
def member_added(event: GroupMemberAdded, happening: Happening) -> Iterator[Change]:
    """Show who belongs to it; who comes back belongs to it again."""
    yield Upsert(
        GROUP_MEMBER,
        (happening.stream, event.org_unit_id or event.health_worker_id),
        {
            "org_unit_id": event.org_unit_id,
            "health_worker_id": event.health_worker_id,
            "since": event.since,
            "until": None,
        },
    )
    yield Patch(GROUP, (happening.stream,), record(happening))


@GROUPS.on(GroupMemberRemoved)
def member_removed(event: GroupMemberRemoved, happening: Happening) -> Iterator[Change]:
    """Show since when they belong to it no more."""
    yield Patch(
        GROUP_MEMBER,
        (happening.stream, event.org_unit_id or event.health_worker_id),
        {"until": event.since},
    )
    yield Patch(GROUP, (happening.stream,), record(happening))


@GROUPS.on(GroupMemberTold)
def member_told(event: GroupMemberTold, happening: Happening) -> Iterator[Change]:
    """Show when they belonged to it last, as it is said now; nothing, if they never did."""
    key = (happening.stream, event.org_unit_id or event.health_worker_id)
    if event.stays:
        last = event.stays[-1]
        yield Upsert(
            GROUP_MEMBER,
            key,
            {
                "org_unit_id": event.org_unit_id,
                "health_worker_id": event.health_worker_id,
                "since": last.since,
                "until": last.until,
            },
        )
    else:
        yield Delete(GROUP_MEMBER, key)
    yield Patch(GROUP, (happening.stream,), record(happening))


@GROUPS.on(GroupOfficeTaken)
def office_taken(event: GroupOfficeTaken, happening: Happening) -> Iterator[Change]:
    """Show who holds an office; who takes it again holds it since then."""
    yield Upsert(
        GROUP_OFFICER,
        (happening.stream, event.office.value, event.health_worker_id),
        {"org_unit_id": event.org_unit_id, "since": event.since, "until": None},
    )
    yield Patch(GROUP, (happening.stream,), record(happening))


@GROUPS.on(GroupOfficeLeft)
def office_left(event: GroupOfficeLeft, happening: Happening) -> Iterator[Change]:
    """Show since when they hold it no more."""
    key = (happening.stream, event.office.value, event.health_worker_id)
    yield Patch(GROUP_OFFICER, key, {"until": event.since})
    yield Patch(GROUP, (happening.stream,), record(happening))


@GROUPS.on(GroupOfficeTold)
def office_told(event: GroupOfficeTold, happening: Happening) -> Iterator[Change]:
    """Show when they held it last, as it is said now; nothing, if they never did."""
    key = (happening.stream, event.office.value, event.health_worker_id)
    if event.terms:
        last = event.terms[-1]
        yield Upsert(GROUP_OFFICER, key, {"since": last.since, "until": last.until})
    else:
        yield Delete(GROUP_OFFICER, key)
    yield Patch(GROUP, (happening.stream,), record(happening))


@GROUPS.on(GroupEntrusted)
def entrusted(_event: GroupEntrusted, happening: Happening) -> Iterator[Change]:
    """Show the record's version: what was given over it, the grants say."""
    yield Patch(GROUP, (happening.stream,), record(happening))
