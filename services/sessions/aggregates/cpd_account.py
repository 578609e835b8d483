"""A CPD account: one person's points of continuing professional development. Points are awarded
for sessions and taken back with them; the balance is the sum of what was booked, nothing else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from msgspec import Struct

from shared.contracts.definition.visits import CpdRule
from shared.contracts.sessions.cpd import CpdPointsAwarded, CpdPointsReversed
from shared.domain import Aggregate, derived_id, event

HUNDREDTH = Decimal("0.01")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earning:
    """What a session earns a person by one rule, before any cap."""

    health_worker_id: UUID
    programme: str
    rule: CpdRule
    source: UUID
    org_unit_id: UUID
    minutes: int
    fiscal_year: int
    earned_on: date

    @property
    def points(self) -> Decimal:
        """The points for the time they were there, in hundredths, a half rounded up."""
        exact = self.minutes * self.rule.points_per_hour
        return (exact / 60).quantize(HUNDREDTH, ROUND_HALF_UP)

    @property
    def year(self) -> str:
        """What a cap is counted over: a rule of a programme, in one of its fiscal years."""
        return _year(self.programme, self.rule.code, self.fiscal_year)


class Award(Struct, frozen=True, kw_only=True):
    """An award that stands."""

    programme: str
    rule: str
    org_unit_id: UUID
    points: Decimal
    minutes: int
    fiscal_year: int
    earned_on: date

    def is_for(self, earning: Earning) -> bool:
        """Say whether it was given for just this."""
        return (self.rule, self.org_unit_id, self.minutes, self.earned_on) == (
            earning.rule.code,
            earning.org_unit_id,
            earning.minutes,
            earning.earned_on,
        )


def account_id(health_worker_id: UUID) -> UUID:
    """Return the id of the one account of a person."""
    return derived_id("cpd_account", health_worker_id)


class CpdAccount(Aggregate):
    """All the points of one person, in every programme.

    At any time, one award stands for a session and a rule.
    """

    kind = "cpd_account"

    health_worker_id: UUID
    balance: Decimal
    awards: dict[UUID, dict[str, Award]]
    """Those that stand: by their session, then by their rule."""
    booked: dict[str, Decimal]
    """What stands in a year: what its cap is held against."""

    @property
    def key(self) -> UUID:
        """The person."""
        return self.health_worker_id

    @classmethod
    def opened(cls, earnings: Collection[Earning]) -> "CpdAccount | None":
        """Begin a person's account with their first earnings; None if those are worth nothing."""
        worth = [earning for earning in earnings if earning.points]
        if not worth:
            return None
        first, *others = worth
        account = cls.begin(account_id(first.health_worker_id), _award(first, NOTHING, NOTHING))
        for earning in others:
            account._give(earning)
        return account

    def settle(self, source: UUID, earnings: Collection[Earning], on: date) -> None:
        """Have exactly these earnings booked for a session: after it was held, corrected or voided.

        What stands for something else is reversed before anything is awarded, so that a cap is
        held against what remains. What stands rightly is left alone.
        """
        for award in list(self.awards.get(source, {}).values()):
            if not any(award.is_for(earning) for earning in earnings):
                self._take_back(source, award, on)
        for earning in earnings:
            if earning.points and earning.rule.code not in self.awards.get(source, {}):
                self._give(earning)

    def _give(self, earning: Earning) -> None:
        self.record(_award(earning, self.booked.get(earning.year, NOTHING), self.balance))

    def _take_back(self, source: UUID, award: Award, on: date) -> None:
        self.record(
            CpdPointsReversed(
                health_worker_id=self.health_worker_id,
                programme=award.programme,
                rule=award.rule,
                source=source,
                points=award.points,
                balance=self.balance - award.points,
                fiscal_year=award.fiscal_year,
                reversed_on=on,
            )
        )

    @event(CpdPointsAwarded)
    def _awarded(self, event: CpdPointsAwarded) -> None:
        if not hasattr(self, "awards"):  # every account begins with an award
            self.health_worker_id = event.health_worker_id
            self.awards, self.booked = {}, {}
        self.balance = event.balance
        self.awards.setdefault(event.source, {})[event.rule] = Award(
            programme=event.programme,
            rule=event.rule,
            org_unit_id=event.org_unit_id,
            points=event.points,
            minutes=event.minutes,
            fiscal_year=event.fiscal_year,
            earned_on=event.earned_on,
        )
        year = _year(event.programme, event.rule, event.fiscal_year)
        self.booked[year] = self.booked.get(year, NOTHING) + event.points

    @event(CpdPointsReversed)
    def _reversed(self, event: CpdPointsReversed) -> None:
        self.balance = event.balance
        del self.awards[event.source][event.rule]
        if not self.awards[event.source]:
            del self.awards[event.source]
        self.booked[_year(event.programme, event.rule, event.fiscal_year)] -= event.points


def _award(earning: Earning, booked: Decimal, balance: Decimal) -> CpdPointsAwarded:
    """Return an award, cut by what its year's cap has left."""
    cap = earning.rule.cap_per_year
    points = earning.points if cap is None else min(earning.points, max(cap - booked, NOTHING))
    return CpdPointsAwarded(
        health_worker_id=earning.health_worker_id,
        programme=earning.programme,
        rule=earning.rule.code,
        source=earning.source,
        org_unit_id=earning.org_unit_id,
        minutes=earning.minutes,
        points=points,
        withheld=earning.points - points,
        balance=balance + points,
        fiscal_year=earning.fiscal_year,
        earned_on=earning.earned_on,
    )


def _year(programme: str, rule: str, fiscal_year: int) -> str:
    return f"{programme}/{rule}/{fiscal_year}"
