"""A validation as it is remembered: since when, with what score, and how long it holds."""

from calendar import monthrange
from datetime import date, timedelta
from uuid import UUID

from msgspec import Struct

from shared.contracts.definition import Validation


class Attempt(Struct, frozen=True, kw_only=True):
    """The last attempt at a competency.

    Attributes:
        reached: None where the programme only looks.
        coached: a coaching plan was set after it.
    """

    number: int
    on: date
    assessor_id: UUID
    raw: int
    max: int
    reached: bool | None
    coached: bool = False


class Proof(Struct, frozen=True, kw_only=True):
    """A validation that counts: since when, up to and with which day, and its attempt's score."""

    on: date
    until: date | None
    raw: int
    max: int

    def holds(self, day: date) -> bool:
        """Say whether its last day has not passed yet."""
        return self.until is None or day <= self.until


def last_day(validated_on: date, rule: Validation) -> date | None:
    """Return the last day a validation holds: the one before the same day, `valid_months` later.

    Where that month is too short for such a day, its own last day stands for it.
    """
    if rule.valid_months is None:
        return None
    months = validated_on.month - 1 + rule.valid_months
    year, month = validated_on.year + months // 12, months % 12 + 1
    day = min(validated_on.day, monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)
