"""CPD statements: what stood on an account, what was booked, and what stands there now.

A balance is summed up from the bookings, here as everywhere; nothing else keeps one.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import strawberry

from services.gateway.figures.accounts import beyond_the_caps
from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import one
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.session import Session
from services.gateway.projections import ALIAS, CPD_BOOKING, HEALTH_WORKER
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
    c_health_worker_id: strawberry.Private[UUID]
    c_settled_for: strawberry.Private[UUID]
    number: int = strawberry.field(description="Its number in its record's account, from 1.")
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
    balance: Decimal = strawberry.field(description="Of its record's account, after it.")
    record: HealthWorker | None = one(
        "HealthWorker",
        by="health_worker_id",
        description="The record of the person on whose account it is, if in your scope: several "
        "were merged.",
    )
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
    description="A health worker's CPD account: of one fiscal year, or from the first. Where "
    "records of theirs were merged, it is that of the person, under whichever name it is asked for."
)
class CpdStatement:
    """Opening balance, bookings, closing balance."""

    c_health_worker_id: strawberry.Private[UUID]
    fiscal_year: int | None = strawberry.field(description="The year; null: all of them.")
    opening: Decimal = strawberry.field(description="The same of all earlier years.")
    bookings: list[CpdBooking] = strawberry.field(description="What was booked, in order.")
    beyond_caps: Decimal = strawberry.field(
        description="What of these bookings does not count: what the accounts of merged records "
        "have together beyond a rule's yearly cap, or have both of one session; else 0."
    )
    closing: Decimal = strawberry.field(
        description="The opening balance and all bookings, without what is beyond the caps."
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Whose account it is, if in your scope."
    )


_SEEN = 'SELECT 1 FROM "{worker}" t WHERE t.id = {person} AND {scope}'

_BOOKINGS = """
WITH person AS (
  SELECT COALESCE((SELECT into_id FROM "{alias}" WHERE alias_id = $1), $1) AS id),
records AS (
  SELECT id FROM person UNION SELECT a.alias_id FROM "{alias}" a JOIN person p ON a.into_id = p.id)
SELECT account_id, health_worker_id, source, settled_for, number, booked, booked_on, fiscal_year,
       programme, rule, minutes, points, withheld, cap, balance
  FROM "{booking}" JOIN records ON records.id = health_worker_id
 WHERE $2::integer IS NULL OR fiscal_year <= $2
 ORDER BY health_worker_id <> (SELECT id FROM person), health_worker_id, number
"""


async def cpd_statement(
    reader: Reader, person: UUID, fiscal_year: int | None
) -> CpdStatement | None:
    """Sum up a person's account; None where the reader neither sees them nor is them."""
    if not await _may_see(reader, person):
        return None
    text = _BOOKINGS.format(booking=CPD_BOOKING.physical, alias=ALIAS.physical)
    rows = await reader.fetch(text, person, fiscal_year)
    of_year = [row for row in rows if fiscal_year is None or row["fiscal_year"] == fiscal_year]
    several = len({row["account_id"] for row in rows}) > 1
    over = beyond_the_caps(rows) if several else {}
    beyond = sum((over[year] for year in over if fiscal_year in (None, year)), Decimal(0))
    closing = sum((row["points"] for row in rows), Decimal(0)) - sum(over.values(), Decimal(0))
    return CpdStatement(
        c_health_worker_id=person,
        fiscal_year=fiscal_year,
        opening=closing + beyond - sum((row["points"] for row in of_year), Decimal(0)),
        bookings=[_booking(row) for row in of_year],
        beyond_caps=beyond,
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
    told = {key: value for key, value in row.items() if key not in ("account_id", "cap")}
    return CpdBooking(
        c_source=told.pop("source"),
        c_settled_for=told.pop("settled_for"),
        c_health_worker_id=told.pop("health_worker_id"),
        booked=CpdBooked(told.pop("booked")),
        **told,
    )
