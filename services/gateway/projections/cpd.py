"""CPD accounts: every booking of points; a balance is the sum of the bookings, and nothing else."""

from collections.abc import Iterator
from decimal import Decimal

from services.gateway.projections.columns import (
    DATE,
    ID,
    INTEGER,
    RECORD,
    TEXT,
    maybe,
    record,
)
from shared.contracts.sessions.cpd import CpdPointsAwarded, CpdPointsReversed
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

POINTS = Column(type="numeric")

CPD_ACCOUNT = Table(
    name="cpd_account",
    version=1,
    key=("id",),
    columns={"id": ID, "health_worker_id": ID, "balance": POINTS, **RECORD},
    indexes=(("health_worker_id",),),
)
"""`balance` is what the last event says; the sum of the account's bookings is the same."""

CPD_BOOKING = Table(
    name="cpd_booking",
    version=3,
    key=("account_id", "number"),
    columns={
        "account_id": ID,
        "number": INTEGER,
        "health_worker_id": ID,
        "programme": TEXT,
        "rule": TEXT,
        "source": ID,
        "settled_for": ID,
        "booked": TEXT,
        "minutes": maybe(INTEGER),
        "points": POINTS,
        "withheld": POINTS,
        "cap": Column(type="numeric", nullable=True),
        "balance": POINTS,
        "fiscal_year": INTEGER,
        "booked_on": DATE,
    },
    indexes=(
        ("health_worker_id", "fiscal_year", "number"),
        ("source", "rule"),
    ),
)
"""`booked` is AWARDED or REVERSED, `points` what it adds to the balance: below zero for a reversal.
`number` is the account's version that it made, `balance` that of the account after it.
`cap` is the most that the rule gives in a year: empty where there is none, it was not kept, or of a
reversal. `settled_for` is the session that led to it: `source`, or another whose year was shared
out anew."""

CPD = Projection("cpd", CPD_ACCOUNT, CPD_BOOKING)


@CPD.on(CpdPointsAwarded)
def awarded(event: CpdPointsAwarded, happening: Happening) -> Iterator[Change]:
    """Book what a session earned."""
    yield Upsert(
        CPD_BOOKING,
        (happening.stream, happening.version),
        {
            "health_worker_id": event.health_worker_id,
            "programme": event.programme,
            "rule": event.rule,
            "source": event.source,
            "settled_for": event.settled_for or event.source,
            "booked": "AWARDED",
            "minutes": event.minutes,
            "points": event.points,
            "withheld": event.withheld,
            "cap": event.cap,
            "balance": event.balance,
            "fiscal_year": event.fiscal_year,
            "booked_on": event.earned_on,
        },
    )
    yield _account(event, happening)


@CPD.on(CpdPointsReversed)
def reversed_(event: CpdPointsReversed, happening: Happening) -> Iterator[Change]:
    """Book back what a session had earned."""
    yield Upsert(
        CPD_BOOKING,
        (happening.stream, happening.version),
        {
            "health_worker_id": event.health_worker_id,
            "programme": event.programme,
            "rule": event.rule,
            "source": event.source,
            "settled_for": event.settled_for or event.source,
            "booked": "REVERSED",
            "points": -event.points,
            "withheld": Decimal(0),
            "balance": event.balance,
            "fiscal_year": event.fiscal_year,
            "booked_on": event.reversed_on,
        },
    )
    yield _account(event, happening)


def _account(event: CpdPointsAwarded | CpdPointsReversed, happening: Happening) -> Change:
    return Upsert(
        CPD_ACCOUNT,
        (happening.stream,),
        {
            "health_worker_id": event.health_worker_id,
            "balance": event.balance,
            **record(happening),
        },
    )
