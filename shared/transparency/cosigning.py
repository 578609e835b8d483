"""Checkpoints shown to witnesses, and told on the bus: in the background, the newest each time.

What is shown must not hold up what is sealed: a witness that is slow, or away, sees fewer of them.
The directory sees each; those over the network, and the bus, one every `SHOWN_S` and the last one.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NamedTuple

import asyncpg
import structlog

from shared.domain.errors import MshauriError, Unavailable
from shared.domain.pausing import go_on_unless_cancelled, wait_a_while
from shared.proof.checkpoints import Checkpoint
from shared.proof.notes import Note, Signature
from shared.transparency.keys import note_witness
from shared.transparency.proving import prove_consistency
from shared.transparency.store import keep_cosigned
from shared.transparency.witnessing import Witness

SHOWN_S: Final = 10.0
"""Between two checkpoints that are shown over the network."""

_PAUSE_S = 5.0

Publish = Callable[[str, bytes], Awaitable[None]]
"""Puts a checkpoint on the bus, under the log's origin."""

_log = structlog.get_logger(__name__)


class _Shown(NamedTuple):
    epoch: int
    checkpoint: Checkpoint
    note: Note
    near: bool = False  # whether those who see each have seen it


class Cosigning:
    """Shows a service's checkpoints to witnesses; run one beside each `Sealing`.

    Attributes:
        problems: what keeps each witness from cosigning, by its name.
    """

    def __init__(
        self,
        service: str,
        pool: "asyncpg.Pool[Any]",
        *,
        near: Sequence[Witness] = (),
        far: Sequence[Witness] = (),
        publish: Publish | None = None,
        shown_s: float = SHOWN_S,
    ) -> None:
        """Prepare to show.

        Args:
            near: who is shown every checkpoint: the directory.
            far: who is asked over the network.
            publish: the bus.
        """
        self.problems: dict[str, MshauriError] = {}
        self._pool = pool
        self._near = near
        self._far = far
        self._publish = publish
        self._shown_s = shown_s
        self._newest: _Shown | None = None
        self._stir = asyncio.Event()
        self._log = _log.bind(service=service)

    def tell(self, epoch: int, checkpoint: Checkpoint, note: Note) -> None:
        """Take in a checkpoint; those that were not shown yet are passed over."""
        self._newest = _Shown(epoch, checkpoint, note)
        self._stir.set()

    async def run(self) -> None:
        """Show what comes until cancelled."""
        noted = False
        far_at, waits = 0.0, False
        while True:
            pause = max(0.0, far_at - time.monotonic()) if waits else 3600.0
            if await wait_a_while(self._stir, pause):
                self._stir.clear()
            if (shown := self._newest) is None:
                continue
            try:
                if not noted:
                    await self._note_witnesses()
                    noted = True
                if not shown.near:
                    note = await self._shown(shown, self._near)
                    seen = shown._replace(note=note, near=True)
                    self._newest = seen if self._newest is shown else self._newest
                    shown = seen
                waits = bool(self._far or self._publish)
                if waits and time.monotonic() >= far_at:
                    far_at = time.monotonic() + self._shown_s
                    note = await self._shown(shown, self._far)
                    waits = not await self._published(shown.checkpoint.origin, note)
                    waits = waits or any(one.verifier.name in self.problems for one in self._far)
            except Exception as error:
                go_on_unless_cancelled()
                self._log.warning("checkpoints are not shown to witnesses", why=repr(error))
                await asyncio.sleep(_PAUSE_S)
                self._stir.set()

    async def _note_witnesses(self) -> None:
        async with self._pool.acquire() as connection:
            for witness in (*self._near, *self._far):
                await note_witness(connection, witness.verifier.vkey)

    async def _shown(self, shown: _Shown, witnesses: Sequence[Witness]) -> Note:
        """Show a checkpoint; return its note with what was cosigned."""
        if not witnesses:
            return shown.note
        signed: list[Signature] = []
        for witness in witnesses:
            signed += await self._by(witness, shown)
        note = shown.note.with_signatures(signed)
        if signed:
            async with self._pool.acquire() as connection:
                await keep_cosigned(connection, shown.epoch, shown.checkpoint.size, note)
        return note

    async def _by(self, witness: Witness, shown: _Shown) -> list[Signature]:
        async def prove(before: int) -> list[bytes]:
            async with self._pool.acquire() as connection:
                return await prove_consistency(connection, before, shown.checkpoint.size)

        name = witness.verifier.name
        try:
            signed = await witness.cosign(shown.note, prove)
        except MshauriError as problem:
            if self.problems.get(name, problem).message != problem.message or (
                name not in self.problems
            ):
                self._log.warning("a witness does not cosign", problem=problem.message)
            self.problems[name] = problem
            return []
        self.problems.pop(name, None)
        return signed

    async def _published(self, origin: str, note: Note) -> bool:
        if self._publish is not None:
            try:
                await self._publish(origin, note.encode())
            except Unavailable:
                return False
        return True
