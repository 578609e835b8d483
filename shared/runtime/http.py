"""The HTTP face of a recording service: commands in, answers or problems out."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
import structlog
from msgspec import Raw, Struct
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Lifespan

from shared.access.tokens import Principal, bearer
from shared.domain.errors import Malformed, MshauriError
from shared.domain.phrases import Phrase
from shared.language import Speaking
from shared.ledger import Answered
from shared.privacy.remote_keys import PATH as KEYS_PATH
from shared.privacy.remote_keys import TOKEN_HEADER, tell_keys
from shared.runtime.bodies import Capped
from shared.runtime.commanding import Answer
from shared.runtime.dependence import Unmade, may_be_for_lack
from shared.runtime.ledger_routes import ledger_routes
from shared.runtime.parts import RunningParts
from shared.runtime.patience import no_patience, one_patience
from shared.runtime.problems import Problem, on_error, problem_of, trace_id_of
from shared.runtime.turns import AT_ONCE, Bearing, Turn, in_turn

MOST_AT_ONCE = 500
"""Commands in one batch: what a phone gathers in days without a network."""

LARGEST = 4_000_000
"""Bytes of a request: what a client may send the gateway, with the positions that it adds."""

_log = structlog.get_logger(__name__)
_encode = msgspec.json.Encoder().encode


class BatchItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One command of a batch: its wire name, and its body as it would be sent alone."""

    name: str
    command: Raw


class BatchOutcome(Struct, frozen=True, omit_defaults=True):
    """What became of one command of a batch: either an answer or a problem."""

    answer: Answer | None = None
    problem: Problem | None = None


_batch = msgspec.json.Decoder(list[BatchItem])


class CommandRoutes:
    """The routes of one service; they ask `parts` for what runs."""

    def __init__(self, parts: Callable[[], RunningParts]) -> None:
        self._parts = parts

    async def one(self, request: Request) -> Response:
        """Decide one command: `POST /commands/{name}`."""
        parts = self._parts()
        principal = await parts.verifier.verify(bearer(request.headers.get("authorization")))
        name = request.path_params["name"]
        with one_patience():
            answer = await parts.commander.execute(name, await request.body(), principal)
        return Response(_encode(answer), media_type="application/json")

    async def batch(self, request: Request) -> Response:
        """Decide commands in order, each for itself: `POST /commands`."""
        parts = self._parts()
        principal = await parts.verifier.verify(bearer(request.headers.get("authorization")))
        trace_id = trace_id_of(request)
        items = _read_batch(await request.body())
        recorded = await parts.commander.recorded(bytes(item.command) for item in items)
        with one_patience():
            outcomes = await _Batch(parts, principal, trace_id, recorded).decide(items)
        return Response(_encode(outcomes), media_type="application/json")

    async def keys(self, request: Request) -> Response:
        """Tell another process of the house people's keys."""
        parts = self._parts()
        told = await tell_keys(
            parts.keys,
            request.headers.get(TOKEN_HEADER),
            parts.internal_token,
            await request.body(),
        )
        return Response(told, media_type="application/json")


class _Batch:
    """The commands of one request, under way."""

    def __init__(
        self,
        parts: RunningParts,
        principal: Principal,
        trace_id: str,
        recorded: Mapping[UUID, Answered],
    ) -> None:
        self._parts = parts
        self._principal = principal
        self._trace_id = trace_id
        self._recorded = recorded
        self._unmade = Unmade()

    async def decide(self, items: list[BatchItem]) -> list[BatchOutcome]:
        """Decide them, each for itself, and return what became of each, in their order."""
        under_way: dict[asyncio.Task[BatchOutcome], Bearing] = {}
        tasks: list[asyncio.Task[BatchOutcome]] = []
        turn = Turn(asyncio.Event(), asyncio.Event())
        turn.passes()
        async with asyncio.TaskGroup() as group:
            for place, item in enumerate(items):
                plain = _plain(item)
                bearing = Bearing.of(self._parts.commander.kind_of(item.name), plain)
                met = [task for task, other in under_way.items() if bearing.meets(other)]
                if met:
                    await asyncio.wait(met)
                elif len(under_way) >= AT_ONCE:
                    await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                under_way = {task: one for task, one in under_way.items() if not task.done()}
                turn = Turn(turn.passed)
                task = group.create_task(self._decide(place, item, plain, turn))
                under_way[task] = bearing
                tasks.append(task)
        return [task.result() for task in tasks]

    async def _decide(self, place: int, item: BatchItem, plain: Any, turn: Turn) -> BatchOutcome:
        with in_turn(turn):
            rests_on = self._unmade.problem(plain)
            try:
                answer = await self._execute(item, in_vain=rests_on is not None)
            except MshauriError as problem:
                lacks = rests_on and may_be_for_lack(problem.code, problem.status)
                error = rests_on if rests_on and lacks else problem
                answered = error.status < HTTPStatus.INTERNAL_SERVER_ERROR
                self._unmade.note(place, plain, error.code, answered=answered)
                return BatchOutcome(problem=problem_of(error, self._trace_id))
        self._unmade.made(plain)
        return BatchOutcome(answer=answer)

    async def _execute(self, item: BatchItem, *, in_vain: bool) -> Answer:
        """Decide a command; `in_vain`: what it names was refused just now: nothing is awaited."""
        with no_patience() if in_vain else nullcontext():
            return await self._parts.commander.execute(
                item.name,
                bytes(item.command),
                self._principal,
                recorded=self._recorded,
            )


def command_app(
    parts: Callable[[], RunningParts],
    health: list[Route],
    lifespan: Lifespan[Starlette],
) -> Starlette:
    """Put a service's routes together."""
    routes = CommandRoutes(parts)
    return Starlette(
        routes=[
            Route("/commands/{name}", routes.one, methods=["POST"]),
            Route("/commands", routes.batch, methods=["POST"]),
            Route(KEYS_PATH, routes.keys, methods=["POST"]),
            *ledger_routes(parts),
            *health,
        ],
        middleware=[Middleware(Speaking), Middleware(Capped, most=LARGEST)],
        exception_handlers={MshauriError: on_error},
        lifespan=lifespan,
    )


def _plain(item: BatchItem) -> Any:
    try:
        return msgspec.json.decode(item.command)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # `execute` says what is wrong with it


def _read_batch(body: bytes) -> list[BatchItem]:
    try:
        items = _batch.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise Malformed(problem=str(problem), expected=Phrase("a batch of commands")) from None
    if len(items) > MOST_AT_ONCE:
        raise Malformed(
            problem=Phrase(
                "it holds {given} commands, the most is {most}",
                given=len(items),
                most=MOST_AT_ONCE,
            ),
            expected=Phrase("a batch of commands"),
        )
    return items
