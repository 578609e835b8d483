"""Whatever an argument is given, the answer is coded: nothing anybody can ask is our fault."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
)

from services.gateway.graphql.ids import global_id
from services.gateway.graphql.schema import build_schema
from tests.support.gateway import running_gateway

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
    "Position": ["x"],
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
    for name, field in query.fields.items():
        required = {
            arg: benign(argument.type)
            for arg, argument in field.args.items()
            if isinstance(argument.type, GraphQLNonNull)
        }
        declared = ", ".join(f"${arg}: {one.type}" for arg, one in field.args.items())
        given = ", ".join(f"{arg}: ${arg}" for arg in field.args)
        head = f"query({declared})" if declared else "query"
        text = f"{head} {{ {name}{f'({given})' if given else ''} {selection(field.type)} }}"
        yield text, required
        for arg, argument in field.args.items():
            for value in hostile(argument.type):
                yield text, {**required, arg: value}


async def test_no_argument_of_any_query_is_answered_with_a_fault_of_ours(
    database: str, tmp_path: Path
) -> None:
    wrong: list[str] = []
    asked = 0
    async with running_gateway(database, tmp_path) as gateway:
        endpoint = gateway.gateway._endpoint
        assert endpoint is not None
        buckets = endpoint._parts.buckets  # what is tested here is not how much one may ask
        buckets.capacity = buckets.restored = 10**12
        object.__setattr__(endpoint._parts, "patience", 0.01)  # nor how long one waits
        for text, variables in questions():
            asked += 1
            try:
                answer = await gateway.send(text, **variables)
            except json.JSONDecodeError as none:
                wrong.append(f"{text[:120]} with {str(variables)[:200]}: {none.doc[:100]}")
                continue
            for error in answer.get("errors") or ():
                code = (error.get("extensions") or {}).get("code")
                if code in (None, "INTERNAL"):
                    said = str(variables)[:200]
                    wrong.append(f"{text[:120]} with {said}: {error['message'][:200]}")
    assert asked > 200
    assert wrong == [], "\n".join(wrong[:40])
