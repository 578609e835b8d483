"""What evidence is about, by the read models: a person's events, and the rules they were under."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.gateway.evidence.errors import NoCertificate, TooMuchEvidence
from services.gateway.projections import (
    AUDIT_EVENT,
    AUDIT_TRAIL,
    CERTIFICATE,
    HEALTH_WORKER,
    MENTEE,
    PROGRAMME_VERSION,
    SUPERSEDED_NUMBER,
)
from services.gateway.read.declare import InUnit, models
from services.gateway.read.loader import Database
from services.gateway.read.scope import Scopes
from services.gateway.read.sql import Statement, covered, in_scope
from shared.access.grants import Read
from shared.domain.errors import NotFound

MOST = 20_000
"""Events in one bundle: some 30 MB."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose evidence it is.

    Attributes:
        people: all records of the person.
        audited: whether whoever asks may audit where they are.
        name: as whoever asked may read it; None: they may not.
    """

    mentee: UUID
    health_worker: UUID
    org_unit: UUID
    programme: str
    area: str
    people: tuple[UUID, ...]
    audited: bool
    number: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """An event that names the person.

    Attributes:
        audited: whether it happened where whoever asks may audit.
        personal: whether they may read personal fields there.
    """

    service: str
    position: int
    version: UUID | None
    audited: bool
    personal: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A programme version, and where the ledger has it."""

    id: UUID
    code: str
    version: int
    service: str
    position: int


async def subject(database: Database, scopes: Scopes, mentee: UUID) -> Subject:
    """Return whose evidence is asked for.

    Raises:
        NotFound: there is no such mentee to be seen.
    """
    s = Statement()
    model = models["Mentee"]
    who = InUnit(unit="org_unit_id", person="id")
    where = InUnit(unit="org_unit_id", action=Read.AUDIT)
    text = (
        "SELECT t.health_worker_id, t.org_unit_id, t.programme, t.area, h.number,"
        f" CASE WHEN {covered(who, scopes[Read.PERSONAL], s, 'h')}"
        " THEN concat_ws(' ', h.given_names, h.family_name) END AS name,"
        f' ARRAY(SELECT o.id FROM "{HEALTH_WORKER.physical}" o'
        " WHERE coalesce(o.merged_into_id, o.id) = coalesce(h.merged_into_id, h.id)) AS people,"
        f" coalesce({covered(where, scopes[Read.AUDIT], s, 't')}, false) AS audited"
        f' FROM "{MENTEE.physical}" t'
        f' LEFT JOIN "{HEALTH_WORKER.physical}" h ON h.id = t.health_worker_id'
        f" WHERE t.id = {s.bind(mentee, 'uuid')} AND t.since IS NOT NULL"
        f" AND {in_scope(model, scopes, s)}"
    )
    for row in await database.fetch(text, *s.binds):
        people = tuple(sorted({row["health_worker_id"], *(row["people"] or ())}))
        return Subject(
            mentee,
            row["health_worker_id"],
            row["org_unit_id"],
            row["programme"],
            row["area"],
            people,
            row["audited"],
            row["number"],
            row["name"] or None,
        )
    raise NotFound("mentee", kind="mentee", id=str(mentee))


async def named(
    database: Database,
    scopes: Scopes,
    people: Sequence[UUID],
    first: date | None,
    last: date | None,
) -> list[Named]:
    """Return the events that name somebody and happened from one day to another.

    Raises:
        TooMuchEvidence: there are more than a bundle holds.
    """
    s = Statement()
    where = InUnit(unit="org_unit_id", action=Read.AUDIT)
    text = (
        "SELECT t.service, t.position, t.programme_version_id,"
        f" coalesce({covered(where, scopes[Read.AUDIT], s, 't')}, false) AS audited,"
        f" coalesce({covered(where, scopes[Read.PERSONAL], s, 't')}, false) AS personal"
        f' FROM "{AUDIT_EVENT.physical}" t WHERE t.event_id IN ('
        f'SELECT p.event_id FROM "{AUDIT_TRAIL.physical}" p'
        f" WHERE p.health_worker_id = ANY({s.bind(list(people), 'uuid[]')}))"
        f" AND t.occurred_on >= coalesce({s.bind(first, 'date')}, t.occurred_on)"
        f" AND t.occurred_on <= coalesce({s.bind(last, 'date')}, t.occurred_on)"
        f" ORDER BY t.recorded, t.service, t.position LIMIT {MOST + 1}"
    )
    rows = await database.fetch(text, *s.binds)
    if len(rows) > MOST:
        raise TooMuchEvidence(most=MOST)
    return [
        Named(
            row["service"],
            row["position"],
            row["programme_version_id"],
            row["audited"],
            row["personal"],
        )
        for row in rows
    ]


_PUBLISHED = f"""
SELECT v.id, v.programme, v.version, e.service, e.position
  FROM "{PROGRAMME_VERSION.physical}" v
  JOIN "{AUDIT_EVENT.physical}" e ON e.stream = v.id AND e.version = 1
 WHERE v.id = ANY($1::uuid[]) ORDER BY v.programme, v.version
"""


async def published(database: Database, versions: Sequence[UUID]) -> list[Published]:
    """Return where the ledger has these programme versions."""
    rows = await database.fetch(_PUBLISHED, list(versions))
    return [Published(*(row[name] for name in _PUBLISHED_COLUMNS)) for row in rows]


_PUBLISHED_COLUMNS = ("id", "programme", "version", "service", "position")

_CERTIFICATE = f"""
SELECT c.number, c.id, c.name, c.programme, c.area, c.status, c.issued_on, c.revoked_on,
       c.supersedes, c.in_doubt_since, c.doubt
  FROM "{CERTIFICATE.physical}" c
 WHERE c.number = $1 OR c.id = (
       SELECT s.certificate_id FROM "{SUPERSEDED_NUMBER.physical}" s WHERE s.number = $1)
"""

_OF_CERTIFICATE = f"""
SELECT service, position FROM "{AUDIT_EVENT.physical}"
 WHERE stream = $1 AND topic = ANY($2::text[]) ORDER BY recorded, service, position
"""

CERTIFIED = tuple(
    f"validation.certificate.{what}"
    for what in ("issued", "reissued", "revoked", "doubted", "doubt_ended")
)
"""What `certificate(number)` tells of: who approved is not for everybody."""


async def certificate(database: Database, number: str) -> dict[str, Any]:
    """Return what `certificate(number)` shows, by its wire names, and the certificate's own id.

    Raises:
        NoCertificate: there is none.
    """
    for row in await database.fetch(_CERTIFICATE, number):
        told = {
            "number": row["number"],
            "certificateId": row["id"],
            "name": row["name"],
            "programme": row["programme"],
            "area": row["area"],
            "status": row["status"],
            "issuedOn": row["issued_on"],
            "revokedOn": row["revoked_on"],
            "supersedes": row["supersedes"],
            "inDoubtSince": row["in_doubt_since"],
            "doubt": row["doubt"],
        }
        shown: dict[str, Any] = msgspec.to_builtins(told)
        return shown
    raise NoCertificate("number", number=number)


async def certified(database: Database, certificate: UUID) -> list[tuple[str, int]]:
    """Return where the ledgers have what became of a certificate."""
    rows = await database.fetch(_OF_CERTIFICATE, certificate, list(CERTIFIED))
    return [(row["service"], row["position"]) for row in rows]
