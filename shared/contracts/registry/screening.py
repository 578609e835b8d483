"""Screenings: the whole register held against itself, block by block, for who is in it twice."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Command,
    Event,
    HealthWorkerId,
    NewId,
    OrgUnitId,
    asked,
    happened,
    ref,
)

ScreeningId = Annotated[UUID, ref("Screening")]
Mark = Annotated[
    str,
    Meta(
        pattern=r"^-?[0-9]{1,19}$",
        description="How far it is, in the order in which the register is screened.",
    ),
]


class PossiblePair(Struct, frozen=True, kw_only=True, rename="camel"):
    """Two records that may be of one person."""

    health_worker_id: HealthWorkerId
    other_id: HealthWorkerId


Pairs = Annotated[
    tuple[PossiblePair, ...],
    Meta(max_length=20_000, description="The pairs that were come upon."),
]


@happened("registry.screening.begun")
class ScreeningBegun(Event, kw_only=True):
    """The register is being screened; names are compared by the nicknames of `org_unit_id`."""

    org_unit_id: OrgUnitId | None = None
    since: date


@happened("registry.screening.advanced")
class ScreeningAdvanced(Event, kw_only=True):
    """All blocks until `up_to` are screened.

    Attributes:
        done: which part of all that is, in thousandths.
        looked: places in blocks that were looked at since it began; most people have several.
        found: pairs that were come upon since it began; one of several blocks counts in each step.
        pairs: those of this step, which are looked at one by one, and suspected if they are new.
    """

    up_to: Mark
    done: Annotated[int, Meta(ge=0, le=1000)]
    looked: Annotated[int, Meta(ge=0)]
    found: Annotated[int, Meta(ge=0)]
    pairs: Pairs = ()


@happened("registry.screening.ended")
class ScreeningEnded(Event, kw_only=True):
    """It is through; or somebody stopped it before, and the event's reason says why."""

    ended_on: date
    stopped: bool = False


@asked("registry", "Screening", by="administrator")
class ScreeningBegin(Command, kw_only=True):
    """Have the whole register screened for people who are in it twice, in the background.

    One screening runs at a time. It goes on by itself, whatever is restarted, and suspects no pair
    again that was suspected or dismissed before.
    """

    id: NewId = None
    org_unit_id: Annotated[
        OrgUnitId | None,
        Meta(description="The country by whose list of nicknames names are compared."),
    ] = None


@asked("registry", "Screening", by="administrator policy")
class ScreeningGoOn(Command, kw_only=True):
    """Screen the next blocks; a policy asks for it until there are none."""

    screening_id: ScreeningId


@asked("registry", "Screening", by="administrator")
class ScreeningStop(Command, kw_only=True):
    """Stop a screening before its end; `reason` says why, what was found stays."""

    screening_id: ScreeningId
