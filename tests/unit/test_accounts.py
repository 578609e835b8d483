"""CPD accounts of one person under two names, read as one: each session once, each cap once."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.figures.accounts import beyond_the_caps
from services.sessions.aggregates.cpd_award import Award, share_out

HERS, OTHER = UUID(int=1), UUID(int=2)
UNIT = UUID(int=3)


def awarded(account: UUID, source: int, points: str, **more: Any) -> dict[str, Any]:
    return {
        "account_id": account,
        "source": UUID(int=source),
        "rule": "MENTORING",
        "programme": "P",
        "booked": "AWARDED",
        "booked_on": date(2020, 1, source % 28 + 1),
        "fiscal_year": 2020,
        "points": Decimal(points),
        "withheld": Decimal(0),
        "cap": Decimal(10),
    } | more


def test_two_accounts_have_one_cap_together() -> None:
    rows = [awarded(HERS, 1, "6"), awarded(OTHER, 2, "6")]
    assert beyond_the_caps(rows) == {2020: Decimal(2)}


def test_a_rule_without_a_cap_gives_all_of_both() -> None:
    rows = [awarded(HERS, 1, "6", cap=None), awarded(OTHER, 2, "6", cap=None)]
    assert beyond_the_caps(rows) == {}


def test_who_is_named_twice_at_one_session_was_there_once() -> None:
    rows = [awarded(HERS, 1, "1"), awarded(OTHER, 1, "2")]
    assert beyond_the_caps(rows) == {2020: Decimal(1)}


def test_what_was_taken_back_fills_no_cap() -> None:
    gone = awarded(HERS, 1, "-6", booked="REVERSED")
    rows = [awarded(HERS, 1, "6"), gone, awarded(OTHER, 2, "6")]
    assert beyond_the_caps(rows) == {}


def test_each_year_and_each_rule_has_a_cap_of_its_own() -> None:
    rows = [
        awarded(HERS, 1, "6"),
        awarded(OTHER, 2, "6", fiscal_year=2021),
        awarded(OTHER, 3, "6", rule="OTHER"),
    ]
    assert beyond_the_caps(rows) == {}


worths = st.lists(st.tuples(st.booleans(), st.integers(1, 8)), max_size=10)


@given(worths=worths, cap=st.none() | st.integers(1, 20))
def test_two_accounts_come_to_what_one_would(
    worths: list[tuple[bool, int]], cap: int | None
) -> None:
    most = None if cap is None else Decimal(cap)
    awards = {
        (UUID(int=number), "MENTORING"): (
            hers,
            Award(
                programme="P",
                rule="MENTORING",
                org_unit_id=UNIT,
                points=Decimal(worth),
                withheld=Decimal(0),
                minutes=60,
                fiscal_year=2020,
                earned_on=date(2020, 1, number % 28 + 1),
                cap=most,
                cap_kept=True,
            ),
        )
        for number, (hers, worth) in enumerate(worths)
    }
    one_account = share_out({place: award for place, (_, award) in awards.items()}, {})
    rows = []
    for account in (HERS, OTHER):
        own = {place: award for place, (hers, award) in awards.items() if hers is (account is HERS)}
        rows += [
            awarded(
                account,
                source.int,
                str(award.points),
                withheld=award.withheld,
                booked_on=award.earned_on,
                cap=award.cap,
            )
            for (source, _), award in share_out(own, {}).items()
        ]
    booked = sum((row["points"] for row in rows), Decimal(0))
    closing = booked - sum(beyond_the_caps(rows).values(), Decimal(0))
    assert closing == sum((award.points for award in one_account.values()), Decimal(0))
