"""Access grants: who may do what, where, from when to when; given and revoked as facts."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import (
    AccessGrantId,
    Code,
    Command,
    Event,
    GroupId,
    HealthWorkerId,
    Instant,
    NewId,
    OrgUnitId,
    asked,
    happened,
    later,
    ref,
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
    BREAK_GLASS = "BREAK_GLASS"


class GlassOutcome(StrEnum):
    """What whoever looked into it holds of a grant that somebody took in an emergency.

    JUSTIFIED: there was an emergency, and what was read was needed in it. NOT_JUSTIFIED: there was
    none, or more was read; what follows is decided elsewhere.
    """

    JUSTIFIED = "JUSTIFIED"
    NOT_JUSTIFIED = "NOT_JUSTIFIED"


Subject = Annotated[
    str, Meta(min_length=1, max_length=200, description="The `sub` of the tokens of its holder.")
]


@happened("registry.access_grant.given")
class AccessGrantGiven(Event, kw_only=True):
    """A token subject holds a role, over an org unit and all below it, or everywhere.

    `health_worker_id` says who they are: what is a person's own, such as a journal, opens to the
    holder of such a grant alone. `own_mentorships`: it reaches the holder's own mentorships and the
    people in them alone, wherever they lie in the unit.
    """

    subject_name: Subject
    role: Role
    org_unit_id: OrgUnitId | None = None
    programme: Code | None = None
    health_worker_id: HealthWorkerId | None = None
    since: date
    until: date | None = None
    own_mentorships: bool = False


@happened("registry.access_grant.given_over_group")
class AccessGrantGivenOverGroup(Event, kw_only=True):
    """A token subject holds a role over the org units of a group and all below them, as they belong
    to it on the day that is asked about.

    No field of `AccessGrantGiven` says so: a release that did not know it would take the grant for
    one over everything.
    """

    subject_name: Subject
    role: Role
    group_id: GroupId
    programme: Code | None = None
    health_worker_id: HealthWorkerId | None = None
    since: date
    until: date | None = None
    own_mentorships: bool = False


@happened("registry.access_grant.glass_broken", subject="health_worker_id")
class AccessGlassBroken(Event, kw_only=True):
    """A token subject took leave, in an emergency, to read of people where they hold no grant.

    It is over `health_worker_id`'s record alone, who is not its holder, or, where that says
    nobody, over the org unit and all below it. Why, the event's circumstances say, sealed.

    Attributes:
        org_unit_id: where that is: whose coordinators are shown it.
        until: the last day it may open anything.
        ends: the instant from which on it opens nothing.
    """

    subject_name: Subject
    org_unit_id: OrgUnitId
    health_worker_id: HealthWorkerId | None = None
    since: date
    until: date
    ends: Instant


@happened("registry.access_grant.glass_reviewed", subject="health_worker_id")
class AccessGlassReviewed(Event, kw_only=True):
    """Somebody else looked into a grant that was taken in an emergency, when it was over.

    What they found, the event's reason says, sealed. A later review stands in place of this one.

    Attributes:
        health_worker_id: over whose record it was; None: over a unit.
        reviewed_by: the subject of their token.
    """

    health_worker_id: HealthWorkerId | None = None
    outcome: GlassOutcome
    reviewed_by: Subject


@happened("registry.access_grant.revoked")
class AccessGrantRevoked(Event, kw_only=True):
    """The grant ends: from that day on it allows nothing."""

    since: date


@happened("registry.access_grant.restored")
class AccessGrantRestored(Event, kw_only=True):
    """What the grant ended with was not so: it allows what it allowed before.

    `revoked` is the day from which on it was said to allow nothing.
    """

    revoked: date


@asked("registry", "AccessGrant", by="operator administrator")
class AccessGrantGive(Command, kw_only=True):
    """Give a role to a token subject, from the day it occurred on.

    It is over an org unit and all below it, or over the org units that belong to a group, as they
    do from day to day; over neither: everywhere.

    A mentor's reaches their own mentorships and the people in them, unless they stand in for the
    others there. One that does not say which health worker its holder is can tell nobody's own from
    others': it stands in for all until 30 June 2027, and is refused from then on.
    """

    id: NewId = None
    subject_name: Subject
    role: Role
    org_unit_id: OrgUnitId | None = None
    programme: Code | None = None
    health_worker_id: (
        Annotated[UUID, ref("HealthWorker", "The health worker that the holder is.")] | None
    ) = None
    until: Annotated[date, Meta(description="The last day it holds.")] | None = None
    stands_in: Annotated[
        bool, later("A mentor's: it reaches all mentorships in the unit, as if they were theirs.")
    ] = False
    group_id: (
        Annotated[
            UUID,
            Meta(
                extra={"ref": "Group", "later": True},
                description="Over the units of this group; then no unit is named.",
            ),
        ]
        | None
    ) = None


@asked("registry", "AccessGrant", by="operator administrator coordinator mentor")
class AccessBreakGlass(Command, kw_only=True):
    """Take leave to read of people where you hold no grant, in an emergency, for some hours.

    It is for who holds a grant elsewhere in the same country as an administrator, a coordinator or
    a mentor. It shows records and personal fields, of one health worker or of an org unit and all
    below it, writes nothing, and ends by itself. It needs a `reason`; it stands in `brokenGlass`
    of whoever coordinates there and of the person, until somebody else has looked into it; what is
    read by it is marked in `accessEvents`.
    """

    id: NewId = None
    health_worker_id: (
        Annotated[UUID, ref("HealthWorker", "Of this health worker alone; then no unit is named.")]
        | None
    ) = None
    org_unit_id: (
        Annotated[UUID, ref("OrgUnit", "Of this unit and all below it; then nobody is named.")]
        | None
    ) = None
    hours: Annotated[int, Meta(ge=1, le=24, description="For how long: 1 to 24 hours.")] = 4


@asked("registry", "BrokenGlass", by="operator administrator coordinator auditor")
class AccessBreakGlassReview(Command, kw_only=True):
    """Say what you found of a grant that somebody else took in an emergency, when it is over.

    `reason` says what you looked into, sealed as the reason of whoever took it. Who looked before
    you may have held otherwise: what is said last stands, and nothing is lost.
    """

    access_grant_id: AccessGrantId
    outcome: Annotated[GlassOutcome, Meta(description="Whether it was right to take it.")]


@asked("registry", "AccessGrant", by="operator administrator")
class AccessGrantRevoke(Command, kw_only=True):
    """End a grant from the day it occurred on."""

    access_grant_id: AccessGrantId
