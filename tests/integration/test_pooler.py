"""A pooler that lends sessions by the transaction is refused at the start, by its name."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from mshauri.stack.ports import accepts, free_port
from shared.database.pooler import SessionsShared, _share, refuse_shared_sessions
from shared.database.pools import open_pool
from tests.support.servers import temporary_directory

POOLER = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")


@contextmanager
def pgbouncer(database: str, mode: str) -> Iterator[str]:
    """Run the real one in front of a database, and say at which address."""
    assert POOLER is not None
    told, port = urlsplit(database), free_port()
    with temporary_directory() as directory:
        users = Path(directory) / "users.txt"
        users.write_text(f'"{told.username}" "{told.password or ""}"\n')
        settings = Path(directory) / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = host={told.hostname} port={told.port}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
            f"auth_type = trust\nauth_file = {users}\npool_mode = {mode}\nunix_socket_dir =\n"
        )
        for path in (Path(directory), users, settings):
            path.chmod(0o755)
        as_nobody = ["-u", "nobody"] if os.getuid() == 0 else []
        process = subprocess.Popen([POOLER, "-q", *as_nobody, str(settings)])
        try:
            for _ in range(200):
                if accepts(port):
                    break
                time.sleep(0.05)
            yield f"postgresql://{told.username}@127.0.0.1:{port}{told.path}"
        finally:
            process.terminate()
            process.wait(10)


async def test_two_connections_to_postgresql_have_sessions_of_their_own(database: str) -> None:
    await refuse_shared_sessions(database)


async def test_one_session_for_two_is_noticed(database: str) -> None:
    connection = await asyncpg.connect(database)
    assert await _share(connection, connection)
    await connection.close()


async def test_a_database_that_is_away_is_not_called_a_pooler() -> None:
    await refuse_shared_sessions(f"postgresql://postgres@127.0.0.1:{free_port()}/none")


@pytest.mark.skipif(POOLER is None, reason="no PgBouncer is installed here")
async def test_pgbouncer_in_transaction_mode_is_refused_by_name(database: str) -> None:
    refused = pytest.raises(SessionsShared, match=r"SESSIONS_SHARED.*pool_mode = session")
    with pgbouncer(database, "transaction") as address, refused:
        async with open_pool(address, most=2):
            raise AssertionError("it was let in")
    with pgbouncer(database, "session") as address:
        await refuse_shared_sessions(address)
