"""The small client that the command line speaks to Mshauri with: the public GraphQL API over HTTP.

It does nothing that a partner's program could not do. Commands carry ids made here, so every
request may be repeated: what was recorded is answered as it was the first time.
"""

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, zip_longest
from random import random
from time import monotonic
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx
import msgspec

BATCH = 100
"""Commands a request, about. The API takes 500 and decides them side by side; what is told on the
screen is told by the request."""
AT_ONCE = 8
"""Requests side by side."""
ATTEMPTS = 8
"""How often a request is repeated while a part is away: about 25 seconds in all."""
LIMITED_S = 600.0
"""How long one request waits in all for its turn where the API says that we ask too much."""
AGAIN = frozenset(
    {"UNAVAILABLE", "OVERLOADED", "STALE_READ", "RATE_LIMITED", "CROWDED", "TOO_MANY_AT_ONCE"}
)
"""Error codes that say: right, but not now."""

_CAUGHT_UP = 'query CaughtUp($after: [Position!]) { orgUnit(code: "-", after: $after) { id } }'
_BATCH = """
mutation Send($commands: [CommandInput!]!) {
  commandBatch(input: {commands: $commands}) {
    results { id positions userErrors { code message field remedy } }
  }
}
"""

_JSON = {"Content-Type": "application/json"}
_encode, _decode = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode


class ApiFault(Exception):
    """The API did not answer what was asked; the message says what it said.

    Attributes:
        code: the stable code, where it gave one.
        wait: after how many seconds it says that it may be asked again; None: it does not say.
    """

    def __init__(self, code: str, message: str, wait: float | None = None) -> None:
        self.code = code
        self.wait = wait
        super().__init__(f"{message} [{code}]")


@dataclass(frozen=True, slots=True)
class Wish:
    """A command in wire form, under its wire name."""

    name: str
    command: dict[str, Any]


@dataclass(frozen=True, slots=True)
class UserError:
    """Why a command was refused."""

    code: str
    message: str
    field: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one command.

    Attributes:
        id: the record's global id, where it was recorded.
        positions: what a reader passes as `after` to see the effect.
        errors: why it was refused; empty where it was recorded.
    """

    id: str | None = None
    positions: tuple[str, ...] = ()
    errors: tuple[UserError, ...] = field(default=())

    @property
    def recorded(self) -> bool:
        """Whether it is in the ledger."""
        return not self.errors


class Api:
    """Sends queries and commands, as the holder of one token."""

    def __init__(self, gateway_url: str, token: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=gateway_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(60.0, connect=5.0),
            trust_env=is_beyond(gateway_url),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """Run one GraphQL operation and return its `data`.

        Raises:
            ApiFault: the API answered with errors, or could not be reached in several attempts.
        """
        attempt, limited_until = 1, monotonic() + LIMITED_S
        while True:
            try:
                return await self._once(document, variables)
            except ApiFault as fault:
                if fault.wait is not None and monotonic() < limited_until:
                    # We are too fast, and are told until when: no attempt that failed. Others of
                    # ours wait for the same, so not all of them come at the same moment.
                    await asyncio.sleep(fault.wait * (1 + random()))
                    continue
                if fault.code not in AGAIN or attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(_pause(attempt))
                attempt += 1

    async def fetch(self, link: str) -> bytes:
        """Return what a link leads to that the API gave.

        Raises:
            ApiFault: it leads nowhere, or the gateway does not answer.
        """
        try:
            response = await self._client.get(link)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            msg = f"The gateway does not answer: {error or type(error).__name__}."
            raise ApiFault("UNAVAILABLE", msg) from error
        if response.is_success:
            return response.content
        try:
            problem = _decode(response.content)
            raise ApiFault(problem["code"], f"{problem['detail']} {problem['remedy']}")
        except (msgspec.DecodeError, KeyError, TypeError):
            msg = f"The gateway answered {response.status_code}."
            raise ApiFault("NOT_AN_API", msg) from None

    async def _once(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        try:
            response = await self._client.post(
                "/graphql",
                content=_encode({"query": document, "variables": variables}),
                headers=_JSON,
            )
            body = _decode(response.content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            msg = f"The gateway does not answer: {error or type(error).__name__}."
            raise ApiFault("UNAVAILABLE", msg) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            code = "UNAVAILABLE" if response.status_code >= 500 else "NOT_AN_API"
            msg = f"The gateway answered {response.status_code} without JSON."
            raise ApiFault(code, msg) from error
        if not isinstance(body, dict):
            msg = f"The gateway answered {response.status_code} with something else than an object."
            raise ApiFault("NOT_AN_API", msg)
        if body.get("errors"):
            first = body["errors"][0]
            more = first.get("extensions") or {}
            wait = (more.get("params") or {}).get("wait")
            raise ApiFault(more.get("code", "GRAPHQL_ERROR"), first.get("message", ""), wait)
        if not isinstance(body.get("data"), dict):
            # Problem Details of whatever stands before GraphQL.
            raise ApiFault(str(body.get("code", response.status_code)), str(body.get("detail", "")))
        data: dict[str, Any] = body["data"]
        return data

    async def caught_up(self, positions: Sequence[str]) -> None:
        """Wait until what was recorded at these positions can be read.

        Raises:
            ApiFault: it cannot, in good time (`STALE_READ`), or the API does not answer.
        """
        await self.ask(_CAUGHT_UP, after=list(positions))

    async def send(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Send up to 500 commands in one request and return what became of each, in order.

        From the first one on that was refused only for now, they are sent again: what follows may
        rest on it, and what was recorded after it is answered as before.
        """
        answers: list[Answer] = []
        for attempt in range(1, ATTEMPTS + 1):
            answers += await self._batch(wishes[len(answers) :])
            settled = next((at for at, one in enumerate(answers) if _not_now(one)), None)
            if settled is None or attempt == ATTEMPTS:
                break
            del answers[settled:]
            await asyncio.sleep(_pause(attempt))
        return answers

    async def _batch(self, wishes: Sequence[Wish]) -> list[Answer]:
        commands = [{"name": wish.name, "command": wish.command} for wish in wishes]
        data = await self.ask(_BATCH, commands=commands)
        return [
            Answer(
                id=item["id"],
                positions=tuple(item["positions"] or ()),
                errors=tuple(UserError(**error) for error in item["userErrors"]),
            )
            for item in data["commandBatch"]["results"]
        ]


Answered = Callable[[Wish, Answer], None]
"""Told what became of a command, as soon as it was answered."""


def _nothing(_wish: Wish, _answer: Answer) -> None:
    return None


async def send_all(
    api: Api,
    lanes: Sequence[Sequence[Wish]],
    *,
    answered: Answered = _nothing,
) -> list[Answer]:
    """Send any number of commands, several requests at once, and return the answers in order.

    What rests on each other stands in one lane and is sent in its order, in one request; lanes
    overtake one another.

    Raises:
        ApiFault: a request was not answered. Those under way were waited for and told, no other
            was begun.
    """
    gate = asyncio.Semaphore(AT_ONCE)
    faults: list[ApiFault] = []
    found: dict[int, Answer] = {}

    async def send(request: Sequence[_Placed]) -> None:
        async with gate:
            if faults:
                return
            try:
                answers = await api.send([wish for _, wish in request])
            except ApiFault as fault:
                faults.append(fault)
                return
            for (place, wish), answer in zip(request, answers, strict=True):
                found[place] = answer
                answered(wish, answer)

    async with asyncio.TaskGroup() as group:
        for request in _requests(lanes):
            group.create_task(send(request))
    if faults:
        raise faults[0]
    return [found[place] for place in range(len(found))]


_Placed = tuple[int, Wish]
"""A command and its place among all."""


def _requests(lanes: Sequence[Sequence[Wish]]) -> Iterator[list[_Placed]]:
    """Put lanes together into requests, each lane whole; where there is little, into small ones."""
    places = count()
    size = min(BATCH, -(-sum(map(len, lanes)) // AT_ONCE))
    request: list[list[_Placed]] = []
    for lane in lanes:
        if request and sum(map(len, request)) + len(lane) > size:
            yield _in_turn(request)
            request = []
        request.append([(next(places), wish) for wish in lane])
    if request:
        yield _in_turn(request)


def _in_turn(lanes: Sequence[Sequence[_Placed]]) -> list[_Placed]:
    """Return lanes as one: the first commands of all, then the second ones.

    Of one record's commands each waits until the one before is durable. So those of others stand
    between them, which share its commit; and alike beside alike, for those of one service travel
    together.
    """
    turns = zip_longest(*lanes)
    return [
        placed
        for turn in turns
        for placed in sorted(filter(None, turn), key=lambda placed: placed[1].name)
    ]


def is_beyond(url: str) -> bool:
    """Say whether an address is in the world outside.

    A proxy of the environment is for that, never for this machine itself.
    """
    return httpx.URL(url).host not in ("127.0.0.1", "localhost", "::1")


def _not_now(answer: Answer) -> bool:
    return any(error.code in AGAIN for error in answer.errors)


def _pause(attempt: int) -> float:
    return float(min(0.1 * 2**attempt, 5.0))


def global_id(kind: str, id: UUID) -> str:
    """Return the global id of a record whose UUID we made: the API documents how it is built."""
    return urlsafe_b64encode(f"{kind}:{id}".encode()).decode().rstrip("=")


def local_id(id: str) -> UUID:
    """Return the UUID in a global id."""
    kind_and_id = urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode()
    return UUID(kind_and_id.partition(":")[2])
