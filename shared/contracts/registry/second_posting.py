"""Second postings: where a health worker works besides the unit that they are posted at.

The primary posting is one line (`health_worker`); beside it may run any number of others.
"""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import Command, Event, HealthWorkerId, OrgUnitId, asked, happened


class SecondPosting(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A posting beside the primary one; `until` is the first day without it, if it ended."""

    org_unit_id: OrgUnitId
    since: Annotated[date, Meta(description="The first day there.")]
    until: Annotated[date, Meta(description="The first day no longer there.")] | None = None


SecondPostings = Annotated[
    tuple[SecondPosting, ...],
    Meta(max_length=100, description="Every posting beside the primary one, in any order."),
]


@happened("registry.health_worker.second_posting_begun", subject="health_worker_id")
class SecondPostingBegun(Event, kw_only=True):
    """A health worker works at another unit too, since a day."""

    health_worker_id: HealthWorkerId
    org_unit_id: OrgUnitId
    since: date


@happened("registry.health_worker.second_posting_ended", subject="health_worker_id")
class SecondPostingEnded(Event, kw_only=True):
    """A health worker works at that other unit no more; `until` is the first day without it."""

    health_worker_id: HealthWorkerId
    org_unit_id: OrgUnitId
    since: date
    until: date


@happened("registry.health_worker.second_postings_told", subject="health_worker_id")
class SecondPostingsTold(Event, kw_only=True):
    """Where they were posted besides, all of it, in place of what was said before.

    `removed` are those that were on record, and are no more. A reason comes with it.
    """

    health_worker_id: HealthWorkerId
    postings: SecondPostings = ()
    removed: SecondPostings = ()


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerBeginSecondPosting(Command, kw_only=True):
    """Post a health worker at a second unit too, since the day it occurred on.

    Who may act for them goes by their primary posting; they may mentor, and be mentored, at both.
    """

    health_worker_id: HealthWorkerId
    org_unit_id: OrgUnitId


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerEndSecondPosting(Command, kw_only=True):
    """End a posting beside the primary one: the day it occurred on is the first without it."""

    health_worker_id: HealthWorkerId
    org_unit_id: OrgUnitId


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerCorrectSecondPostings(Command, kw_only=True):
    """Say anew where a health worker was posted besides, all of it; `reason` says why.

    Without any, they never were.
    """

    health_worker_id: HealthWorkerId
    postings: SecondPostings = ()
