"""What is counted again for a day: events carry how many there were when they were recorded, and
what is recorded late is counted among what had come before it by then, not by its day.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from services.gateway.asof.rows import Key, Row
from services.gateway.projections import (
    ASSESSMENT,
    COMPETENCY_PROGRESS,
    CPD_ACCOUNT,
    CPD_BOOKING,
    MENTEE,
    RECOGNITION,
)
from shared.projection import Table

RowsOf = Callable[[Table], Mapping[Key, Row]]


def _progress(rows: Mapping[Key, Row], rows_of: RowsOf) -> dict[Key, Row]:
    """Return how mentees stand at competencies, by the attempts that stand."""
    attempts: dict[Key, list[Row]] = {}
    for row in rows_of(ASSESSMENT).values():
        if row["voided_on"] is None and not row["formative"]:
            attempts.setdefault((row["mentee_id"], row["competency"]), []).append(row)
    found = {}
    for key, row in rows.items():
        standing = attempts.get(key, [])
        if not standing:
            if any(one[:2] == key for one in rows_of(RECOGNITION)):
                found[key] = row
            continue
        last = max(standing, key=lambda one: (one["assessed_on"], one["attempt"]))
        shown = ("framework", "framework_version", "raw", "max", "technique", "reached")
        found[key] = (
            row
            | {name: last[name] for name in (*shown, "assessed_on")}
            | {"attempts": len(standing)}
        )
    return found


def _mentees(rows: Mapping[Key, Row], rows_of: RowsOf) -> dict[Key, Row]:
    """Return enrolments with how far they have come."""
    of: dict[Any, list[Row]] = {}
    for row in rows_of(COMPETENCY_PROGRESS).values():
        of.setdefault(row["mentee_id"], []).append(row)
    return {key: row | _come(row, of.get(row["id"], [])) for key, row in rows.items()}


def _come(row: Row, progress: list[Row]) -> dict[str, Any]:
    if row["framework"] is None:
        return {}
    since: list[date] = [one["validated_on"] for one in progress if one["validated_on"]]
    every = len(since) == row["competencies"]
    return {
        "validated": len(since),
        "first_validated_on": min(since, default=None),
        "last_assessed_on": max((one["assessed_on"] for one in progress), default=None),
        "fully_validated_on": max(since) if every and since else None,
    }


def _accounts(rows: Mapping[Key, Row], rows_of: RowsOf) -> dict[Key, Row]:
    """Return accounts with what is booked on them."""
    balances: dict[Any, Decimal] = {}
    for booking in rows_of(CPD_BOOKING).values():
        account = booking["account_id"]
        balances[account] = balances.get(account, Decimal(0)) + booking["points"]
    return {
        key: row | {"balance": balances.get(row["id"], Decimal(0))} for key, row in rows.items()
    }


_RECOUNTED = {
    COMPETENCY_PROGRESS.name: _progress,
    CPD_ACCOUNT.name: _accounts,
    MENTEE.name: _mentees,
}


def recounted(table: Table, rows: dict[Key, Row], rows_of: RowsOf) -> dict[Key, Row]:
    """Return a table's rows with what they count, counted again over the rows that are there."""
    count = _RECOUNTED.get(table.name)
    return rows if count is None else count(rows, rows_of)
