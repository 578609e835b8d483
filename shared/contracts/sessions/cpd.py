"""CPD accounts: points of continuing professional development, awarded and reversed; the balance is
the sum of what was booked, and nothing else.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import Code, Event, HealthWorkerId, OrgUnitId, happened, ref

Source = Annotated[UUID, ref("Session", "The session the points are for.")]
Points = Annotated[Decimal, Meta(description="CPD points, in hundredths.")]


@happened("sessions.cpd_account.awarded", subject="health_worker_id")
class CpdPointsAwarded(Event, kw_only=True):
    """A session earned points, by a rule of its programme; once a source and rule.

    Attributes:
        minutes: how long the person was there.
        points: what was booked.
        withheld: what the rule's yearly cap left out.
        balance: of the whole account, after it.
    """

    health_worker_id: HealthWorkerId
    programme: Code
    rule: Code
    source: Source
    org_unit_id: OrgUnitId
    minutes: Annotated[int, Meta(ge=1)]
    points: Points
    withheld: Points = Decimal(0)
    balance: Points
    fiscal_year: int
    earned_on: date


@happened("sessions.cpd_account.reversed", subject="health_worker_id")
class CpdPointsReversed(Event, kw_only=True):
    """The award of a source is taken back: the session was voided or corrected."""

    health_worker_id: HealthWorkerId
    programme: Code
    rule: Code
    source: Source
    points: Points
    balance: Points
    fiscal_year: int
    reversed_on: date
