"""What an operation costs beforehand: lists by their length, wherever they stand."""

from typing import Any

import pytest
from graphql import get_introspection_query, parse

from services.gateway.graphql.cost import OF_THEN, IntrospectionClosed, cost_of
from services.gateway.graphql.limits import Buckets
from services.gateway.graphql.schema import build_schema

SCHEMA = build_schema()._schema
COMMAND: dict[str, Any] = {"name": "orgUnitEstablish", "command": {}}
RESULTS = "{ results { outcome } }"


def cost(document: str, *, introspection: bool = True, **variables: Any) -> int:
    parsed = parse(document)
    operation: Any = parsed.definitions[0]
    return cost_of(SCHEMA, parsed, operation, variables, introspection=introspection)


WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "as a variable for the input": (
        f"mutation ($i: CommandBatchInput!) {{ commandBatch(input: $i) {RESULTS} }}",
        {"i": {"commands": [COMMAND] * 100}},
    ),
    "as a variable in the input": (
        "mutation ($c: [CommandInput!]!) { commandBatch(input: {commands: $c}) " + RESULTS + " }",
        {"c": [COMMAND] * 100},
    ),
    "as variables in a literal": (
        "mutation ($c: CommandInput!) { commandBatch(input: {commands: ["
        + "$c " * 100
        + "]}) "
        + RESULTS
        + " }",
        {"c": COMMAND},
    ),
    "in the document": (
        "mutation { commandBatch(input: {commands: ["
        + '{name: "x", command: {}} ' * 100
        + f"]}}) {RESULTS} }}",
        {},
    ),
    "as a default": (
        "mutation ($c: [CommandInput!]! = ["
        + '{name: "x", command: {}} ' * 100
        + "]) { commandBatch(input: {commands: $c}) "
        + RESULTS
        + " }",
        {},
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_hundred_commands_cost_the_same_however_they_are_given(way: str) -> None:
    document, variables = WAYS[way]
    # Before: 5 for all of them, but for the first way.
    assert cost(document, **variables) >= 500


def test_lists_within_commands_cost_too() -> None:
    document, _ = WAYS["as a variable for the input"]
    one = {"name": "x", "command": {"after": ["a"] * 1_000, "items": [{"deep": [1] * 500}]}}
    plain = cost(document, i={"commands": [COMMAND]})
    assert cost(document, i={"commands": [one]}) == plain + 1_000 + 1 + 500


def test_positions_to_wait_for_are_counted() -> None:
    document = "query ($p: [Position!]) { groups(first: 1, afterPositions: $p) { nodes { id } } }"
    assert cost(document, p=["registry.1.1"] * 70) == cost(document, p=[]) + 70


def test_every_alias_of_the_schema_is_paid_for() -> None:
    one = cost("{ __schema { types { name } } }")
    assert one > 400
    assert cost("{ a: __schema { types { name } } b: __schema { types { name } } }") == 2 * one


def test_a_consoles_introspection_can_be_afforded() -> None:
    # One operation may cost 50,000: a console asks once.
    assert 10_000 < cost(get_introspection_query()) < Buckets().most


@pytest.mark.parametrize("asked", ["__schema { types { name } }", '__type(name: "Query") { name }'])
def test_a_closed_schema_is_not_told_by_a_fragment_either(asked: str) -> None:
    with pytest.raises(IntrospectionClosed):
        cost(f"{{ ...F }} fragment F on Query {{ {asked} }}", introspection=False)
    assert cost("{ __typename }", introspection=False) == 1


def test_names_of_types_are_not_free_in_the_thousand() -> None:
    # Before: 0, whatever the number of names.
    names = " ".join(f"a{i}: __typename" for i in range(50))
    assert cost(f"{{ {names} }}") == 5


def test_a_figure_costs_what_it_looks_at() -> None:
    # Before: 2, as any row.
    document = '{ overdueArtefacts(programme: "P", first: 1) { begins } }'
    assert cost(document) >= 500


def test_a_debit_makes_its_client_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("services.gateway.graphql.limits.time.monotonic", lambda: now[0])
    buckets = Buckets(capacity=100, restored=10, most=100)
    assert buckets.take("a", 50) == 50
    assert buckets.debit("a", 80) == -30
    with pytest.raises(Exception, match="0 of 100"):
        buckets.take("a", 1)
    assert buckets.take("b", 100) == 0
    assert buckets.debit("a", 10_000) == -100
    now[0] += 20
    assert buckets.take("a", 100) == 0


def test_what_is_asked_as_of_a_moment_costs_what_fetching_its_history_does() -> None:
    now = cost('{ mentee(id: "m") { status } }')
    assert cost('{ mentee(id: "m", asOf: null) { status } }') == now
    then = cost('{ mentee(id: "m", asOf: {happenedBy: "2021-02-01"}) { status } }')
    assert then == now + OF_THEN
    document = 'query ($at: AsOfInput) { mentee(id: "m", asOf: $at) { status } }'
    assert cost(document, at={"happenedBy": "2021-02-01"}) == now + OF_THEN
    assert cost(document) == now
    many = "".join(
        f' m{i}: mentee(id: "m", asOf: {{happenedBy: "2021-02-01"}}) {{ status }}'
        for i in range(300)
    )
    assert cost(f"{{{many} }}") == 300 * (now + OF_THEN)


def test_what_is_asked_of_several_ids_costs_what_each_does() -> None:
    page = "history(first: 100) { nodes { words } }"
    document = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Mentee {{ {page} }} }} }}"
    one = cost(document, ids=["a"])
    assert one > 100
    assert cost(document, ids=["a"] * 100) == 100 * one
    literal = f'{{ nodes(ids: ["a", "b"]) {{ ... on Mentee {{ {page} }} }} }}'
    assert cost(literal) == 2 * one
    assert cost("{ nodes(ids: []) { id } }") >= 1
