"""A CPD account: one person's points of continuing professional development. Points are awarded
for sessions and taken back with them; the balance is the sum of what was booked, nothing else.
After each change, what stands is what a year's sessions earn together.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from services.sessions.aggregates.cpd_award import NOTHING, Award, Caps, Place, share_out, year_of
from shared.contracts.definition.visits import CpdRule
from shared.contracts.sessions.cpd import CpdPointsAwarded, CpdPointsReversed
from shared.domain import Aggregate, derived_id, event

HUNDREDTH = Decimal("0.01")


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

    def led_to(self, award: Award) -> bool:
        """Say whether an award was given for just this, and by the same rule."""
        cap = award.cap if award.cap_kept else self.rule.cap_per_year
        given = award.org_unit_id, award.minutes, award.earned_on, award.worth, cap
        return given == (
            self.org_unit_id,
            self.minutes,
            self.earned_on,
            self.points,
            self.rule.cap_per_year,
        )

    def award(self) -> Award:
        """Return the award that it is worth, before any cap."""
        return Award(
            programme=self.programme,
            rule=self.rule.code,
            org_unit_id=self.org_unit_id,
            points=self.points,
            withheld=NOTHING,
            minutes=self.minutes,
            fiscal_year=self.fiscal_year,
            earned_on=self.earned_on,
            cap=self.rule.cap_per_year,
            cap_kept=True,
        )


def account_id(health_worker_id: UUID) -> UUID:
    """Return the id of the one account of a person."""
    return derived_id("cpd_account", health_worker_id)


class CpdAccount(Aggregate):
    """All the points of one person, in every programme.

    At any time, one award stands for a session and a rule.
    """

    kind = "cpd_account"
    fold_version = 2

    health_worker_id: UUID
    balance: Decimal
    awards: dict[UUID, dict[str, Award]]
    """Those that stand: by their session, then by their rule."""
    booked: dict[str, Decimal]
    """What stands in a year, by its programme, rule and number."""

    @property
    def key(self) -> UUID:
        """The person."""
        return self.health_worker_id

    @classmethod
    def opened(cls, earnings: Collection[Earning]) -> "CpdAccount | None":
        """Begin a person's account with their first earnings; None if those are worth nothing."""
        due = {(one.source, one.rule.code): one.award() for one in earnings if one.points}
        if not due:
            return None
        person = next(iter(earnings)).health_worker_id
        (place, first), *others = share_out(due, {}).items()
        began = _awarded(person, place, first, before=NOTHING, settled_for=place[0])
        account = cls.begin(account_id(person), began)
        for place, award in others:
            account._give(place, award, place[0])
        return account

    def settle(
        self, source: UUID, earnings: Collection[Earning], on: date, caps: Caps | None = None
    ) -> None:
        """Have exactly these earnings booked for a session: after it was held, corrected or voided.

        Every year is then shared out anew among the sessions that stand (`share_out`). What stands
        otherwise is reversed before anything is awarded, so that no cap is passed in between. What
        stands rightly is left alone.

        Args:
            caps: of the session's programme, for awards whose events did not keep any.
        """
        standing = dict(self._standing())
        due = {place: award for place, award in standing.items() if place[0] != source}
        for earning in earnings:
            place = source, earning.rule.code
            stood = standing.get(place)
            if stood is not None and earning.led_to(stood):
                due[place] = stood
            elif earning.points:
                due[place] = earning.award()
        shared = share_out(due, caps or {})
        for place, award in standing.items():
            if shared.get(place) != award:
                self._take_back(place, award, on, source)
        for place, award in shared.items():
            if standing.get(place) != award:
                self._give(place, award, source)

    def _standing(self) -> Iterator[tuple[Place, Award]]:
        for source, by_rule in self.awards.items():
            for rule, award in by_rule.items():
                yield (source, rule), award

    def _give(self, place: Place, award: Award, settled_for: UUID) -> None:
        person, before = self.health_worker_id, self.balance
        self.record(_awarded(person, place, award, before=before, settled_for=settled_for))

    def _take_back(self, place: Place, award: Award, on: date, settled_for: UUID) -> None:
        source, rule = place
        self.record(
            CpdPointsReversed(
                health_worker_id=self.health_worker_id,
                programme=award.programme,
                rule=rule,
                source=source,
                points=award.points,
                balance=self.balance - award.points,
                fiscal_year=award.fiscal_year,
                reversed_on=on,
                settled_for=settled_for,
            )
        )

    @event(CpdPointsAwarded)
    def _was_awarded(self, event: CpdPointsAwarded) -> None:
        if not hasattr(self, "awards"):  # every account begins with an award
            self.health_worker_id = event.health_worker_id
            self.awards, self.booked = {}, {}
        self.balance = event.balance
        self.awards.setdefault(event.source, {})[event.rule] = Award(
            programme=event.programme,
            rule=event.rule,
            org_unit_id=event.org_unit_id,
            points=event.points,
            withheld=event.withheld,
            minutes=event.minutes,
            fiscal_year=event.fiscal_year,
            earned_on=event.earned_on,
            cap=event.cap,
            cap_kept=event.settled_for is not None,
        )
        year = year_of(event.programme, event.rule, event.fiscal_year)
        self.booked[year] = self.booked.get(year, NOTHING) + event.points

    @event(CpdPointsReversed)
    def _was_reversed(self, event: CpdPointsReversed) -> None:
        self.balance = event.balance
        del self.awards[event.source][event.rule]
        if not self.awards[event.source]:
            del self.awards[event.source]
        self.booked[year_of(event.programme, event.rule, event.fiscal_year)] -= event.points


def _awarded(
    person: UUID, place: Place, award: Award, *, before: Decimal, settled_for: UUID
) -> CpdPointsAwarded:
    """Return an award as it is recorded, on an account that has `before`."""
    source, rule = place
    return CpdPointsAwarded(
        health_worker_id=person,
        programme=award.programme,
        rule=rule,
        source=source,
        org_unit_id=award.org_unit_id,
        minutes=award.minutes,
        points=award.points,
        withheld=award.withheld,
        balance=before + award.points,
        fiscal_year=award.fiscal_year,
        earned_on=award.earned_on,
        cap=award.cap,
        settled_for=settled_for,
    )
