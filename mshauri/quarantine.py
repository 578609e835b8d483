"""`mshauri quarantine`: events that cannot be shown or decided by yet, and what becomes of them."""

import asyncio
import getpass
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Lines

from mshauri.lost import WIDE
from mshauri.rebuild import DATABASE_URL, NoStack, database_of
from mshauri.up import DATA_DIR, DataDir
from shared.projection import builds, quarantine
from shared.projection.quarantine import Held, held

PROCESSES = ("gateway", "registry", "sessions", "validation")
"""Whose databases are looked into."""

EACH = 5
"""Events of one code and topic that are listed, unless all are asked for."""

WAITS_S = 20.0
"""Seconds without anything happening that `retry` and `skip` wait for what they asked for."""

app = typer.Typer(help="Look at events that wait because they cannot be applied, and decide.")

Which = Annotated[
    list[str] | None,
    typer.Argument(help="Position tokens, as `list` shows them: registry.7.1234.", metavar="PLACE"),
]
Of = Annotated[
    list[str] | None, typer.Option("--code", help="All that wait for this, by its code.")
]
All = Annotated[bool, typer.Option("--all", help="All that wait.")]
Address = Annotated[
    list[str] | None,
    typer.Option("--database-url", envvar=DATABASE_URL, help="Databases, if no stack runs here."),
]

_RUBBISH = """
SELECT * FROM (
    SELECT service, partition, "offset", field, problem, length, seen_at,
           row_number() OVER alike AS place, count(*) OVER (PARTITION BY service, field) AS all
      FROM public.unreadable
    WINDOW alike AS (PARTITION BY service, field ORDER BY partition, "offset")
) AS found WHERE place <= $1 ORDER BY service, field, place
"""

Work = Callable[[str, "asyncpg.Connection[Any]"], Awaitable[None]]


@app.command("list")
def list_(data_dir: DataDir = DATA_DIR, database_url: Address = None, all: All = False) -> None:
    """List what waits, alike ones together, and records on the bus that are no events.

    It says how much waits behind each, and how much was skipped.
    """
    console = _console()

    async def work(name: str, connection: "asyncpg.Connection[Any]") -> None:
        # One event may wait in what is read, and in what decides who may read it: it is one.
        found = list({one.place: one for one in reversed(await held(connection))}.values())[::-1]
        rubbish = await connection.fetchval("SELECT count(*) FROM public.unreadable")
        passed = await connection.fetchval("SELECT count(*) FROM public.skipped_event")
        people = len({one.key for one in found})
        console.print(
            f"{name}: {len(found):,} events of {people:,} people wait, "
            f"{sum(one.behind for one in found):,} behind them; {passed:,} skipped; "
            f"{rubbish:,} records that are no events",
            markup=False,
        )
        if found:
            console.print(_listed(found, len(found) if all else EACH))
        if rubbish:
            rows = await connection.fetch(_RUBBISH, rubbish if all else EACH)
            console.print(_records(rows))

    _each(console, data_dir, database_url, work)


@app.command()
def show(place: Which, data_dir: DataDir = DATA_DIR, database_url: Address = None) -> None:
    """Show events that wait: what they say, and what is wrong. Personal fields stay encrypted."""
    console = _console()
    seen: set[str] = set()

    async def work(name: str, connection: "asyncpg.Connection[Any]") -> None:
        for one in await held(connection):
            if one.place in (place or ()):
                seen.add(one.place)
                console.print(_shown(name, one), markup=False, soft_wrap=True)

    _each(console, data_dir, database_url, work)
    _must_have_seen(console, place, seen)


@app.command()
def retry(
    place: Which = None,
    code: Of = None,
    all: All = False,
    data_dir: DataDir = DATA_DIR,
    database_url: Address = None,
) -> None:
    """Have events tried again, with all that waits behind them, and say what became of them."""
    console = _console()
    _must_choose(place, code, all)
    left: Counter[str] = Counter()
    seen: set[str] = set()

    async def work(name: str, connection: "asyncpg.Connection[Any]") -> None:
        chosen = _chosen(await held(connection), place, code, all)
        seen.update(one.place for one in chosen)
        await quarantine.try_again(connection, chosen)
        left.update(await _watch(console, name, connection, chosen, "are applied now"))

    _each(console, data_dir, database_url, work)
    _must_have_seen(console, place, seen)
    raise typer.Exit(1 if left else 0)


@app.command()
def skip(
    reason: Annotated[
        str, typer.Option(help="Why they may be passed over: kept with them, for auditors.")
    ],
    place: Which = None,
    code: Of = None,
    all: All = False,
    data_dir: DataDir = DATA_DIR,
    database_url: Address = None,
) -> None:
    """Have events passed over for good, here and in every rebuild; what waits behind them goes on.

    They stay in the ledger. What they tell is shown nowhere: have it recorded anew, rightly.
    """
    console = _console()
    _must_choose(place, code, all)
    if not reason.strip():
        raise typer.BadParameter("Say why.", param_hint="--reason")
    left: Counter[str] = Counter()
    seen: set[str] = set()

    async def work(name: str, connection: "asyncpg.Connection[Any]") -> None:
        chosen = _chosen(await held(connection), place, code, all)
        seen.update(one.place for one in chosen)
        await quarantine.skip(connection, chosen, reason=reason, actor=getpass.getuser())
        left.update(await _watch(console, name, connection, chosen, "are passed over"))

    _each(console, data_dir, database_url, work)
    _must_have_seen(console, place, seen)
    raise typer.Exit(1 if left else 0)


# ── which, and where ──────────────────────────────────────────────────────────────────────────


def _each(console: Console, data_dir: Path, addresses: list[str] | None, work: Work) -> None:
    async def run() -> None:
        named = (
            {f"database {n}": address for n, address in enumerate(addresses, 1)}
            if addresses
            else {process: database_of(process, data_dir) for process in PROCESSES}
        )
        for name, address in named.items():
            connection = await asyncpg.connect(address)
            try:
                await builds.prepare(connection)
                await work(name, connection)
            finally:
                await connection.close()

    try:
        asyncio.run(run())
    except (NoStack, OSError, asyncpg.PostgresError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None


def _chosen(
    found: Sequence[Held], places: list[str] | None, codes: list[str] | None, all: bool
) -> list[Held]:
    return [one for one in found if all or one.place in (places or ()) or one.code in (codes or ())]


def _must_choose(places: list[str] | None, codes: list[str] | None, all: bool) -> None:
    if not (places or codes or all):
        raise typer.BadParameter("Name places, a --code, or --all; `list` shows them.")


def _must_have_seen(console: Console, places: list[str] | None, seen: set[str]) -> None:
    if missing := [place for place in places or () if place not in seen]:
        console.print(
            f"Nothing waits at {', '.join(missing)}; `mshauri quarantine list` shows what does.",
            style="red",
            soft_wrap=True,
        )
        raise typer.Exit(1)


async def _watch(
    console: Console,
    name: str,
    connection: "asyncpg.Connection[Any]",
    chosen: Sequence[Held],
    done: str,
) -> list[str]:
    """Wait until what was chosen waits no more, or was tried in vain; return what still waits."""
    asked = {(one.schema, one.seq): one for one in chosen}
    waiting = dict(asked)
    clock = asyncio.get_running_loop().time
    until = clock() + WAITS_S
    while waiting and clock() < until:
        await asyncio.sleep(0.2)
        now = {(one.schema, one.seq): one for one in await held(connection)}
        before, waiting = len(waiting), {key: now[key] for key in asked if key in now}
        if len(waiting) < before:
            until = clock() + WAITS_S
        if all(waiting[key].attempts > asked[key].attempts for key in waiting):
            break
    if asked:
        console.print(f"{name}: {len(asked) - len(waiting):,} {done}, {len(waiting):,} still wait")
    for one in list(waiting.values())[:EACH]:
        console.print(f"  {one.place} {one.code}: {one.error}", markup=False, soft_wrap=True)
    return [one.place for one in waiting.values()]


# ── how it is shown ───────────────────────────────────────────────────────────────────────────


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    return console


def _listed(found: Sequence[Held], each: int) -> Lines:
    lines = Lines("place", "what", "record", "code", "behind", "tried", "waits since", box=None)
    shown: Counter[tuple[str, str]] = Counter()
    for one in found:
        alike = (one.code, one.topic)
        shown[alike] += 1
        if shown[alike] <= each:
            lines.add_row(
                *(one.place, one.topic, f"{one.record} {one.stream}", escape(one.code)),
                *(f"{one.behind:,}", str(one.attempts), f"{one.parked_at:%F %T}"),
            )
    for (code, topic), count in shown.items():
        if count > each:
            lines.add_row("…", topic, f"and {count - each:,} more", escape(code), "", "", "")
    return lines


def _records(rows: Sequence[Any]) -> Lines:
    lines = Lines("topic", "partition", "offset", "bytes", "field", "problem", "alike", box=None)
    for row in rows:
        lines.add_row(
            *(row["service"], str(row["partition"]), f"{row['offset']:,}", f"{row['length']:,}"),
            *(row["field"] or "", escape(row["problem"]), f"{row['all']:,}"),
        )
    return lines


def _shown(name: str, one: Held) -> str:
    return "\n".join(
        [
            f"{one.place}  {one.topic}, in the {name}'s {one.schema}",
            f"  record    {one.record} {one.stream}",
            f"  recorded  {one.recorded:%F %T}; waits since {one.parked_at:%F %T}",
            f"  wrong     {one.code}: {one.error}",
            f"  tried     {one.attempts}; {one.behind} later events of the same person wait behind",
            f"  meta      {_plain(one.meta)}",
            f"  says      {_plain(one.payload)}",
        ]
    )


def _plain(content: bytes) -> str:
    try:
        return json.dumps(json.loads(content), ensure_ascii=False)
    except ValueError:
        return content.hex()
