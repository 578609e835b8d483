"""A service's ledger sealed into its Merkle log: in the background, a second behind at most.

    the ledger grows → take the turn → ┌ leaf hashes of a slice → tiles → root → signed
                                       └ tiles and checkpoint are kept in one transaction

Every follower of a service may run one. Whoever gets the turn, an advisory lock that ends with the
transaction, seals; the others find nothing left to do. An idle ledger is not looked at but when its
head has moved. What was recorded before there was a log is sealed from position 1, slice by slice.

A log never signs what contradicts what it signed before. What a restore took back is told by the
ledger's epochs; where nobody told, the witness remembers, and nothing is signed.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import asyncpg
import structlog

from shared.database.migrations import migrate
from shared.domain.errors import Unavailable
from shared.domain.pausing import go_on_unless_cancelled
from shared.ledger.away import is_away
from shared.proof.checkpoints import Checkpoint, origin_of
from shared.proof.growing import Edge
from shared.proof.notes import Note, Signer, Verifier
from shared.transparency.errors import AnotherOrigin, BehindWitness, Forked, LogBroken
from shared.transparency.keys import must_sign, note_key
from shared.transparency.leaves import leaves_between
from shared.transparency.proving import root_at
from shared.transparency.store import (
    COMPONENT,
    SCHEMA,
    Cut,
    Kept,
    keep_checkpoint,
    keep_tiles,
    read_cuts,
    read_edge,
    read_newest,
)

SLICE: Final = 2_048
"""Entries sealed in one transaction: some 10 ms of PostgreSQL, 3 of ours."""

EVERY_S: Final = 1.0
"""Between two checkpoints, at least, where the log is level."""

LOOKS_S: Final = 10.0
"""How long an idle ledger is waited for before its head is looked at."""

_PAUSE_S = 1.0

_TURN = "SELECT pg_try_advisory_xact_lock(hashtextextended('log of ' || $1, 0))"
_HEAD = "SELECT position FROM ledger_head"

# What a crash takes back is sealed again, to the same bytes.
_UNHURRIED = "SET LOCAL synchronous_commit = off"

_log = structlog.get_logger(__name__)


class Growing(Protocol):
    """What is asked of the ledger itself."""

    async def wait_beyond(self, position: int, timeout: float) -> bool:
        """Wait until the head is above `position`, at most `timeout` seconds; say whether it is."""
        ...


Tell = Callable[[int, Checkpoint, Note], None]
"""Told of each checkpoint after it is kept: its epoch, what it says, and how it is signed."""

LastWitnessed = Callable[[str], Awaitable[Checkpoint | None]]
"""Returns what a witness cosigned last of the log of an origin."""


def tell_nobody(_epoch: int, _checkpoint: Checkpoint, _note: Note) -> None:
    """Have no witness."""


async def nobody_saw(_origin: str) -> Checkpoint | None:
    """Have no witness that would remember."""
    return None


class Sealing:
    """Seals a service's ledger; run one in every follower of it.

    Attributes:
        size: entries that are sealed, as far as this one has seen.
        problem: why it does not seal, if it does not.
    """

    def __init__(
        self,
        service: str,
        pool: "asyncpg.Pool[Any]",
        ledger: Growing,
        *,
        house: str,
        seed: bytes,
        tell: Tell = tell_nobody,
        last_witnessed: LastWitnessed = nobody_saw,
        every_s: float = EVERY_S,
    ) -> None:
        """Prepare to seal.

        Args:
            house: `MSHAURI_LOG_ORIGIN`.
            seed: the private key, 32 bytes.
            tell: who shows checkpoints to witnesses.
            last_witnessed: asked of each epoch before this process signs anything of it.
        """
        self.size = 0
        self.problem: Exception | None = None
        self._service = service
        self._pool = pool
        self._ledger = ledger
        self._house = house
        self._seed = seed
        self._tell = tell
        self._last_witnessed = last_witnessed
        self._every_s = every_s
        self._edge: Edge | None = None
        self._witnessed: tuple[int, Checkpoint | None] | None = None
        self._level = False
        self._well_at = time.monotonic()
        self._log = _log.bind(service=service)

    @property
    def behind_s(self) -> float:
        """Seconds since the log held all of the ledger, or was in somebody else's hands."""
        return 0.0 if self._level else time.monotonic() - self._well_at

    def origin(self, epoch: int) -> str:
        """Return the name of an epoch's log."""
        return origin_of(self._house, self._service, epoch)

    def verifier(self, epoch: int) -> Verifier:
        """Return the key that an epoch's log is verified by."""
        return Signer(self.origin(epoch), self._seed).verifier

    async def run(self) -> None:
        """Seal until cancelled; come back by itself when a part was away."""
        prepared = False
        while True:
            began = time.monotonic()
            try:
                if not prepared:
                    await self.prepare()
                    prepared = True
                await self.seal()
                self._all_is_well()
            except Exception as error:
                go_on_unless_cancelled()
                self._wait_out(error)
                await asyncio.sleep(_PAUSE_S)
                continue
            await asyncio.sleep(max(0.0, self._every_s - (time.monotonic() - began)))
            try:
                self._level = not await self._ledger.wait_beyond(self.size, LOOKS_S)
            except Unavailable:
                go_on_unless_cancelled()

    async def prepare(self) -> None:
        """Bring the tables up to date, and note that this key signs from now on.

        Raises:
            RetiredHere: another key took its place.
        """
        await migrate(self._pool, COMPONENT, SCHEMA)
        async with self._pool.acquire() as connection:
            await note_key(connection, self._service, self.verifier(1).key)

    async def seal(self) -> int:
        """Seal all that there is, in slices; return how many entries it was.

        Raises:
            LogBroken: a position or a tile is missing, or not what it was.
            AnotherOrigin: the log has another name.
            RetiredHere: another key took the place of this one.
            BehindWitness, Forked: the ledger is not what a witness saw of it.
        """
        sealed = 0
        while (grew := await self._slice()) is not None:
            sealed += grew
        return sealed

    async def _slice(self) -> int | None:
        """Seal one slice; None: there is nothing to seal, or it is another's turn."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_UNHURRIED)
            if not await connection.fetchval(_TURN, self._service):
                self._level, self._well_at = True, time.monotonic()
                return None
            newest, cuts = await read_newest(connection), await read_cuts(connection)
            self.size = before = newest.size if newest else 0
            cut, until = _next(cuts, before)
            # A log that a later epoch took the place of is not shown to witnesses any more.
            last = cut == cuts[-1]
            seen = await self._seen(connection, cut, before) if last else None
            if seen is not None and seen.size > before:
                until = min(until, seen.size)
            leaves = await leaves_between(connection, before, until)
            if not leaves and newest is not None and newest.epoch == cut.epoch:
                self._level, self._well_at = True, time.monotonic()
                return None
            edge = await self._taken_up(connection, newest)
            edge.extend(leaves)
            checkpoint = Checkpoint(self.origin(cut.epoch), edge.size, edge.root())
            if seen is not None and seen.size == edge.size and seen.root != checkpoint.root:
                raise Forked(origin=seen.origin, size=seen.size)
            signer = Signer(checkpoint.origin, self._seed)
            await must_sign(connection, self._service, signer.verifier.key)
            note = checkpoint.signed_by(signer)
            await keep_tiles(connection, edge.grown())
            if not await keep_checkpoint(
                connection, cut.epoch, checkpoint, note, datetime.now(UTC)
            ):
                raise AnotherOrigin(epoch=cut.epoch, origin=checkpoint.origin)
        self._edge, self.size = edge, edge.size
        self._well_at = time.monotonic()
        if last:
            self._tell(cut.epoch, checkpoint, note)
        return len(leaves)

    async def _taken_up(self, connection: Any, newest: Kept | None) -> Edge:
        """Return the tree's edge, for this slice alone: it is kept again when that is committed."""
        edge, self._edge = self._edge, None
        if newest is None:
            return Edge()
        if edge is not None and edge.size == newest.size:
            return edge
        try:
            edge = await read_edge(connection, newest.size)
        except ValueError as problem:
            raise LogBroken(problem=str(problem)) from None
        if edge.root() != newest.root:
            raise LogBroken(problem=f"its tiles have not the root it had at {newest.size}")
        return edge

    async def _seen(self, connection: Any, cut: Cut, before: int) -> Checkpoint | None:
        """Return what a witness saw of the newest log; at first, hold it against what is here.

        Raises:
            BehindWitness: it saw entries that are not here.
            Forked: it saw another tree.
        """
        if self._witnessed is not None and self._witnessed[0] == cut.epoch:
            return self._witnessed[1]
        seen = await self._last_witnessed(self.origin(cut.epoch))
        if seen is not None:
            head = await connection.fetchval(_HEAD)
            if seen.size > head:
                raise BehindWitness(origin=seen.origin, size=seen.size, head=head)
            if seen.size <= before and await root_at(connection, seen.size, before) != seen.root:
                raise Forked(origin=seen.origin, size=seen.size)
        self._witnessed = cut.epoch, seen
        return seen

    def _wait_out(self, error: Exception) -> None:
        """Say what it waits for, once."""
        self._edge, self._level = None, False
        if str(error) != str(self.problem):
            away = is_away(error) or isinstance(error, Unavailable)
            say = self._log.warning if away else self._log.error
            say("the ledger is not sealed", code=getattr(error, "code", None), why=repr(error))
        self.problem = error

    def _all_is_well(self) -> None:
        if self.problem is not None:
            self._log.info("the ledger is sealed again", size=self.size)
        self.problem = None


def _next(cuts: Sequence[Cut], before: int) -> tuple[Cut, int]:
    """Return the epoch of the entry after `before`, and up to where one slice may go."""
    reached = [cut for cut in cuts if cut.after <= before]
    beyond = [cut.after for cut in cuts if cut.after > before]
    return reached[-1], min([before + SLICE, *beyond])
