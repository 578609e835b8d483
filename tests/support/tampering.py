"""Somebody who holds the database's own rights, and changes what cannot be changed."""

import asyncpg


async def tampered(database: str, *statements: str) -> None:
    """Run statements with the ledger's guard taken off."""
    connection = await asyncpg.connect(database)
    await connection.execute("ALTER TABLE ledger DISABLE TRIGGER append_only")
    for statement in statements:
        await connection.execute(statement)
    await connection.execute("ALTER TABLE ledger ENABLE TRIGGER append_only")
    await connection.close()
