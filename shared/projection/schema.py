"""Creates declared tables under their versioned names, and holds stored ones to the declaration."""

from collections.abc import Iterable
from hashlib import sha256

from shared.projection import epochs, forgetting, lost, parking, progress, skipped, unreadable
from shared.projection.column_types import COLUMN_TYPES
from shared.projection.connection import Connection
from shared.projection.errors import TableDiffers
from shared.projection.fold import Projection
from shared.projection.table import Table

LOCK = 0x6D736861  # "msha": one process at a time looks and creates

SHARED_DDL = epochs.DDL + unreadable.DDL + lost.DDL + skipped.DDL
"""What all builds of a database share."""

_THERE = "SELECT to_regclass($1) IS NOT NULL"

_STORED = """
SELECT a.attname::text AS name,
       format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS required,
       array_position(k.conkey, a.attnum) AS key_place
  FROM pg_attribute a
  LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'p'
 WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
"""


async def ensure(
    connection: Connection,
    projections: Iterable[Projection],
    *,
    logged: bool = True,
    indexed: bool = True,
) -> None:
    """Create what is missing of the projections' tables, and of the engine's own, in the
    connection's schema.

    Args:
        logged: whether the rows outlive a crash of the database.
        indexed: whether the indexes are made too; else see `make_indexes`.

    Raises:
        TableDiffers: a table is there already, in another shape.
    """
    tables = tables_of(projections)
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        await connection.execute(progress.DDL + parking.DDL + forgetting.DDL + SHARED_DDL)
        for table in tables:
            await _ensure_table(connection, table, logged=logged, indexed=indexed)


def tables_of(projections: Iterable[Projection]) -> list[Table]:
    """Return every table of the projections, once.

    Raises:
        ValueError: two projections declare a table of one name.
    """
    tables: dict[str, Table] = {}
    for projection in projections:
        for table in projection.tables:
            if tables.setdefault(table.name, table) is not table:
                msg = f"two projections declare a table {table.name}; a table has one writer"
                raise ValueError(msg)
    return list(tables.values())


def built_of(projections: Iterable[Projection]) -> str:
    """Return what names this set of tables and versions: progress is kept for that set alone."""
    names = sorted(table.physical for table in tables_of(projections))
    return sha256("\n".join(names).encode()).hexdigest()[:16]


async def _ensure_table(
    connection: Connection, table: Table, *, logged: bool, indexed: bool
) -> None:
    stored = await _stored_shape(connection, table)
    if stored is None:
        await connection.execute(create_statement(table, logged=logged))
        if table.beside:
            await connection.execute(table.beside)
    elif stored != _declared_shape(table):
        raise TableDiffers(table=table.physical, declared=_declared_shape(table), stored=stored)
    if indexed:
        await make_indexes(connection, table)


async def make_indexes(connection: Connection, table: Table) -> None:
    """Make what is missing of a table's indexes."""
    for index in table.indexes:
        # Asked first: even an index that is there already is made under a lock on its table, which
        # an engine in the middle of a poll may hold another way round.
        if not await connection.fetchval(_THERE, f'"{_index_name(table, index)}"'):
            await connection.execute(_index_statement(table, index))


def create_statement(table: Table, *, logged: bool = True) -> str:
    """Return the SQL that creates a table."""
    kind = "TABLE" if logged else "UNLOGGED TABLE"
    return f'CREATE {kind} "{table.physical}" {_declared_shape(table)}'


def _declared_shape(table: Table) -> str:
    return _shape(
        [
            (name, COLUMN_TYPES[c.type].stored, name in table.key or not c.nullable)
            for name, c in table.columns.items()
        ],
        table.key,
    )


async def _stored_shape(connection: Connection, table: Table) -> str | None:
    rows = await connection.fetch(_STORED, f'"{table.physical}"')
    if not rows:
        return None
    keyed = sorted((row["key_place"], row["name"]) for row in rows if row["key_place"] is not None)
    return _shape(
        [(row["name"], row["type"], row["required"]) for row in rows],
        tuple(name for _, name in keyed),
    )


def _shape(columns: Iterable[tuple[str, str, bool]], key: Iterable[str]) -> str:
    """Return a table's shape as SQL spells it: one spelling for declared and stored."""
    lines = [
        f'"{name}" {type}{" NOT NULL" if required else ""}' for name, type, required in columns
    ]
    lines.append("PRIMARY KEY (" + ", ".join(f'"{name}"' for name in key) + ")")
    return "(" + ", ".join(lines) + ")"


def _index_statement(table: Table, index: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{name}"' for name in index)
    name = _index_name(table, index)
    return f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table.physical}" ({columns})'


def _index_name(table: Table, index: tuple[str, ...]) -> str:
    # PostgreSQL cuts names at 63 bytes, where two indexes could meet: a digest keeps them apart.
    name = f"{table.physical}_{'_'.join(index)}_idx"
    if len(name) > 63:
        name = f"{table.physical[:50]}_{sha256(name.encode()).hexdigest()[:8]}_idx"
    return name
