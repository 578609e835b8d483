"""How old events are where they have come to, told to whoever measures."""

from collections.abc import Callable, Iterable
from datetime import datetime

ComeTo = Callable[[str, Iterable[datetime]], None]
"""Told where events have come to, and when each was recorded."""


def ignore(_at: str, _recorded: Iterable[datetime]) -> None:
    """Measure nothing."""
