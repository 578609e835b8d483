"""One thread for one client of kafka-python, which has no asyncio interface and wants one user."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Worker:
    """Runs calls one after the other in a thread of its own.

    A call that was begun is always finished, though whoever waited for it was cancelled.
    """

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def do(
        self, call: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Result:
        """Run `call` in the thread and return what it returns."""
        future = self._executor.submit(call, *args, **kwargs)
        return await asyncio.wrap_future(future)

    async def close(self, last: Callable[[], None]) -> None:
        """Run a `last` call after those that wait, then end the thread."""
        try:
            await asyncio.shield(self.do(last))
        finally:
            self._executor.shutdown(wait=False)
