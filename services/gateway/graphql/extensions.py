"""What happens round every operation: caches, walls, cost, metrics."""

import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, get_operation_ast, parse
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from services.gateway.graphql.context import Context
from services.gateway.graphql.cost import cost_of
from services.gateway.graphql.limits import TOKENS, Walls
from shared.runtime.metrics import operation_seconds, operations

_KEPT = 1_000
"""Documents whose parsing and validation are remembered: partners send the same few again."""

_parsed = lru_cache(maxsize=_KEPT)(parse)


@lru_cache(maxsize=_KEPT)
def _validated(
    schema: GraphQLSchema, document: DocumentNode, rules: tuple[Any, ...]
) -> tuple[GraphQLError, ...]:
    errors = validate_document(schema, document, rules)
    for error in errors:
        error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED", **(error.extensions or {})}
    return tuple(errors)


class Prepared(SchemaExtension):
    """Parses and validates each document once, within the walls."""

    def on_operation(self) -> Iterator[None]:
        """Raise the walls."""
        context = self.execution_context
        context.parse_options["max_tokens"] = TOKENS
        context.validation_rules = (*context.validation_rules, Walls)
        yield

    def on_parse(self) -> Iterator[None]:
        """Parse, or remember."""
        context = self.execution_context
        if context.query:
            context.graphql_document = _parsed(context.query, **context.parse_options)
        yield

    def on_validate(self) -> Iterator[None]:
        """Validate, or remember."""
        context = self.execution_context
        if context.graphql_document is not None:
            # A list of its own: what is remembered must not be given this request's trace id.
            context.pre_execution_errors = list(
                _validated(
                    context.schema._schema, context.graphql_document, context.validation_rules
                )
            )
        yield


class Costed(SchemaExtension):
    """Works out what an operation costs, takes it from its sender's bucket, and says so."""

    _told: dict[str, Any] | None = None

    def on_execute(self) -> Iterator[None]:
        """Let the operation run if its sender can afford it."""
        execution, context = self.execution_context, self.execution_context.context
        assert isinstance(context, Context)
        assert execution.graphql_document is not None
        buckets = context.parts.buckets
        operation = get_operation_ast(execution.graphql_document, execution.operation_name)
        assert operation is not None
        cost = cost_of(
            execution.schema._schema,
            execution.graphql_document,
            operation,
            execution.variables or {},
        )
        left = buckets.take(context.principal.subject, cost)
        self._told = {
            "requested": cost,
            "available": left,
            "limit": buckets.capacity,
            "restoreRate": buckets.restored,
        }
        yield

    def get_results(self) -> dict[str, Any]:
        """Report the cost with every answer."""
        return {"cost": self._told} if self._told else {}


class Measured(SchemaExtension):
    """Counts operations and times them."""

    def on_operation(self) -> Iterator[None]:
        """Measure from beginning to end."""
        began = time.perf_counter()
        yield
        execution = self.execution_context
        try:
            kind = execution.operation_type.value.lower()
        except RuntimeError:
            kind = "unknown"
        errors = getattr(execution.result, "errors", None) or execution.pre_execution_errors or []
        code = str((errors[0].extensions or {}).get("code", "error")) if errors else "ok"
        operations.labels(kind, code).inc()
        operation_seconds.labels(kind).observe(time.perf_counter() - began)
