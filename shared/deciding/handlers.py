"""Which function decides which command: declared beside the function, found by name."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from shared.contracts.base import Command, wire_name
from shared.deciding.work import Work
from shared.domain import Aggregate
from shared.domain.errors import UnknownCommand

Asked = TypeVar("Asked", bound=Command)
Handler = Callable[[Any, Work[Any]], Awaitable[Aggregate]]
Typed = Callable[[Asked, Work[Asked]], Awaitable[Aggregate]]


class Handlers:
    """The commands one service decides."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._by_name: dict[str, tuple[type[Command], Handler]] = {}

    def decides(self, command: type[Asked]) -> Callable[[Typed[Asked]], Typed[Asked]]:
        """Make the decorated function decide `command`; it returns the record it decided on."""
        if command.service != self.service:
            msg = f"{command.__name__} belongs to {command.service or 'nobody'}, not {self.service}"
            raise TypeError(msg)

        def register(handler: Typed[Asked]) -> Typed[Asked]:
            self._by_name[wire_name(command)] = (command, handler)
            return handler

        return register

    def find(self, name: str) -> tuple[type[Command], Handler]:
        """Return a command's contract and the function that decides it.

        Raises:
            UnknownCommand: this service has none of that name; the error lists what it has.
        """
        if name not in self._by_name:
            raise UnknownCommand(name=name, known=", ".join(sorted(self._by_name)))
        return self._by_name[name]

    @property
    def names(self) -> list[str]:
        """The wire names of what it decides."""
        return sorted(self._by_name)
