"""The keys of a service, in the table `subject_key` of its database, wrapped by the master key."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

import asyncpg
import structlog

from shared.database.migrations import migrate
from shared.domain.errors import Unavailable
from shared.domain.phrases import Phrase
from shared.privacy.erased import ERASED_CHANNEL, ErasedList, destroy_again, erased_in
from shared.privacy.keys import KeyCache, refuse_erased
from shared.privacy.master import MasterKey, WrongMasterKey
from shared.privacy.sealing import DataKey

COMPONENT = "privacy"
SCHEMA = Path(__file__).parent / "schema"

_KEYS = "SELECT subject, wrapped, master_id FROM subject_key WHERE subject = ANY($1::uuid[])"

# Whoever is second keeps the first one's key: here, unlike in the ledger, that is what is wanted.
_MAKE = """
    INSERT INTO subject_key (subject, wrapped, master_id)
    SELECT subject, wrapped, $3 FROM unnest($1::uuid[], $2::bytea[]) AS made (subject, wrapped)
    ON CONFLICT (subject) DO NOTHING
"""
_ERASE = f"""
    WITH told AS (SELECT pg_notify('{ERASED_CHANNEL}', $1::uuid::text))
    INSERT INTO subject_key (subject, erased) SELECT $1, now() FROM told
    ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, master_id = NULL, erased = now()
    WHERE subject_key.erased IS NULL
"""
_FOREIGN = "SELECT master_id FROM subject_key WHERE master_id <> $1 LIMIT 1"

_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)

Keys = dict[UUID, DataKey | None]

_log = structlog.get_logger(__name__)


class PostgresKeyStore:
    """See `KeyStore`. A key is committed before it is used: what it seals outlives this process.

    Keys wanted at the same time are made in one statement, and the next ones gather while it is
    in flight: a commit a person would cost more than the ledger's own.

    Erasing frees the key's old row version, which PostgreSQL overwrites at its leisure: `VACUUM`
    the table after an erasure, and keep its backups no longer than the law gives you to forget.
    """

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        master: MasterKey,
        *,
        cache: KeyCache | None = None,
        erased: ErasedList | None = None,
    ) -> None:
        """Use a service's pool and its master key. Call `prepare` before anything else.

        Args:
            erased: remembers outside the database whose keys were destroyed; None: nobody does,
                and a backup that is restored brings them back.
        """
        self._pool = pool
        self._master = master
        self._cache = cache or KeyCache()
        self._erased = erased
        self._waiting: list[tuple[list[UUID], asyncio.Future[Keys]]] = []
        self._making: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Bring the table up to date, and see that the master key is the one that was used.

        Raises:
            WrongMasterKey: it is another one. (Better not to start than to mix them.)
        """
        await migrate(self._pool, COMPONENT, SCHEMA)
        foreign = await self._pool.fetchval(_FOREIGN, self._master.id)
        if foreign is not None:
            raise WrongMasterKey(foreign, self._master.id)
        if self._erased is not None:
            await self._destroy_again(self._erased)

    async def keys_for(self, subjects: Iterable[UUID], *, create: bool = False) -> Keys:
        """See `KeyStore`."""
        keys, missing = self._cache.take(subjects)
        if missing:
            found = await (self._make(missing) if create else self._read(missing))
            self._cache.keep(found)
            keys |= found
        if create:
            refuse_erased(subject for subject, key in keys.items() if key is None)
        return keys

    async def erase(self, subject: UUID) -> None:
        """See `KeyStore`."""
        try:
            await self._pool.execute(_ERASE, subject)
        except _AWAY:
            raise Unavailable(part=Phrase("the key store")) from None
        self._cache.keep({subject: None})
        if self._erased is not None:
            # Only then is it recorded: whoever is killed in between does both again.
            try:
                await asyncio.to_thread(self._erased.add, [subject])
            except OSError:
                raise Unavailable(part=Phrase("the list of who was erased")) from None

    def forget(self, subjects: Iterable[UUID]) -> None:
        """See `KeySource`."""
        self._cache.keep(dict.fromkeys(subjects))

    async def _destroy_again(self, known: ErasedList) -> None:
        """Destroy what a restored backup brought back; the list learns of whom it does not know."""
        listed = await asyncio.to_thread(known.read)
        async with self._pool.acquire() as connection:
            here = await erased_in(connection)
            back = await destroy_again(connection, listed - here)
        if here - listed:
            await asyncio.to_thread(known.add, sorted(here - listed))
        if back:
            _log.warning("keys that had been destroyed came back and are destroyed", keys=back)

    async def _read(self, subjects: list[UUID]) -> Keys:
        try:
            rows = await self._pool.fetch(_KEYS, subjects)
        except _AWAY:
            raise Unavailable(part=Phrase("the key store")) from None
        return {
            row["subject"]: None
            if row["wrapped"] is None
            else self._master.unwrap(row["subject"], row["wrapped"], row["master_id"])
            for row in rows
        }

    async def _make(self, subjects: list[UUID]) -> Keys:
        made: asyncio.Future[Keys] = asyncio.get_running_loop().create_future()
        self._waiting.append((subjects, made))
        if self._making is None:
            self._making = asyncio.create_task(self._make_waiting(), name="subject keys")
        keys = await made
        return {subject: keys[subject] for subject in subjects}

    async def _make_waiting(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                try:
                    keys = await self._insert({one for subjects, _ in batch for one in subjects})
                except Exception as problem:
                    for _, made in batch:
                        if not made.done():
                            made.set_exception(problem)
                else:
                    for _, made in batch:
                        if not made.done():
                            made.set_result(keys)
        finally:
            self._making = None

    async def _insert(self, subjects: set[UUID]) -> Keys:
        # In one order everywhere: two processes that make the same keys must not lock crosswise.
        ordered = sorted(subjects)
        wrapped = [self._master.wrap(subject, DataKey.generate()) for subject in ordered]
        try:
            await self._pool.execute(_MAKE, ordered, wrapped, self._master.id)
        except _AWAY:
            raise Unavailable(part=Phrase("the key store")) from None
        return await self._read(ordered)
