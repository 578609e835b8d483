"""The commands of one request, decided side by side and recorded in the order in which they stand.

What became of each is what would have become of it had they been sent one after the other; but one
that overtook the command which begins its record, and found nothing, is decided again in the end.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from shared.access.tokens import Principal
from shared.domain.errors import AccessDenied, MshauriError, NotFound, Refusal
from shared.ledger import Answered
from shared.runtime.commanding import Answer, Commander
from shared.runtime.dependence import Unmade, may_be_for_lack
from shared.runtime.patience import no_patience
from shared.runtime.problems import Problem, problem_of
from shared.runtime.turns import AT_ONCE, Bearing, Turn, in_turn


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

    async def decide(self, items: Sequence[BatchItem]) -> list[BatchOutcome]:
        """Decide them, each for itself, and return what became of each, in their order."""
        under_way: dict[asyncio.Task[BatchOutcome], Bearing] = {}
        tasks: list[asyncio.Task[BatchOutcome]] = []
        turn = Turn(asyncio.Event(), asyncio.Event())
        turn.passes()
        async with asyncio.TaskGroup() as group:
            for place, item in enumerate(items):
                plain = _plain(item)
                bearing = Bearing.of(self._commander.kind_of(item.name), plain)
                met = [task for task, other in under_way.items() if bearing.meets(other)]
                if met:
                    await asyncio.wait(met)
                elif len(under_way) >= AT_ONCE:
                    await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                under_way = {task: one for task, one in under_way.items() if not task.done()}
                turn = Turn(turn.passed)
                task = group.create_task(self._decide(place, item, plain, turn, [*under_way]))
                under_way[task] = bearing
                tasks.append(task)
        outcomes = [task.result() for task in tasks]
        begun = {
            id.lower(): place
            for place, (item, outcome) in enumerate(zip(items, outcomes, strict=True))
            if outcome.answer and (id := _begins(item))
        }
        for place, (item, outcome) in enumerate(zip(items, outcomes, strict=True)):
            if outcome.problem and begun.get(_missed(outcome.problem), -1) > place:
                outcomes[place] = await self._overtaken(item)
        return outcomes

    async def _overtaken(self, item: BatchItem) -> BatchOutcome:
        """Decide once more what had overtaken the command that begins the record it names.

        Sent again, it would be decided so too. Nothing was recorded of it, so that it is the last.
        """
        try:
            return BatchOutcome(answer=await self._decided(item, _plain(item)))
        except MshauriError as problem:
            return BatchOutcome(problem=problem_of(problem, self._trace_id))

    async def _decide(
        self,
        place: int,
        item: BatchItem,
        plain: Any,
        turn: Turn,
        beside: list[asyncio.Task[BatchOutcome]],
    ) -> BatchOutcome:
        with in_turn(turn):
            try:
                answer = await self._decided(item, plain)
            except MshauriError as problem:
                if not (_may_be_mended(problem) and await self._any_recorded(beside)):
                    return self._unmade_by(place, plain, problem)
                try:
                    answer = await self._decided(item, plain)
                except MshauriError as problem_then:
                    return self._unmade_by(place, plain, problem_then)
        self._unmade.made(plain)
        return BatchOutcome(answer=answer)

    def _unmade_by(self, place: int, plain: Any, problem: MshauriError) -> BatchOutcome:
        answered = problem.status < HTTPStatus.INTERNAL_SERVER_ERROR
        self._unmade.note(place, plain, problem.code, answered=answered)
        return BatchOutcome(problem=problem_of(problem, self._trace_id))

    async def _any_recorded(self, tasks: list[asyncio.Task[BatchOutcome]]) -> bool:
        """Wait for others of the batch; say whether any was recorded meanwhile."""
        if not tasks:
            return False
        await asyncio.wait(tasks)
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


def _may_be_mended(problem: MshauriError) -> bool:
    """Say whether a command that stood before in the batch may have mended it meanwhile."""
    return isinstance(problem, Refusal | AccessDenied)


def _begins(item: BatchItem) -> str | None:
    """Return the id that the client made for the record which a command begins."""
    plain = _plain(item)
    id = plain.get("id") if isinstance(plain, dict) else None
    return id if isinstance(id, str) else None


def _missed(problem: Problem) -> str:
    """Return the id of the record that a command was refused for the lack of."""
    return str(problem.params.get("id")).lower() if problem.code == NotFound.code else ""


def _plain(item: BatchItem) -> Any:
    try:
        return msgspec.json.decode(item.command)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # `execute` says what is wrong with it
