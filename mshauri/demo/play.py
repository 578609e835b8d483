"""Sends a demonstration to a running Mshauri, through the public API alone, and times it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter
from typing import Any, Protocol, Self
from uuid import UUID

from mshauri.api import Answer, Api, Wish, send_all
from mshauri.demo.stage import Stage
from mshauri.importing.lookups import look_up
from mshauri.importing.plan import Listed, plan_list
from mshauri.importing.planned import Outcome, Sent
from mshauri.importing.send import send_list
from mshauri.programme import publish_wishes
from shared.contracts.definition import Definition
from shared.contracts.registry.access_grant import Role
from shared.domain import derived_id
from shared.positions import parse_position, position_token

PATIENCE = 30.0
"""Seconds that what others do (a grant that comes round, a policy) may take to show."""
_GLANCE = 0.05
_STEADY = 1.0

COORDINATOR, AUDITOR = "demo-coordinator", "demo-auditor"
BEGINNING = date(2006, 1, 1)
"""Since when the demonstration's places and grants stand."""


@dataclass(frozen=True, slots=True)
class Played:
    """A stage that is over.

    Attributes:
        seconds: until its last answer.
        lag: seconds from that answer until all of it could be read.
    """

    name: str
    commands: int
    seconds: float
    lag: float


class Watcher(Protocol):
    """Is told how far the demonstration is."""

    def landed(self, stage: str, more: int, of: int) -> None:
        """`more` commands of a stage of `of` were answered."""

    def over(self, played: Played) -> None:
        """A stage is over."""


Connect = Callable[[str], AbstractAsyncContextManager[Api]]
"""Opens the API as a token subject."""


class Refused(Exception):
    """A command of the demonstration was refused: either it or Mshauri is wrong."""


@dataclass(slots=True)
class Tally:
    """What was done so far.

    Attributes:
        commands: how many were recorded.
    """

    commands: int = 0
    stages: list[Played] = field(default_factory=list)
    _reached: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, positions: Iterable[str]) -> None:
        """Take in the positions of a recorded command."""
        self.commands += 1
        for token in positions:
            service, partition, position, _ = parse_position(token)
            place = service, partition
            self._reached[place] = max(position, self._reached.get(place, 0))

    def after(self) -> list[str]:
        """Return how far each partition came."""
        return [
            position_token(*place, position) for place, position in sorted(self._reached.items())
        ]

    @property
    def events(self) -> int:
        """How many events the ledgers hold: positions have no gaps, so the last one counts."""
        return sum(self.last.values())

    @property
    def last(self) -> dict[str, int]:
        """The last position that was answered, by service."""
        last: dict[str, int] = {}
        for (service, _), position in self._reached.items():
            last[service] = max(position, last.get(service, 0))
        return last


class Player:
    """Plays demonstrations, one after the other, as one coordinator and whoever else they name."""

    def __init__(self, connect: Connect, operator: str, watcher: Watcher, seed: int) -> None:
        """Prepare to speak to the API that `connect` opens as a subject; `operator` may do all."""
        self._connect = connect
        self._operator = operator
        self._watcher = watcher
        self.seed = seed
        self.tally = Tally()
        self._stack = AsyncExitStack()
        self._apis: dict[str, Api] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _api(self, subject: str) -> Api:
        if subject not in self._apis:
            opened = await self._stack.enter_async_context(self._connect(subject))
            self._apis[subject] = opened
        return self._apis[subject]

    async def begin(self) -> None:
        """Let in whom more than one story names."""
        await self.let_in([(COORDINATOR, Role.COORDINATOR, None)])
        await self.let_in(
            [
                (AUDITOR, Role.AUDITOR, None),
                ("demo-project", Role.COORDINATOR, None),
                ("demo-secretariat", Role.COORDINATOR, None),
            ]
        )

    async def let_in(self, subjects: Sequence[tuple[str, Role, UUID | None]]) -> None:
        """Grant roles everywhere, and wait until every service has heard of them.

        Args:
            subjects: token subjects, with their role, and the health worker they are if one.
        """
        grants = [
            Wish(
                "accessGrantGive",
                {
                    "commandId": str(derived_id("demo_grant", self.seed, subject, role)),
                    "id": str(derived_id("demo_grant_id", self.seed, subject, role)),
                    "subjectName": subject,
                    "role": role.value,
                    "occurredOn": BEGINNING.isoformat(),
                    **({"healthWorkerId": str(person)} if person else {}),
                },
            )
            for subject, role, person in subjects
        ]
        await self.stage(Stage("grants", [[wish] for wish in grants], as_=self._operator))

    async def import_list(self, listed: Listed, name: str) -> list[Sent]:
        """Establish a list's units, as the importer does for anybody."""
        began = perf_counter()
        api = await self._api(self._operator)
        planned = plan_list(listed, await look_up(api, listed))
        sent: list[Sent] = []

        def tell(one: Sent) -> None:
            sent.append(one)
            self._watcher.landed(name, 1, len(planned))

        await send_list(planned, api, listed.kind, tell=tell)
        for one in sent:
            if one.outcome is Outcome.ESTABLISHED:
                self.tally.add(one.positions)
        await self._caught_up(api, name, len(sent), began)
        return sent

    async def places(self, lists: Sequence[Listed], name: str) -> None:
        """Establish a country's units.

        Raises:
            Refused: something did not land.
        """
        for listed in lists:
            await self.import_list(listed, name)
            for error in listed.errors:
                raise Refused(f"Row {error.row}: {error.problem}")

    async def publish(self, text: str, definition: Definition, on: date) -> UUID:
        """Publish a programme with its frameworks; return the version's id."""
        wishes = publish_wishes(text, definition, on)
        name = f"{definition.programme} v{definition.version}"
        await self.stage(Stage(name, [[wish] for wish in wishes], as_=self._operator))
        return derived_id("programme_version", definition.programme, definition.version)

    async def stages(self, stages: Iterable[Stage]) -> None:
        """Send stages, one after the other."""
        for stage in stages:
            await self.stage(stage)

    async def stage(self, stage: Stage) -> list[Answer]:
        """Send a stage, and wait until all of it can be read.

        Raises:
            Refused: a command was refused; the message says which and why.
        """
        if not len(stage):
            return []
        began = perf_counter()
        after = self.tally.after()
        one = stage.as_ or COORDINATOR
        said_by: dict[str, list[Sequence[Wish]]] = defaultdict(list)
        for speaker, lane in zip(
            stage.speakers or [one] * len(stage.lanes), stage.lanes, strict=True
        ):
            said_by[speaker].append(_resting(lane, after))
        async with asyncio.TaskGroup() as group:
            sent = [
                group.create_task(self._send(await self._api(speaker), stage, lanes))
                for speaker, lanes in said_by.items()
            ]
        await self._caught_up(await self._api(one), stage.name, len(stage), began)
        return [answer for task in sent for answer in task.result()]

    async def tried(self, wish: Wish, *, as_: str = COORDINATOR) -> list[dict[str, Any]]:
        """Return what is found of a command that is decided and not recorded."""
        command = {**_resting([wish], self.tally.after())[0].command, "dryRun": True}

        async def answered() -> dict[str, Any] | None:
            data = await self.ask(_TRY, as_=as_, commands=[{"name": wish.name, "command": command}])
            result: dict[str, Any] = data["commandBatch"]["results"][0]
            return None if result["outcome"] == "UNANSWERED" else result

        result = await self.until(f"{wish.name} is tried", answered)
        found: list[dict[str, Any]] = result["findings"]
        return found

    async def _caught_up(self, api: Api, name: str, commands: int, began: float) -> None:
        """Wait until all that was answered can be read, and say how long everything took."""
        answered = perf_counter()
        await api.caught_up(self.tally.after())
        played = Played(name, commands, answered - began, perf_counter() - answered)
        self.tally.stages.append(played)
        self._watcher.over(played)

    async def ask(self, document: str, *, as_: str = AUDITOR, **variables: Any) -> dict[str, Any]:
        """Ask a query; one with a variable `$after` waits for all that was recorded."""
        if "$after" in document:
            variables["after"] = self.tally.after()
        return await (await self._api(as_)).ask(document, **variables)

    async def fetch(self, link: str, *, as_: str = AUDITOR) -> bytes:
        """Return what a link leads to that the API gave."""
        return await (await self._api(as_)).fetch(link)

    async def nodes(self, document: str, field: str, **variables: Any) -> list[dict[str, Any]]:
        """Return every node of a connection, page after page; the document takes `$cursor`."""
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = (await self.ask(document, cursor=cursor, **variables))[field]
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            cursor = page["pageInfo"]["endCursor"]

    async def until(self, what: str, done: Callable[[], Any]) -> Any:
        """Ask again until `done` (a coroutine function) answers something true; return that.

        Raises:
            Refused: it did not, in good time: the message says what was waited for.
        """
        give_up = perf_counter() + PATIENCE
        while perf_counter() < give_up:
            if answer := await done():
                return answer
            await asyncio.sleep(_GLANCE)
        raise Refused(f"Waited {PATIENCE:.0f} s in vain: {what}.")

    async def steady(self, what: str, ask: Callable[[], Any]) -> Any:
        """Ask again until `ask` (a coroutine function) answers something true and then the same.

        What policies do after a stage is done in a moment, but nobody is told when.
        """
        found = await self.until(what, ask)
        while True:
            await asyncio.sleep(_STEADY)
            again = await ask()
            if again == found:
                return found
            found = again

    async def _send(self, api: Api, stage: Stage, lanes: Sequence[Sequence[Wish]]) -> list[Answer]:
        wishes = [wish for lane in lanes for wish in lane]
        answers = await send_all(
            api,
            lanes,
            answered=lambda _wish, _answer: self._watcher.landed(stage.name, 1, len(stage)),
        )
        for place, (wish, answer) in enumerate(zip(wishes, answers, strict=True)):
            if _denied(answer):
                # A grant comes round in a moment, which is never a matter of luck.
                answers[place] = answer = await self._again(api, wish)
            if not answer.recorded:
                raise Refused(_said(wish, answer))
            self.tally.add(answer.positions)
        return answers

    async def _again(self, api: Api, wish: Wish) -> Answer:
        until = perf_counter() + PATIENCE
        while True:
            (answer,) = await api.send([wish])
            if not _denied(answer) or perf_counter() > until:
                return answer
            await asyncio.sleep(_GLANCE)


_TRY = """
mutation Try($commands: [CommandInput!]!) {
  commandBatch(input: {commands: $commands}) {
    results { outcome findings { severity code message } }
  }
}
"""


def _denied(answer: Answer) -> bool:
    return any(error.code == "ACCESS_DENIED" for error in answer.errors)


def _resting(lane: Sequence[Wish], after: list[str]) -> Sequence[Wish]:
    if not after:
        return lane
    first = lane[0]
    return [Wish(first.name, {**first.command, "after": after}), *lane[1:]]


def _said(wish: Wish, answer: Answer) -> str:
    error = answer.errors[0]
    field = f" ({error.field})" if error.field else ""
    return f"{wish.name} was refused{field}: {error.message} {error.remedy or ''} [{error.code}]"
