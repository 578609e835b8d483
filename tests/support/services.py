"""A recording service in this process, on a real database and a real broker, asked over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from pydantic import SecretBytes, SecretStr

from shared.access.issuer import AUDIENCE, ISSUER, DevelopmentIssuer
from shared.domain.errors import Unavailable
from shared.runtime.service import RecordingService
from shared.runtime.settings import ServiceSettings

OPERATOR = "operator"
INTERNAL_TOKEN = "internal-token-of-the-tests-32-characters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A running service, to be asked as one token subject."""

    service: RecordingService
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
        return (await self.service.running.ledger.head()).position


@asynccontextmanager
async def running(
    service: RecordingService, *, database: str, broker: str, directory: Path
) -> AsyncIterator[Asked]:
    """Run a service for the length of the block."""
    issuer = DevelopmentIssuer(directory)
    settings = ServiceSettings(
        database_url=database,
        bootstrap_servers=broker,
        fetch_max_wait_ms=20,
        peers_patience_s=0.1,
        internal_token=SecretStr(INTERNAL_TOKEN),
        registry_url="http://127.0.0.1:1",
        sessions_url="http://127.0.0.1:1",
        validation_url="http://127.0.0.1:1",
        issuer=ISSUER,
        audience=AUDIENCE,
        jwks_url=issuer.jwks_url,
        operators=(OPERATOR,),
        master_key=SecretBytes(bytes(range(32))),
    )
    app = service.app(settings)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://service", timeout=30) as client,
    ):
        await decides(service)
        yield Asked(service=service, client=client, issuer=issuer)


async def decides(service: RecordingService) -> None:
    """Wait until a service takes commands: its views, its grants and its policies are level."""
    async with asyncio.timeout(30):
        while True:
            try:
                service.running.admit()
            except Unavailable:
                await asyncio.sleep(0.02)
            else:
                return
