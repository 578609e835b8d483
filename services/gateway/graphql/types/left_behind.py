"""What still points at units that are no more: who works there, what is cared for there, who has
rights there; with what stands in the place of each unit, and by which command it is led there.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.errors import FirstOutOfRange
from services.gateway.graphql.ids import global_id
from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import MOST_ROWS, within
from services.gateway.graphql.types.group import Group
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.mentee import Mentee
from services.gateway.graphql.types.mentorship import Mentorship
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.programme import Cohort
from services.gateway.projections import (
    COHORT,
    GROUP,
    GROUP_MEMBER,
    HEALTH_WORKER,
    MENTEE,
    MENTORSHIP,
    ORG_UNIT,
)
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Grant, Read
from shared.contracts.registry.access_grant import Role

graphql_enum(Role)


class Pointer(NamedTuple):
    """One way of pointing at a unit.

    Attributes:
        kind: of what record, as its id says.
        leads: the command that leads it to another unit; None: there is none.
        rows: SQL, of the record's id, the unit and the programme, of what goes on.
    """

    kind: str
    leads: str | None
    rows: str


@graphql_enum
class LeftBehindAs(StrEnum):
    """In which way something points at a unit that is no more."""

    POSTING = "POSTING"
    ENROLMENT = "ENROLMENT"
    MENTORSHIP = "MENTORSHIP"
    COHORT = "COHORT"
    GROUP_KEPT = "GROUP_KEPT"
    GROUP_MEMBER = "GROUP_MEMBER"
    ORG_UNIT = "ORG_UNIT"
    GRANT = "GRANT"


_POINTERS: dict[LeftBehindAs, Pointer] = {
    LeftBehindAs.POSTING: Pointer(
        "HealthWorker",
        "healthWorkerTransfer",
        f'SELECT id, org_unit_id, NULL FROM "{HEALTH_WORKER.physical}"'
        " WHERE merged_into_id IS NULL",
    ),
    LeftBehindAs.ENROLMENT: Pointer(
        "Mentee",
        "menteeTransfer",
        f"SELECT id, COALESCE(org_unit_now_id, org_unit_id), programme"
        f" FROM \"{MENTEE.physical}\" WHERE status = 'ENROLLED'",
    ),
    LeftBehindAs.MENTORSHIP: Pointer(
        "Mentorship",
        "mentorshipMove",
        f'SELECT id, org_unit_id, programme FROM "{MENTORSHIP.physical}"'
        " WHERE status NOT IN ('CONCLUDED', 'DECLINED')",
    ),
    LeftBehindAs.COHORT: Pointer(
        "Cohort",
        "cohortMove",
        f'SELECT id, org_unit_id, programme FROM "{COHORT.physical}" WHERE closed_on IS NULL',
    ),
    LeftBehindAs.GROUP_KEPT: Pointer(
        "Group",
        None,
        f'SELECT id, org_unit_id, NULL FROM "{GROUP.physical}"',
    ),
    LeftBehindAs.GROUP_MEMBER: Pointer(
        "Group",
        "groupMemberAdd",
        f'SELECT group_id, org_unit_id, NULL FROM "{GROUP_MEMBER.physical}" WHERE until IS NULL',
    ),
    LeftBehindAs.ORG_UNIT: Pointer(
        "OrgUnit",
        "orgUnitReparent",
        f"SELECT id, parent_id, NULL FROM \"{ORG_UNIT.physical}\" WHERE state = 'ACTIVE'",
    ),
    LeftBehindAs.GRANT: Pointer(
        "AccessGrant",
        "accessGrantGive",
        "SELECT id, unit, programme"
        " FROM unnest({grants}, {units}, {programmes}) AS g (id, unit, programme)",
    ),
}


@strawberry.type(description="A record that points at an org unit that is no more.")
class LeftBehind:
    """One pointer."""

    c_org_unit_id: strawberry.Private[UUID]
    c_health_worker_id: strawberry.Private[UUID | None] = None
    c_mentee_id: strawberry.Private[UUID | None] = None
    c_mentorship_id: strawberry.Private[UUID | None] = None
    c_cohort_id: strawberry.Private[UUID | None] = None
    c_group_id: strawberry.Private[UUID | None] = None
    c_below_id: strawberry.Private[UUID | None] = None
    points_as: LeftBehindAs = strawberry.field(description="In which way it points there.")
    record_id: ID = strawberry.field(description="The id of the record.")
    lead_over: str | None = strawberry.field(
        description="The command that leads it to another unit; null where none does."
    )
    subject: str | None = strawberry.field(description="Of a grant: who holds it.")
    role: Role | None = strawberry.field(description="Of a grant: what its holder may do.")
    org_unit: OrgUnit | None = one(
        "OrgUnit",
        by="org_unit_id",
        description="The unit that is no more; `inItsPlace` are the units to lead over to.",
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Of a posting: who."
    )
    mentee: Mentee | None = one("Mentee", by="mentee_id", description="Of an enrolment: which.")
    mentorship: Mentorship | None = one(
        "Mentorship", by="mentorship_id", description="Of a mentorship: which."
    )
    cohort: Cohort | None = one("Cohort", by="cohort_id", description="Of a cohort: which.")
    group: Group | None = one(
        "Group", by="group_id", description="Of a group it keeps, or is in: which."
    )
    below: OrgUnit | None = one(
        "OrgUnit", by="below_id", description="Of a unit that still stands right under it: which."
    )


_COLUMN = {
    "HealthWorker": "c_health_worker_id",
    "Mentee": "c_mentee_id",
    "Mentorship": "c_mentorship_id",
    "Cohort": "c_cohort_id",
    "Group": "c_group_id",
    "OrgUnit": "c_below_id",
}

_GONE = """SELECT u.id FROM "{unit}" u WHERE u.state <> 'ACTIVE'"""

# Who holds a grant is told to who may read names there, as `accessGrants` tells it.
_LEFT = """
WITH pointer AS ({pointers})
SELECT t.what, t.id, t.org_unit_id
  FROM pointer t JOIN "{unit}" u ON u.id = t.org_unit_id AND u.state <> 'ACTIVE'
 WHERE {scope} AND (t.what <> '{grant}' OR {named})
 ORDER BY u.ended_on, u.code, t.place, t.id
 {page}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which pointers are asked for.

    Attributes:
        under: those at this unit, or at one below it; None: all in scope.
        ways: of pointing; none: all.

    Raises:
        FirstOutOfRange: for no rows, or for more than `MOST_ROWS`.
    """

    under: UUID | None
    ways: Collection[LeftBehindAs]
    first: int
    skip: int

    def __post_init__(self) -> None:
        """Refuse a number of rows that is not given."""
        if not 1 <= self.first <= MOST_ROWS:
            raise FirstOutOfRange("first", first=self.first, most=MOST_ROWS)


GrantsOver = Callable[[Collection[UUID], date], list[tuple[UUID, Grant]]]


async def left_behind(reader: Reader, grants_over: GrantsOver, asked: Asked) -> list[LeftBehind]:
    """List what points at units that are no more, in the reader's scope, by unit: those that
    ended first before.
    """
    scope = reader.scopes[Read.RECORDS]
    gone = await reader.fetch(_GONE.format(unit=ORG_UNIT.physical))
    grants = dict(grants_over({row["id"] for row in gone}, scope.day))
    s = Statement()
    ways = [way for way in _POINTERS if not asked.ways or way in asked.ways]
    given = {}
    if LeftBehindAs.GRANT in ways:  # what is bound and nowhere read has no type
        given = {
            "grants": s.bind(list(grants), "uuid[]"),
            "units": s.bind([grant.org_unit_id for grant in grants.values()], "uuid[]"),
            "programmes": s.bind([grant.programme for grant in grants.values()], "text[]"),
        }
    pointers = " UNION ALL ".join(
        f"SELECT '{way.value}', {place:d}, p.* FROM ({_POINTERS[way].rows.format(**given)})"
        " AS p (id, org_unit_id, programme)"
        for place, way in enumerate(ways)
    )
    text = _LEFT.format(
        pointers=f"SELECT * FROM ({pointers}) AS p (what, place, id, org_unit_id, programme)",
        unit=ORG_UNIT.physical,
        scope=within(asked.under, scope, s, "t"),
        grant=LeftBehindAs.GRANT.value,
        named=within(asked.under, reader.scopes[Read.PERSONAL], s, "t"),
        page=f"LIMIT {asked.first:d} OFFSET {max(asked.skip, 0):d}",
    )
    rows = await reader.fetch(text, *s.binds)
    return [
        _shown(LeftBehindAs(row["what"]), row["id"], row["org_unit_id"], grants) for row in rows
    ]


def _shown(way: LeftBehindAs, id: UUID, unit: UUID, grants: dict[UUID, Grant]) -> LeftBehind:
    pointer, grant = _POINTERS[way], grants.get(id)
    shown = LeftBehind(
        c_org_unit_id=unit,
        points_as=way,
        record_id=global_id(pointer.kind, id),
        lead_over=pointer.leads,
        subject=grant.subject if grant else None,
        role=grant.role if grant else None,
    )
    if column := _COLUMN.get(pointer.kind):
        setattr(shown, column, id)
    return shown
