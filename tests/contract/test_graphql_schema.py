"""The schema as partners read it: committed, described to the last value, by the conventions."""

import re
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
)

from services.gateway.graphql.schema import build_schema
from shared.contracts.base import commands

COMMITTED = Path(__file__).parents[2] / "schema.graphql"


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema()._schema


def test_the_committed_schema_is_the_current_one() -> None:
    current = build_schema().as_str().rstrip() + "\n"
    assert COMMITTED.read_text() == current, "run `make schema` and look at what changed"


def test_everything_is_described(schema: GraphQLSchema) -> None:
    bare = [
        where
        for name, type in schema.type_map.items()
        if not name.startswith("__")
        for where, description in _descriptions(name, type)
        if not (description or "").strip()
    ]
    assert bare == []


def _descriptions(name: str, type: object) -> list[tuple[str, str | None]]:
    found = [(name, getattr(type, "description", None))]
    if isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
        for field_name, field in type.fields.items():
            found.append((f"{name}.{field_name}", field.description))
            found += [
                (f"{name}.{field_name}({argument}:)", described.description)
                for argument, described in field.args.items()
            ]
    if isinstance(type, GraphQLInputObjectType):
        found += [(f"{name}.{n}", f.description) for n, f in type.fields.items()]
    if isinstance(type, GraphQLEnumType):
        found += [(f"{name}.{n}", v.description) for n, v in type.values.items()]
    return found


def test_every_command_has_its_mutation(schema: GraphQLSchema) -> None:
    assert schema.mutation_type is not None
    for name, command in commands.items():
        field = schema.mutation_type.fields[name]
        assert str(field.args["input"].type) == f"{command.__name__}Input!"
        assert str(field.type) == f"{command.__name__}Payload!"
        assert field.description
    assert set(schema.mutation_type.fields) == {*commands, "commandBatch"}


def test_every_scalar_of_ours_says_what_specifies_it(schema: GraphQLSchema) -> None:
    builtin = {"String", "Int", "Float", "Boolean", "ID"}
    ours = [
        type
        for name, type in schema.type_map.items()
        if isinstance(type, GraphQLScalarType) and name not in builtin
    ]
    assert {type.name for type in ours} >= {"Date", "DateTime", "Decimal", "BigInt", "Cursor"}
    assert [type.name for type in ours if not type.specified_by_url] == []


def test_names_follow_the_conventions(schema: GraphQLSchema) -> None:
    for name, type in schema.type_map.items():
        if name.startswith("__"):
            continue
        assert re.fullmatch(r"[A-Z][A-Za-z]*", name), name
        if isinstance(type, GraphQLEnumType):
            assert all(re.fullmatch(r"[A-Z][A-Z_]*", value) for value in type.values), name
        if isinstance(type, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            assert all(re.fullmatch(r"[a-z][A-Za-z]*", field) for field in type.fields), name


def test_every_connection_asks_for_its_length(schema: GraphQLSchema) -> None:
    connections = [
        field
        for type in schema.type_map.values()
        if isinstance(type, GraphQLObjectType)
        for field in type.fields.values()
        if str(field.type).endswith("Connection!")
    ]
    assert len(connections) >= 13
    for field in connections:
        first = field.args["first"]
        assert isinstance(first.type, GraphQLNonNull)
        assert "after" in field.args
