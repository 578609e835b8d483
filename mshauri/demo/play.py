"""Sends the demonstration to a running Mshauri, through the public API alone, and times it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter
from typing import Any, Protocol

from mshauri.api import Answer, Api, Wish, send_all
from mshauri.demo import places
from mshauri.demo.cast import BEFORE
from mshauri.demo.script import Stage
from mshauri.demo.table1 import YEARS, Cell, Key
from mshauri.importing.plan import Plan
from mshauri.importing.send import Outcome, Sent, known_units, send_plan
from mshauri.programme import publish_wishes
from shared.bus.topics import parse_position, position_token
from shared.contracts.definition import Definition
from shared.contracts.registry.access_grant import Role
from shared.domain import derived_id

PATIENCE = 10.0
"""Seconds that a grant may take to come round to every service."""

COORDINATOR, AUDITOR = "demo-coordinator", "demo-auditor"

_TABLE = """
query Table1($programme: String!, $year: Int!, $after: [Position!]) {
  validationTable(programme: $programme, fiscalYear: $year, by: ASSOCIATION, after: $after) {
    rows { key mentees validated ratio }
  }
}
"""
_TRAIL = """
query Trail($id: ID!) {
  mentee(id: $id) {
    area
    competencies { name attempts raw max validatedOn }
    auditTrail(first: 50) { nodes { occurredOn topic service position actor details } }
  }
}
"""


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
            service, partition, position = parse_position(token)
            place = service, partition
            self._reached[place] = max(position, self._reached.get(place, 0))

    def after(self, service: str | None = None) -> list[str]:
        """Return how far each partition came, of one service or of all."""
        return [
            position_token(*place, position)
            for place, position in sorted(self._reached.items())
            if service in (None, place[0])
        ]

    @property
    def events(self) -> int:
        """How many events the ledgers hold: positions have no gaps, so the last one counts."""
        last: dict[str, int] = {}
        for (service, _), position in self._reached.items():
            last[service] = max(position, last.get(service, 0))
        return sum(last.values())


class Player:
    """Plays one demonstration."""

    def __init__(self, connect: Connect, operator: str, watcher: Watcher) -> None:
        """Prepare to speak to the API that `connect` opens as a subject; `operator` may do all."""
        self._connect = connect
        self._operator = operator
        self._watcher = watcher
        self.tally = Tally()

    async def import_plan(self, plan: Plan, name: str, since: date) -> list[Sent]:
        """Establish a list's units, as the importer does for anybody."""
        began = perf_counter()
        async with self._connect(self._operator) as api:
            sent = await send_plan(
                plan,
                api,
                since=since,
                known=await known_units(api, plan),
                landed=lambda more: self._watcher.landed(name, more, len(plan.units)),
            )
            for one in sent:
                if one.outcome is Outcome.ESTABLISHED:
                    self.tally.add(one.positions)
            await self._caught_up(api, name, len(sent), began)
        return sent

    async def set_up(self, text: str, definition: Definition) -> None:
        """Establish Rwanda, publish the programme, and let its coordinator and an auditor in.

        Raises:
            Refused: something did not land.
        """
        for plan in places.plans():
            for one in await self.import_plan(plan, "Rwanda", places.SINCE):
                if one.error is not None:
                    raise Refused(f"{one.unit.code}: {one.error.problem}")
        wishes = [
            _grant(COORDINATOR, Role.COORDINATOR),
            _grant(AUDITOR, Role.AUDITOR),
            *publish_wishes(text, definition, BEFORE),
        ]
        async with self._connect(self._operator) as api:
            await self._send(api, "programme", [[wish] for wish in wishes])

    async def play(self, stages: Sequence[Stage]) -> None:
        """Send every stage, one after the other.

        Raises:
            Refused: a command was refused; the message says which and why.
        """
        async with self._connect(COORDINATOR) as api:
            await _let_in(api, stages[0].lanes[0][0])
            for stage in stages:
                began = perf_counter()
                after = self.tally.after("registry") if stage.rests else []
                await self._send(api, stage.name, [_resting(lane, after) for lane in stage.lanes])
                await self._caught_up(api, stage.name, len(stage), began)

    async def _caught_up(self, api: Api, name: str, commands: int, began: float) -> None:
        """Wait until all that was answered can be read, and say how long everything took."""
        answered = perf_counter()
        await api.caught_up(self.tally.after())
        played = Played(name, commands, answered - began, perf_counter() - answered)
        self.tally.stages.append(played)
        self._watcher.over(played)

    async def table(self, programme: str) -> dict[Key, Cell]:
        """Return Table 1 as the API counts it, after everything that was recorded."""
        counted: dict[Key, Cell] = {}
        async with self._connect(AUDITOR) as api:
            for year in YEARS:
                data = await api.ask(
                    _TABLE, programme=programme, year=year, after=self.tally.after()
                )
                for row in data["validationTable"]["rows"]:
                    counted[row["key"], year] = Cell(row["mentees"], row["validated"])
        return counted

    async def trail(self, mentee_id: str) -> dict[str, Any]:
        """Return one mentee's progress and audit trail, as an auditor reads them."""
        async with self._connect(AUDITOR) as api:
            data = await api.ask(_TRAIL, id=mentee_id)
        if data["mentee"] is None:
            msg = f"The auditor does not find the mentee {mentee_id}."
            raise Refused(msg)
        mentee: dict[str, Any] = data["mentee"]
        return mentee

    async def _send(self, api: Api, name: str, lanes: Sequence[Sequence[Wish]]) -> list[Answer]:
        wishes = [wish for lane in lanes for wish in lane]
        answers = await send_all(
            api, lanes, landed=lambda more: self._watcher.landed(name, more, len(wishes))
        )
        for wish, answer in zip(wishes, answers, strict=True):
            if not answer.recorded:
                raise Refused(_said(wish, answer))
            self.tally.add(answer.positions)
        return answers


def _grant(subject: str, role: Role) -> Wish:
    command = {
        "commandId": str(derived_id("demo_grant", subject)),
        "id": str(derived_id("demo_grant_id", subject)),
        "subjectName": subject,
        "role": role.value,
        "orgUnitId": str(places.country().id),
        "occurredOn": BEFORE.isoformat(),
    }
    return Wish("accessGrantGive", command)


async def _let_in(api: Api, first: Wish) -> None:
    """Repeat the first command until the grant has come round: a moment, never a matter of luck."""
    until = perf_counter() + PATIENCE
    while True:
        (answer,) = await api.send([first])
        denied = any(error.code == "ACCESS_DENIED" for error in answer.errors)
        if not denied or perf_counter() > until:
            return
        await asyncio.sleep(0.05)


def _resting(lane: Sequence[Wish], after: list[str]) -> Sequence[Wish]:
    if not after:
        return lane
    first = lane[0]
    return [Wish(first.name, {**first.command, "after": after}), *lane[1:]]


def _said(wish: Wish, answer: Answer) -> str:
    error = answer.errors[0]
    field = f" ({error.field})" if error.field else ""
    return f"{wish.name} was refused{field}: {error.message} {error.remedy or ''} [{error.code}]"
