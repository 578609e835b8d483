"""The ledgers themselves, and who has the keys, read on connections of a replay's own.

No process of the installation is asked for them: whoever records goes on undisturbed.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.contracts.base import SERVICES
from shared.database.pools import Pool, open_pool
from shared.domain.errors import MshauriError
from shared.ledger.reads import Reads
from shared.privacy.keys import KeySource
from shared.privacy.master import MasterKey
from shared.privacy.postgres_keys import PostgresKeyStore


class NotOfOneServer(MshauriError):
    """Something of an installation that a replay needs was not told."""

    code = "REPLAY_NOT_TOLD"
    template = "A replay needs to be told {what}."
    remedy_template = "Set {variable}, or run it where the stack keeps its data (--data-dir)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Where an installation keeps what a replay reads.

    Attributes:
        databases: each recording service's database.
        gateway: the gateway's.
        master_key: what wraps people's keys.
    """

    databases: Mapping[str, str]
    gateway: str
    master_key: str

    @property
    def shown(self) -> str:
        """Where that is, without any password."""
        where = urlsplit(self.gateway)
        return f"{where.hostname}:{where.port or 5432}"


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Ledgers that are open."""

    reads: Mapping[str, Reads]
    keys: Mapping[str, KeySource]
    pools: Mapping[str, Pool]


@asynccontextmanager
async def opened(installation: Installation, *, most: int = 2) -> AsyncIterator[Ledgers]:
    """Open them all for the length of the block."""
    master = MasterKey.from_base64(installation.master_key)
    async with AsyncExitStack() as stack:
        pools = {
            service: await stack.enter_async_context(
                open_pool(installation.databases[service], most=most, cleaned=False)
            )
            for service in SERVICES
        }
        yield Ledgers(
            {service: Reads(pool, part=f"the ledger of {service}") for service, pool in pools.items()},
            {service: PostgresKeyStore(pool, master) for service, pool in pools.items()},
            pools,
        )
