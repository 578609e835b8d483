"""The encounter report: how often mentors and mentees met, how, and who else was there.

An encounter is a session that was held, whether or not it counts for anything (`counted` says how
many do), or a contact. What was voided is none.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from services.gateway.figures.small_cells import Measure, hide
from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import within
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.suppression import Suppressible
from services.gateway.projections import CONTACT, SESSION
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read
from shared.contracts.definition import Mode
from shared.contracts.definition.visits import GuestRole

graphql_enum(Mode)

MOST = 1_000
"""Rows of a grouping: the units with the most encounters."""


@strawberry.type(description="How often mentors and mentees met.")
class Encounters(Suppressible):
    """Counts of some encounters."""

    sessions: int | None = strawberry.field(description="Sessions held.")
    counted: int | None = strawberry.field(
        description="Of them, those that count for points, ends and rights."
    )
    with_guest: int | None = strawberry.field(
        description="Sessions where somebody came in the role that was asked for."
    )
    contacts: int | None = strawberry.field(description="Contacts that were no sessions.")
    in_person: int | None = strawberry.field(description="Sessions and contacts in person.")
    virtual: int | None = strawberry.field(
        description="Sessions and contacts by phone, video or message."
    )
    minutes: int | None = strawberry.field(
        description="How long they took together, as far as that is known."
    )


@strawberry.type(description="How often mentors and mentees met in one way.")
class EncountersByMode(Encounters):
    """Counts of one mode."""

    mode: Mode = strawberry.field(description="How they met.")


@strawberry.type(description="How often mentors and mentees met in one month.")
class EncountersInMonth(Encounters):
    """Counts of one month."""

    month: date = strawberry.field(description="The first day of the month.")


@strawberry.type(description="How often mentors and mentees met at one org unit.")
class EncountersAtUnit(Encounters):
    """Counts of one unit."""

    c_org_unit_id: strawberry.Private[UUID]
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="The unit.")


@strawberry.type(description="How often mentors and mentees of a programme met, and how.")
class EncounterReport:
    """All, and by mode, month and unit."""

    total: Encounters = strawberry.field(description="All together.")
    by_mode: list[EncountersByMode] = strawberry.field(description="By how they met.")
    by_month: list[EncountersInMonth] = strawberry.field(description="Month by month.")
    by_org_unit: list[EncountersAtUnit] = strawberry.field(
        description=f"By the unit where they met; the first {MOST} with the most encounters."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the report is asked for: a programme, under a unit, from a day to before another."""

    programme: str
    under: UUID | None
    since: date | None
    before: date | None
    guest_role: GuestRole


_COUNTS = """
WITH encounter AS (
     SELECT t.mode, t.held_on AS day, t.org_unit_id, t.minutes, true AS session, t.counts,
            t.guest_roles
       FROM "{session}" t
      WHERE t.status = 'HELD' AND t.programme = {programme} AND {scope}
  UNION ALL
     SELECT t.mode, t.made_on, t.org_unit_id, t.minutes, false, false, '{{}}'::text[]
       FROM "{contact}" t
      WHERE NOT t.voided AND t.programme = {programme} AND {scope}
), dated AS (
     SELECT *, date_trunc('month', day)::date AS month FROM encounter
      WHERE ({since} IS NULL OR day >= {since}) AND ({before} IS NULL OR day < {before})
)
SELECT GROUPING(e.mode, e.month, e.org_unit_id) AS grouping, e.mode, e.month, e.org_unit_id,
       count(*)::integer AS encounters,
       (count(*) FILTER (WHERE e.session))::integer AS sessions,
       (count(*) FILTER (WHERE NOT e.session))::integer AS contacts,
       (count(*) FILTER (WHERE e.counts))::integer AS counted,
       (count(*) FILTER (WHERE e.mode = 'IN_PERSON'))::integer AS in_person,
       (count(*) FILTER (WHERE e.mode <> 'IN_PERSON'))::integer AS virtual,
       COALESCE(sum(e.minutes), 0)::integer AS minutes,
       (count(*) FILTER (WHERE e.guest_roles @> ARRAY[{role}]))::integer AS with_guest
  FROM dated e
 GROUP BY GROUPING SETS ((), (e.mode), (e.month), (e.org_unit_id))
 ORDER BY e.mode, e.month, count(*) DESC, e.org_unit_id
"""
_ALL, _BY_MODE, _BY_MONTH, _BY_UNIT = 0b111, 0b011, 0b101, 0b110
_GROUPS = ("grouping", "mode", "month", "org_unit_id")

# Sessions and contacts are as many as what was in person and what was virtual.
_MEASURES = (
    Measure("encounters", shows=("minutes",)),
    Measure("sessions", within=("encounters",), shows=("contacts",)),
    Measure("in_person", within=("encounters",), shows=("virtual",)),
    Measure("counted", within=("sessions",)),
    Measure("with_guest", within=("sessions",)),
)


async def encounter_report(reader: Reader, asked: Asked, least: int) -> EncounterReport:
    """Count the encounters in the reader's scope.

    Args:
        least: the lowest count that is shown.
    """
    s = Statement()
    text = _COUNTS.format(
        session=SESSION.physical,
        contact=CONTACT.physical,
        programme=s.bind(asked.programme, "text"),
        scope=within(asked.under, reader.scopes[Read.FIGURES], s, "t"),
        since=s.bind(asked.since, "date"),
        before=s.bind(asked.before, "date"),
        role=s.bind(asked.guest_role.value, "text"),
    )
    rows = [dict(row) for row in await reader.fetch(text, *s.binds)]

    def of(grouping: int) -> list[dict[str, Any]]:
        return [row for row in rows if row["grouping"] == grouping]

    (total,) = of(_ALL)
    by_mode, by_month, by_unit = of(_BY_MODE), of(_BY_MONTH), of(_BY_UNIT)[:MOST]
    hide(least, _MEASURES, total, by_mode, by_month, by_unit)
    return EncounterReport(
        total=Encounters(**_counts(total)),
        by_mode=[EncountersByMode(mode=Mode(row["mode"]), **_counts(row)) for row in by_mode],
        by_month=[EncountersInMonth(month=row["month"], **_counts(row)) for row in by_month],
        by_org_unit=[
            EncountersAtUnit(c_org_unit_id=row["org_unit_id"], **_counts(row)) for row in by_unit
        ],
    )


def _counts(row: dict[str, Any]) -> dict[str, Any]:
    apart = (*_GROUPS, "encounters")
    return {name: value for name, value in row.items() if name not in apart}
