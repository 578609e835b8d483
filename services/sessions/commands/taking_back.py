"""Deciding that what was told is voided, or stands again: alike for every record that tells one
thing of a day.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from services.sessions.commands.handlers import handlers
from shared.contracts.base import Command, camel
from shared.deciding.work import Work
from shared.domain.told import Told

Record = TypeVar("Record", bound=Told)


def can_be_taken_back(
    kind: type[Record],
    *,
    void: type[Command],
    reinstate: type[Command],
    by: str,
    allow: Callable[[Record, Work[Any]], Awaitable[None]],
) -> None:
    """Have records of a kind voided and reinstated, for a reason.

    Args:
        by: the field in which both commands name the record.
        allow: asks the policy whether the sender may.
    """
    field = camel(by)

    async def named(command: Command, work: Work[Any]) -> Record:
        record = await work.get(kind, getattr(command, by), field=field)
        await allow(record, work)
        work.reason()
        return record

    @handlers.decides(void)
    async def _void(command: Command, work: Work[Any]) -> Record:
        record = await named(command, work)
        record.void(work.day, field)
        return record

    @handlers.decides(reinstate)
    async def _reinstate(command: Command, work: Work[Any]) -> Record:
        record = await named(command, work)
        record.reinstate(work.day, field)
        return record
