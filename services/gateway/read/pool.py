"""The pool that queries run on, and how far what it reads is behind."""

from typing import Any

import asyncpg

from shared.domain.errors import Unavailable
from shared.domain.phrases import Phrase
from shared.projection.connection import is_passing
from shared.runtime.health import AWAY, PartHealth

READ_MODELS = Phrase("the read models' database")

_APPLIED = """
SELECT service, max(position) AS position, extract(epoch FROM now() - max(applied_at))::float AS age
  FROM applied GROUP BY service ORDER BY service
"""


class ReadPool:
    """asyncpg's pool, whose absence is an error of ours."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        """Read from this pool."""
        self._pool = pool

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """Run a statement and return its rows.

        Raises:
            Unavailable: the database is away, or the projector has not made its tables yet.
        """
        try:
            rows: list[Any] = await self._pool.fetch(query, *args)
        except asyncpg.UndefinedTableError:
            raise Unavailable(part=Phrase("the projector")) from None
        except Exception as error:
            if is_passing(error):
                raise Unavailable(part=READ_MODELS) from None
            raise
        return rows


async def lag(pool: "asyncpg.Pool[Any]") -> PartHealth:
    """Say how far each service is applied; ready once the projector's tables are there."""
    try:
        rows = await pool.fetch(_APPLIED)
    except asyncpg.UndefinedTableError:
        return PartHealth(ready=False, says="the projector has made no tables yet")
    except AWAY as problem:
        return PartHealth(ready=False, says=type(problem).__name__)
    said = ", ".join(
        f"{row['service']} at {row['position']} {row['age']:.0f} s ago" for row in rows
    )
    return PartHealth(ready=True, says=said or "nothing applied yet")
