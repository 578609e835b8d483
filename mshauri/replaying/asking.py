"""One question, asked of read models again and again as they are taken on.

It is answered as the gateway answers it to whoever has the token, with today's rights; no port is
opened for it.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from mshauri.replaying.looked import Gathering, written_down
from services.gateway.clock import Moment, in_zone
from services.gateway.commands import CommandClient
from services.gateway.graphql.context import Context, Parts
from services.gateway.graphql.limits import Buckets
from services.gateway.graphql.schema import MshauriSchema, build_schema
from services.gateway.projections.group import READ_MODELS, READ_MODELS_BUILT
from services.gateway.read.keyset import Keyset
from services.gateway.read.loader import Reader
from services.gateway.read.pool import FIGURES, READS, ReadPool
from services.gateway.read.scope import scopes_of
from services.gateway.standing import Standing
from services.gateway.telling.sentences import Happened, happened_of, in_words
from shared.access.directory import Directory
from shared.access.facts import (
    ACCESS_GRANT,
    BUILT,
    GROUP,
    GROUP_UNIT,
    ORG_UNIT_HEIR,
    ORG_UNIT_PLACE,
)
from shared.access.tokens import Principal, Verifier
from shared.bus.delivery import Delivered
from shared.domain.errors import MshauriError
from shared.following.decoding import BLIND, EventDecoder
from shared.language import spoken
from shared.projection.connection import Connection
from shared.projection.keeper import schema_pool
from shared.projection.live import LivePool
from shared.runtime.settings import GatewaySettings

_UNBOUND = Buckets(capacity=10**12, restored=10**9)
"""It is one question of an operator's, however often it is put."""


class NotAnswered(MshauriError):
    """The question cannot be asked as it stands, or not by this asker."""

    code = "NOT_ANSWERED"
    template = "The question is not answered: {said}"
    remedy_template = "Put it to the API itself first, until it is answered there."


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked."""

    document: str
    variables: Mapping[str, Any]


class Asker:
    """Asks in the name of somebody.

    Use `asker`.
    """

    def __init__(
        self,
        schema: MshauriSchema,
        directory: Directory,
        who: Principal,
        settings: GatewaySettings,
        teller: Gathering,
    ) -> None:
        self._schema = schema
        self._teller = teller
        self._directory = directory
        self._who = who
        self._settings = settings

    @asynccontextmanager
    async def of(self, standing: Standing) -> AsyncIterator["Asked"]:
        """Ask of some read models for the length of the block."""
        async with schema_pool(
            standing.database_url, f"{READ_MODELS}_1", most=FIGURES.connections
        ) as pool:
            yield Asked(self, ReadPool(pool, FIGURES), standing)

    async def answer(
        self,
        question: Question,
        database: ReadPool,
        standing: Standing,
        hierarchy: Directory,
    ) -> Any:
        """Return the answer's data.

        Raises:
            NotAnswered: there are errors in it.
        """
        parts = Parts(
            database=database,
            directory=self._directory,
            hierarchy=hierarchy,
            stands=standing,
            waiter=standing.waits,
            commands=CommandClient({}),
            keyset=Keyset(self._settings.internal_token.get_secret_value().encode()[:64]),
            buckets=_UNBOUND,
            masked=False,
            smallest_cell=self._settings.smallest_cell,
            teller=self._teller,
        )
        answer = await self._schema.execute(
            question.document,
            variable_values=dict(question.variables),
            context_value=Context(parts, self._who, uuid4().hex),
        )
        if answer.errors:
            raise NotAnswered(said=" ".join(one.message for one in answer.errors))
        return answer.data

    async def in_words(self, events: Sequence[Delivered]) -> list[str]:
        """Return what each event tells, with the names of today that the asker may read today."""
        happened = list(await _happened(events))
        scopes = scopes_of(self._directory.actor(self._who.subject), datetime.now(UTC).date())
        async with LivePool(
            self._settings.database_url,
            READ_MODELS,
            READ_MODELS_BUILT,
            most=READS.connections,
            settings=READS.settings,
        ) as pool:
            return await in_words(Reader(ReadPool(pool, READS), scopes), happened, spoken())


async def _happened(events: Sequence[Delivered]) -> Iterable[Happened]:
    # A sentence holds nothing sealed: nobody is asked for a key.
    decoder = EventDecoder({event.service: BLIND for event in events})
    entries = [event.entry for event in events]
    await decoder.prepare(entries)
    return (
        happened_of(entry.topic, decoder.decode(entry), decoder.meta(entry)) for entry in entries
    )


class Asked:
    """Read models that are asked."""

    def __init__(self, asker: Asker, database: ReadPool, standing: Standing) -> None:
        self._asker = asker
        self._database = database
        self._standing = standing
        self._hierarchy = Directory("")

    async def learn(self, access: Connection) -> None:
        """Know how grants and places stand in a build of theirs."""
        tables = (ACCESS_GRANT, ORG_UNIT_PLACE, ORG_UNIT_HEIR, GROUP_UNIT)
        rows = [await access.fetch(f'SELECT * FROM "{one.physical}"') for one in tables]
        self._hierarchy.learn(*rows)

    async def answer(self, question: Question, moment: Moment) -> Any:
        """Return the answer as it is at a moment.

        Raises:
            NotAnswered: there is none.
        """
        standing = Standing(
            database_url=self._standing.database_url,
            moment=moment,
            positions=self._standing.positions,
            said=self._standing.said,
        )
        return await self._asker.answer(question, self._database, standing, self._hierarchy)


@asynccontextmanager
async def asker(
    settings: GatewaySettings, token: str, operators: Sequence[str] = ()
) -> AsyncIterator[Asker]:
    """Let whoever has a token ask, for the length of the block.

    Raises:
        Unauthenticated: the token is not good.
    """
    verifier = Verifier(
        issuer=settings.issuer, audience=settings.audience, jwks_url=settings.jwks_url
    )
    who = await verifier.verify(token)
    zone = ZoneInfo(settings.zone)
    directory = Directory(
        settings.database_url,
        operators=(*settings.operators, *operators),
        group=(GROUP, BUILT),
        zone=zone,
    )
    await directory.start()
    try:
        with in_zone(zone):
            async with written_down(settings) as teller:
                yield Asker(build_schema(), directory, who, settings, teller)
    finally:
        await directory.stop()
