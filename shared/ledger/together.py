"""One query for all who ask the same kind of thing in the same round of the loop."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")

Ask = Callable[[Sequence[Key]], Awaitable[Mapping[Key, Found]]]
"""Answers several questions at once, every one of them."""

Asked = dict[Key, list[asyncio.Future[Found]]]
"""Who waits for which answer."""


async def answer(asked: Asked[Key, Found], ask: Ask[Key, Found]) -> None:
    """Ask, and give all who wait their answer, or the error that was met."""
    try:
        found = await ask(list(asked))
    except Exception as error:
        for waiting in asked.values():
            for one in waiting:
                if not one.done():  # its asker has gone away
                    one.set_exception(error)
        return
    for key, waiting in asked.items():
        for one in waiting:
            if not one.done():
                one.set_result(found[key])


class Together(Generic[Key, Found]):
    """Gathers questions until the loop's next round, and asks them at once.

    Nobody waits for another's query that is under way already: who comes later asks anew.
    """

    def __init__(self, ask: Ask[Key, Found]) -> None:
        """Say who answers several questions; every one of them has an answer."""
        self._ask = ask
        self._waiting: Asked[Key, Found] = {}
        self._asking: set[asyncio.Task[None]] = set()

    async def of(self, key: Key) -> Found:
        """Return what is answered about one."""
        return await self._asked(key)

    async def of_all(self, keys: Sequence[Key]) -> list[Found]:
        """Return what is answered about each, in their order."""
        return await asyncio.gather(*map(self._asked, keys))

    def _asked(self, key: Key) -> asyncio.Future[Found]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Found] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._begin)
        self._waiting.setdefault(key, []).append(answer)
        return answer

    def _begin(self) -> None:
        asked, self._waiting = self._waiting, {}
        task = asyncio.create_task(answer(asked, self._ask))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)
