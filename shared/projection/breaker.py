"""Tells a person's bad event from what meets everybody: a place where one after the other fails.

One person's event is parked and the others go on. Where everybody's fails, it is our bug, or a list
that nobody should have let in: whoever is met waits, all others go on, and it is told loudly. What
decides who is let in must not go on so (`stops`): a grant's end that waits would let somebody in.
"""

from uuid import UUID

from shared.projection.errors import ProjectorStopped
from shared.projection.parking import Fault


class Breaker:
    """Counts the people whose events fail at one place without a success there in between.

    Args:
        limit: how many people may fail in a row at one place.
        stops: what a place's name holds where it is to raise then, rather than have them wait.

    Attributes:
        broken: by place where more failed: how many people, and what is said of the last one.
    """

    def __init__(self, limit: int = 20, *, stops: str | None = None) -> None:
        self._limit = limit
        self._stops = stops
        self._failing: dict[str, set[UUID]] = {}
        self.broken: dict[str, tuple[int, str]] = {}

    @property
    def counting(self) -> bool:
        """Whether anybody's event failed of late."""
        return bool(self._failing)

    def failed(self, place: str, key: UUID, fault: Fault) -> None:
        """Count a failure.

        Raises:
            ProjectorStopped: it is one too many, and this one stops.
        """
        keys = self._failing.setdefault(place, set())
        keys.add(key)
        if len(keys) > self._limit:
            # A fault's text may quote the event; its code and place do not.
            problem = f"{fault.code} ({fault.where})" if fault.where else fault.code
            if self._stops is not None and self._stops in place:
                raise ProjectorStopped(keys=len(keys), where=place, problem=problem)
            self.broken[place] = (len(keys), problem)

    def succeeded(self, place: str) -> None:
        """Count anew from here."""
        self._failing.pop(place, None)
        self.broken.pop(place, None)
