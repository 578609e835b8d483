"""Which of all that is known today had happened by a day."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.gateway.asof.past import Told


def happened_by(told: "Sequence[Told]", day: date) -> "list[Told]":
    """Return what counts."""
    return [one for one in told if one.happening.meta.occurred_on <= day]
