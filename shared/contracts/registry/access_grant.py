"""Access grants: who may do what, where, from when to when; given and revoked as facts."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import (
    AccessGrantId,
    Code,
    Command,
    Event,
    NewId,
    OrgUnitId,
    asked,
    happened,
)


class Role(StrEnum):
    """What one may do, within the org unit and the programme of the grant."""

    OPERATOR = "OPERATOR"
    ADMINISTRATOR = "ADMINISTRATOR"
    COORDINATOR = "COORDINATOR"
    MENTOR = "MENTOR"
    MENTEE = "MENTEE"
    VIEWER = "VIEWER"
    AUDITOR = "AUDITOR"


Subject = Annotated[
    str, Meta(min_length=1, max_length=200, description="The `sub` of the tokens of its holder.")
]


@happened("registry.access_grant.given")
class AccessGrantGiven(Event, kw_only=True):
    """A token subject holds a role, over an org unit and all below it, or everywhere."""

    subject_name: Subject
    role: Role
    org_unit_id: OrgUnitId | None = None
    programme: Code | None = None
    since: date
    until: date | None = None


@happened("registry.access_grant.revoked")
class AccessGrantRevoked(Event, kw_only=True):
    """The grant ends: from that day on it allows nothing."""

    since: date


@asked("registry", "AccessGrant", by="operator administrator")
class AccessGrantGive(Command, kw_only=True):
    """Give a role to a token subject, from the day it occurred on."""

    id: NewId = None
    subject_name: Subject
    role: Role
    org_unit_id: OrgUnitId | None = None
    programme: Code | None = None
    until: Annotated[date, Meta(description="The last day it holds.")] | None = None


@asked("registry", "AccessGrant", by="operator administrator")
class AccessGrantRevoke(Command, kw_only=True):
    """End a grant from the day it occurred on."""

    access_grant_id: AccessGrantId
