"""The policy's knowledge, held in memory: grants and org units, followed as the tables change."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from shared.access.facts import ACCESS_GRANT, ORG_UNIT_PLACE
from shared.access.grants import Grant
from shared.access.policy import Actor
from shared.access.tree import Standing, Tree
from shared.contracts.registry.access_grant import Role
from shared.domain.errors import Unavailable
from shared.domain.phrases import Phrase

CHANNEL = "changed"
"""Where the projection engine names, in its transaction, the tables it changed."""

DOUBTED_AFTER = 5.0
"""Seconds without a notification after which the tables are asked whether one was missed."""

SHARE = 5
"""At most one part in so many of the time is spent loading: an import changes units many times a
second, and loading all of them takes as long as there are many (50,000: about 0.2 s)."""

OVERLAP = 500
"""Positions below the newest one known that are read again: partitions overtake one another. Who
comes later still is found by the sum that does not add up."""

TREES_KEPT = 8
"""Days whose tree is kept: today's, and a few that reports ask for."""

_TABLES = frozenset(
    {ACCESS_GRANT.name, ACCESS_GRANT.physical, ORG_UNIT_PLACE.name, ORG_UNIT_PLACE.physical}
)
_GRANTS = f"""
    SELECT subject, role, org_unit_id, programme, health_worker_id, since, until, revoked
    FROM {ACCESS_GRANT.physical}
"""
_GRANTS_MARK = f"SELECT coalesce(sum(position), 0)::bigint FROM {ACCESS_GRANT.physical}"

# One statement, one snapshot: the total is that of the very rows that could be read.
_STANDINGS_ABOVE = f"""
    SELECT told.total, place.org_unit_id, place.since, place.parent_id, place.position
    FROM (SELECT coalesce(sum(position), 0)::bigint AS total
          FROM {ORG_UNIT_PLACE.physical}) AS told
    LEFT JOIN {ORG_UNIT_PLACE.physical} AS place ON place.position > $1
"""
_KNOWN = frozenset(role.value for role in Role)
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

_log = structlog.get_logger(__name__)


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
    ) -> None:
        """Name the database that holds the tables of `facts.ACCESS`.

        Args:
            database_url: one connection of its own is kept to it.
            operators: the token subjects with the root role, from the settings.
            doubted_after: seconds, see `DOUBTED_AFTER`.
        """
        self._url = database_url
        self._operators = frozenset(operators)
        self._doubted_after = doubted_after
        self._grants: dict[str, tuple[Grant, ...]] = {}
        self._grants_mark: int | None = None
        self._forget_standings()
        self._news = asyncio.Event()
        self._loaded = asyncio.Event()
        self._following: asyncio.Task[None] | None = None

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

    async def stop(self) -> None:
        """Stop following. What is known goes on being answered."""
        if self._following is not None:
            self._following.cancel()
            with suppress(asyncio.CancelledError):
                await self._following
            self._following = None

    def actor(self, subject: str) -> Actor:
        """Return the policy's view of a token subject."""
        return Actor(
            subject=subject,
            grants=self.grants_of(subject),
            operator=subject in self._operators,
        )

    def grants_of(self, subject: str) -> tuple[Grant, ...]:
        """Return every grant the subject was ever given; the policy minds the dates."""
        return self._grants.get(subject, ())

    def path_of(self, unit: UUID, on: date) -> tuple[UUID, ...]:
        """Return the unit and its parents up to the root, that day; nothing if it is not known."""
        return self._tree(on).path(unit)

    def subtree_of(self, units: Iterable[UUID], on: date) -> frozenset[UUID]:
        """Return the units and all below them, that day."""
        return self._tree(on).subtree(units)

    def _tree(self, on: date) -> Tree:
        tree = self._trees.get(on)
        if tree is None:
            tree = Tree.on(on, (standing for _, standing in self._standings.values()))
            if len(self._trees) >= TREES_KEPT:
                self._trees.pop(next(iter(self._trees)))
            self._trees[on] = tree
        return tree

    async def _follow(self) -> None:
        pause = 0.1
        while True:
            try:
                connection = await asyncpg.connect(self._url, timeout=5)
                try:
                    # Listening begins before loading, so that no change falls between the two.
                    await connection.add_listener(CHANNEL, self._heard)
                    connection.add_termination_listener(lambda _connection: self._news.set())
                    while True:
                        await self._load_if_changed(connection)
                        pause = 0.1
                        await self._wait()
                finally:
                    connection.terminate()
            except Exception as problem:
                # Not only what is away: a fault of ours must be heard of, and must not leave
                # everybody with the grants of that hour for ever.
                _log.warning(
                    "grants not followed",
                    problem=str(problem) or type(problem).__name__,
                    exc_info=not isinstance(problem, _AWAY),
                )
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    def _heard(self, *notification: Any) -> None:
        if notification[-1] in _TABLES:
            self._news.set()

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), self._doubted_after)

    async def _load_if_changed(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._news.clear()
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            # The mark is taken first: what changes after it makes the next one differ.
            mark = await connection.fetchval(_GRANTS_MARK, timeout=30)
            if mark != self._grants_mark:
                self._know_grants(await connection.fetch(_GRANTS, timeout=30))
                self._grants_mark = mark
            await self._load_standings(connection)
        except asyncpg.UndefinedTableError:
            # The projector has not made them yet: nothing is known, and nobody is let in but
            # the operators.
            _log.info("no tables of grants yet")
        self._loaded.set()
        await asyncio.sleep((clock() - began) * (SHARE - 1))

    async def _load_standings(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Read what is new; where that does not add up (a rebuild, a straggler), read all."""
        rows = await connection.fetch(_STANDINGS_ABOVE, self._newest - OVERLAP, timeout=30)
        if not self._know_standings(rows):
            rows = await connection.fetch(_STANDINGS_ABOVE, -1, timeout=30)
            self._forget_standings()
            self._know_standings(rows)

    def _forget_standings(self) -> None:
        self._standings: dict[tuple[UUID, date], tuple[int, Standing]] = {}
        self._newest = self._total = 0
        self._trees: dict[date, Tree] = {}

    def _know_standings(self, rows: list[asyncpg.Record]) -> bool:
        """Add standings to those known; say whether they add up to all there are."""
        for row in rows:
            position = row["position"]
            if position is None:
                continue
            place = (row["org_unit_id"], row["since"])
            before, _ = self._standings.get(place, (0, None))
            if before != position:
                self._standings[place] = (position, Standing(*place, row["parent_id"]))
                self._newest = max(self._newest, position)
                self._total += position - before
                self._trees = {}
        told: int = rows[0]["total"]
        return self._total == told

    def _know_grants(self, grants: list[asyncpg.Record]) -> None:
        by_subject: dict[str, list[Grant]] = defaultdict(list)
        for row in grants:
            # A role of a release newer than this one allows nothing here.
            if row["role"] in _KNOWN:
                by_subject[row["subject"]].append(_grant(row))
        self._grants = {subject: tuple(held) for subject, held in by_subject.items()}


def _grant(row: asyncpg.Record) -> Grant:
    until: date | None = row["until"]
    if row["revoked"] is not None:
        last = row["revoked"] - timedelta(days=1)
        until = last if until is None else min(until, last)
    return Grant(
        subject=row["subject"],
        role=Role(row["role"]),
        org_unit_id=row["org_unit_id"],
        programme=row["programme"],
        health_worker_id=row["health_worker_id"],
        since=row["since"],
        until=until,
    )
