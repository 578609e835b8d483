"""What a gateway that runs in a test has recorded of who looked, and that as its readers see it."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from services.gateway.projections.access_events import ACCESS_SHOWN_TO
from shared.contracts.access.operation import PersonalDataShown
from shared.contracts.base import Event
from shared.contracts.envelope import Meta, decode_meta
from shared.privacy.payload import decode_event
from shared.projection import Happening
from tests.support.gateway import RunningGateway
from tests.support.rows import Rows

_LEDGER = """
SELECT position, epoch, id, stream, kind, version, topic, recorded, command_id, meta, payload
  FROM public.ledger WHERE position > $1 ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the ledger."""

    position: int
    meta: Meta
    body: Event
    row: Any


async def recorded(gateway: RunningGateway, after: int = 0) -> list[Told]:
    """Return what the ledger holds once all that was shown is shipped."""
    access = gateway.gateway._access
    assert access is not None
    async with asyncio.timeout(20):
        while access.waiting:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    rows = await gateway.database.fetch(_LEDGER, after)
    return [
        Told(
            row["position"],
            decode_meta(row["meta"]),
            decode_event(row["topic"], 1, row["payload"], row["id"], {}),
            row,
        )
        for row in rows
    ]


async def position(gateway: RunningGateway) -> int:
    """Return how far the ledger is."""
    told = await recorded(gateway)
    return told[-1].position if told else 0


async def shown_by(
    gateway: RunningGateway, document: str, subject: str, **variables: Any
) -> list[tuple[Meta, PersonalDataShown]]:
    """Ask something, and return what was recorded of it."""
    before = await position(gateway)
    await gateway.ask(document, subject, **variables)
    told = await recorded(gateway, before)
    return [(one.meta, one.body) for one in told if isinstance(one.body, PersonalDataShown)]


async def fold(gateway: RunningGateway) -> None:
    """Let readers see all that is recorded, as the projector would."""
    rows = Rows()
    for one in await recorded(gateway):
        told = {name: one.row[name] for name in ("position", "epoch", "stream", "kind", "version")}
        told |= {"id": one.row["id"], "recorded": one.row["recorded"]}
        rows.happen(
            [ACCESS_SHOWN_TO],
            Happening(
                service="access",
                meta=one.meta,
                body=one.body,
                command_id=one.row["command_id"],
                **told,
            ),
        )
    for table in ACCESS_SHOWN_TO.tables:
        await gateway.database.execute(f'DELETE FROM "{table.physical}"')
        for row in rows.of(table.name):
            await gateway.insert(table, **row)


def ids_in(text: bytes) -> set[UUID]:
    """Return the people that a line of the spool names."""
    return set(msgspec.convert(msgspec.json.decode(text)["payload"]["people"], list[UUID]))
