"""What a person's CPD accounts come to together, where records of theirs were merged.

Each account keeps a rule's yearly cap by itself, and merging moves nothing between them. So what
the two have beyond a cap, or have both of one session, is told when they are read as one: no
booking is made of it, and it is gone once they are two people's again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

NOTHING = Decimal(0)


def beyond_the_caps(bookings: Iterable[Mapping[str, Any]]) -> dict[int, Decimal]:
    """Return by fiscal year what does not count of a person's bookings, on all of their accounts.

    A cap is filled by a year's sessions in the order of their days, as in one account; an award is
    cut by what its own cap has left after those before it.

    Args:
        bookings: rows of `CPD_BOOKING`, those of an account in their order.
    """
    standing: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for row in bookings:
        place = row["account_id"], row["source"], row["rule"]
        if row["booked"] == "AWARDED":
            standing[place] = row
        else:
            standing.pop(place, None)
    over: dict[int, Decimal] = defaultdict(Decimal)
    for (year, _, _), awards in groupby(sorted(standing.values(), key=_in_order), _year_of_rule):
        beyond = _beyond(awards)
        if beyond:
            over[year] += beyond
    return dict(over)


def _year_of_rule(row: Mapping[str, Any]) -> tuple[int, str, str]:
    return row["fiscal_year"], row["programme"], row["rule"]


def _in_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    # Of one session under both names the award that is worth more comes first, and counts.
    worth = row["points"] + row["withheld"]
    return *_year_of_rule(row), row["booked_on"], row["source"], -worth, row["account_id"]


def _beyond(awards: Iterable[Mapping[str, Any]]) -> Decimal:
    booked = counted = NOTHING
    seen: set[Any] = set()
    for row in awards:
        booked += row["points"]
        if row["source"] in seen:
            continue
        seen.add(row["source"])
        worth, cap = row["points"] + row["withheld"], row["cap"]
        counted += worth if cap is None else min(worth, max(cap - counted, NOTHING))
    return booked - counted
