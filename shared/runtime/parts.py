"""What a recording service is made of while it runs."""

from dataclasses import dataclass

import asyncpg

from shared.access.directory import Directory
from shared.access.tokens import Verifier
from shared.bus.relay import Relay
from shared.ledger.postgres import PostgresLedger
from shared.privacy.postgres_keys import PostgresKeyStore
from shared.projection.engine import Engine
from shared.runtime.commanding import Commander


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningParts:
    """Everything that was started, for the routes to ask."""

    pool: "asyncpg.Pool[asyncpg.Record]"
    verifier: Verifier
    directory: Directory
    keys: PostgresKeyStore
    internal_token: str
    ledger: PostgresLedger
    relay: Relay
    engine: Engine
    commander: Commander
