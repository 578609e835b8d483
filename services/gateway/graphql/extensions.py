"""What happens round every operation: caches, walls, cost, metrics."""

import time
from collections.abc import Iterator
from typing import Any

from graphql import DocumentNode, get_operation_ast
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from services.gateway.clock import stopped_at
from services.gateway.crowd import visit_here
from services.gateway.graphql.context import Context
from services.gateway.graphql.cost import cost_of
from services.gateway.graphql.documents import Documents
from services.gateway.standing import ReadOnly
from services.gateway.standing import Standing as StandsAt
from shared.runtime.metrics import operation_seconds, operations


class Prepared(SchemaExtension):
    """Parses and validates each document once, within the walls."""

    _fresh: int | None = None
    """The weight of the tree, if it was parsed now."""

    def on_parse(self) -> Iterator[None]:
        """Parse, or remember."""
        context = self.execution_context
        if context.query:
            documents = _documents(self)
            context.graphql_document = documents.known(context.query)
            if context.graphql_document is None:
                context.graphql_document, self._fresh = documents.parsed(context.query)
        yield

    def on_validate(self) -> Iterator[None]:
        """Validate; what is remembered was good."""
        context = self.execution_context
        if context.graphql_document is not None and context.query:
            context.pre_execution_errors = []
            if self._fresh is not None:
                self._validate(context.graphql_document, context.query, self._fresh)
        yield

    def _validate(self, tree: DocumentNode, text: str, weight: int) -> None:
        context = self.execution_context
        rules, documents = tuple(context.validation_rules), _documents(self)
        faults = documents.faults(context.schema._schema, tree, rules)
        context.pre_execution_errors = faults
        if not faults:
            documents.keep(text, tree, weight)


def _documents(extension: SchemaExtension) -> Documents:
    documents = extension.execution_context.schema.documents  # type: ignore[attr-defined]
    assert isinstance(documents, Documents)
    return documents


class Costed(SchemaExtension):
    """Works out what an operation costs, takes it from its sender's bucket, and says so.

    What it took of the database and the loop beyond that is debited when it is done.
    """

    _requested: int | None = None
    _left = 0
    _debited = 0
    _milliseconds = 0.0

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
            introspection=context.parts.introspection,
        )
        self._left = buckets.take(context.principal.subject, cost)
        self._requested = cost
        if (visit := visit_here()) is not None:
            visit.charged += cost
        yield
        self._settle()

    def _settle(self) -> None:
        context, visit = self.execution_context.context, visit_here()
        if visit is None:
            return
        assert isinstance(context, Context)
        self._milliseconds += visit.milliseconds
        due = visit.settle()
        self._debited += due
        self._left = context.parts.buckets.debit(context.principal.subject, due)

    def get_results(self) -> dict[str, Any]:
        """Report the cost with every answer."""
        if self._requested is None:
            return {}
        buckets = self.execution_context.context.parts.buckets
        return {
            "cost": {
                "requested": self._requested,
                "available": max(self._left, 0),
                "limit": buckets.capacity,
                "restoreRate": buckets.restored,
                "milliseconds": round(self._milliseconds, 1),
                "debited": self._debited,
            }
        }


class Standing(SchemaExtension):
    """Where what is read stands at a moment: records nothing, and says so with every answer."""

    def on_operation(self) -> Iterator[None]:
        """Have it be that moment."""
        stands = self._stands
        with stopped_at(stands.moment if stands else None):
            yield

    def on_execute(self) -> Iterator[None]:
        """Refuse whatever would record, or wait for what is recorded."""
        if self._stands and self.execution_context.operation_type is not OperationType.QUERY:
            raise ReadOnly(instant=self._stands.moment.at.isoformat())
        yield

    def get_results(self) -> dict[str, Any]:
        """Say of when the answer is."""
        return {"asOf": [{"path": [], **self._stands.said}]} if self._stands else {}

    @property
    def _stands(self) -> StandsAt | None:
        context = self.execution_context.context
        assert isinstance(context, Context)
        return context.parts.stands


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
