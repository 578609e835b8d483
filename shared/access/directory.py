"""The policy's knowledge, held in memory: grants and org units, followed as the tables change."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import structlog

from shared.access.facts import ACCESS_GRANT, GROUP_UNIT, ORG_UNIT_HEIR, ORG_UNIT_PLACE
from shared.access.grants import Grant
from shared.access.known import Known, Rows
from shared.access.policy import Actor
from shared.domain.errors import Unavailable
from shared.domain.pausing import end, go_on_unless_cancelled, wait_a_while
from shared.domain.phrases import Phrase
from shared.domain.zone import HOUSE_ZONE
from shared.projection import builds
from shared.projection.builds import TURNED_CHANNEL
from shared.projection.connection import own_connection
from shared.projection.progress import CHANGED_CHANNEL, channel_of

DOUBTED_AFTER = 5.0
"""Seconds without a notification after which the tables are asked whether one was missed."""

SHARE = 5
"""At most one part in so many of the time is spent loading: an import changes units many times a
second."""

OVERLAPS = (20, 500)
"""Positions below the newest one known that are read again: partitions overtake one another. The
sum tells whether that was far enough; where it was not, more is read, and all in the end."""

SLICE = 500
"""Rows taken in before the event loop gets its turn: a process's requests share it."""

CALLED = "mshauri grants"
"""What its connection is called among those of the server."""

READ_WITHIN = 30.0
"""Seconds for reading all of a table."""

_TABLES = frozenset({ACCESS_GRANT.name, ORG_UNIT_PLACE.name, ORG_UNIT_HEIR.name, GROUP_UNIT.name})

# One statement, one snapshot: the total is that of the very rows that could be read.
_ABOVE = """
    SELECT told.total, kept.*
    FROM (SELECT coalesce(sum(position), 0)::bigint AS total FROM {table}) AS told
    LEFT JOIN {table} AS kept ON kept.position > $1
"""
_GRANTS_ABOVE = _ABOVE.format(table=ACCESS_GRANT.physical)
_PLACES_ABOVE = _ABOVE.format(table=ORG_UNIT_PLACE.physical)
_HEIRS_ABOVE = _ABOVE.format(table=ORG_UNIT_HEIR.physical)
_MEMBERS_ABOVE = _ABOVE.format(table=GROUP_UNIT.physical)
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

Take = Callable[[Sequence[Mapping[str, Any]]], bool]
"""Takes rows in; says whether any was news."""

_log = structlog.get_logger(__name__)


class _NothingYet(Exception):
    """Nobody has built the tables of grants yet."""


class Directory:
    """Answers from memory, at once; a task of its own keeps the memory up with the database.

    While the database is away it goes on answering with what it last knew.
    """

    def __init__(
        self,
        database_url: str,
        *,
        operators: Collection[str] = (),
        doubted_after: float = DOUBTED_AFTER,
        group: tuple[str, str] | None = None,
        zone: ZoneInfo = HOUSE_ZONE,
    ) -> None:
        """Name the database that holds the tables of `facts.ACCESS`.

        Args:
            database_url: one connection of its own is kept to it.
            operators: the token subjects with the root role, from the settings.
            doubted_after: seconds, see `DOUBTED_AFTER`.
            group: what the tables are kept as, and what they are built of (`facts.GROUP`,
                `facts.BUILT`): the build in use is read. None: they are in the default schema.
            zone: where it is today.
        """
        self._url = database_url
        self._operators = frozenset(operators)
        self._doubted_after = doubted_after
        self._group = group
        self._zone = zone
        self._known = Known()
        self.generation = 0
        """Raised with every change of what is known: what was made of it is to be made anew."""
        self._news = asyncio.Event()
        self._changed: set[str] = set()
        self._loaded = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self._read_at: float | None = None

    async def start(self, timeout: float = 10.0) -> None:
        """Load what there is, and follow it from then on.

        Raises:
            Unavailable: the database did not answer in that time (seconds).
        """
        self._following = asyncio.create_task(self._follow(), name="access directory")
        try:
            await asyncio.wait_for(self._loaded.wait(), timeout)
        except TimeoutError:
            await self.stop()
            raise Unavailable(part=Phrase("the database of grants")) from None

    @property
    def knows(self) -> bool:
        """Whether the tables were read, rather than that there are none yet."""
        return self._read_at is not None

    @property
    def age_s(self) -> float | None:
        """Seconds since what is known was last held against the tables; None: not yet."""
        if self._read_at is None:
            return None
        return asyncio.get_running_loop().time() - self._read_at

    async def stop(self) -> None:
        """Stop following. What is known goes on being answered."""
        if self._following is not None:
            await end(self._following)
            self._following = None

    def actor(self, subject: str) -> Actor:
        """Return the policy's view of a token subject."""
        return Actor(
            subject=subject,
            grants=self.grants_of(subject),
            operator=subject in self._operators,
        )

    def grants_of(self, subject: str) -> tuple[Grant, ...]:
        """Return every grant the subject was ever given, over the units of their groups of today
        (`members`), and over what these became since they were split up or merged (`reforms`); the
        policy minds the dates. What ends at an instant is left out from then on: the policy, and
        the SQL that is made of it, never see it.
        """
        now = datetime.now(UTC)
        known = self._known.grants_of(subject, now.astimezone(self._zone).date())
        return tuple(grant for grant in known if grant.lasts(now))

    def grants_over(self, units: Collection[UUID], on: date) -> list[tuple[UUID, Grant]]:
        """Return the grants that hold on a day and name one of these units, each with its id: as
        they were given, whatever became of the units.
        """
        return self._known.grants_over(units, on)

    def path_of(self, unit: UUID, on: date) -> tuple[UUID, ...]:
        """Return the unit and its parents up to the root, that day; nothing if it is not known."""
        return self._known.tree.path(unit, on)

    def subtree_of(self, units: Iterable[UUID], on: date) -> frozenset[UUID]:
        """Return the units and all below them, that day."""
        return self._known.tree.subtree(units, on)

    @property
    def known(self) -> Known:
        """All that is known, to look at."""
        return self._known

    def learn(
        self,
        grants: Iterable[Mapping[str, Any]],
        places: Iterable[Mapping[str, Any]],
        heirs: Iterable[Mapping[str, Any]] = (),
        members: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        """Know exactly these rows of the tables from now on."""
        known = Known()
        known.take_grants(grants)
        known.take_places(places)
        known.take_heirs(heirs)
        known.take_members(members)
        self._know(known)

    def _know(self, known: Known) -> None:
        self._known = known
        self.generation += 1

    # ── following ─────────────────────────────────────────────────────────────────────────────

    async def _follow(self) -> None:
        pause = 0.1
        while True:
            try:
                named = {"application_name": CALLED}
                async with own_connection(self._url, server_settings=named) as connection:
                    await self._follow_build(connection)
                    pause = 0.1
            except _NothingYet:
                # Nothing is known, and nobody is let in but the operators.
                self._loaded.set()
                await asyncio.sleep(0.2)
            except Exception as problem:
                go_on_unless_cancelled()
                # Not only what is away: a fault of ours must be heard of, and must not leave
                # everybody with the grants of that hour for ever.
                _log.warning(
                    "grants not followed",
                    problem=type(problem).__name__,
                    exc_info=not isinstance(problem, _AWAY),
                )
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _follow_build(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Follow the build in use until readers are turned to another."""
        turned = asyncio.Event()
        schema = await self._enter(connection, turned)
        # Listening begins before loading, so that no change falls between the two.
        await connection.add_listener(await channel_of(connection, CHANGED_CHANNEL), self._heard)
        connection.add_termination_listener(lambda _connection: self._news.set())
        # What is known stays until all of this build is read, and then goes at once.
        fresh, doubt_at = Known(), 0.0
        while not connection.is_closed():
            self._news.clear()
            began = asyncio.get_running_loop().time()
            changed, self._changed = self._changed, set()
            # What was told of is read; now and then all is doubted, whatever is told of.
            if not changed or began >= doubt_at:
                changed, doubt_at = set(_TABLES), began + self._doubted_after
            fresh = await self._load(connection, fresh, changed)
            if ACCESS_GRANT.name in changed:
                self._read_at = began
            self._loaded.set()
            spent = asyncio.get_running_loop().time() - began
            await asyncio.sleep(spent * (SHARE - 1))
            await wait_a_while(self._news, self._doubted_after)
            if turned.is_set() and await self._live(connection) != schema:
                return

    async def _enter(
        self, connection: "asyncpg.Connection[asyncpg.Record]", turned: asyncio.Event
    ) -> str | None:
        """Have a connection read the build in use, and hear when it is another."""
        if self._group is None:
            return None
        group, _ = self._group

        def heard(*notification: Any) -> None:
            if notification[-1] == group:
                turned.set()
                self._news.set()

        await connection.add_listener(TURNED_CHANNEL, heard)
        schema = await self._live(connection)
        if schema is None:
            raise _NothingYet
        await connection.execute("SELECT set_config('search_path', $1, false)", schema)
        return schema

    async def _live(self, connection: "asyncpg.Connection[asyncpg.Record]") -> str | None:
        if self._group is None:
            return None
        try:
            build = await builds.live(connection, *self._group)
        except asyncpg.UndefinedTableError:
            return None
        return None if build is None else build.schema

    def _heard(self, *notification: Any) -> None:
        if notification[-1] in _TABLES:
            self._changed.add(notification[-1])
            self._news.set()

    async def _load(
        self,
        connection: "asyncpg.Connection[asyncpg.Record]",
        known: Known,
        tables: Collection[str],
    ) -> Known:
        """Read what is new; where that does not add up (a straggler), read all. Returns both."""
        news = known is not self._known
        try:
            for name in sorted(tables):
                statement, held, take = _source(known, name)
                newest = held.newest
                for overlap in OVERLAPS:
                    total, changed = await _read(connection, statement, newest - overlap, take)
                    news |= changed
                    if held.total == total:
                        break
                else:
                    known, news = await _read_all(connection), True
                    break
        except asyncpg.UndefinedTableError:
            raise _NothingYet from None
        if news:
            self._know(known)
        return known


def _source(known: Known, name: str) -> tuple[str, Rows, Take]:
    """Return how a table is read, what is held of it, and what takes its rows in."""
    return {
        ACCESS_GRANT.name: (_GRANTS_ABOVE, known.grants, known.take_grants),
        ORG_UNIT_PLACE.name: (_PLACES_ABOVE, known.places, known.take_places),
        ORG_UNIT_HEIR.name: (_HEIRS_ABOVE, known.heirs, known.take_heirs),
        GROUP_UNIT.name: (_MEMBERS_ABOVE, known.members, known.take_members),
    }[name]


async def _read_all(connection: "asyncpg.Connection[asyncpg.Record]") -> Known:
    known = Known()
    for name in sorted(_TABLES):
        statement, _, take = _source(known, name)
        await _read(connection, statement, -1, take)
    return known


async def _read(
    connection: "asyncpg.Connection[asyncpg.Record]",
    statement: str,
    above: int,
    take: Take,
) -> tuple[int, bool]:
    """Take in the rows above a position, slice by slice; return the sum of all positions, and
    whether any row was news.
    """
    total, news = 0, False
    async with asyncio.timeout(READ_WITHIN), connection.transaction(readonly=True):
        cursor = await connection.cursor(statement, above)
        full = True
        while full and (rows := await cursor.fetch(SLICE)):
            total = rows[0]["total"]
            # Without any row above it, the total comes alone.
            news |= take([row for row in rows if row["position"] is not None])
            full = len(rows) == SLICE
            await asyncio.sleep(0)
    return total, news
