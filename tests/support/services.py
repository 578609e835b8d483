"""A recording service in this process, on a real database and a real broker, asked over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from pydantic import SecretBytes, SecretStr

from shared.access.issuer import AUDIENCE, ISSUER, DevelopmentIssuer
from shared.domain.errors import Unavailable
from shared.following.hearing import Hearing
from shared.runtime.settings import FollowerSettings, ServiceSettings
from shared.service.decider import Decider
from shared.service.follower import Follower
from shared.service.parts import Books
from shared.service.recording import RecordingService

OPERATOR = "operator"
INTERNAL_TOKEN = "internal-token-of-the-tests-32-characters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A running service, to be asked as one token subject."""

    decider: Decider
    follower: Follower
    client: httpx.AsyncClient
    issuer: DevelopmentIssuer

    async def send(
        self, command: str, *, as_: str = OPERATOR, expect: int = 200, **fields: Any
    ) -> dict[str, Any]:
        """Send a command; return its answer or its problem, of the status that was expected."""
        fields.setdefault("commandId", str(uuid4()))
        answer = await self.client.post(
            f"/commands/{command}", json=fields, headers=self.bearer(as_)
        )
        assert answer.status_code == expect, answer.text
        said: dict[str, Any] = answer.json()
        return said

    def bearer(self, subject: str) -> dict[str, str]:
        """Return the header of a token of that subject."""
        return {"authorization": f"Bearer {self.issuer.mint(subject)}"}

    async def written(self) -> int:
        """Return how many events the service's ledger holds."""
        return (await self.decider.served.ledger.head()).position


@asynccontextmanager
async def running(
    service: RecordingService,
    *,
    database: str,
    broker: str,
    directory: Path,
    follows_with: Mapping[str, Any] | None = None,
) -> AsyncIterator[Asked]:
    """Run a service for the length of the block.

    Args:
        follows_with: further settings of its follower.
    """
    issuer = DevelopmentIssuer(directory)
    told: dict[str, Any] = {
        "database_url": database,
        "peers_patience_s": 0.1,
        "internal_token": SecretStr(INTERNAL_TOKEN),
        "registry_url": "http://127.0.0.1:1",
        "sessions_url": "http://127.0.0.1:1",
        "validation_url": "http://127.0.0.1:1",
        "operators": (OPERATOR,),
        "master_key": SecretBytes(bytes(range(32))),
    }
    decider = Decider(
        service,
        ServiceSettings(issuer=ISSUER, audience=AUDIENCE, jwks_url=issuer.jwks_url, **told),
    )
    told |= follows_with or {}
    follows = FollowerSettings(bootstrap_servers=broker, fetch_max_wait_ms=20, **told)
    transport = httpx.ASGITransport(app=decider.app())
    async with (
        AsyncExitStack() as stack,
        httpx.AsyncClient(transport=transport, base_url="http://service", timeout=30) as client,
    ):
        await decider.start(stack)
        books = await Books.open(service, follows, stack)
        hearing = await Hearing.open(broker, 20, books.ledgers, stack)
        follower = await Follower.open(service, follows, books, hearing, stack)
        await decides(decider)
        yield Asked(decider=decider, follower=follower, client=client, issuer=issuer)


async def decides(decider: Decider) -> None:
    """Wait until a service takes commands: its views, its grants and its policies are level."""
    async with asyncio.timeout(30):
        while True:
            try:
                decider.served.deciding.admission.must()
            except Unavailable:
                await asyncio.sleep(0.02)
            else:
                return
