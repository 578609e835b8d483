"""Which day it is where the house is: late in the evening, in UTC, it is tomorrow there."""

from datetime import date, datetime
from typing import Any

import pytest

from shared.domain.zone import HOUSE_ZONE


def today() -> date:
    """Return the day it is, by the zone that services and gateway go by if they are told none."""
    return datetime.now(HOUSE_ZONE).date()


def have_it_be(instant: datetime, monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """Have the clocks of these modules stand at an instant."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return instant.astimezone(tz)

    for module in modules:
        monkeypatch.setattr(f"{module}.datetime", Then)
