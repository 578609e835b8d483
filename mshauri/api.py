"""The small client that the command line speaks to Mshauri with: the public GraphQL API over HTTP.

It does nothing that a partner's program could not do. Commands carry ids made here, so every
request may be repeated: what was recorded is answered as it was the first time.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx

BATCH = 250
"""Commands a request: the API takes 500; half of it answers soon enough to show progress."""
ATTEMPTS = 8
"""How often a request is repeated while a part is away: about 25 seconds in all."""
AGAIN = frozenset({"UNAVAILABLE", "OVERLOADED", "STALE_READ", "RATE_LIMITED"})
"""Error codes that say: right, but not now."""

_BATCH = """
mutation Send($commands: [CommandInput!]!) {
  commandBatch(input: {commands: $commands}) {
    items { outcome id positions userErrors { code message field remedy } }
  }
}
"""


class ApiFault(Exception):
    """The API did not answer what was asked; the message says what it said.

    Attributes:
        code: the stable code, where it gave one.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
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
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._once(document, variables)
            except ApiFault as fault:
                if fault.code not in AGAIN or attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(_pause(attempt))
        raise AssertionError("the loop returns or raises")

    async def _once(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        try:
            response = await self._client.post(
                "/graphql", json={"query": document, "variables": variables}
            )
            body = response.json()
        except httpx.TransportError as error:
            msg = f"The gateway does not answer: {error or type(error).__name__}."
            raise ApiFault("UNAVAILABLE", msg) from error
        except ValueError as error:
            code = "UNAVAILABLE" if response.status_code >= 500 else "NOT_AN_API"
            msg = f"The gateway answered {response.status_code} without JSON."
            raise ApiFault(code, msg) from error
        if body.get("errors"):
            first = body["errors"][0]
            code = (first.get("extensions") or {}).get("code", "GRAPHQL_ERROR")
            raise ApiFault(code, first.get("message", ""))
        if not isinstance(body.get("data"), dict):
            # Problem Details of whatever stands before GraphQL.
            raise ApiFault(str(body.get("code", response.status_code)), str(body.get("detail", "")))
        data: dict[str, Any] = body["data"]
        return data

    async def send(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Send up to 500 commands in one request and return what became of each, in order.

        What was refused only for now is sent again; its neighbours are not.
        """
        answers: list[Answer | None] = [None] * len(wishes)
        waiting = list(range(len(wishes)))
        for attempt in range(1, ATTEMPTS + 1):
            for place, answer in zip(
                waiting, await self._batch([wishes[place] for place in waiting]), strict=True
            ):
                answers[place] = answer
            waiting = [place for place in waiting if _not_now(answers[place])]
            if not waiting or attempt == ATTEMPTS:
                break
            await asyncio.sleep(_pause(attempt))
        return [answer for answer in answers if answer is not None]

    async def _batch(self, wishes: list[Wish]) -> list[Answer]:
        commands = [{"name": wish.name, "command": wish.command} for wish in wishes]
        data = await self.ask(_BATCH, commands=commands)
        return [
            Answer(
                id=item["id"],
                positions=tuple(item["positions"] or ()),
                errors=tuple(UserError(**error) for error in item["userErrors"]),
            )
            for item in data["commandBatch"]["items"]
        ]


Landed = Callable[[int], None]
"""Told how many more commands were answered."""


async def send_all(
    api: Api,
    wishes: Sequence[Wish],
    *,
    at_once: int = 4,
    landed: Landed = lambda _count: None,
    batch: int = BATCH,
) -> list[Answer]:
    """Send any number of commands, several requests at once, and return the answers in order.

    The commands must not rest on each other: requests overtake one another.
    """
    parts = [wishes[start : start + batch] for start in range(0, len(wishes), batch)]
    gate = asyncio.Semaphore(at_once)

    async def send(part: Sequence[Wish]) -> list[Answer]:
        async with gate:
            answers = await api.send(part)
            landed(len(answers))
            return answers

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(send(part)) for part in parts]
    return [answer for task in tasks for answer in task.result()]


def _not_now(answer: Answer | None) -> bool:
    return answer is not None and any(error.code in AGAIN for error in answer.errors)


def _pause(attempt: int) -> float:
    return float(min(0.1 * 2**attempt, 5.0))
