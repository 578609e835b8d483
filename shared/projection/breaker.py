"""Tells a person's bad event from our bug: when everybody's fails, the engine must stop."""

from uuid import UUID

from shared.projection.errors import ProjectorStopped
from shared.projection.parking import Fault


class Breaker:
    """Counts the people whose events fail at one place without a success there in between.

    One person's bad event is parked and the others go on. A bug in a fold would park them all,
    one after the other, and the read models would silently stand still.

    Args:
        limit: how many people may fail in a row at one place.
    """

    def __init__(self, limit: int = 20) -> None:
        self._limit = limit
        self._failing: dict[str, set[UUID]] = {}

    @property
    def counting(self) -> bool:
        """Whether anybody's event failed of late."""
        return bool(self._failing)

    def failed(self, place: str, key: UUID, fault: Fault) -> None:
        """Count a failure.

        Raises:
            ProjectorStopped: it is one too many.
        """
        keys = self._failing.setdefault(place, set())
        keys.add(key)
        if len(keys) > self._limit:
            # A fault's text may quote the event; its code and place do not.
            problem = f"{fault.code} ({fault.where})" if fault.where else fault.code
            raise ProjectorStopped(keys=len(keys), where=place, problem=problem)

    def succeeded(self, place: str) -> None:
        """Count anew from here."""
        self._failing.pop(place, None)
