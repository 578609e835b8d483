"""What a service's log proves of some of its entries, and what it signs of a bundle."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol

import asyncpg

from shared.domain.errors import Unavailable
from shared.evidence.bundle import Proven, seal_text
from shared.ledger.away import unavailable_if_away
from shared.proof.checkpoints import must_be_past, read_checkpoint
from shared.proof.errors import AnotherLog, NotProven
from shared.proof.notes import Note, Signer, read_note
from shared.transparency.keys import must_sign, read_keys, read_witnesses
from shared.transparency.proving import prove_consistency, prove_inclusions, root_at
from shared.transparency.store import Kept, read_all, read_cuts, read_newest

PATIENCE_S, LOOKS_S = 5.0, 0.25
"""How long a log that is not sealed up to there is waited for; it is, every second."""


class NoLogKey(Unavailable):
    """A process that is to sign evidence was given no key to."""

    code = "NO_LOG_KEY"
    template = "The {service} service has no key to sign evidence with."
    remedy_template = "Give it MSHAURI_LOG_KEY, the same as its follower's."


class Log(Protocol):
    """A service's log, as evidence is made from it."""

    async def proven(self, positions: Sequence[int], since: bytes | None) -> Proven:
        """Return the newest checkpoint, and what it proves of these positions.

        Args:
            since: an earlier checkpoint that the log is to be shown to continue.

        Raises:
            NoteMalformed: `since` is no checkpoint.
            AnotherLog: it is of another log.
            BeforeRestore: it has entries that a restore took back.
            NotProven: it has a root that this log never had.
            Unavailable: the log does not have these positions yet.
        """
        ...

    async def seal(self, manifest: bytes) -> bytes:
        """Return the note that signs a manifest, of which this is the SHA-256."""
        ...


class ServiceLog:
    """The log of a service, from the tiles that its follower keeps."""

    def __init__(self, service: str, pool: "asyncpg.Pool[Any]", seed: bytes | None) -> None:
        """Read from a pool; `seed` is the private key of the service's logs."""
        self._service, self._pool, self._seed = service, pool, seed
        self._part = f"The {service} log"

    async def proven(self, positions: Sequence[int], since: bytes | None) -> Proven:
        """See `Log.proven`."""
        with unavailable_if_away(self._part):
            async with self._pool.acquire() as connection:
                kept = await self._sealed_up_to(connection, max(positions, default=0))
                note, size = _witnessed(kept, max(positions, default=0))
                indices = [position - 1 for position in positions]
                found = await prove_inclusions(connection, indices, size)
                consistent: list[bytes] = []
                origins = {kept.origin}
                if since is not None:
                    consistent, origin = await self._since(connection, since, kept, size)
                    origins.add(origin)
                known = await read_keys(connection)
                return Proven(
                    checkpoint=note,
                    inclusion={index + 1: proof for index, proof in found.items()},
                    since=since,
                    consistency=consistent,
                    keys=[
                        *(key.named(o).verifier.vkey for o in sorted(origins) for key in known),
                        *await read_witnesses(connection),
                    ],
                )

    async def seal(self, manifest: bytes) -> bytes:
        """See `Log.seal`.

        Raises:
            NoLogKey: this process was given none.
            RetiredHere: it was given one that another took the place of.
        """
        if self._seed is None:
            raise NoLogKey(service=self._service)
        with unavailable_if_away(self._part):
            async with self._pool.acquire() as connection:
                kept = await self._sealed_up_to(connection, 0)
                signer = Signer(kept.origin, self._seed)
                await must_sign(connection, self._service, signer.verifier.key)
        return sealed(signer, manifest)

    async def _sealed_up_to(self, connection: Any, position: int) -> Kept:
        for _ in range(int(PATIENCE_S / LOOKS_S)):
            try:
                kept = await read_newest(connection)
            except asyncpg.UndefinedTableError:
                kept = None  # its follower has never run
            if kept is not None and kept.size >= position:
                return kept
            await asyncio.sleep(LOOKS_S)
        raise Unavailable(part=f"{self._part}, up to position {position},")

    async def _since(
        self, connection: Any, given: bytes, kept: Kept, size: int
    ) -> tuple[list[bytes], str]:
        old = read_checkpoint(read_note(given).text)
        epochs = {one.origin: one.epoch for one in await read_all(connection)}
        if old.origin not in epochs:
            raise AnotherLog("since", origin=old.origin, expected=kept.origin)
        cuts = {a.epoch: b.after for a, b in pairwise(await read_cuts(connection))}
        must_be_past(old, cuts.get(epochs[old.origin]))
        what = f"that {kept.origin} of {size} entries continues that checkpoint of {old.size}"
        if old.size > size:
            raise NotProven("since", what=what, why="it has more entries")
        if await root_at(connection, old.size, size) != old.root:
            raise NotProven("since", what=what, why="its root is not the one that the log had")
        return await prove_consistency(connection, old.size, size), old.origin


def sealed(signer: Signer, manifest: bytes) -> bytes:
    """Return the note over a manifest, signed."""
    text = seal_text(manifest)
    return Note(text, (signer.sign(text),)).encode()


def _witnessed(kept: Kept, position: int) -> tuple[bytes, int]:
    """Return the newest checkpoint that a witness saw, if it has all that is asked for."""
    if kept.cosigned_note is not None and (kept.cosigned_size or 0) >= max(position, 1):
        assert kept.cosigned_size is not None
        return kept.cosigned_note, kept.cosigned_size
    return kept.note, kept.size
