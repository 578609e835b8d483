"""The pools that queries run on, and how far what they read is behind.

Plain reads have a pool and a short time limit; figures have a small pool of their own and a longer
one, so that no figure keeps a plain read waiting. Of each pool, one subject has a part at most.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Protocol

import asyncpg

from services.gateway.crowd import visit_here
from shared.domain.errors import Malformed, MshauriError, Unavailable
from shared.domain.phrases import Phrase
from shared.projection.connection import is_passing
from shared.runtime.health import AWAY, PartHealth

READ_MODELS = Phrase("the read models' database")

_APPLIED = """
SELECT service, max(position) AS position, extract(epoch FROM now() - max(applied_at))::float AS age
  FROM applied GROUP BY service ORDER BY service
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a pool is for.

    Attributes:
        connections: at most.
        each: that one subject has at once; their further statements wait for these.
        seconds: a statement may take; then the server ends it.
        planned_anew: each statement for its own values. Over a country the plan that serves a
            district takes three times as long; planning takes half a millisecond.
    """

    connections: int
    each: int
    seconds: float
    planned_anew: bool = False

    @property
    def settings(self) -> dict[str, str]:
        """The server's settings for each of its connections."""
        return {
            "statement_timeout": str(int(self.seconds * 1000)),
            "jit": "off",
            "plan_cache_mode": "force_custom_plan" if self.planned_anew else "auto",
        }


READS = Kind(connections=20, each=8, seconds=5)
"""Plain reads go by an index: they take some milliseconds, and a count to 10,000 some tens."""

FIGURES = Kind(connections=4, each=2, seconds=20, planned_anew=True)
"""Figures look at a whole programme: a second or two over a national one."""


class QueryTimedOut(MshauriError):
    """A statement took longer than any may."""

    code = "QUERY_TIMED_OUT"
    status = 503
    template = "The database did not answer this within {seconds} s."
    remedy_template = "Ask for less at once: a smaller unit, a narrower filter, one year."


class UnusableValue(Malformed):
    """A value that no column could hold, and so none can be asked for."""

    code = "UNUSABLE_VALUE"
    template = "A value of this request is none that could be on record."
    remedy_template = "Leave out control characters; give days and numbers as the schema has them."


class AnyPool(Protocol):
    """asyncpg's pool, or one that is asked like it and may be another underneath at any time."""

    def acquire(self) -> Any:
        """Lend a connection for the length of an `async with`."""


_BEHIND = """
SELECT extract(epoch FROM now() - max(heard_at))::float FROM public.build
 WHERE name || '_' || number = current_schema()
"""
_NO_VALUES = (
    asyncpg.CharacterNotInRepertoireError,
    asyncpg.DatetimeFieldOverflowError,
    asyncpg.InvalidDatetimeFormatError,
    asyncpg.InvalidTextRepresentationError,
    asyncpg.NumericValueOutOfRangeError,
    asyncpg.UntranslatableCharacterError,
)
"""What PostgreSQL says of what it cannot even read as a value: the request brought it in. asyncpg
itself, which encodes values first, says `DataError` and nothing more special."""
LATE_S = 60.0
"""Seconds without all of the bus being heard after which read models are not ready to be shown."""


class ReadPool:
    """A pool whose absence and whose time limit are errors of ours."""

    def __init__(self, pool: AnyPool, kind: Kind = READS) -> None:
        """Read from this pool, whose connections were opened with the kind's settings."""
        self._pool = pool
        self._kind = kind

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """Run a statement and return its rows.

        Raises:
            QueryTimedOut: it took too long.
            UnusableValue: a value in it is none.
            Unavailable: the database is away, or the projector has not made its tables yet.
        """
        visit = visit_here()
        if visit is None:
            return (await self._run(query, args))[0]
        gate = visit.present.gates.get(id(self))
        if gate is None:
            gate = visit.present.gates[id(self)] = asyncio.Semaphore(self._kind.each)
        async with gate:
            rows, seconds = await self._run(query, args)
        visit.database_s += seconds
        visit.rows += len(rows)
        return rows

    async def _run(self, query: str, args: tuple[Any, ...]) -> tuple[list[Any], float]:
        try:
            async with self._pool.acquire() as connection:
                began = time.perf_counter()
                rows: list[Any] = await connection.fetch(query, *args)
                return rows, time.perf_counter() - began
        except asyncpg.UndefinedTableError:
            raise Unavailable(part=Phrase("the projector")) from None
        except asyncpg.DataError as error:
            if not isinstance(error, _NO_VALUES) and type(error) is not asyncpg.DataError:
                raise  # such as a division by zero: a fault of the statement, so of ours
            raise UnusableValue from None
        except asyncpg.QueryCanceledError:
            raise QueryTimedOut(seconds=f"{self._kind.seconds:g}") from None
        except Exception as error:
            if is_passing(error):
                raise Unavailable(part=READ_MODELS) from None
            raise


async def lag(pool: Any) -> PartHealth:
    """Say how far each service is applied, and how old the newest word of the bus is.

    Ready while whoever keeps the read models hears all that the bus has to say.
    """
    try:
        rows = await pool.fetch(_APPLIED)
        behind = await pool.fetchval(_BEHIND)
    except (asyncpg.UndefinedTableError, Unavailable):
        return PartHealth(ready=False, says="no read models are built yet")
    except AWAY as problem:
        return PartHealth(ready=False, says=type(problem).__name__)
    said = ", ".join(
        f"{row['service']} at {row['position']} {row['age']:.0f} s ago" for row in rows
    )
    if behind is None or behind > LATE_S:
        late = "nobody keeps them up" if behind is None else f"{behind:.0f} s behind the bus"
        return PartHealth(ready=False, says=f"{late}; {said}")
    return PartHealth(ready=True, says=said or "nothing applied yet")
