"""Health workers: who they are, what they are trained as, and where they are posted since when."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Command,
    Event,
    HealthWorkerId,
    NewId,
    OrgUnitId,
    PersonalText,
    asked,
    happened,
)


class Identifier(Struct, frozen=True, kw_only=True, rename="camel"):
    """A number that somebody else knows the person by, unique within its system."""

    system: Annotated[str, Meta(min_length=1, max_length=40, description="NID, NCNM, KMPDC, …")]
    value: Annotated[str, Meta(min_length=1, max_length=60, description="The number itself.")]


Identifiers = Annotated[
    tuple[Identifier, ...],
    Meta(max_length=10, description="Numbers they are known by.", extra={"personal": True}),
]
Phone = Annotated[
    str,
    Meta(
        pattern=r"^\+?[0-9 ]{6,20}$",
        description="A phone number, with the country's prefix.",
        extra={"personal": True},
    ),
]
Cadre = Annotated[str, Meta(min_length=1, max_length=60, description="Nurse, midwife, doctor, …")]


@happened("registry.health_worker.registered", subject="health_worker_id")
class HealthWorkerRegistered(Event, kw_only=True):
    """A health worker is known, with a first posting."""

    health_worker_id: HealthWorkerId
    number: Code | None = None
    given_names: PersonalText
    family_name: PersonalText
    phone: Phone | None = None
    identifiers: Identifiers = ()
    cadre: Cadre
    org_unit_id: OrgUnitId
    since: date


@happened("registry.health_worker.transferred", subject="health_worker_id")
class HealthWorkerTransferred(Event, kw_only=True):
    """A health worker is posted elsewhere since a day; the posting before ends the day before."""

    health_worker_id: HealthWorkerId
    from_org_unit_id: OrgUnitId
    org_unit_id: OrgUnitId
    since: date


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerRegister(Command, kw_only=True):
    """Register a health worker, posted where they work since the day it occurred on."""

    id: NewId = None
    number: Code | None = None
    given_names: PersonalText
    family_name: PersonalText
    phone: Phone | None = None
    identifiers: Identifiers = ()
    cadre: Cadre
    org_unit_id: OrgUnitId


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerTransfer(Command, kw_only=True):
    """Post a health worker elsewhere, since the day it occurred on."""

    health_worker_id: HealthWorkerId
    org_unit_id: OrgUnitId
