"""The ledgers themselves, and who has the keys, read on connections of a replay's own.

No process of the installation is asked for them: whoever records goes on undisturbed.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from mshauri.replaying.installation import Installation
from shared.database.pools import open_pool
from shared.ledger.reads import Reads
from shared.privacy.keys import KeySource
from shared.privacy.master import MasterKey
from shared.privacy.postgres_keys import PostgresKeyStore


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Ledgers that are open, and whose keys are at hand."""

    reads: Mapping[str, Reads]
    keys: Mapping[str, KeySource]


@asynccontextmanager
async def opened(installation: Installation) -> AsyncIterator[Ledgers]:
    """Open them all for the length of the block."""
    master = MasterKey.from_base64(installation.master_key)
    async with AsyncExitStack() as stack:
        pools = {
            name: await stack.enter_async_context(open_pool(url, most=2, cleaned=False))
            for name, url in installation.databases.items()
        }
        yield Ledgers(
            {name: Reads(pool, part=f"the ledger of {name}") for name, pool in pools.items()},
            {name: PostgresKeyStore(pool, master) for name, pool in pools.items()},
        )
