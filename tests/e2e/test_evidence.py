"""Evidence from a whole stack: taken away by the command line, judged apart, and of a ledger that
somebody changed in the database.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from mshauri.api import Api
from mshauri.stack.stack import OPERATOR, Stack
from services.gateway.graphql.ids import global_id
from shared.access.issuer import DevelopmentIssuer
from tests.e2e.test_sixth_programme import Partner
from tests.support.servers import temporary_directory
from tests.support.tampering import tampered
from tests.support.ward import FILE, Ward

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]

ROOT = Path(__file__).parents[2]


@pytest_asyncio.fixture
async def stack() -> AsyncIterator[Stack]:
    with temporary_directory() as directory:
        async with Stack(directory, environ={}) as stack:
            yield stack


async def run(cwd: Path, *arguments: str) -> tuple[int, str]:
    """Run Python somewhere; return its exit code and all that it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_what_is_taken_away_verifies_and_a_changed_ledger_shows(
    stack: Stack, tmp_path: Path
) -> None:
    token = DevelopmentIssuer(stack.data_dir).mint(OPERATOR, timedelta(hours=1))
    speaking = ("--gateway-url", stack.gateway_url, "--token", token)
    code, said = await run(ROOT, "-m", "mshauri", "programme", "publish", str(FILE), *speaking)
    assert code == 0, said
    async with Api(stack.gateway_url, token) as api:
        ward = Ward(Partner(api))
        await ward.open(published=True)
        mentee = global_id("Mentee", ward.enrolment)
    async with httpx.AsyncClient(base_url=stack.gateway_url, trust_env=False) as client:
        for _ in range(100):  # the logs are sealed within a second or two
            told = (await client.get("/log/keys")).json()
            if any(log["service"] == "registry" and log["size"] for log in told["logs"]):
                break
            await asyncio.sleep(0.2)
        (tmp_path / "keys.json").write_text(json.dumps(told))
        checkpoint = (await client.get("/log/registry/checkpoint")).content
        (tmp_path / "kept.txt").write_bytes(checkpoint)
        served = await client.get("/log/mshauri-verify.py")
        (tmp_path / "mshauri-verify.py").write_bytes(served.content)

    file = tmp_path / "evidence.zip"
    taken = ("-m", "mshauri", "evidence", mentee, "-o", str(file), *speaking)
    kept, trusted = str(tmp_path / "kept.txt"), str(tmp_path / "keys.json")
    code, said = await run(ROOT, *taken, "--pdf", "--since", kept, "--trust", trusted)
    assert code == 0, said
    assert "It is genuine" in said

    alone = ("-I", "mshauri-verify.py", "evidence.zip", "--trust", "keys.json")
    code, said = await run(tmp_path, *alone, "--since", "kept.txt")
    assert code == 0, said
    assert "goes on from the checkpoint that you kept" in said

    # Whoever holds the database may write what they like into it: the log remembers.
    database = stack.database_url("registry")
    await tampered(
        database,
        "UPDATE ledger SET meta = replace(convert_from(meta, 'UTF8'), '2024', '2023')::bytea"
        " WHERE topic = 'registry.enrolment.enrolled'",
    )
    code, said = await run(ROOT, *taken, "--trust", trusted)
    assert code == 1, said
    assert "NOT_INCLUDED" in said
    code, said = await run(tmp_path, *alone)
    assert code == 1, said
