"""The command log, asked for whoever comes together: one query for all of them."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

from shared.ledger import Answered, Ledger


class Recorded:
    """Says what commands were answered before; commands that arrive together share a query."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: dict[UUID, list[asyncio.Future[Answered | None]]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def of(self, command_id: UUID) -> Answered | None:
        """Return what a command was answered when it was recorded; None: it was not.

        Raises:
            Unavailable: the ledger does not answer.
        """
        answer: asyncio.Future[Answered | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(command_id, []).append(answer)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(), name="command log")
        return await answer

    async def of_all(self, command_ids: Iterable[UUID]) -> dict[UUID, Answered]:
        """Return what those of these commands that were recorded were answered."""
        return await self._ledger.receipts(list(dict.fromkeys(command_ids)))

    async def _ask(self) -> None:
        try:
            # While one query is under way, the next commands gather by themselves.
            while self._waiting:
                asked, self._waiting = self._waiting, {}
                try:
                    found = await self._ledger.receipts(list(asked))
                except Exception as error:
                    for answer in (one for each in asked.values() for one in each):
                        if not answer.done():
                            answer.set_exception(error)
                    continue
                for command_id, answers in asked.items():
                    for answer in answers:
                        if not answer.done():
                            answer.set_result(found.get(command_id))
        finally:
            self._asking = None
