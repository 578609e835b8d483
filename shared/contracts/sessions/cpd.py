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
SettledFor = Annotated[
    UUID | None,
    ref(
        "Session",
        "The session whose logging, correction, voiding or reinstatement led to it; not the source"
        " where the year's cap was shared out anew.",
    ),
]
Points = Annotated[Decimal, Meta(description="CPD points, in hundredths.")]


@happened("sessions.cpd_account.awarded", subject="health_worker_id")
class CpdPointsAwarded(Event, kw_only=True):
    """A session earned points, by a rule of its programme; once a source and rule.

    A rule's yearly cap is filled by the year's sessions in the order of their days. So another
    session that is told, corrected, voided or reinstated may have this award reversed, and awarded
    anew with more or fewer points.

    Attributes:
        minutes: how long the person was there.
        points: what was booked.
        withheld: what the rule's yearly cap left out.
        balance: of the whole account, after it.
        cap: the most that the rule gives in a year; none: no cap, or not kept when it was recorded.
        settled_for: none: neither this nor the cap was kept when it was recorded.
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
    cap: Points | None = None
    settled_for: SettledFor = None


@happened("sessions.cpd_account.reversed", subject="health_worker_id")
class CpdPointsReversed(Event, kw_only=True):
    """The award of a source is taken back: the session was voided or corrected, or the cap of its
    year is shared out anew because another one was told, corrected, voided or reinstated.
    """

    health_worker_id: HealthWorkerId
    programme: Code
    rule: Code
    source: Source
    points: Points
    balance: Points
    fiscal_year: int
    reversed_on: date
    settled_for: SettledFor = None
