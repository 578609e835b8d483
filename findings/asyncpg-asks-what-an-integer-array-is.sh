#!/usr/bin/env bash
# asyncpg 0.32.0: the first `integer[]` on a connection makes PostgreSQL's process three times as big.
#
# Expected: a statement with a parameter of type `integer[]` costs the server what it costs psql.
# Seen: asyncpg asks the server what `integer[]` is, by a recursive statement over its catalogue,
# once a connection; the process of that connection goes from 1.7 MB of its own to 4.9 MB, with
# `uuid[]` to 6.8 MB, and keeps them.
#
# Why it matters here: dozens of connections stand open for days, and every one sends arrays. Ours
# know PostgreSQL's own arrays (`shared/database/connecting.py`).
#
# Needs this project's `.venv` (`make setup`). Takes some 10 seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python - <<'PYTHON'
import asyncio
import tempfile
from pathlib import Path

import asyncpg
import psutil

from mshauri.stack.postgres import EmbeddedPostgres


async def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        server = EmbeddedPostgres(Path(directory))
        await server.start()
        connection = await asyncpg.connect(server.url())
        process = psutil.Process(await connection.fetchval("SELECT pg_backend_pid()"))

        def own() -> float:
            return float(process.memory_full_info().uss) / 1e6

        before = own()
        await connection.fetch("SELECT $1::integer[]", [1])
        integers = own()
        await connection.fetch("SELECT $1::uuid[]", [])
        print(f"MB of its own: {before:.1f}, after integer[] {integers:.1f}, uuid[] {own():.1f}")
        assert integers > 2 * before, "it is no more so"
        await connection.close()
        await server.stop()


asyncio.run(main())
PYTHON
