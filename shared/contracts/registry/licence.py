"""Licences of health workers: what they may practise by, from whom, and from when until when."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Command,
    Event,
    HealthWorkerId,
    asked,
    happened,
    ref,
)

LicenceId = Annotated[UUID, ref("Licence")]


class LicenceTerms(Struct, frozen=True, kw_only=True, rename="camel"):
    """A licence as its paper has it; a date that it does not tell is left out."""

    issuing_body: Annotated[
        str, Meta(min_length=1, max_length=100, description="The council or board that issued it.")
    ]
    number: Annotated[str, Meta(min_length=1, max_length=60, description="The licence's number.")]
    valid_from: Annotated[date, Meta(description="The first day that it holds.")] | None = None
    valid_until: Annotated[date, Meta(description="The last day that it holds.")] | None = None


Licences = Annotated[
    tuple[LicenceTerms, ...],
    Meta(max_length=10, description="What they may practise by.", extra={"personal": True}),
]
Terms = Annotated[
    LicenceTerms, Meta(description="The licence as its paper has it.", extra={"personal": True})
]
Withdrawn = Annotated[
    date, Meta(description="The first day that it was withdrawn.", extra={"personal": True})
]


@happened("registry.health_worker.licence_told", subject="health_worker_id")
class LicenceTold(Event, kw_only=True):
    """A health worker has a licence; erased with the person, its terms are empty."""

    health_worker_id: HealthWorkerId
    licence_id: LicenceId
    terms: Terms | None = None


@happened("registry.health_worker.licence_renewed", subject="health_worker_id")
class LicenceRenewed(Event, kw_only=True):
    """A licence holds on, by these terms; what it said before, it said until then."""

    health_worker_id: HealthWorkerId
    licence_id: LicenceId
    terms: Terms | None = None


@happened("registry.health_worker.licence_withdrawn", subject="health_worker_id")
class LicenceWithdrawn(Event, kw_only=True):
    """A licence was withdrawn by who issued it; the event's reason says why."""

    health_worker_id: HealthWorkerId
    licence_id: LicenceId
    withdrawn_on: Withdrawn | None = None


@happened("registry.health_worker.licence_corrected", subject="health_worker_id")
class LicenceCorrected(Event, kw_only=True):
    """What was said of a licence was wrong, and this is right; the event's reason says why.

    `given_up`: they never had it. `withdrawn`: it was, on `withdrawn_on`.
    """

    health_worker_id: HealthWorkerId
    licence_id: LicenceId
    terms: Terms | None = None
    withdrawn_on: Withdrawn | None = None
    given_up: bool = False
    withdrawn: bool = False


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerTellLicence(Command, kw_only=True):
    """Say that a health worker has a licence: from which body, by which number, until when."""

    licence_id: Annotated[UUID, ref("Licence", "Its id, if the client makes it.")] | None = None
    health_worker_id: HealthWorkerId
    terms: Terms


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerRenewLicence(Command, kw_only=True):
    """Say that a licence was renewed, by which terms it holds now."""

    health_worker_id: HealthWorkerId
    licence_id: LicenceId
    terms: Terms


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerWithdrawLicence(Command, kw_only=True):
    """Say that a licence was withdrawn, since the day it occurred on; `reason` says why."""

    health_worker_id: HealthWorkerId
    licence_id: LicenceId


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerCorrectLicence(Command, kw_only=True):
    """Say anew what a licence is, all of it; `reason` says why.

    Without `terms` they never had it; without `withdrawnOn` it was not withdrawn.
    """

    health_worker_id: HealthWorkerId
    licence_id: LicenceId
    terms: Terms | None = None
    withdrawn_on: Withdrawn | None = None
