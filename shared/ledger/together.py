"""One query for all who ask the same kind of thing in the same round of the loop."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


class Together(Generic[Key, Found]):
    """Gathers questions until the loop's next round, and asks them at once.

    Nobody waits for another's query that is under way already: who comes later asks anew.
    """

    def __init__(self, ask: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Found]]]) -> None:
        """Say who answers several questions; every one of them has an answer."""
        self._ask = ask
        self._waiting: dict[Key, list[asyncio.Future[Found]]] = {}
        self._asking: set[asyncio.Task[None]] = set()

    async def of(self, key: Key) -> Found:
        """Return what is answered about one."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Found] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._begin)
        self._waiting.setdefault(key, []).append(answer)
        return await answer

    def _begin(self) -> None:
        asked, self._waiting = self._waiting, {}
        task = asyncio.create_task(self._answer(asked))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _answer(self, asked: dict[Key, list["asyncio.Future[Found]"]]) -> None:
        try:
            found = await self._ask(list(asked))
        except Exception as error:
            for answers in asked.values():
                for answer in answers:
                    if not answer.done():
                        answer.set_exception(error)
            return
        for key, answers in asked.items():
            for answer in answers:
                if not answer.done():  # its asker has gone away
                    answer.set_result(found[key])
