"""Fixtures for every kind of test: databases and brokers that are real."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import pytest_asyncio

from mshauri.stack.broker import EmbeddedBroker
from mshauri.stack.postgres import EmbeddedPostgres
from tests.support.servers import PostgresServer, a_broker, a_postgres, temporary_directory

OwnPostgres = Callable[[], Awaitable[EmbeddedPostgres]]
OwnBroker = Callable[[], Awaitable[EmbeddedBroker]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres() -> AsyncIterator[PostgresServer]:
    """One PostgreSQL for the session (with xdist: one a worker)."""
    async with a_postgres() as server:
        yield server


@pytest_asyncio.fixture
async def database(postgres: PostgresServer) -> AsyncIterator[str]:
    """The address of an empty database of the test's own, dropped after it."""
    name = f"test_{uuid4().hex}"
    yield await postgres.create_database(name)
    await postgres.drop_database(name)


@pytest_asyncio.fixture
async def make_database(postgres: PostgresServer) -> AsyncIterator[Callable[[], Awaitable[str]]]:
    """A maker of further empty databases, all dropped after the test."""
    made: list[str] = []

    async def make() -> str:
        made.append(f"test_{uuid4().hex}")
        return await postgres.create_database(made[-1])

    yield make
    for name in made:
        await postgres.drop_database(name)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def broker() -> AsyncIterator[str]:
    """The bootstrap servers of one Kafka for the session: name your topics so that nobody meets."""
    async with a_broker() as address:
        yield address


@pytest_asyncio.fixture
async def own_postgres() -> AsyncIterator[OwnPostgres]:
    """A maker of servers that a test may stop, kill, wipe and start again on the same port."""
    async with AsyncExitStack() as stack:

        async def make() -> EmbeddedPostgres:
            server = EmbeddedPostgres(stack.enter_context(temporary_directory()))
            await server.start()
            stack.push_async_callback(server.stop)
            return server

        yield make


@pytest_asyncio.fixture
async def own_broker(tmp_path: Path) -> AsyncIterator[OwnBroker]:
    """A maker of brokers that a test may stop and start again, empty, on the same port."""
    async with AsyncExitStack() as stack:

        async def make() -> EmbeddedBroker:
            broker = EmbeddedBroker(tmp_path)
            await broker.start()
            stack.push_async_callback(broker.stop)
            return broker

        yield make
