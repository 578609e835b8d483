"""Whatever an argument is given, the answer is coded: nothing anybody can ask is our fault."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import websockets
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
)
from websockets import Subprotocol

from services.gateway.graphql.ids import global_id
from services.gateway.graphql.schema import build_schema
from tests.support.gateway import OPERATOR, RunningGateway, running_gateway

SCHEMA = build_schema()._schema

HOSTILE: dict[str, list[Any]] = {
    "String": ["a\x00b", "x" * 5_000],
    "ID": ["\x00", global_id("Mentee", uuid4()), "TWVudGVlOg"],
    "Int": [0, 10_000, -(2**31)],
    "Float": [1e308],
    "Boolean": [True],
    "Date": ["0001-01-01", "9999-12-31"],
    "DateTime": ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"],
    "Decimal": ["NaN", "1E+140000"],
    "BigInt": [str(2**63 - 1), str(2**63)],
    "UUID": ["\x00"],
    "Cursor": ["\x00", "x"],
    "Position": ["x", "", "\x00", "registry.-1.1", "registry.7.99999999999999999999", "a.7.1"],
    "JSON": [{"a": "\x00"}],
}
BENIGN: dict[str, Any] = {
    "String": "x",
    "ID": global_id("OrgUnit", uuid4()),
    "Int": 1,
    "Float": 1.0,
    "Boolean": True,
    "Date": "2021-06-30",
    "DateTime": "2021-06-30T10:00:00Z",
    "Decimal": "1",
    "BigInt": "1",
    "UUID": str(uuid4()),
    "JSON": {},
}


def benign(type: Any) -> Any:
    """Return a value that nobody would wonder at."""
    if isinstance(type, GraphQLNonNull):
        return benign(type.of_type)
    if isinstance(type, GraphQLList):
        return [benign(type.of_type)]
    if isinstance(type, GraphQLEnumType):
        return next(iter(type.values))
    if isinstance(type, GraphQLInputObjectType):
        return {
            name: benign(field.type)
            for name, field in type.fields.items()
            if isinstance(field.type, GraphQLNonNull)
        }
    return BENIGN.get(type.name, "x")


def hostile(type: Any) -> Iterator[Any]:
    """Yield values that somebody will send one day."""
    if isinstance(type, GraphQLNonNull):
        yield from hostile(type.of_type)
    elif isinstance(type, GraphQLList):
        yield []
        for value in hostile(type.of_type):
            yield [value]
    elif isinstance(type, GraphQLEnumType):
        yield from type.values
    elif isinstance(type, GraphQLInputObjectType):
        for name, field in type.fields.items():
            for value in hostile(field.type):
                yield {**benign(type), name: value}
    elif isinstance(type, GraphQLScalarType):
        yield from HOSTILE[type.name]


def selection(type: Any) -> str:
    """Return what is selected of a field: enough to have it read."""
    named = get_named_type(type)
    if not isinstance(named, GraphQLObjectType):
        return (
            "{ __typename }" if not isinstance(named, GraphQLScalarType | GraphQLEnumType) else ""
        )
    if "nodes" in named.fields:
        return "{ nodes { __typename } totalCount { value } }"
    plain = [
        name
        for name, field in named.fields.items()
        if not field.args and isinstance(get_named_type(field.type), GraphQLScalarType)
    ]
    return "{ " + " ".join(["__typename", *plain[:8]]) + " }"


def questions() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each query with its variables."""
    query = SCHEMA.query_type
    assert query is not None
    yield from asking("query", query)


def asking(word: str, root: GraphQLObjectType) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each field of a root with its variables."""
    for name, field in root.fields.items():
        required = {
            arg: benign(argument.type)
            for arg, argument in field.args.items()
            if isinstance(argument.type, GraphQLNonNull)
        }
        declared = ", ".join(f"${arg}: {one.type}" for arg, one in field.args.items())
        given = ", ".join(f"{arg}: ${arg}" for arg in field.args)
        head = f"{word}({declared})" if declared else word
        text = f"{head} {{ {name}{f'({given})' if given else ''} {selection(field.type)} }}"
        yield text, required
        for arg, argument in field.args.items():
            for value in hostile(argument.type):
                yield text, {**required, arg: value}


EVERY_COMMAND_HAS = frozenset(
    {"commandId", "expectedVersion", "occurredOn", "device", "onBehalfOf", "reason", "after"}
)
"""Read in one way for all commands, so that one of them is enough."""
ONE = "orgUnitEstablish"
ERRORS = "{ userErrors { code message field remedy } }"


def wishes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each mutation with its variables."""
    mutation = SCHEMA.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        if name == "commandBatch":
            continue
        (argument,) = field.args.values()
        text = f"mutation($input: {argument.type}) {{ {name}(input: $input) {ERRORS} }}"
        yield text, {"input": benign(argument.type)}
        fields = get_named_type(argument.type).fields
        for inner, one in fields.items():
            if inner in EVERY_COMMAND_HAS and name != ONE:
                continue
            for value in hostile(one.type):
                yield text, {"input": {**benign(argument.type), inner: value}}


def loosely() -> Iterator[tuple[str, Any]]:
    """Yield commands of a batch, which nobody has looked at: of any shape."""
    shapes: list[Any] = [1, 1e308, "x", [], {}, {"commandId": None}, {"commandId": "\x00"}]
    for odd in (*shapes, [[{}]]):
        yield ONE, odd
    yield from (("\x00", {}), ("", {}), ("x" * 5_000, {}))
    mutation = SCHEMA.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        if name == "commandBatch":
            continue
        (argument,) = field.args.values()
        for inner in get_named_type(argument.type).fields:
            values: list[Any] = [None, 7, -1e308, "\x00", [None], [[1]], {"id": {}}, True]
            for odd in (*values, {inner: [{}]}):
                wish = {"commandId": str(uuid4()), **benign(argument.type), inner: odd}
                yield name, wish


@asynccontextmanager
async def patient(database: str, directory: Path) -> AsyncIterator[RunningGateway]:
    """Run a gateway that minds neither how much one asks nor how long one waits."""
    async with running_gateway(database, directory) as gateway:
        endpoint = gateway.gateway._endpoint
        assert endpoint is not None
        buckets = endpoint._parts.buckets
        buckets.capacity = buckets.restored = 10**12
        object.__setattr__(endpoint._parts, "patience", 0.01)
        yield gateway


def fault_errors(answer: Any) -> Iterator[str]:
    """Yield which of an answer's errors are our fault."""
    for error in answer.get("errors") or ():
        if (error.get("extensions") or {}).get("code") in (None, "INTERNAL"):
            yield error["message"][:200]


def faults(answer: Any) -> Iterator[str]:
    """Yield what an answer to a mutation says that is our fault."""
    yield from fault_errors(answer)
    for payload in (answer.get("data") or {}).values():
        said = (payload or {}).get("results") or [payload or {}]
        for error in (error for one in said for error in one.get("userErrors") or ()):
            if error["code"] in (None, "INTERNAL"):
                yield error["message"][:200]


async def test_no_field_of_any_mutation_is_answered_with_a_fault_of_ours(
    database: str, tmp_path: Path
) -> None:
    wrong: list[str] = []
    asked = 0
    async with patient(database, tmp_path) as gateway:
        for text, variables in wishes():
            asked += 1
            answer = await gateway.send(text, **variables)
            wrong += [f"{text[:120]} with {str(variables)[:300]}: {f}" for f in faults(answer)]
    assert asked > 900
    assert wrong == [], "\n".join(wrong[:40])


async def test_nothing_in_a_batch_is_answered_with_a_fault_of_ours(
    database: str, tmp_path: Path
) -> None:
    text = (
        "mutation($input: CommandBatchInput!) { commandBatch(input: $input)"
        f" {{ results {ERRORS} }} }}"
    )
    items = [{"name": name, "command": command} for name, command in loosely()]
    wrong: list[str] = []
    async with patient(database, tmp_path) as gateway:
        for first in range(0, len(items), 250):
            some = items[first : first + 250]
            answer = await gateway.send(text, input={"commands": some})
            wrong += faults(answer)
            results = ((answer.get("data") or {}).get("commandBatch") or {}).get("results") or []
            assert len(results) == len(some), str(answer)[:500]
    assert wrong == [], "\n".join(wrong[:40])


async def test_no_argument_of_any_subscription_is_answered_with_a_fault_of_ours(
    database: str, tmp_path: Path
) -> None:
    subscription = SCHEMA.subscription_type
    assert subscription is not None
    wrong: list[str] = []
    async with patient(database, tmp_path) as gateway:
        for text, variables in asking("subscription", subscription):
            async with websockets.connect(
                gateway.url.replace("http", "ws") + "/graphql",
                subprotocols=[Subprotocol("graphql-transport-ws")],
            ) as socket:
                token = f"Bearer {gateway.token(OPERATOR)}"
                begin = {"type": "connection_init", "payload": {"authorization": token}}
                wish = {"query": text, "variables": variables}
                await socket.send(json.dumps(begin))
                await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": wish}))
                assert json.loads(await socket.recv())["type"] == "connection_ack"
                async with asyncio.timeout(5):
                    said = json.loads(await socket.recv())
            payload = said["payload"]
            errors = payload if isinstance(payload, list) else payload.get("errors")
            wrong += [f"{variables}: {one}" for one in fault_errors({"errors": errors})]
    assert wrong == [], "\n".join(wrong[:40])


async def test_no_argument_of_any_query_is_answered_with_a_fault_of_ours(
    database: str, tmp_path: Path
) -> None:
    wrong: list[str] = []
    asked = 0
    async with patient(database, tmp_path) as gateway:
        for text, variables in questions():
            asked += 1
            try:
                answer = await gateway.send(text, **variables)
            except json.JSONDecodeError as none:
                wrong.append(f"{text[:120]} with {str(variables)[:200]}: {none.doc[:100]}")
                continue
            wrong += [
                f"{text[:120]} with {str(variables)[:200]}: {fault}"
                for fault in fault_errors(answer)
            ]
    assert asked > 200
    assert wrong == [], "\n".join(wrong[:40])
