"""Reforms of the hierarchy: many units split, merged and moved on one day, drafted as a whole,
approved by somebody else, and carried out as one decision.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Command,
    Event,
    NewId,
    OrgUnitId,
    ReformId,
    Text,
    asked,
    happened,
    ref,
)
from shared.contracts.registry.access_grant import Subject
from shared.contracts.registry.org_unit import Facility, OrgUnitKind, Successor

MOST_CHANGES = 500


class ReformChangeKind(StrEnum):
    """What a change of a reform does."""

    ESTABLISH = "ESTABLISH"
    RENAME = "RENAME"
    MOVE = "MOVE"
    SPLIT = "SPLIT"
    MERGE = "MERGE"
    CLOSE = "CLOSE"


class ReformChild(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A unit right under one that ends comes under another."""

    org_unit_id: OrgUnitId
    parent_id: OrgUnitId


class ReformChange(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One change of a reform; what it does says which of its fields are needed.

    ESTABLISH: `code`, `name`, `unitKind` or `kindCode`, and a parent but for a country. RENAME:
    `orgUnitId`, `name`. MOVE: `orgUnitId`, `parentId`. SPLIT: `orgUnitId`, `successors`. MERGE:
    `orgUnitId`, `intoId`. CLOSE: `orgUnitId`. Units right under one that is split up or merged go
    where `children` says, all others where `childrenTo` says; of one that is merged, to what it
    becomes part of. A change may name units that an earlier one brings.
    """

    kind: ReformChangeKind
    org_unit_id: Annotated[UUID, ref("OrgUnit", "The unit that is changed.")] | None = None
    id: NewId = None
    code: Code | None = None
    name: Text | None = None
    unit_kind: OrgUnitKind | None = None
    kind_code: (
        Annotated[Code, Meta(description="Its kind, by the country's own list; or `unitKind`.")]
        | None
    ) = None
    parent_id: Annotated[UUID, ref("OrgUnit", "Under which unit it comes.")] | None = None
    into_id: Annotated[UUID, ref("OrgUnit", "The unit that it becomes part of.")] | None = None
    facility: Facility | None = None
    successors: Annotated[
        tuple[Successor, ...],
        Meta(max_length=50, description="The units that it is split up into."),
    ] = ()
    children: Annotated[
        tuple[ReformChild, ...],
        Meta(max_length=1_000, description="Where units right under it go, one by one."),
    ] = ()
    children_to: (
        Annotated[UUID, ref("OrgUnit", "Where all other units right under it go.")] | None
    ) = None


ReformChanges = Annotated[
    tuple[ReformChange, ...],
    Meta(
        min_length=1,
        max_length=MOST_CHANGES,
        description="All that changes, in the order in which it does.",
    ),
]


class ReformFault(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A rule that a reform breaks: its code, and where in the list."""

    code: Code
    field: str | None = None


@happened("registry.reform.drafted")
class ReformDrafted(Event, kw_only=True):
    """A reform is meant to be this, as a whole, in place of what was drafted before; the event's
    reason says why.

    Every unit that it brings has its id. `effective_on` is the day of all that changes.
    """

    name: Text
    org_unit_id: OrgUnitId
    effective_on: date
    changes: ReformChanges
    drafted_by: Subject


@happened("registry.reform.approved")
class ReformApproved(Event, kw_only=True):
    """Somebody else than who drafted it agreed to the reform as it is: it comes on its day."""

    effective_on: date
    approved_by: Subject


@happened("registry.reform.carried_out")
class ReformCarriedOut(Event, kw_only=True):
    """All of it was recorded on a day, as of the day it was meant for."""

    carried_out_on: date


@happened("registry.reform.held_up")
class ReformHeldUp(Event, kw_only=True):
    """On its day it could not be carried out, and nothing of it was."""

    faults: Annotated[tuple[ReformFault, ...], Meta(max_length=1_000)]


@happened("registry.reform.withdrawn")
class ReformWithdrawn(Event, kw_only=True):
    """It will not be; the event's reason says why."""


@asked("registry", "Reform", by="administrator")
class ReformDraft(Command, kw_only=True):
    """Draft a reform as a whole; `reason` says why. Nothing changes before it is approved.

    All of it is looked at as if it were carried out now: every rule that it breaks is told, by its
    place in the list. `dryRun` tells them and drafts nothing.
    """

    id: NewId = None
    name: Text
    org_unit_id: Annotated[UUID, ref("OrgUnit", "The unit that all of it happens within.")]
    effective_on: Annotated[date, Meta(description="The day of all that changes.")]
    changes: ReformChanges


@asked("registry", "Reform", by="administrator")
class ReformRedraft(Command, kw_only=True):
    """Draft a reform anew, in place of what was drafted before; `reason` says why.

    One that was approved is to be approved again.
    """

    reform_id: ReformId
    effective_on: Annotated[date, Meta(description="The day of all that changes.")]
    changes: ReformChanges


@asked("registry", "Reform", by="administrator")
class ReformApprove(Command, kw_only=True):
    """Agree to a reform that somebody else drafted: it is carried out on its day."""

    reform_id: ReformId


@asked("registry", "Reform", by="administrator policy")
class ReformCarryOut(Command, kw_only=True):
    """Carry out an approved reform whose day has come, all of it or nothing; `reason` says why now.

    It is done without anybody asking, on the day; where it could not be, ask when what held it up
    is mended.
    """

    reform_id: ReformId


@asked("registry", "Reform", by="administrator")
class ReformWithdraw(Command, kw_only=True):
    """Let a reform not be, before it is carried out; `reason` says why."""

    reform_id: ReformId
