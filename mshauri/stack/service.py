"""One process of the house as the stack runs it: started, asked for its health, ended."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

import mshauri
from mshauri.stack.process import NeverReady, OwnedProcess, ProcessFailed
from mshauri.stack.topology import HEALTH, Process
from shared.runtime.settings import BAD_SETTINGS

_CHECKOUT = Path(mshauri.__file__).parents[1]
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""What a process inherits: no setting of ours that was meant for another."""


class ServiceProcess:
    """A process of the house, as a part of the stack."""

    def __init__(self, process: Process, environment: Mapping[str, str], url: str, log: Path):
        self.name = process.name
        self.where = url
        self.process = OwnedProcess(
            process.name,
            [sys.executable, "-m", process.module],
            log=log,
            env={
                **{name: os.environ[name] for name in _KEPT if name in os.environ},
                "PYTHONPATH": os.pathsep.join(
                    [str(_CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])]
                ),
                "PYTHONUNBUFFERED": "1",
                **environment,
            },
        )

    async def start(self, timeout: float = 90.0) -> None:
        """Start it and wait until it says that it is ready.

        Raises:
            NeverReady: it runs, but something it needs does not come, and its answer says what;
                or it was told something wrong, and another start would be as vain.
            ProcessFailed: it ended.
        """
        self.process.start()
        deadline = time.monotonic() + timeout
        said = "no answer"
        async with httpx.AsyncClient(base_url=self.where, timeout=5.0, trust_env=False) as client:
            while True:
                if not self.process.alive:
                    code = self.process.exit_code
                    kind = NeverReady if code == BAD_SETTINGS else ProcessFailed
                    raise self.process.failure(f"ended with {code} at its start", kind)
                try:
                    answer = await client.get(HEALTH)
                    if answer.is_success:
                        return
                    said = answer.text.strip() or str(answer.status_code)
                except httpx.TransportError:
                    pass
                if time.monotonic() > deadline:
                    what = f"was not ready after {timeout:.0f} s ({said})"
                    raise self.process.failure(what, NeverReady)
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Let it finish what it has in hand, and end."""
        await self.process.stop()

    async def kill(self) -> None:
        """End it as a power cut would."""
        await self.process.kill()
