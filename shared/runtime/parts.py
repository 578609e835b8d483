"""What a recording service is made of while it runs."""

from collections.abc import Callable
from dataclasses import dataclass

import asyncpg

from shared.access.directory import Directory
from shared.access.tokens import Verifier
from shared.bus.relay import Relay
from shared.ledger.postgres import PostgresLedger
from shared.privacy.postgres_keys import PostgresKeyStore
from shared.projection.keeper import Keeper
from shared.runtime.commanding import Commander
from shared.runtime.lag import RelayLag
from shared.runtime.policy_following import PolicyFollowing


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
    lag: RelayLag
    access: Keeper
    views: Keeper
    policies: PolicyFollowing
    commander: Commander
    admit: Callable[[], None]
    """Raises `Unavailable` while nothing may be decided."""
