"""`mshauri compare`: one question, asked of two moments; what differs, and which events made it."""

import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import structlog
import typer
import uvloop
from rich.console import Console

from mshauri.connection import Token
from mshauri.replaying.asking import Asked, Asker, Question, asker
from mshauri.replaying.command import Elsewhere, Server, Zone
from mshauri.replaying.cut import Cut, cut_at, moment_of
from mshauri.replaying.database import database_for_a_replay
from mshauri.replaying.differences import NOTHING, Difference, differences
from mshauri.replaying.filling import Fillers
from mshauri.replaying.installation import Installation, gateway_settings, installation_at
from mshauri.replaying.ledgers import Ledgers, opened
from mshauri.replaying.making import FOLDING, Maker, ends_when_told, told_in_a_sentence
from mshauri.replaying.rolling import Rolling, between, rolling
from mshauri.replaying.searching import Made, made_by
from mshauri.up import DATA_DIR, DataDir
from services.gateway.clock import Moment
from services.gateway.standing import Standing
from shared.access.facts import GROUP
from shared.bus.delivery import Delivered
from shared.contracts.envelope import decode_meta
from shared.domain.errors import Malformed
from shared.runtime.settings import GatewaySettings

SAME, DIFFERS, TROUBLE = 0, 1, 2
"""Exit codes: as `diff` has them."""


class UnreadableVariables(Malformed):
    """A file of variables that is no JSON object."""

    code = "UNREADABLE_VARIABLES"
    template = "{file} is no JSON object."
    remedy_template = 'Give each variable of the query by its name: {{"programme": "ingobyi"}}.'


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of it.

    Attributes:
        earlier, later: the two moments, the one that was asked for first as `earlier`.
        found: in what the answers differ.
        by_day: in what they differ because it was another day, whatever was recorded.
        made: the events that made the rest.
        words: what each of them tells, people by the names that the asker may read.
    """

    earlier: Cut
    later: Cut
    found: tuple[Difference, ...]
    by_day: tuple[Difference, ...]
    made: tuple[Made, ...]
    words: tuple[str, ...] = ()


def compare(
    as_of: Annotated[str, typer.Option(help="A day, or an instant: see `mshauri replay`.")],
    query: Annotated[
        Path, typer.Option(help="A file with the query.", exists=True, dir_okay=False)
    ],
    token: Token,
    with_: Annotated[
        str | None, typer.Option("--with", help="The later moment.  [default: now]")
    ] = None,
    zone: Zone = None,
    variables: Annotated[
        Path | None,
        typer.Option(help="A file with its variables, as JSON.", exists=True, dir_okay=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for a program.")] = False,
    data_dir: DataDir = DATA_DIR,
    database_url: Server = None,
    replay_url: Elsewhere = None,
) -> None:
    """Ask one question as of two moments: what differs, and which events made the difference.

    Ends with 0 where both answers are the same, with 1 where they differ, with 2 on trouble.
    """
    console = Console(stderr=True, highlight=False)
    # What is printed is for a program, too: nothing else stands with it.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with told_in_a_sentence(console, TROUBLE):
        question = Question(query.read_text(encoding="utf-8"), _variables(variables))
        now = datetime.now(UTC)
        first = moment_of(as_of, zone, now)
        second = moment_of(with_ or now.isoformat(), zone, now)
        installation = installation_at(data_dir, database_url)
        settings = gateway_settings(data_dir, installation, 1)
        with closing(Fillers(FOLDING)) as fillers:
            maker = Maker(console, installation, replay_url or installation.gateway, fillers)

            async def cuts(ledgers: Ledgers) -> tuple[Cut, Cut]:
                return await cut_at(first, ledgers.reads), await cut_at(second, ledgers.reads)

            comparing = _Comparing(console, installation, maker, settings)
            came = uvloop.run(comparing.compare(question, token, cuts))
    typer.echo(_as_json(came) if as_json else _as_text(came))
    raise typer.Exit(DIFFERS if came.found else SAME)


def _variables(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except msgspec.MsgspecError:
        raise UnreadableVariables("variables", file=str(path)) from None


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy that is taken on, and asked as of the later day."""

    rolling: Rolling
    asked: Asked
    question: Question
    moment: Moment

    async def apply(self, events: Sequence[Delivered]) -> None:
        await self.rolling.apply(events)

    async def ask(self) -> Any:
        await self.asked.learn(self.rolling.connections[GROUP])
        return await self.asked.answer(self.question, self.moment)


class _Comparing:
    def __init__(
        self,
        console: Console,
        installation: Installation,
        maker: Maker,
        settings: GatewaySettings,
    ) -> None:
        self._console = console
        self._installation = installation
        self._maker = maker
        self._settings = settings

    async def compare(
        self, question: Question, token: str, cuts: Callable[[Ledgers], Any]
    ) -> Comparison:
        ends_when_told()
        async with (
            asker(self._settings, token) as asks,
            opened(self._installation) as ledgers,
        ):
            first, second = await cuts(ledgers)
            # Read models go forward alone, whichever is asked for first.
            earlier, later = sorted((first, second), key=lambda cut: cut.instant)
            async with self._maker.made_at(earlier) as standing:
                came = await self._between(question, asks, ledgers, standing, earlier, later)
        if (first, second) == (earlier, later):
            return came
        turned = tuple(replace(d, before=d.after, after=d.before) for d in came.found)
        return replace(came, earlier=first, later=second, found=turned)

    async def _between(
        self,
        question: Question,
        asks: Asker,
        ledgers: Ledgers,
        standing: Standing,
        earlier: Cut,
        later: Cut,
    ) -> Comparison:
        that_day = Moment(later.instant, later.day)

        @asynccontextmanager
        async def copies() -> AsyncIterator[_Copy]:
            async with (
                database_for_a_replay(standing.database_url, like=standing.database_url) as url,
                rolling(url, ledgers) as rolls,
                asks.of(replace(standing, database_url=url)) as asked,
            ):
                yield _Copy(rolls, asked, question, that_day)

        async with copies() as copy:
            before_then = await replace(copy, moment=standing.moment).ask()
            before = await copy.ask()
            waiting: list[Delivered] = []
            async for event in between(earlier, later, ledgers.reads):
                waiting.append(event)
                if len(waiting) == _TOGETHER:
                    await copy.apply(waiting)
                    waiting = []
            await copy.apply(waiting)
            after = await copy.ask()
        made: list[Made] = []
        if before != after:
            made = await made_by(
                later.events - earlier.events,
                lambda: between(earlier, later, ledgers.reads),
                copies,
                lambda said: self._console.print(f"Looking for what changed it: {said}."),
            )
        return Comparison(
            earlier=earlier,
            later=later,
            found=tuple(differences(before_then, after)),
            by_day=tuple(differences(before_then, before)),
            made=tuple(made),
            words=tuple(await asks.in_words([one.event for one in made])) if made else (),
        )


_TOGETHER = 20_000
"""Events that are applied together."""


def _as_text(came: Comparison) -> str:
    lines = [f"{came.earlier.said['knownAt']} → {came.later.said['knownAt']}", ""]
    if not came.found:
        return "\n".join([lines[0], "Both answers are the same."])
    lines += _lines(came.found)
    if came.by_day:
        lines += ["", "Because it was another day, whatever was recorded:"]
        lines += [f"  {line}" for line in _lines(came.by_day)]
    if came.made:
        lines += ["", f"{len(came.made)} of what was recorded between made the difference:"]
    for made, words in zip(came.made, came.words, strict=True):
        told = _told(made.event)
        lines += ["", f"  {words}"]
        lines.append(f"    {told['topic']}  {told['service']} {told['position']}")
        lines.append(
            f"    recorded {told['recorded']}, occurred {told['occurredOn']}, by {told['actor']}"
        )
        lines += [f"    {line}" for line in _lines(made.differences)]
    return "\n".join(lines)


def _lines(found: Sequence[Difference]) -> list[str]:
    return [f"{one.path}: {_shown(one.before)} → {_shown(one.after)}" for one in found]


def _shown(value: Any) -> str:
    return "nothing" if value is NOTHING else msgspec.json.encode(value).decode()


def _told(event: Delivered) -> dict[str, Any]:
    """Return what is told of an event: nothing personal, which its content may be."""
    entry, meta = event.entry, decode_meta(event.entry.meta)
    return {
        "service": event.service,
        "position": entry.position,
        "epoch": entry.epoch,
        "topic": entry.topic,
        "record": {"kind": entry.kind, "id": str(entry.stream), "version": entry.version},
        "recorded": entry.recorded.isoformat(),
        "occurredOn": meta.occurred_on.isoformat(),
        "actor": meta.actor,
        "onBehalfOf": meta.on_behalf_of,
        "commandId": str(entry.command_id),
        "correlationId": str(meta.correlation_id),
    }


def _as_json(came: Comparison) -> str:
    told = {
        "asOf": came.earlier.said,
        "with": came.later.said,
        "same": not came.found,
        "differences": _pairs(came.found),
        "becauseOfTheDay": _pairs(came.by_day),
        "events": [
            {**_told(made.event), "words": words, "changed": _pairs(made.differences)}
            for made, words in zip(came.made, came.words, strict=True)
        ],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def _pairs(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """Return differences; where there is no such place, `before` or `after` is left out."""
    return [
        {
            "path": one.path,
            **({} if one.before is NOTHING else {"before": one.before}),
            **({} if one.after is NOTHING else {"after": one.after}),
        }
        for one in found
    ]
