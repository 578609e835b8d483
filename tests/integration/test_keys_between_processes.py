"""Keys where there are several processes: races, erasure seen elsewhere, asking over HTTP."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.domain.errors import MshauriError, Unavailable
from shared.following.policy_progress import Begun
from shared.privacy.keys import KeyCache, KeyStore, MemoryKeyStore, SubjectErased
from shared.privacy.master import MasterKey, WrongMasterKey
from shared.privacy.postgres_keys import PostgresKeyStore
from shared.privacy.remote_keys import AT_ONCE, PATH, TOKEN_HEADER, RemoteKeyStore, tell_keys
from shared.privacy.sealing import DataKey, SealBroken
from shared.service.outlook import Outlook
from tests.conftest import OwnPostgres
from tests.support.projecting import until

MASTER = MasterKey(bytes(32))
TOKEN = "t" * 32

OpenStore = Callable[..., Awaitable[Any]]


@pytest.fixture
async def process(database: str) -> AsyncIterator[OpenStore]:
    """Open the store as another process would: with a pool and a memory of its own."""
    async with AsyncExitStack() as stack:

        async def start(master: MasterKey = MASTER) -> PostgresKeyStore:
            pool = await stack.enter_async_context(
                asyncpg.create_pool(database, min_size=1, max_size=2)
            )
            store = PostgresKeyStore(pool, master)
            await store.prepare()
            return store

        yield start


async def test_processes_that_make_the_same_keys_at_once_agree(process: OpenStore) -> None:
    stores = [await process() for _ in range(4)]
    subjects = [uuid4() for _ in range(50)]
    orders = [subjects, subjects[::-1], subjects[25:] + subjects[:25], subjects[::-1]]
    answers = await asyncio.gather(
        *(
            store.keys_for([subject], create=True)
            for store, order in zip(stores, orders, strict=True)
            for subject in order
        )
    )
    secrets = {(s, key.secret) for answer in answers for s, key in answer.items() if key}
    assert len(secrets) == len(subjects)


async def test_processes_that_make_many_of_the_same_keys_do_not_lock_each_other_out(
    process: OpenStore,
) -> None:
    stores = [await process() for _ in range(4)]
    for _ in range(10):
        subjects = [uuid4() for _ in range(300)]
        await asyncio.gather(*(store.keys_for(subjects, create=True) for store in stores))


async def test_a_started_again_process_finds_the_keys(process: OpenStore) -> None:
    subject = uuid4()
    made = await (await process()).keys_for([subject], create=True)
    found = await (await process()).keys_for([subject])
    assert found[subject].secret == made[subject].secret


async def test_keys_lie_wrapped_in_the_database(process: OpenStore, database: str) -> None:
    subject = uuid4()
    made = (await (await process()).keys_for([subject], create=True))[subject]
    connection = await asyncpg.connect(database)
    row = await connection.fetchrow("SELECT * FROM subject_key")
    await connection.close()
    assert made.secret not in row["wrapped"]
    assert row["master_id"] == MASTER.id


async def test_erasing_leaves_nothing_of_the_key_in_the_row(
    process: OpenStore, database: str
) -> None:
    subject = uuid4()
    store = await process()
    await store.keys_for([subject], create=True)
    await store.erase(subject)
    connection = await asyncpg.connect(database)
    row = await connection.fetchrow("SELECT * FROM subject_key")
    await connection.close()
    assert (row["wrapped"], row["master_id"]) == (None, None)
    assert row["erased"] is not None


async def test_an_erasure_elsewhere_is_seen_when_what_is_remembered_is_over(
    process: OpenStore,
) -> None:
    one, other = await process(), await process()
    other._cache = KeyCache(seconds=0.1)
    subject = uuid4()
    await one.keys_for([subject], create=True)
    assert (await other.keys_for([subject]))[subject] is not None
    await one.erase(subject)
    await asyncio.sleep(0.15)
    assert await other.keys_for([subject]) == {subject: None}
    with pytest.raises(SubjectErased):
        await other.keys_for([subject], create=True)


def test_an_erasure_once_seen_is_not_undone_by_an_answer_that_was_on_its_way() -> None:
    cache, subject = KeyCache(), uuid4()
    cache.keep({subject: DataKey.generate()})
    cache.keep({subject: None})
    cache.keep({subject: DataKey.generate()})
    assert cache.take([subject]) == ({subject: None}, [])


async def test_another_master_key_stops_the_start(process: OpenStore) -> None:
    await (await process()).keys_for([uuid4()], create=True)
    with pytest.raises(WrongMasterKey, match=MASTER.id):
        await process(MasterKey(b"\x01" * 32))


async def test_keys_swapped_between_rows_do_not_open(process: OpenStore, database: str) -> None:
    one, other = uuid4(), uuid4()
    await (await process()).keys_for([one, other], create=True)
    connection = await asyncpg.connect(database)
    await connection.execute(
        "UPDATE subject_key AS k SET wrapped = o.wrapped "
        "FROM subject_key AS o WHERE k.subject <> o.subject"
    )
    await connection.close()
    with pytest.raises(SealBroken):
        await (await process()).keys_for([one])


async def test_many_at_once_cost_few_statements(process: OpenStore, database: str) -> None:
    """An import registers thousands; a commit a person would be the slowest thing it does."""
    store = await process()
    connection = await asyncpg.connect(database)
    commits = "SELECT pg_current_xact_id()::text::bigint"
    before = await connection.fetchval(commits)
    await asyncio.gather(*(store.keys_for([uuid4()], create=True) for _ in range(500)))
    after = await connection.fetchval(commits)
    await connection.close()
    assert after - before < 10


async def test_without_its_database_the_store_is_unavailable_then_comes_back(
    own_postgres: OwnPostgres,
) -> None:
    server = await own_postgres()
    async with asyncpg.create_pool(server.url("postgres"), min_size=1, max_size=2) as pool:
        store = PostgresKeyStore(pool, MASTER)
        await store.prepare()
        known = await store.keys_for([uuid4()], create=True)
        await server.stop()
        for create in (False, True):
            with pytest.raises(Unavailable):
                await store.keys_for([uuid4()], create=create)
        with pytest.raises(Unavailable):
            await store.erase(uuid4())
        assert await store.keys_for(known) == known
        await server.start()
        assert len(await store.keys_for([uuid4()], create=True)) == 1


# ── over HTTP ─────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def served(store: KeyStore) -> AsyncIterator[str]:
    """Answer `POST /internal/keys` from `store`, on a real port."""

    async def keys(request: Request) -> Response:
        try:
            told = await tell_keys(
                store, request.headers.get(TOKEN_HEADER), TOKEN, await request.body()
            )
        except MshauriError as error:
            return Response(error.code, status_code=error.status)
        return Response(told, media_type="application/json")

    app = Starlette(routes=[Route(PATH, keys, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level=logging.WARNING))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  (uvicorn has no event for it)
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await serving


class Counting(MemoryKeyStore):
    """Notes how many subjects each question was about."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    async def keys_for(self, subjects: Any, *, create: bool = False) -> Any:
        subjects = list(subjects)
        self.asked.append(len(subjects))
        return await super().keys_for(subjects, create=create)


async def test_another_process_reads_keys_and_erasures_and_asks_once() -> None:
    store, known, gone, unknown = Counting(), uuid4(), uuid4(), uuid4()
    made = (await store.keys_for([known], create=True))[known]
    assert made is not None
    await store.erase(gone)
    store.asked.clear()
    async with served(store) as url, httpx.AsyncClient() as client:
        remote = RemoteKeyStore(client, url, TOKEN)
        for _ in range(2):
            keys = await remote.keys_for([known, gone, known])
            assert keys.keys() == {known, gone}
            told = keys[known]
            assert told is not None
            assert told.secret == made.secret
            assert keys[gone] is None
        assert store.asked == [2]
        assert await remote.keys_for([unknown]) == {}
        await store.keys_for([unknown], create=True)
        assert (await remote.keys_for([unknown])).keys() == {unknown}


async def test_more_than_fit_one_question_are_asked_in_several() -> None:
    store = Counting()
    subjects = [UUID(int=n) for n in range(1, AT_ONCE + 11)]
    await store.keys_for(subjects, create=True)
    store.asked.clear()
    async with served(store) as url, httpx.AsyncClient() as client:
        assert len(await RemoteKeyStore(client, url, TOKEN).keys_for(subjects)) == AT_ONCE + 10
    assert store.asked == [AT_ONCE, 10]


@pytest.mark.parametrize(
    ("token", "body", "status"),
    [
        (None, b'{"subjects": []}', 403),
        ("", b'{"subjects": []}', 403),
        ("u" * 32, b'{"subjects": []}', 403),
        ("é" * 32, b'{"subjects": []}', 403),
        (TOKEN, b'{"subjects": []}', 200),
        (TOKEN, b'{"subjects": ["no id"]}', 400),
        (TOKEN, b"nonsense", 400),
        (
            TOKEN,
            b'{"subjects": [' + b",".join([b'"%s"' % str(uuid4()).encode()] * 1001) + b"]}",
            400,
        ),
    ],
)
async def test_only_the_house_is_answered_and_only_what_it_may_ask(
    token: str | None, body: bytes, status: int
) -> None:
    headers = {} if token is None else {TOKEN_HEADER.encode(): token.encode()}
    async with served(MemoryKeyStore()) as url, httpx.AsyncClient() as client:
        answer = await client.post(url + PATH, headers=headers, content=body)
    assert answer.status_code == status


async def test_a_service_that_is_away_or_refuses_is_unavailable_not_an_erasure() -> None:
    async with httpx.AsyncClient() as client:
        async with served(MemoryKeyStore()) as url:
            with pytest.raises(Unavailable):
                await RemoteKeyStore(client, url, "wrong" * 8).keys_for([uuid4()])
        with pytest.raises(Unavailable):
            await RemoteKeyStore(client, url, TOKEN).keys_for([uuid4()])


async def test_an_empty_internal_token_opens_nothing() -> None:
    with pytest.raises(MshauriError):
        await tell_keys(MemoryKeyStore(), "", "", b'{"subjects": []}')


async def test_a_process_lets_go_of_a_key_at_once_that_another_one_destroyed(
    process: OpenStore, database: str
) -> None:
    here, elsewhere, subject = await process(), await process(), uuid4()
    assert (await here.keys_for([subject], create=True))[subject] is not None
    outlook = Outlook(database, {}, Begun(()), here)
    looking = asyncio.create_task(outlook.run())
    try:
        await until(lambda: _is_heard(database), "it listens")
        await elsewhere.erase(subject)
        await until(lambda: _is_gone(here, subject), "it lets go")
    finally:
        looking.cancel()


async def _is_gone(store: KeyStore, subject: UUID) -> bool:
    return await store.keys_for([subject]) == {subject: None}


async def _is_heard(database: str) -> bool:
    connection = await asyncpg.connect(database)
    try:
        heard = "SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%subject_erased%'"
        return bool(await connection.fetchval(heard))
    finally:
        await connection.close()
