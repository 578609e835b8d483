"""The other services of the house, as a process asks them how far they are."""

from collections.abc import Mapping

import httpx

from shared.domain.errors import Unavailable
from shared.ledger import Head
from shared.ledger.remote import RemoteLedger
from shared.projection.targets import AskHead


def remote_ledgers(
    client: httpx.AsyncClient, services: Mapping[str, str], token: str
) -> dict[str, RemoteLedger]:
    """Return other services' ledgers, to read, by the addresses of these."""
    return {name: RemoteLedger(client, url, token) for name, url in services.items()}


def heads_of(remotes: Mapping[str, RemoteLedger]) -> dict[str, AskHead]:
    """Return how to ask other services how far their ledgers are."""
    return {name: _asking(remote) for name, remote in remotes.items()}


def _asking(remote: RemoteLedger) -> AskHead:
    async def ask() -> Head | None:
        try:
            return await remote.head()
        except Unavailable:
            return None

    return ask
