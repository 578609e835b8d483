"""CPD statements: what stood on an account, what was booked, and what stands there now.

A balance is summed up from the bookings, here as everywhere; nothing else keeps one.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import strawberry

from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import one
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.session import Session
from services.gateway.projections import CPD_BOOKING, HEALTH_WORKER
from services.gateway.read.declare import models
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement, in_scope
from shared.access.grants import Read


@graphql_enum
class CpdBooked(StrEnum):
    """Which way points go."""

    AWARDED = "AWARDED"
    REVERSED = "REVERSED"


@strawberry.type(description="Points put on an account, or taken off it.")
class CpdBooking:
    """One booking."""

    c_source: strawberry.Private[UUID]
    c_settled_for: strawberry.Private[UUID]
    number: int = strawberry.field(description="Its number in the account, from 1.")
    booked: CpdBooked = strawberry.field(description="Awarded, or taken back.")
    booked_on: date = strawberry.field(description="The day it was earned, or taken back.")
    fiscal_year: int = strawberry.field(description="The programme's year it counts in.")
    programme: str = strawberry.field(description="The programme's code.")
    rule: str = strawberry.field(description="The code of the programme's rule.")
    minutes: int | None = strawberry.field(
        description="How long they were there; null where it is taken back."
    )
    points: Decimal = strawberry.field(
        description="What it adds to the balance: below zero where it is taken back."
    )
    withheld: Decimal = strawberry.field(description="What the rule's yearly cap left out.")
    balance: Decimal = strawberry.field(description="Of the whole account, after it.")
    session: Session | None = one(
        "Session", by="source", description="The session it is for, if in your scope."
    )
    settled_for: Session | None = one(
        "Session",
        by="settled_for",
        description="The session that led to it, if in your scope: the same, or another of its year"
        " that was told, corrected, voided or reinstated, so that the cap was shared out anew.",
    )


@strawberry.type(
    description="A health worker's CPD account: of one fiscal year, or from the first."
)
class CpdStatement:
    """Opening balance, bookings, closing balance."""

    c_health_worker_id: strawberry.Private[UUID]
    fiscal_year: int | None = strawberry.field(description="The year; null: all of them.")
    opening: Decimal = strawberry.field(description="The sum of all bookings of earlier years.")
    bookings: list[CpdBooking] = strawberry.field(description="What was booked, in order.")
    closing: Decimal = strawberry.field(description="The opening balance and all bookings.")
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Whose account it is, if in your scope."
    )


_SEEN = 'SELECT 1 FROM "{worker}" t WHERE t.id = {person} AND {scope}'

_BOOKINGS = """
SELECT source, settled_for, number, booked, booked_on, fiscal_year, programme, rule, minutes,
       points, withheld, balance
  FROM "{booking}" WHERE health_worker_id = $1 AND ($2::integer IS NULL OR fiscal_year <= $2)
 ORDER BY number
"""


async def cpd_statement(
    reader: Reader, person: UUID, fiscal_year: int | None
) -> CpdStatement | None:
    """Sum up a person's account; None where the reader neither sees them nor is them."""
    if not await _may_see(reader, person):
        return None
    text = _BOOKINGS.format(booking=CPD_BOOKING.physical)
    rows = await reader.fetch(text, person, fiscal_year)
    of_year = [row for row in rows if fiscal_year is None or row["fiscal_year"] == fiscal_year]
    closing = sum((row["points"] for row in rows), Decimal(0))
    return CpdStatement(
        c_health_worker_id=person,
        fiscal_year=fiscal_year,
        opening=closing - sum((row["points"] for row in of_year), Decimal(0)),
        bookings=[_booking(row) for row in of_year],
        closing=closing,
    )


async def _may_see(reader: Reader, person: UUID) -> bool:
    if person in reader.scopes[Read.RECORDS].people:
        return True
    s = Statement()
    text = _SEEN.format(
        worker=HEALTH_WORKER.physical,
        person=s.bind(person, "uuid"),
        scope=in_scope(models["HealthWorker"], reader.scopes, s),
    )
    return bool(await reader.fetch(text, *s.binds))


def _booking(row: Any) -> CpdBooking:
    told = dict(row)
    return CpdBooking(
        c_source=told.pop("source"),
        c_settled_for=told.pop("settled_for"),
        booked=CpdBooked(told.pop("booked")),
        **told,
    )
