"""Cursors, scopes, declarations and costs, without a database."""

from datetime import UTC, date, datetime
from enum import Enum
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
import strawberry
from graphql import GraphQLError, build_schema, parse
from graphql.validation import validate
from strawberry import ID

from services.gateway.graphql.cost import cost_of
from services.gateway.graphql.errors import RateLimited, TooDear, faced
from services.gateway.graphql.limits import Buckets, Walls
from services.gateway.graphql.reading import key, leaf, one, read_model, where
from services.gateway.graphql.schema import _roots
from services.gateway.read import sql
from services.gateway.read.check import check
from services.gateway.read.declare import InUnit, Order, Pages, Through, models
from services.gateway.read.keyset import BadCursor, Keyset
from services.gateway.read.scope import Part, Scope, scopes_of
from services.gateway.read.sql import Columns, Page
from shared.access.grants import Grant, Read
from shared.access.policy import Actor
from shared.contracts.registry.access_grant import Role
from shared.domain.errors import AlreadyTaken
from shared.projection import Column, Table

KEYSET = Keyset(b"secret")
TODAY = date(2021, 1, 1)
ALL = {action: Scope((Part(None, None),), "all", TODAY) for action in Read}
NOTHING = {action: Scope((), "none", TODAY) for action in Read}


def test_a_cursor_holds_its_values_exactly() -> None:
    id, instant = uuid4(), datetime(2021, 3, 1, 12, 0, 0, 123456, UTC)
    values = [date(2021, 3, 1), instant, 7, "é", id]
    cursor = KEYSET.cursor("p", values)
    types = ["date", "timestamptz", "bigint", "text", "uuid"]
    assert KEYSET.values("p", cursor, types) == values


@pytest.mark.parametrize("cursor", ["", "x", "é", "AAAA", "A" * 500])
def test_a_cursor_we_did_not_make_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        KEYSET.values("p", cursor, ["uuid"])


def test_a_cursor_of_another_purpose_or_secret_is_refused() -> None:
    cursor = KEYSET.cursor("p", ["a"])
    for keyset, purpose in ((KEYSET, "q"), (Keyset(b"other"), "p")):
        with pytest.raises(BadCursor):
            keyset.values(purpose, cursor, ["text"])


def actor(*grants: dict[str, Any]) -> Actor:
    return Actor(
        subject="s",
        grants=tuple(Grant(subject="s", since=date(2020, 1, 1), **grant) for grant in grants),
    )


def test_nobody_sees_anything_without_a_grant() -> None:
    scopes = scopes_of(actor(), TODAY)
    assert all(scope.parts == () for scope in scopes.values())


def test_grants_of_one_programme_are_united_and_a_wider_one_wins() -> None:
    one_unit, other = uuid4(), uuid4()
    scopes = scopes_of(
        actor(
            {"role": Role.VIEWER, "org_unit_id": one_unit},
            {"role": Role.AUDITOR, "org_unit_id": other},
        ),
        TODAY,
    )
    (records,) = scopes[Read.RECORDS].parts
    (audit,) = scopes[Read.AUDIT].parts
    assert set(records.tops or ()) == {one_unit, other}
    assert audit.tops == (other,)
    for order in ([None, one_unit], [one_unit, None]):
        grants = [{"role": Role.VIEWER, "org_unit_id": unit} for unit in order]
        assert scopes_of(actor(*grants), TODAY)[Read.RECORDS].everything


def test_a_grant_over_ones_own_record_opens_no_others() -> None:
    scopes = scopes_of(actor({"role": Role.MENTEE}), TODAY)
    assert scopes[Read.RECORDS].parts == ()


@pytest.mark.parametrize("name", sorted(models))
def test_every_type_is_denied_by_default(name: str) -> None:
    model = models[name]
    statement = sql.Statement()
    assert "false" in sql.in_scope(model, NOTHING, statement)
    page = Page(order=Order(columns=model.table.key), limit=1)
    text, _ = sql.page(model, Columns((), ()), page, NOTHING)
    assert "false" in text


def test_scope_is_bound_once_and_put_on_every_alias() -> None:
    tops = (uuid4(),)
    scopes = {action: Scope((Part(tops, None),), "x", TODAY) for action in Read}
    columns = Columns(("competency",), ())
    text, binds = sql.rows_by_key(
        models["CompetencyProgress"], columns, "mentee_id", [uuid4()], scopes
    )
    assert binds[1:] == [TODAY, tops]
    assert text.count("ANY($3::uuid[])") == text.count('above.org_unit_id = tx."org_unit_id"') == 1


def test_order_and_keyset_name_the_tables_columns_by_its_alias() -> None:
    page = Page(order=Order(columns=("since",), descending=True), limit=5, beyond=(TODAY, uuid4()))
    text, _ = sql.page(models["Mentee"], Columns((), ()), page, ALL)
    assert 'ORDER BY t."since" DESC, t."id" DESC' in text
    assert '(t."since", t."id") < ($1::date, $2::uuid)' in text


THING = Table(
    name="thing",
    version=1,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "name": Column(type="text", nullable=True),
        "unit": Column(type="uuid"),
    },
)


def test_a_declaration_that_its_table_cannot_keep_stops_the_start() -> None:
    class Thing:
        """A thing."""

        id: ID = key("Thing")
        name: str = leaf("Its name.")
        gone: str | None = leaf("Not there.")
        unit: ID = one("OrgUnit", by="unit", description="Its unit.")

    known = dict(models)
    try:
        read_model(THING, scope=InUnit(unit="unit"), description="A thing.")(Thing)
        with pytest.raises(TypeError) as refused:
            check({})
    finally:
        models.clear()
        models.update(known)
    assert "Thing.name is non-null" in str(refused.value)
    assert "thing has no column gone" in str(refused.value)
    assert "Thing.unit must be nullable" in str(refused.value)


def test_what_is_personal_and_lies_in_no_unit_at_all_stops_the_start() -> None:
    class Thing:
        """A thing."""

        name: str | None = leaf("Its name.", personal=True)

    known = dict(models)
    try:
        read_model(THING, scope=Through(to="OrgUnit", by="id"), description="A thing.")(Thing)
        with pytest.raises(TypeError, match=r"Thing\.name is personal"):
            check({})
    finally:
        models.clear()
        models.update(known)


def test_an_order_or_a_filter_without_an_index_stops_the_start() -> None:
    orders = Enum(
        "orders", {"A": Order(columns=("technical_area",)), "B": Order(columns=("baseline_on",))}
    )

    @strawberry.input
    class Filter:
        """Filters."""

        area: str | None = where("first_validated_on", "x")

    with pytest.raises(TypeError) as refused:
        check({"Query.x": Pages(to="Mentee", orders=orders, filter=Filter)})
    assert "no index for the order by ('technical_area',)" in str(refused.value)
    assert "no order by ('baseline_on',)" in str(refused.value)
    assert "no index that begins with the filter area" in str(refused.value)


def test_what_is_declared_can_be_kept() -> None:
    check(_roots())


SCHEMA = build_schema(
    """
    type Query { things(first: Int!): Things }
    type Mutation { send(input: [Int]): Thing  }
    type Things { nodes: [Thing!]! }
    type Thing { id: ID parts: [Part!]! things(first: Int!): Things }
    type Part { id: ID }
    """
)


@pytest.mark.parametrize(
    ("document", "cost"),
    [
        ("{ things(first: 10) { nodes { id } } }", 11),
        ("{ things(first: 10) { nodes { parts { id } } } }", 101),
        ("{ things(first: 10) { nodes { things(first: 20) { nodes { id } } } } }", 211),
        ("query ($n: Int!) { things(first: $n) { nodes { id } } }", 51),
        ("query ($m: Int = 70) { things(first: $m) { nodes { id } } }", 71),
        ("{ ...F } fragment F on Query { things(first: 10) { nodes { id } } }", 11),
        ("mutation { send { id } }", 5),
    ],
)
def test_cost_is_what_may_be_touched(document: str, cost: int) -> None:
    parsed = parse(document)
    operation: Any = parsed.definitions[0]
    assert cost_of(SCHEMA, parsed, operation, {"n": 50}) == cost


def test_fragments_that_double_each_other_are_not_walked_twice() -> None:
    names = [f"F{i}" for i in range(40)]
    fragments = " ".join(f"fragment {a} on Query {{ ...{b} ...{b} }}" for a, b in pairwise(names))
    document = parse(f"{{ ...F0 }} {fragments} fragment F39 on Query {{ __typename }}")
    assert validate(SCHEMA, document, [Walls]) == []
    operation: Any = document.definitions[0]
    assert cost_of(SCHEMA, document, operation, {}) == 1


def test_a_bucket_empties_and_fills_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("services.gateway.graphql.limits.time.monotonic", lambda: now[0])
    buckets = Buckets(capacity=100, restored=10, most=80)
    assert buckets.take("a", 80) == 20
    with pytest.raises(RateLimited) as refused:
        buckets.take("a", 30)
    assert refused.value.params["wait"] == 1
    assert buckets.take("b", 30) == 70
    now[0] += 1
    assert buckets.take("a", 30) == 0
    with pytest.raises(TooDear):
        buckets.take("c", 81)


def test_an_unforeseen_error_is_masked_in_production_alone() -> None:
    error = GraphQLError("secret", original_error=RuntimeError("secret"))
    masked = faced(error, "t", masked=True)
    assert "secret" not in masked.message
    assert masked.extensions == {"code": "INTERNAL", "traceId": "t"}
    assert faced(error, "t", masked=False).message == "secret"


def test_an_error_of_ours_keeps_its_code_remedy_and_params() -> None:
    error = GraphQLError("", original_error=AlreadyTaken("code", claim="RW"))
    shown = faced(error, "t", masked=True)
    assert shown.extensions is not None
    assert shown.extensions["code"] == "ALREADY_TAKEN"
    assert shown.extensions["field"] == "code"
    assert shown.extensions["params"] == {"claim": "RW"}
    assert shown.extensions["remedy"]
