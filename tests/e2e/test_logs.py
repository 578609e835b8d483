"""The logs of a whole stack: sealed within a second, read by anybody, accepted by `fsck`."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from shared.contracts.base import SERVICES
from shared.proof.checkpoints import LogKey, open_checkpoint
from shared.proof.notes import Verifier
from shared.transparency.witnessing import last_witnessed
from tests.support.judges import REFUSED_AFTER_S, accepted, built
from tests.support.stacks import operated

_ESTABLISH = """
mutation ($command: OrgUnitEstablishInput!) {
  orgUnitEstablish(input: $command) { commandId }
}
"""


async def _record(client: httpx.AsyncClient, code: str) -> None:
    command = {"code": code, "name": code, "unitKind": "COUNTRY", "occurredOn": "2020-01-01"}
    answer = await client.post(
        "/graphql",
        json={
            "query": _ESTABLISH,
            "variables": {"command": {**command, "commandId": str(uuid4())}},
        },
    )
    assert "errors" not in answer.json(), answer.text


async def _keys(client: httpx.AsyncClient, logs: int) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            told: dict[str, Any] = (await client.get("/log/keys")).json()
            if len(told.get("logs", [])) >= logs:
                return told
            await asyncio.sleep(0.1)


@pytest.mark.timeout(300)
async def test_what_was_recorded_is_in_a_log_that_anybody_reads_and_fsck_accepts(
    tmp_path: Path,
) -> None:
    fsck = built("fsck", tmp_path)
    async with operated() as (stack, client):
        for code in ("AA", "BB", "CC", "EE", "FF", "GG"):
            await _record(client, code)
        told = await _keys(client, 4)
        assert {log["service"] for log in told["logs"]} == {*SERVICES, "access"}
        async with httpx.AsyncClient(base_url=stack.gateway_url, trust_env=False) as anybody:
            for log in told["logs"]:
                vkey = log["keys"][0]["vkey"]
                url = f"{stack.gateway_url}/log/{log['path']}/"
                answer = await anybody.get(f"/log/{log['path']}/checkpoint")
                checkpoint, note = open_checkpoint(
                    answer.content, [LogKey(Verifier.of(vkey))], origin=log["origin"]
                )
                assert answer.headers["content-type"] == "text/plain; charset=utf-8"
                assert answer.headers["cache-control"] == "public, max-age=1"
                if checkpoint.size:
                    said = await asyncio.to_thread(accepted, fsck, url, vkey, tmp_path)
                    assert said == ""
                (witness,) = map(Verifier.of, told["witnesses"])
                assert note.by(witness) is not None
                seen = last_witnessed(stack.data_dir / "witness", "mshauri.local", log["service"])
                assert seen is not None
                assert seen.checkpoint.size >= checkpoint.size
            size = await _grown(anybody, 6)
            tile = await anybody.get(f"/log/registry/tile/0/000.p/{size}")
            assert tile.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert tile.headers["content-type"] == "application/octet-stream"
            assert len(tile.content) == 32 * size
            entries = await anybody.get(f"/log/registry/tile/entries/000.p/{size}")
            assert entries.headers["content-encoding"] == "gzip"
            for nowhere in ("registry/tile/0/001", "registry/tile/../x", "registry/2/checkpoint"):
                missing = await anybody.get(f"/log/{nowhere}")
                assert missing.status_code == 404
            assert (await anybody.get("/log/nobody/checkpoint")).status_code == 404

            # Within two seconds what is recorded is sealed.
            await _record(client, "DD")
            await _grown(anybody, size + 1)

        copy = tmp_path / "copy"
        exported = await asyncio.to_thread(_export, stack.gateway_url, copy)
        assert "and hold" in exported
        key = next(log["keys"][0]["vkey"] for log in told["logs"] if log["service"] == "registry")
        assert await asyncio.to_thread(accepted, fsck, f"file://{copy}", key, tmp_path) == ""

        # Who looks into the ledger's rows afterwards finds them altered.
        connection = await asyncpg.connect(stack.database_url("registry"))
        await connection.execute("ALTER TABLE ledger DISABLE TRIGGER append_only")
        await connection.execute("UPDATE ledger SET payload = payload || ' ' WHERE position = 2")
        await connection.close()
        url = f"{stack.gateway_url}/log/registry/"
        refused = await asyncio.to_thread(
            accepted, fsck, url, key, tmp_path, patience_s=REFUSED_AFTER_S
        )
        assert refused != ""


async def _grown(anybody: httpx.AsyncClient, to: int) -> int:
    """Wait until the registry's log has so many entries; return how many it has."""
    async with asyncio.timeout(10):
        while True:
            size = int((await anybody.get("/log/registry/checkpoint")).text.split("\n")[1])
            if size >= to:
                return size
            await asyncio.sleep(0.05)


def _export(gateway: str, directory: Path) -> str:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mshauri", "log", "export", "registry", str(directory)),
            *("--gateway-url", gateway),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return " ".join(done.stdout.split())
