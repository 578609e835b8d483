"""The commands of one request, decided side by side and recorded in the order in which they stand.

What became of each is what would have become of it had they been sent one after the other; but one
that overtook the command which begins its record, and found nothing, is decided again in the end.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from shared.access.tokens import Principal
from shared.deciding.commanding import Answer, Commander
from shared.deciding.dependence import Unmade, begins, may_be_for_lack
from shared.deciding.patience import no_patience
from shared.deciding.turns import AT_ONCE, Bearing, Turn, in_turn
from shared.domain.errors import AccessDenied, MshauriError, NotFound, Refusal
from shared.ledger import Answered
from shared.runtime.problems import Problem, problem_of

PAUSE_AFTER = 50
"""Commands answered from the log at a stretch: some milliseconds of the loop."""


class BatchItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One command of a batch: its wire name, and its body as it would be sent alone."""

    name: str
    command: Raw


class BatchOutcome(Struct, frozen=True, omit_defaults=True):
    """What became of one command of a batch: either an answer or a problem."""

    answer: Answer | None = None
    problem: Problem | None = None


async def decide_batch(
    commander: Commander,
    principal: Principal,
    items: Sequence[BatchItem],
    *,
    recorded: Mapping[UUID, Answered],
    trace_id: str = "",
) -> list[BatchOutcome]:
    """Decide commands, each for itself, and return what became of each, in their order.

    Args:
        recorded: what the command log has of them.
        trace_id: to name in a report of a problem.
    """
    return await _Batch(commander, principal, trace_id, recorded).decide(items)


class _Batch:
    """The commands of one request, under way."""

    def __init__(
        self,
        commander: Commander,
        principal: Principal,
        trace_id: str,
        recorded: Mapping[UUID, Answered],
    ) -> None:
        self._commander = commander
        self._principal = principal
        self._trace_id = trace_id
        self._recorded = recorded
        self._unmade = Unmade()
        self._since_pause = 0

    async def decide(self, items: Sequence[BatchItem]) -> list[BatchOutcome]:
        """Decide them, each for itself, and return what became of each, in their order."""
        under_way: dict[asyncio.Task[BatchOutcome], Bearing] = {}
        outcomes: dict[int, BatchOutcome] = {}
        tasks: dict[int, asyncio.Task[BatchOutcome]] = {}
        plains = [_plain(item) for item in items]
        places = asyncio.Semaphore(AT_ONCE)
        turn = Turn(asyncio.Event(), asyncio.Event())
        turn.passes()

        def ended(task: asyncio.Task[BatchOutcome]) -> None:
            del under_way[task]
            places.release()

        async with asyncio.TaskGroup() as group:
            for place, (item, plain) in enumerate(zip(items, plains, strict=True)):
                if self._was_recorded(plain):
                    outcomes[place] = await self._repeated(place, item, plain, under_way)
                    continue
                bearing = Bearing.of(self._commander.kind_of(item.name), plain)
                met = [task for task, other in under_way.items() if bearing.meets(other)]
                if met:
                    await asyncio.wait(met)
                await places.acquire()
                turn = Turn(turn.passed)
                task = group.create_task(self._decide(place, item, plain, turn, [*under_way]))
                task.add_done_callback(ended)
                under_way[task] = bearing
                tasks[place] = task
        outcomes |= {place: task.result() for place, task in tasks.items()}
        return await self._with_overtaken(items, plains, [outcomes[n] for n in range(len(items))])

    def _was_recorded(self, plain: Any) -> bool:
        try:
            return UUID(plain["commandId"]) in self._recorded
        except (AttributeError, KeyError, TypeError, ValueError):
            return False

    async def _repeated(
        self,
        place: int,
        item: BatchItem,
        plain: Any,
        under_way: Mapping[asyncio.Task[BatchOutcome], Bearing],
    ) -> BatchOutcome:
        """Answer what the command log has: it rests on nothing any more, and needs no turn."""
        begun = begins(plain)
        if begun is not None:
            # What rests on its record must be told in order whether that is there.
            met = [task for task, other in under_way.items() if begun.lower() in other.named]
            if met:
                await asyncio.wait(met)
        self._since_pause += 1
        if self._since_pause >= PAUSE_AFTER:
            self._since_pause = 0
            await asyncio.sleep(0)
        return await self._settled(place, plain, self._execute(item, in_vain=False))

    async def _with_overtaken(
        self, items: Sequence[BatchItem], plains: Sequence[Any], outcomes: list[BatchOutcome]
    ) -> list[BatchOutcome]:
        """Decide once more what had overtaken the command that begins the record it names.

        Sent again, it would be decided so too. Nothing was recorded of it, so that it is the last.
        """
        missed = {
            place: id
            for place, one in enumerate(outcomes)
            if (id := _missed(one.problem)) is not None
        }
        if not missed:
            return outcomes
        begun = {
            id.lower(): place
            for place, plain in enumerate(plains)
            if outcomes[place].answer and (id := begins(plain)) is not None
        }
        for place, id in missed.items():
            if begun.get(id, -1) > place:
                outcomes[place] = await self._outcome(place, items[place], plains[place], [])
        return outcomes

    async def _decide(
        self,
        place: int,
        item: BatchItem,
        plain: Any,
        turn: Turn,
        beside: list[asyncio.Task[BatchOutcome]],
    ) -> BatchOutcome:
        with in_turn(turn):
            return await self._outcome(place, item, plain, beside)

    async def _outcome(
        self, place: int, item: BatchItem, plain: Any, beside: list[asyncio.Task[BatchOutcome]]
    ) -> BatchOutcome:
        return await self._settled(place, plain, self._decided_beside(item, plain, beside))

    async def _decided_beside(
        self, item: BatchItem, plain: Any, beside: list[asyncio.Task[BatchOutcome]]
    ) -> Answer:
        try:
            return await self._decided(item, plain)
        except (Refusal, AccessDenied):
            # What it was refused for may have been mended by one that stood before it.
            if not await self._any_recorded(beside):
                raise
            return await self._decided(item, plain)

    async def _settled(
        self, place: int, plain: Any, deciding: Coroutine[Any, Any, Answer]
    ) -> BatchOutcome:
        """Take in what became of a command, for those that rest on it."""
        try:
            answer = await deciding
        except MshauriError as problem:
            answered = problem.status < HTTPStatus.INTERNAL_SERVER_ERROR
            self._unmade.note(place, plain, problem.code, answered=answered)
            return BatchOutcome(problem=problem_of(problem, self._trace_id))
        self._unmade.made(plain)
        return BatchOutcome(answer=answer)

    async def _any_recorded(self, tasks: list[asyncio.Task[BatchOutcome]]) -> bool:
        """Wait for others of the batch; say whether any was recorded meanwhile."""
        if under_way := [task for task in tasks if not task.done()]:
            await asyncio.wait(under_way)
        answers = (task.result().answer for task in tasks)
        return any(answer and answer.command_id not in self._recorded for answer in answers)

    async def _decided(self, item: BatchItem, plain: Any) -> Answer:
        """Decide a command, and say what it rests on where it is refused for the lack of that."""
        rests_on = self._unmade.problem(plain)
        try:
            return await self._execute(item, in_vain=rests_on is not None)
        except MshauriError as problem:
            if rests_on and may_be_for_lack(problem.code, problem.status):
                raise rests_on from problem
            raise

    async def _execute(self, item: BatchItem, *, in_vain: bool) -> Answer:
        """Decide a command; `in_vain`: what it names was refused just now: nothing is awaited."""
        with no_patience() if in_vain else nullcontext():
            return await self._commander.execute(
                item.name,
                bytes(item.command),
                self._principal,
                recorded=self._recorded,
            )


def _missed(problem: Problem | None) -> str | None:
    """Return the id of the record that a command was refused for the lack of."""
    if problem is None or problem.code != NotFound.code:
        return None
    return str(problem.params.get("id")).lower()


def _plain(item: BatchItem) -> Any:
    try:
        return msgspec.json.decode(item.command)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # `execute` says what is wrong with it
