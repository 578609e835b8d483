"""The whole stack with somebody who speaks to it, and what is asked of it from outside."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from io import StringIO
from pathlib import Path

import asyncpg
import httpx
from rich.console import Console

from mshauri.api import Api
from mshauri.demo.command import Story
from mshauri.demo.paper import Page
from mshauri.demo.play import Played, Player
from mshauri.rebuild import Source, beside
from mshauri.stack.stack import OPERATOR, Stack
from services.gateway.projections import PROJECTIONS
from services.gateway.projections.group import READ_MODELS, READ_MODELS_BUILT
from shared.access.issuer import DevelopmentIssuer
from shared.projection.fingerprint import fingerprint
from shared.projection.live import LivePool
from shared.projection.schema import tables_of
from tests.support.servers import temporary_directory


@asynccontextmanager
async def operated(**environ: str) -> AsyncIterator[tuple[Stack, httpx.AsyncClient]]:
    """Run a stack of one's own, and lend it with a client of its operator."""
    with temporary_directory() as directory:
        async with Stack(directory, environ=environ) as stack:
            token = DevelopmentIssuer(directory).mint(OPERATOR)
            async with httpx.AsyncClient(
                base_url=stack.gateway_url,
                headers={"Authorization": f"Bearer {token}"},
                timeout=30,
                trust_env=False,
            ) as client:
                yield stack, client


async def play(stack: Stack, story: Story) -> None:
    """Play a programme of the demonstration to a stack that runs; all its figures must be right."""
    issuer = DevelopmentIssuer(stack.data_dir)

    @asynccontextmanager
    async def connect(subject: str) -> AsyncIterator[Api]:
        async with Api(stack.gateway_url, issuer.mint(subject)) as api:
            yield api

    said = StringIO()
    async with Player(connect, OPERATOR, _Unwatched(), seed=1) as player:
        await player.begin()
        assert await story.play(player, Page(Console(file=said))), said.getvalue()


class _Unwatched:
    def landed(self, stage: str, more: int, of: int) -> None: ...

    def over(self, played: Played) -> None: ...


async def read_models(stack: Stack) -> dict[str, str]:
    """Return a digest of each read model in use."""
    url = stack.database_url("projector")
    async with LivePool(url, READ_MODELS, READ_MODELS_BUILT, most=1) as pool:
        await pool.opened()
        return await fingerprint(pool, tables_of(PROJECTIONS))


async def rebuild(stack: Stack, made_of: Source = Source.BUS, *, patience: float) -> None:
    """Have the read models made anew, as `mshauri rebuild` does."""
    connection = await asyncpg.connect(stack.database_url("projector"))
    try:
        await beside(connection, READ_MODELS, PROJECTIONS, patience=patience, made_of=made_of)
    finally:
        await connection.close()


@contextmanager
def frozen(stack: Stack, name: str) -> Iterator[None]:
    """Have a process of a stack stand still for the length of the block."""
    process = stack._minders[name].part.process
    assert process is not None
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)


def command(data_dir: Path, *arguments: str) -> str:
    """Run a command of the command line on a stack, which must end with 0; return what it said."""
    ended = subprocess.run(
        [sys.executable, "-m", "mshauri", *arguments, "--data-dir", str(data_dir)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
