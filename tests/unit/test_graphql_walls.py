"""The walls let in what tools of the trade send, and keep out what nobody needs."""

import pytest
from graphql import get_introspection_query, parse
from graphql.validation import validate

from services.gateway.graphql.limits import TOKENS, Walls
from services.gateway.graphql.schema import build_schema

SCHEMA = build_schema()._schema


@pytest.mark.parametrize("depth", [7, 9])
def test_the_introspection_of_consoles_and_generators_passes(depth: int) -> None:
    query = get_introspection_query(
        specified_by_url=True, input_value_deprecation=True, type_depth=depth
    )
    document = parse(query, max_tokens=TOKENS)
    assert validate(SCHEMA, document, [Walls]) == []


def test_a_fragment_that_spreads_itself_is_measured_and_left_to_its_own_rule() -> None:
    document = parse("{ ...F } fragment F on Query { ...F }")
    assert validate(SCHEMA, document, [Walls]) == []


def test_depth_counts_through_fragments() -> None:
    names = [f"F{i}" for i in range(16)]
    fragments = " ".join(
        f"fragment {a} on OrgUnit {{ parent {{ ...{b} }} }}"
        for a, b in zip(names, [*names[1:], "Z"], strict=True)
    )
    document = parse(
        f'{{ orgUnit(code: "x") {{ ...F0 }} }} {fragments} fragment Z on OrgUnit {{ id }}'
    )
    (error,) = validate(SCHEMA, document, [Walls])
    assert "levels deep" in error.message
