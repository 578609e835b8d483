"""The list that every module of this package adds its commands to."""

from collections.abc import Callable
from functools import wraps

from services.registry.aggregates.org_unit import UnitNoMore
from services.registry.commands.successors import led_on
from shared.deciding.handlers import Asked, Handlers, Typed
from shared.deciding.work import Work
from shared.domain import Aggregate


class _Leading(Handlers):
    """Handlers that lead whoever names a unit that is no more to what stands in its place."""

    def decides(self, command: type[Asked]) -> Callable[[Typed[Asked]], Typed[Asked]]:
        """See `Handlers.decides`."""
        register = super().decides(command)

        def lead(handler: Typed[Asked]) -> Typed[Asked]:
            @wraps(handler)
            async def led(command: Asked, work: Work[Asked]) -> Aggregate:
                try:
                    return await handler(command, work)
                except UnitNoMore as refused:
                    raise await led_on(refused, work) from None

            register(led)
            return handler

        return lead


handlers = _Leading("registry")
