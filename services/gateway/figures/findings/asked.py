"""Asks for findings: of some kinds, as one reader may see them, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from services.gateway.figures.findings import KINDS
from services.gateway.figures.findings.declared import (
    COLUMNS,
    Asking,
    AuditFindingSeverity,
    Found,
    Kind,
    Wanted,
)
from services.gateway.projections import AUDIT_EVENT, AUDIT_FINDING_DISMISSAL
from services.gateway.read.below import below
from services.gateway.read.declare import InUnit
from services.gateway.read.loader import Reader
from services.gateway.read.scope import Scope
from services.gateway.read.sql import Statement, covered
from shared.access.grants import Read
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.audit_findings import finding_id
from shared.domain.ids import derived_id

MOST_EVENTS = 100
"""Events of one finding that are shown as its evidence, the first ones."""


class AuditFindingStanding(StrEnum):
    """What became of a finding."""

    OPEN = "OPEN"
    """Nobody has dismissed it, or it was opened again."""
    DISMISSED = "DISMISSED"
    """Somebody looked into it, and found nothing amiss."""
    ALL = "ALL"
    """Either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which findings.

    Attributes:
        kinds: of these alone; without any, of all.
        severities: of these alone; without any, of all.
        under: at this unit, or at one below it.
        first: how many at most.
        beyond: the day and the key of the last one before; None: from the beginning.
    """

    wanted: Wanted
    kinds: tuple[AuditFindingKind, ...] = ()
    severities: tuple[AuditFindingSeverity, ...] = ()
    under: UUID | None = None
    standing: AuditFindingStanding = AuditFindingStanding.OPEN
    first: int = 100
    beyond: tuple[date, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some findings, the latest first, with what a cursor to each holds; and if there are more."""

    found: list[Found]
    keys: list[tuple[date, str]]
    more: bool


async def findings(reader: Reader, asked: Asked) -> Page:
    """Return a page of findings in the reader's scope.

    Each kind is a statement of its own, so that no one of them takes too long over a country.
    """
    rows: list[Any] = []
    for kind in dict.fromkeys(asked.kinds or KINDS):
        text, binds = statement(asked, KINDS[kind], reader.scopes[Read.AUDIT])
        rows += await reader.fetch(text, *binds)
    rows.sort(key=lambda row: (row["day"], row["key"]), reverse=True)
    shown = rows[: asked.first]
    return Page(
        found=[_found(row) for row in shown],
        keys=[(row["day"], row["key"]) for row in shown],
        more=len(rows) > asked.first,
    )


def statement(asked: Asked, kind: Kind, scope: Scope) -> tuple[str, list[Any]]:
    """Return the statement of a page of one kind, and what is bound in it: one row more than was
    asked for.
    """
    s = Statement()
    found = _rows(kind, Asking(wanted=asked.wanted, statement=s))
    conditions = [_in_scope(asked.under, scope, s)]
    if asked.severities:
        of = s.bind([each.value for each in asked.severities], "text[]")
        conditions.append(f"t.severity = ANY({of})")
    if asked.standing is not AuditFindingStanding.ALL:
        dismissed = asked.standing is AuditFindingStanding.DISMISSED
        conditions.append(f"d.id IS {'NOT ' if dismissed else ''}NULL")
    if asked.beyond is not None:
        day, key = asked.beyond
        conditions.append(f"(t.day, t.key) < ({s.bind(day, 'date')}, {s.bind(key, 'text')})")
    return (
        f"""
WITH found AS ({found}),
t AS (
  SELECT f.*, md5(concat_ws('|', f.kind, f.org_unit_id, f.programme, f.people, f.actors, f.about))
         AS key
    FROM found f)
SELECT t.*, d.dismissed_by, d.dismissed_at, d.reason
  FROM t
  LEFT JOIN "{AUDIT_FINDING_DISMISSAL.physical}" d
    ON d.finding = t.kind AND d.about = t.about AND d.org_unit_id = t.org_unit_id
   AND d.programme IS NOT DISTINCT FROM t.programme AND d.people = t.people
   AND d.actors = t.actors
 WHERE {" AND ".join(conditions)}
 ORDER BY t.day DESC, t.key DESC LIMIT {asked.first + 1:d}""",
        s.binds,
    )


def _rows(kind: Kind, asking: Asking) -> str:
    columns = ", ".join(f"f.{name}" for name in COLUMNS)
    return f"SELECT '{kind.kind.value}' AS kind, {columns} FROM ({kind.sql(asking)}) f"


def _in_scope(under: UUID | None, scope: Scope, s: Statement) -> str:
    """Return the condition that the reader audits one of the units that a finding is at."""
    at = []
    for unit in ("org_unit_id", "beside_id"):
        condition = covered(InUnit(unit=unit, programme="programme"), scope, s, "t", of_all=True)
        if under is not None:
            condition += f" AND {below(f't.{unit}', (under,), scope.day, s)}"
        at.append(f"({condition})")
    return f"({' OR '.join(at)})"


def _found(row: Any) -> Found:
    kind = KINDS[AuditFindingKind(row["kind"])]
    dismissed = row["dismissed_by"] is not None
    return Found(
        kind=kind,
        about=row["about"],
        day=row["day"],
        severity=AuditFindingSeverity(row["severity"]),
        org_unit_id=row["org_unit_id"],
        programme=row["programme"],
        people=tuple(row["people"]),
        actors=tuple(row["actors"]),
        sessions=tuple(row["sessions"]),
        mentorship_id=row["mentorship_id"],
        certificate_id=row["certificate_id"],
        records=tuple(row["records"]),
        figures=_whole(msgspec.json.decode(row["figures"])),
        dismissal={name: row[name] for name in ("dismissed_by", "dismissed_at", "reason")}
        if dismissed
        else None,
    )


def _whole(figures: dict[str, Any]) -> dict[str, Any]:
    """Return figures as people write them: no `960.0`."""
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in figures.items()
    }


def id_of(found: Found) -> UUID:
    """Return the id of a finding: the same for what is found of the same."""
    return finding_id(
        found.kind.kind,
        org_unit_id=found.org_unit_id,
        programme=found.programme,
        people=found.people,
        actors=found.actors,
        about=found.about,
    )


_EVENTS = f"""
SELECT e.event_id FROM "{AUDIT_EVENT.physical}" e
 WHERE e.stream = ANY($1::uuid[]) AND e.topic = ANY($2::text[])
   AND ($3::text[] IS NULL OR e.details ->> 'assessorId' IS NULL
        OR e.details ->> 'assessorId' = ANY($3::text[]))
   AND ($4::text IS NULL OR e.details ->> 'competency' IS NULL
        OR e.details ->> 'competency' = $4::text)
 ORDER BY e.recorded, e.service, e.position LIMIT {MOST_EVENTS}
"""


async def evidence(reader: Reader, found: Found) -> Sequence[UUID]:
    """Return the events that a finding rests on, as they were recorded: `MOST_EVENTS` at most."""
    records = list(found.records)
    assessors: list[str] | None = None
    if found.kind.of_competency_record:
        records = [derived_id("competency_record", mentee) for mentee in records]
        assessors = [str(person) for person in found.people]
    rows = await reader.fetch(
        _EVENTS, records, list(found.kind.topics), assessors, found.figures.get("competency")
    )
    return [row["event_id"] for row in rows]
