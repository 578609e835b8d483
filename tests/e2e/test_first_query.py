"""The README's first query, word for word: what it says comes back, comes back."""

import asyncio
import os
import re
import sys
from pathlib import Path

import httpx
import msgspec
import pytest

from mshauri.stack.stack import Stack
from tests.support.servers import temporary_directory

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]


def shown(pattern: str) -> str:
    """Return what the README shows where `pattern` matches."""
    found = re.search(pattern, README, re.DOTALL)
    assert found, f"the README shows no {pattern!r}"
    return found[1]


async def run(gateway: str, data_dir: Path, *arguments: str, token: str = "") -> str:
    """Run a command of the command line on a stack that runs; return its standard output."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mshauri", *arguments),
        env={
            **os.environ,
            "MSHAURI_GATEWAY_URL": gateway,
            "MSHAURI_DATA_DIR": str(data_dir),
            "MSHAURI_TOKEN": token,
        },
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode().strip()


async def test_the_first_query_of_the_readme_gets_the_readmes_answer() -> None:
    query = shown(r"-d '(\{\"query\".*?\})'\n")
    answer = shown(r"```json\n(.*?)\n```")
    with temporary_directory() as directory:
        async with Stack(directory, environ={}) as stack:
            token = await run(stack.gateway_url, directory, "token", "--role", "operator")
            programme = shown(r"programme publish (\S+\.yaml)")
            publish = ("programme", "publish", programme)
            await run(stack.gateway_url, directory, *publish, token=token)
            async with httpx.AsyncClient(trust_env=False) as client:
                got = await client.post(
                    f"{stack.gateway_url}/graphql",
                    content=query,
                    headers={
                        "Authorization": f"Bearer {token}",
                        "Content-Type": "application/json",
                    },
                )
    assert got.json()["data"] == msgspec.json.decode(answer)["data"]
