"""What a kind of finding is: SQL of one row for each, its words, and the events it rests on.

The SQL of a kind gives these columns of each finding:

    about          text        what tells it from others of its kind, unit, people and actors
    day            date        the day it is about; of several, the last
    severity       text        `AuditFindingSeverity`
    org_unit_id    uuid        where it is
    beside_id      uuid        another unit that it is at: whoever audits either sees it; whoever
                               audits the first may dismiss it
    programme      text        its programme's code
    people         uuid[]      the health workers it is about, as they were recorded, in order
    actors         text[]      the token subjects it is about, in order
    sessions       uuid[]      the sessions it is about
    mentorship_id  uuid        the mentorship, if it is about one
    certificate_id uuid        the certificate, likewise
    records        uuid[]      the records whose events are its evidence
    figures        jsonb       the values in its explanation
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.gateway.figures.findings.thresholds import STANDARD, Thresholds
from services.gateway.read.sql import Statement
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase

COLUMNS = (
    "about",
    "day",
    "severity",
    "org_unit_id",
    "beside_id",
    "programme",
    "people",
    "actors",
    "sessions",
    "mentorship_id",
    "certificate_id",
    "records",
    "figures",
)
NOTHING: dict[str, str] = {
    "beside_id": "NULL::uuid",
    "people": "'{}'::uuid[]",
    "actors": "'{}'::text[]",
    "sessions": "'{}'::uuid[]",
    "mentorship_id": "NULL::uuid",
    "certificate_id": "NULL::uuid",
}
"""What a kind says that is about no such thing."""


class AuditFindingSeverity(StrEnum):
    """How grave it is, if it is so."""

    HIGH = "HIGH"
    """What cannot have been, or what somebody did for themselves."""
    MEDIUM = "MEDIUM"
    """What seldom is without a reason."""
    LOW = "LOW"
    """What is often innocent, and worth a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which days and programme findings are asked for, and what is held to be too much.

    Attributes:
        since: the first day that a finding may be about.
        before: the first day after those.
        programme: the code of the one programme looked at; None: all.
    """

    since: date
    before: date
    programme: str | None = None
    thresholds: Thresholds = STANDARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A statement under way, with what every kind binds in it."""

    wanted: Wanted
    statement: Statement

    @property
    def since(self) -> str:
        """The first day."""
        return self.statement.once(self.wanted.since, "date")

    @property
    def before(self) -> str:
        """The first day after."""
        return self.statement.once(self.wanted.before, "date")

    def within(self, day: str) -> str:
        """Return the condition that a day is one of those asked for."""
        return f"{day} >= {self.since} AND {day} < {self.before}"

    def of(self, column: str) -> str:
        """Return the condition that a column holds the programme asked for, if one is."""
        if self.wanted.programme is None:
            return "true"
        return f"{column} = {self.statement.once(self.wanted.programme, 'text')}"

    def limit(self, value: float) -> str:
        """Bind a threshold."""
        return self.statement.bind(float(value), "double precision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of finding.

    Attributes:
        sql: its rows, for what is asked.
        topics: the events of `records` that are its evidence.
        of_competency_record: `records` are mentees, and stand for their competency records; what
            another assessor did there is no evidence.
        explained: what was found, with the figures of a row.
        innocent: when it is none: what to look at before anybody is asked.
    """

    kind: AuditFindingKind
    sql: Callable[[Asking], str]
    topics: tuple[str, ...]
    explained: Callable[[dict[str, Any]], Phrase]
    innocent: Phrase
    of_competency_record: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding."""

    kind: Kind
    about: str
    day: date
    severity: AuditFindingSeverity
    org_unit_id: UUID
    programme: str | None
    people: tuple[UUID, ...]
    actors: tuple[str, ...]
    sessions: tuple[UUID, ...]
    mentorship_id: UUID | None
    certificate_id: UUID | None
    records: tuple[UUID, ...]
    figures: dict[str, Any]
    dismissal: dict[str, Any] | None
