"""A page on another origin, in a real browser: one that is named calls the API, and no other does.

It needs Chromium (Debian: `apt-get install chromium`), and is skipped without.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tests.support.gateway import OPERATOR, RunningGateway, listening, running_gateway
from tests.support.servers import PostgresServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here"),
]

PAGE = """<!doctype html><pre id="told">nothing</pre><script>
const asked = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const told = text => { document.getElementById("told").textContent = text; };
fetch(asked.url, {method: "POST", headers: asked.headers, body: asked.body}).then(
  async answer => told("read " + answer.headers.get("X-Request-Id") + await answer.text()),
  problem => told("kept out: " + problem.name));
</script>"""


async def page(_request: Request) -> HTMLResponse:
    return HTMLResponse(PAGE)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pages() -> AsyncIterator[tuple[str, str]]:
    """Two pages, the same, on origins of their own."""
    async with AsyncExitStack() as stack:
        app = Starlette(routes=[Route("/", page)])
        yield (
            await stack.enter_async_context(listening(app)),
            await stack.enter_async_context(listening(app)),
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory, pages: tuple[str, str]
) -> AsyncIterator[RunningGateway]:
    """A gateway that the first of them may call."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    directory = tmp_path_factory.mktemp("gateway")
    async with running_gateway(url, directory, origins=(pages[0],)) as running:
        yield running
    await postgres.drop_database(name)


async def seen(gateway: RunningGateway, origin: str, profile: Path) -> str:
    """Open a page that asks the API, and return what it comes to show."""
    asked = {
        "url": f"{gateway.url}/graphql",
        "headers": {
            "Authorization": f"Bearer {gateway.token(OPERATOR)}",
            "Content-Type": "application/json",
            "X-Mshauri-Purpose": "SUPERVISION",
        },
        "body": json.dumps({"query": "{ orgUnits(first: 1) { nodes { id } } }"}),
    }
    assert CHROMIUM is not None
    browser = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *(f"--user-data-dir={profile}", "--virtual-time-budget=20000", "--dump-dom"),
        f"{origin}/#{quote(json.dumps(asked))}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        shown, _ = await asyncio.wait_for(browser.communicate(), 60)
    finally:
        if browser.returncode is None:
            browser.kill()
    text = shown.decode()
    return text[text.index('<pre id="told">') : text.index("</pre>")]


async def test_a_page_whose_origin_is_named_reads_the_answer(
    gateway: RunningGateway, pages: tuple[str, str], tmp_path: Path
) -> None:
    shown = await seen(gateway, pages[0], tmp_path)

    assert '{"data":{"orgUnits":{"nodes":[]}}' in shown
    assert "read null" not in shown


async def test_a_page_of_any_other_origin_is_kept_out(
    gateway: RunningGateway, pages: tuple[str, str], tmp_path: Path
) -> None:
    assert "kept out: TypeError" in await seen(gateway, pages[1], tmp_path)
