"""A PostgreSQL and a Kafka for tests: the one whose address is given, else Docker's, else ours."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from mshauri.stack.broker import EmbeddedBroker
from mshauri.stack.postgres import EmbeddedPostgres, create_database, drop_database

POSTGRES_VARIABLE = "MSHAURI_TEST_POSTGRES"
BROKER_VARIABLE = "MSHAURI_TEST_BROKER"

POSTGRES_IMAGE = "postgres:18"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A PostgreSQL to make databases on.

    Attributes:
        address: of its maintenance database, password and all.
    """

    address: str

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{database}"))

    async def create_database(self, name: str) -> str:
        """Make a database unless it is there already, and return its address."""
        await create_database(self.address, name)
        return self.url(name)

    async def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        await drop_database(self.address, name)


@asynccontextmanager
async def a_postgres() -> AsyncIterator[PostgresServer]:
    """Lend the PostgreSQL that is there; one that was started for the tests ends with them."""
    if given := os.environ.get(POSTGRES_VARIABLE):
        yield PostgresServer(given)
    elif docker_answers():
        from testcontainers.postgres import PostgresContainer

        with PostgresContainer(POSTGRES_IMAGE, driver=None) as container:
            yield PostgresServer(container.get_connection_url())
    else:
        with temporary_directory() as directory:
            # A crash of the machine would cost nobody these data; a kill of the server's process
            # loses none even so.
            server = EmbeddedPostgres(directory, settings={"fsync": "off"})
            await server.start()
            try:
                yield PostgresServer(server.url())
            finally:
                await server.stop()


@asynccontextmanager
async def a_broker() -> AsyncIterator[str]:
    """Lend the bootstrap servers of the Kafka that is there, in the same manner."""
    if given := os.environ.get(BROKER_VARIABLE):
        yield given
    elif docker_answers():
        from testcontainers.community.kafka import KafkaContainer

        # Its own default image: it writes that image's start script, once the port is known.
        with KafkaContainer().with_kraft() as container:
            yield container.get_bootstrap_server()
    else:
        with temporary_directory() as directory:
            broker = EmbeddedBroker(directory)
            await broker.start()
            try:
                yield broker.address
            finally:
                await broker.stop()


@cache
def docker_answers() -> bool:
    """Say whether a Docker engine answers; without one this takes no time to find out."""
    import docker

    try:
        return bool(docker.from_env(timeout=2).ping())
    except docker.errors.DockerException:
        return False


class temporary_directory:  # noqa: N801 - used as a function is
    """A directory that PostgreSQL's account can reach.

    pytest's own `tmp_path` is for its user's eyes only, and takes that right back at every start
    while another run may be using it.
    """

    def __enter__(self) -> Path:
        self._path = Path(tempfile.mkdtemp(prefix="mshauri-test-"))
        return self._path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._path, ignore_errors=True)
