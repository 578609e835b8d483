"""Everything there is to ask about a record, as of a moment and of a house that knows no more."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from services.gateway.asof.known import is_told
from services.gateway.asof.ledgers import Ledgers
from services.gateway.graphql.context import Context, Parts
from services.gateway.graphql.ids import global_id
from services.gateway.graphql.limits import Buckets
from services.gateway.graphql.schema import MshauriSchema, build_schema
from services.gateway.looked.looks import Looks
from services.gateway.read.declare import Leaf, Many, Model, Needs, One, Pages, models
from services.gateway.read.keyset import Keyset
from services.gateway.standing import Standing
from shared.access.directory import Directory
from shared.access.tokens import Principal
from tests.support.house import OPERATOR, House
from tests.support.models import Models


class Level:
    """Read models that are never behind."""

    async def reach(self, *_: Any) -> None:
        """See `Waits.reach`."""

    def position(self, _service: str, _partition: int) -> int:
        """See `Waits.position`."""
        return 1 << 60

    async def wait_change(self, *_: Any) -> int:
        """See `Waits.wait_change`."""
        return 1 << 60


@dataclass(slots=True)
class InTurn:
    """A database on one connection, which takes one statement at a time."""

    database: Any
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """See `Database.fetch`."""
        async with self.turn:
            found: list[Any] = await self.database.fetch(query, *args)
            return found


class Heard(Looks):
    """A `Teller` that gathers what it is told was shown."""

    def tell(self, looks: Looks, *_: Any) -> None:
        """See `Teller.tell`."""
        self.add(looks.kinds, looks.fields, looks.people)


@dataclass(slots=True)
class Gate:
    """The schema over a house's read models in PostgreSQL, and over its ledgers."""

    house: House
    database: Any
    schema: MshauriSchema = field(default_factory=build_schema)
    ledgers: Ledgers | None = None
    teller: Any = None
    stands: Standing | None = None
    hierarchy: Directory | None = None

    async def answer(self, query: str, as_: str = OPERATOR, **variables: Any) -> dict[str, Any]:
        """Return the whole answer to an operation, as GraphQL over HTTP has it."""
        return await self.within(self.context(as_), query, **variables)

    def context(self, as_: str = OPERATOR) -> Context:
        """Return the surroundings of an operation; of all of them on one socket."""
        parts = Parts(
            database=self.database,
            directory=self.house.directory,
            waiter=self.stands.waits if self.stands else Level(),
            commands=None,  # type: ignore[arg-type]
            keyset=Keyset(b"k" * 32),
            buckets=Buckets(capacity=10**9, most=10**9),
            ledgers=self.ledgers
            or Ledgers(
                of={name: self.house.ledger(name) for name in self.house.keys},
                keys=self.house.keys,
            ),
            masked=False,
            teller=self.teller,
            stands=self.stands,
            hierarchy=self.hierarchy,
        )
        expires = datetime.now(UTC) + timedelta(hours=1)
        principal = Principal(subject=as_, expires=expires, token="none")
        return Context(parts=parts, principal=principal, trace_id="0" * 32)

    async def within(self, context: Context, query: str, **variables: Any) -> dict[str, Any]:
        """Return the whole answer to an operation in these surroundings."""
        found = await self.schema.execute(query, variables, context)
        answer: dict[str, Any] = {"data": found.data, "extensions": found.extensions}
        if found.errors:
            answer["errors"] = [error.formatted for error in found.errors]
        return answer

    async def ask(self, query: str, as_: str = OPERATOR, **variables: Any) -> Any:
        """Return the data of an operation that must succeed."""
        answer = await self.answer(query, as_, **variables)
        assert not answer.get("errors"), answer["errors"][:3]
        return answer["data"]


async def hold_prefix(models: Models, house: House, positions: Mapping[str, int]) -> None:
    """Have read models hold what they would, had the ledgers ended at these positions."""
    reader = house.gateway.anew()
    for service, position in positions.items():
        await reader.take(service, await house.ledger(service).feed(after=0, limit=position))
    await models.hold(SimpleNamespace(gateway=reader))  # type: ignore[arg-type]


def questions(schema: MshauriSchema, kind: str) -> Iterator[tuple[str, str]]:
    """Yield all that can be asked of a record as of a moment, with its name, an operation each:
    its own fields, and each list behind it with what the rows of it lead to.
    """
    root = kind[0].lower() + kind[1:]
    for name, selection in _selections(schema, kind):
        yield name, f"query($id: ID!, $at: AsOfInput) {{ {root}(id: $id, asOf: $at) {selection} }}"


def _selections(schema: MshauriSchema, kind: str) -> Iterator[tuple[str, str]]:
    model = models[kind]
    own = _own(schema, model)
    yield kind, f"{{ {own} }}"
    for wire, to in _relations(schema, model):
        inner = _own(schema, models[to])
        further = " ".join(
            f"{name} {_paged(models[to], name, _own(schema, models[behind]))}"
            for name, behind in _relations(schema, models[to])
        )
        yield f"{kind}.{wire}", f"{{ {wire} {_paged(model, wire, f'{inner} {further}')} }}"


def _paged(model: Model, wire: str, selection: str) -> str:
    if not isinstance(model.fields[model.wire[wire]], Pages):
        return f"{{ {selection} }}"
    return f"(first: 100) {{ totalCount {{ value isExact }} nodes {{ {selection} }} }}"


def _own(schema: MshauriSchema, model: Model) -> str:
    fields = _fields_of(schema, model)
    shown = [
        wire
        for wire, name in model.wire.items()
        if is_leaf_type(get_named_type(fields[wire].type)) and is_told(model.fields[name])
    ]
    return " ".join(["__typename", *shown])


def _relations(schema: MshauriSchema, model: Model) -> Iterator[tuple[str, str]]:
    fields = _fields_of(schema, model)
    for wire, name in model.wire.items():
        declared = model.fields[name]
        if isinstance(declared, Leaf) or not is_told(declared):
            continue
        if isinstance(declared, One | Many | Pages):
            yield wire, declared.to
        elif isinstance(declared, Needs):
            of = get_named_type(fields[wire].type)
            if isinstance(of, GraphQLObjectType) and of.name in models:
                yield wire, of.name


def _fields_of(schema: MshauriSchema, model: Model) -> Any:
    found: Any = schema._schema.type_map[model.name]
    return found.fields


def node(kind: str, id: UUID) -> str:
    """Return the global id of a record."""
    return global_id(kind, id)
