"""The command log, asked for whoever comes together: one query for all of them."""

import asyncio
from collections.abc import Iterable, Sequence
from uuid import UUID

from shared.ledger import Answered, Ledger
from shared.ledger.together import Asked, answer


class Recorded:
    """Says what commands were answered before; commands that arrive together share a query."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: Asked[UUID, Answered | None] = {}
        self._asking: asyncio.Task[None] | None = None

    async def of(self, command_id: UUID) -> Answered | None:
        """Return what a command was answered when it was recorded; None: it was not.

        Raises:
            Unavailable: the ledger does not answer.
        """
        mine: asyncio.Future[Answered | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(command_id, []).append(mine)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(), name="command log")
        return await mine

    async def of_all(self, command_ids: Iterable[UUID]) -> dict[UUID, Answered]:
        """Return what those of these commands that were recorded were answered."""
        return await self._ledger.receipts(list(dict.fromkeys(command_ids)))

    async def _ask(self) -> None:
        try:
            # While one query is under way, the next commands gather by themselves.
            while self._waiting:
                asked, self._waiting = self._waiting, {}
                await answer(asked, self._answers)
        finally:
            self._asking = None

    async def _answers(self, command_ids: Sequence[UUID]) -> dict[UUID, Answered | None]:
        found = await self._ledger.receipts(command_ids)
        return {command_id: found.get(command_id) for command_id in command_ids}
