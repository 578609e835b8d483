"""What deciding takes, in whichever process it is done: a decider's clients ask for it, a
follower's policies do.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from hashlib import sha256
from hmac import new as hmac
from zoneinfo import ZoneInfo

import asyncpg

from shared.access.directory import Directory
from shared.database.pools import as_it_is, open_pool
from shared.deciding.admission import Admission
from shared.deciding.commanding import Commander
from shared.deciding.facts import Facts
from shared.following.policy_progress import Begun
from shared.ledger.postgres import PostgresLedger
from shared.ledger.remote import RemoteLedger
from shared.privacy.erased import ErasedList
from shared.privacy.master import MasterKey
from shared.privacy.postgres_keys import PostgresKeyStore
from shared.projection import Waiter
from shared.projection.live import LivePool
from shared.projection.schema import built_of
from shared.projection.standing import Standing
from shared.projection.targets import AskHead
from shared.runtime.alongside import end_with
from shared.runtime.house_client import house_client
from shared.runtime.peers import heads_of, remote_ledgers
from shared.runtime.settings import RecordingSettings
from shared.service.recording import VIEWS, RecordingService, heard_by
from shared.transparency.witnessing import witnessed_of

CONNECTIONS = 16
"""To its database, at most, for what a process asks and writes."""

VIEW_CONNECTIONS = 12
"""To the views in use, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """A service's own records, open: its ledger, people's keys, and how to ask the others.

    Attributes:
        heads: how to ask each service, this one too, how far its ledger is.
        ledgers: the same ledgers, to read.
    """

    pool: "asyncpg.Pool[asyncpg.Record]"
    keys: PostgresKeyStore
    ledger: PostgresLedger
    heads: Mapping[str, AskHead]
    ledgers: Mapping[str, RemoteLedger | PostgresLedger]

    @classmethod
    async def open(
        cls, service: RecordingService, settings: RecordingSettings, stack: AsyncExitStack
    ) -> "Books":
        """Open them for as long as the stack lasts."""
        # What asks and writes leaves nothing behind on a connection, so the pool need not spend a
        # round trip on cleaning it up; what listens and locks has connections of its own.
        pool = await stack.enter_async_context(
            open_pool(settings.database_url, most=CONNECTIONS, cleaned=False)
        )
        outside = settings.witness_dir
        keys = PostgresKeyStore(
            pool,
            MasterKey(settings.master_key.get_secret_value()),
            erased=None if outside is None else ErasedList(outside, service.name),
        )
        await keys.prepare()
        witnessed = await asyncio.to_thread(
            witnessed_of, service.name, settings.witness_dir, settings.log_origin
        )
        ledger = await stack.enter_async_context(
            PostgresLedger(pool, service=service.name, witnessed=witnessed)
        )
        client = await stack.enter_async_context(house_client(5.0))
        remotes = remote_ledgers(
            client, settings.services, settings.internal_token.get_secret_value()
        )
        return cls(
            pool=pool,
            keys=keys,
            ledger=ledger,
            heads={**heads_of(remotes), service.name: ledger.head},
            ledgers={**remotes, service.name: ledger},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """A commander, with what it goes by."""

    facts: Facts
    admission: Admission
    commander: Commander

    @classmethod
    async def open(
        cls,
        service: RecordingService,
        settings: RecordingSettings,
        books: Books,
        stack: AsyncExitStack,
        *,
        access: Standing,
        views: Standing,
        begun: Begun,
        directory: Directory | None,
        most: int = VIEW_CONNECTIONS,
    ) -> "Deciding":
        """Open it for as long as the stack lasts; `admission` says from when on it decides.

        Args:
            directory: what is known of grants; None: only policies ask, which hold none.
            most: connections to the views.
        """
        # What is read of the views leaves nothing behind either.
        seen = await stack.enter_async_context(
            LivePool(
                settings.database_url,
                VIEWS,
                built_of(service.decided_by),
                most=most,
                reset=as_it_is,
            )
        )
        end_with(seen.watching, "the pointer to the views")
        waiter = await stack.enter_async_context(Waiter(seen))
        facts = Facts(
            seen,
            waiter,
            heard=heard_by(service.decided_by),
            heads=books.heads,
            own=service.name,
        )
        admission = Admission(
            access=access,
            views=views,
            policies_begun=lambda: begun.all,
            directory=directory,
            grants_at_most_behind_s=settings.grants_at_most_behind_s,
        )
        zone = ZoneInfo(settings.zone)
        commander = Commander(
            handlers=service.handlers,
            ledger=books.ledger,
            keys=books.keys,
            directory=directory or Directory("", zone=zone),
            facts=facts,
            claim_key=hmac(settings.master_key.get_secret_value(), b"claims", sha256).digest(),
            zone=zone,
            country=settings.country or None,
            admit=admission.must,
        )
        return cls(facts=facts, admission=admission, commander=commander)
