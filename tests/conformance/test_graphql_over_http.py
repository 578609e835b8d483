"""GraphQL over HTTP, by others' judgement: every audit of the package `graphql-http` passes."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.gateway import OPERATOR, running_gateway
from tests.support.node import node_program

AUDIT = Path(__file__).parent / "graphql_http"
AUDITS = 61


@pytest.mark.timeout(300)
async def test_every_audit_of_graphql_over_http_passes(database: str, tmp_path: Path) -> None:
    node, npm = node_program("node"), node_program("npm")
    here = tmp_path / "audit"
    shutil.copytree(AUDIT, here)
    install = [*npm, "ci", "--no-audit", "--no-fund"]
    await asyncio.to_thread(subprocess.run, install, cwd=here, check=True)
    async with running_gateway(database, tmp_path) as gateway:
        asked = [*node, "audit.mjs", f"{gateway.url}/graphql", gateway.token(OPERATOR)]
        said = await asyncio.to_thread(
            subprocess.run, asked, cwd=here, check=True, capture_output=True, text=True
        )
    audits = json.loads(said.stdout)
    assert len(audits) == AUDITS
    assert [audit for audit in audits if audit["status"] != "ok"] == []
