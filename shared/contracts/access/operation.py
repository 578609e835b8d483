"""Access events: what an operation showed of people, to whom, and why it was asked.

An access event holds ids, names of fields and codes: never a value, and no text that somebody
typed. So it may stand in clear, outlives an erasure, and can be shown to whoever it is about.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import Event, happened, ref

MOST = 500
"""People of one event; an operation that showed more leads to several, under its one id."""


class AccessKind(StrEnum):
    """What kind of data an operation showed."""

    PERSONAL = "PERSONAL"
    """What tells who somebody is, or what was said of them in words: or that they were found by
    it."""
    CONFIDED = "CONFIDED"
    """What is between the parties of a mentorship alone."""
    JOURNAL = "JOURNAL"
    """That journal entries exist, when, and whose."""
    HISTORY = "HISTORY"
    """What was recorded of somebody, event by event: trails, and how things stood on a day."""
    EVIDENCE = "EVIDENCE"
    """Proofs of what was recorded, with the records themselves."""
    PERSONAL_DATA = "PERSONAL_DATA"
    """All that is held on somebody, in one file."""
    ACCESS_EVENTS = "ACCESS_EVENTS"
    """Who looked: these very events."""


class AccessPurpose(StrEnum):
    """Why somebody reads of people: a code, for a sentence would name them."""

    MENTORING = "MENTORING"
    ASSESSMENT = "ASSESSMENT"
    SUPERVISION = "SUPERVISION"
    ADMINISTRATION = "ADMINISTRATION"
    AUDIT = "AUDIT"
    COMPLAINT = "COMPLAINT"
    LEGAL = "LEGAL"
    RESEARCH = "RESEARCH"
    TECHNICAL_SUPPORT = "TECHNICAL_SUPPORT"
    OWN_RECORD = "OWN_RECORD"


GraphqlName = Annotated[
    str, Meta(pattern=r"^[_A-Za-z][_0-9A-Za-z]*$", max_length=80, description="A GraphQL name.")
]
FieldPath = Annotated[
    str,
    Meta(
        pattern=r"^[_A-Za-z][_0-9A-Za-z]*\.[_A-Za-z][_0-9A-Za-z]*$",
        max_length=160,
        description="A type and a field of the schema: `HealthWorker.phone`.",
    ),
]
TraceId = Annotated[
    str, Meta(pattern="^[0-9a-f]{32}$", description="The trace of W3C Trace Context.")
]


@happened("access.operation.shown")
class PersonalDataShown(Event, kw_only=True):
    """An operation showed something of people to the `actor` of this event.

    Attributes:
        operation_id: shared by all events of one answer.
        at: when it was read; the ledger learns of it some moments later.
        people: whose it was, up to `MOST`: the next event of the same operation has the others.
        units: the org units of what was shown that is about no one person.
        own: it was of the reader's own record alone; of such reads one an hour is recorded.
        grants: the access grants that the reader held then, by their ids.
        broken_glass: those of them that were taken in an emergency.
        name: what its sender calls the operation.
        asked: the fields of the root that were asked for.
        fields: what was shown that is personal, by the schema's names.
    """

    operation_id: UUID
    at: datetime
    kinds: tuple[AccessKind, ...]
    people: tuple[Annotated[UUID, ref("HealthWorker")], ...] = ()
    units: tuple[Annotated[UUID, ref("OrgUnit")], ...] = ()
    own: bool = False
    operator: bool = False
    grants: tuple[Annotated[UUID, ref("AccessGrant")], ...] = ()
    broken_glass: tuple[Annotated[UUID, ref("AccessGrant")], ...] = ()
    name: GraphqlName | None = None
    asked: tuple[GraphqlName, ...] = ()
    fields: tuple[FieldPath, ...] = ()
    purpose: AccessPurpose | None = None
    trace_id: TraceId


class MissedBecause(StrEnum):
    """Why access events are missing."""

    NO_ROOM = "NO_ROOM"
    """The disk, or the room that they are given on it, was full; reads went on."""
    UNREADABLE = "UNREADABLE"
    """What was written is no event: the disk lost it."""


@happened("access.spool.events_missed")
class AccessEventsMissed(Event, kw_only=True):
    """Here access events are missing: reads of that time were answered and are not on record."""

    count: Annotated[int, Meta(ge=1)]
    since: datetime
    until: datetime
    because: MissedBecause
