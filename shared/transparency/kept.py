"""A ledger's Merkle log, kept by who follows it: sealed, shown to witnesses, told on the bus."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import httpx

from shared.proof.checkpoints import Checkpoint
from shared.proof.notes import Verifier
from shared.runtime.alongside import run_along
from shared.runtime.health import PartHealth
from shared.runtime.settings import SealsSettings
from shared.transparency.cosigning import Cosigning, Publish
from shared.transparency.sealing import Growing, LastWitnessed, Sealing, nobody_saw
from shared.transparency.witnessing import DirectoryWitness, HttpWitness, Witness, last_of_log

LATE_S = 30.0
"""Seconds behind the ledger after which sealing is not ready."""

_PATIENCE_S = 10.0


class Log:
    """What seals a service's ledger in this process, and how that stands.

    Attributes:
        sealing: None where the process has no key to seal with.
    """

    def __init__(self, sealing: Sealing | None, cosigning: Cosigning | None) -> None:
        self.sealing = sealing
        self._cosigning = cosigning

    @classmethod
    async def open(
        cls,
        service: str,
        settings: SealsSettings,
        pool: "asyncpg.Pool[Any]",
        ledger: Growing,
        stack: AsyncExitStack,
        publish: Publish | None = None,
    ) -> "Log":
        """Seal, show and tell for as long as the stack lasts.

        Args:
            publish: the bus; None: it tells nothing of this ledger.
        """
        if settings.log_key is None:
            return cls(None, None)
        near, saw = _near(settings)
        far = await _far(settings, stack)
        cosigning = Cosigning(service, pool, near=near, far=far, publish=publish)
        sealing = Sealing(
            service,
            pool,
            ledger,
            house=settings.log_origin,
            seed=settings.log_key.get_secret_value(),
            tell=cosigning.tell,
            last_witnessed=saw,
        )
        await run_along(cosigning.run(), stack, "showing the log to witnesses")
        await run_along(sealing.run(), stack, "the log")
        return cls(sealing, cosigning)

    def health(self) -> PartHealth:
        """Say how it stands; ready as long as the log is level or comes closer."""
        if self.sealing is None or self._cosigning is None:
            return PartHealth(ready=True, says="no MSHAURI_LOG_KEY is given: nothing is sealed")
        late = self.sealing.behind_s
        says = [f"{self.sealing.size} entries are sealed"]
        if late > 2.0:
            says.append(f"not level for {late:.0f} s")
        if self.sealing.problem is not None:
            says.append(getattr(self.sealing.problem, "code", type(self.sealing.problem).__name__))
        says += [f"{who}: {why.code}" for who, why in sorted(self._cosigning.problems.items())]
        return PartHealth(ready=late <= LATE_S, says="; ".join(says))


def _near(settings: SealsSettings) -> tuple[list[Witness], LastWitnessed]:
    directory = settings.witness_dir
    if directory is None:
        return [], nobody_saw

    async def saw(origin: str) -> Checkpoint | None:
        return await asyncio.to_thread(last_of_log, directory, origin)

    return [DirectoryWitness(directory, f"{settings.log_origin}/witness")], saw


async def _far(settings: SealsSettings, stack: AsyncExitStack) -> list[Witness]:
    if not settings.log_witnesses:
        return []
    client = await stack.enter_async_context(httpx.AsyncClient(timeout=_PATIENCE_S))
    named = [one.split() for one in settings.log_witnesses]
    return [HttpWitness(url, Verifier.of(vkey), client) for url, vkey in named]
