"""Runs the hooks of our own extensions round each operation.

Strawberry looks at every hook of every extension anew, four times an operation, for it may be of
any kind: that took a fifth of what a mutation takes of the processor. Ours are of one kind, plain
generators that yield once.
"""

from collections.abc import Iterator
from functools import cache
from inspect import isgeneratorfunction
from types import TracebackType
from typing import Any

from strawberry.extensions import SchemaExtension
from strawberry.extensions.context import (
    ExecutingContextManager,
    OperationContextManager,
    ParsingContextManager,
    ValidationContextManager,
)
from strawberry.extensions.runner import SchemaExtensionsRunner


class Runner(SchemaExtensionsRunner):
    """Enters the extensions that have something to do at a stage, and leaves them in turn."""

    def operation(self) -> OperationContextManager:
        """Round all of an operation."""
        return _Operation(self.extensions)

    def parsing(self) -> ParsingContextManager:
        """Round its parsing."""
        return _Parsing(self.extensions)

    def validation(self) -> ValidationContextManager:
        """Round its validation."""
        return _Validation(self.extensions)

    def executing(self) -> ExecutingContextManager:
        """Round its execution."""
        return _Executing(self.extensions)


@cache
def _has_hook(extension: Any, name: str) -> bool:
    """Say whether a kind of extension has something to do at a stage."""
    hook = getattr(extension, name)
    if hook is getattr(SchemaExtension, name):
        return False
    if not isgeneratorfunction(hook):
        msg = f"{extension.__name__}.{name} is no plain generator"
        raise TypeError(msg)
    return True


class _Hooks:
    HOOK_NAME: str

    def __init__(self, extensions: list[SchemaExtension]) -> None:
        self._extensions = extensions
        self._entered: list[Iterator[None]] = []

    async def __aenter__(self) -> None:
        name = self.HOOK_NAME
        for extension in self._extensions:
            kind: Any = type(extension)
            if _has_hook(kind, name):
                hook: Any = getattr(extension, name)()
                try:
                    next(hook)
                except BaseException as error:
                    self._leave(error)
                    raise
                self._entered.append(hook)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave(error)

    def _leave(self, error: BaseException | None) -> None:
        while self._entered:
            hook: Any = self._entered.pop()
            try:
                if error is None:
                    next(hook)
                else:
                    hook.throw(error)
            except StopIteration:
                continue
            except BaseException as raised:
                if raised is error:
                    continue  # whoever raised it goes on raising it
                self._leave(raised)
                raise


class _Operation(_Hooks, OperationContextManager):
    pass


class _Parsing(_Hooks, ParsingContextManager):
    pass


class _Validation(_Hooks, ValidationContextManager):
    pass


class _Executing(_Hooks, ExecutingContextManager):
    pass
