"""The proof on the auditor's page: evidence and logs, judged by a program that knows no Mshauri."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from mshauri.api import is_beyond
from mshauri.demo.paper import Page
from mshauri.demo.play import Player
from mshauri.log import copied, published
from shared.contracts.base import SERVICES
from shared.transparency.published import LogTold

VERIFIER, KEYS, EVIDENCE, LOGS = "mshauri-verify.py", "keys.json", "evidence.zip", "logs"
"""What an auditor takes away, in one folder."""


class Proof:
    """Takes away evidence and logs, and has them judged apart."""

    def __init__(self, player: Player, page: Page, gateway_url: str, folder: Path) -> None:
        self._player = player
        self._page = page
        self._url = gateway_url
        self._folder = folder

    async def take(self) -> list[LogTold]:
        """Take the verifier and the logs' keys, as soon as all that was answered is sealed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        last = self._player.tally.last

        async def sealed() -> list[LogTold] | None:
            logs = [log for log in (await published(self._url)).logs if log.ended is None]
            sizes = {log.service: log.size for log in logs}
            return logs if all(sizes.get(one, -1) >= at for one, at in last.items()) else None

        logs: list[LogTold] = await self._player.until("the logs are sealed", sealed)
        async with httpx.AsyncClient(base_url=self._url, trust_env=is_beyond(self._url)) as anybody:
            for file, path in ((KEYS, "/log/keys"), (VERIFIER, f"/log/{VERIFIER}")):
                answer = (await anybody.get(path)).raise_for_status()
                (self._folder / file).write_bytes(answer.content)
        return logs

    async def evidence(self, mentee: str) -> bool:
        """Fetch the evidence of a mentee, and have it judged."""
        link = (await self._player.ask(_EVIDENCE, id=mentee))["auditEvidence"]
        made = await self._player.fetch(link["url"])
        (self._folder / EVIDENCE).write_bytes(made)
        self._page.say(f"\n  Her evidence, {len(made):,} bytes, judged with no access to Mshauri:")
        same = await self._judged(EVIDENCE)
        return self._page.verdict(f"The evidence of her {link['events']} events is genuine", same)

    async def logs(self, logs: Sequence[LogTold]) -> bool:
        """Copy the logs, have every entry and tile walked, and hold them against the ledgers."""
        last, rows, same = self._player.tally.last, [], True
        copies = await asyncio.gather(
            *(copied(self._url, log, self._folder / LOGS / log.service) for log in logs)
        )
        for log, copy in zip(logs, copies, strict=True):
            held = copy.size >= last.get(log.service, 0)
            same &= held
            rows.append((copy.origin, f"{copy.size:,}", copy.root.hex()[:16], "✓" if held else "✗"))
        heads = ("log", "entries", "root of its tree begins with", "all of the ledger")
        self._page.table("The logs, copied as anybody may", heads, rows)
        same &= {log.service for log in logs} >= set(SERVICES)
        same &= await self._judged(LOGS, quietly=True)
        return self._page.verdict("Every entry and tile walked: the logs are the ledgers", same)

    async def everybody(self, verifying: asyncio.subprocess.Process) -> bool:
        """Print what `mshauri verify` found, which was begun with `verified`."""
        said, _ = await verifying.communicate()
        for line in said.decode().splitlines():
            self._page.say(line)
        same = verifying.returncode == 0
        return self._page.verdict("Bus, logs and audit trail have what the ledgers hold", same)

    async def _judged(self, what: str, *, quietly: bool = False) -> bool:
        """Run the verifier as its own file, alone, with the logs' keys as what is trusted."""
        process = await _begun("-I", VERIFIER, what, "--trust", KEYS, cwd=self._folder)
        said, _ = await process.communicate()
        lines = said.decode().splitlines()
        for line in lines[-1:] if quietly and process.returncode == 0 else lines[1:]:
            self._page.say(line.strip())
        return process.returncode == 0


@asynccontextmanager
async def verified(data_dir: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Have `mshauri verify` walk the ledgers of a stack beside whatever else is done."""
    process = await _begun("-m", "mshauri", "verify", "--data-dir", str(data_dir))
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _begun(*arguments: str, cwd: Path | None = None) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, *arguments),
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


_EVIDENCE = """
query Evidence($id: ID!) { auditEvidence(mentee: $id) { url events } }
"""
