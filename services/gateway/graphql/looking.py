"""What an operation showed is written down before its answer leaves: see `services.gateway.looked`.

Each answer is: that of a query, of a mutation, and each message of a subscription.
"""

from collections.abc import Iterator
from typing import Any

from graphql import FieldNode, get_operation_ast
from strawberry.extensions import SchemaExtension

from services.gateway.graphql.context import Context
from services.gateway.looked.looks import Looks, looking
from services.gateway.looked.telling import Operation

MOST_ASKED = 20
"""Fields of the root that are told; there are seldom two."""

_LONGEST = 80


class Looked(SchemaExtension):
    """Gathers what an operation shows, and tells it."""

    _looks: Looks | None = None
    _operation: Operation | None = None

    def on_operation(self) -> Iterator[None]:
        """Gather from here on; what was shown to nobody's end is told, too: it was read."""
        context = self.execution_context.context
        if isinstance(context, Context):
            context.begin()
        with looking() as self._looks:
            try:
                yield
            finally:
                self._tell()

    def get_results(self) -> dict[str, Any]:
        """Tell what this answer shows; it adds nothing to it."""
        self._tell()
        return {}

    def _tell(self) -> None:
        context = self.execution_context.context
        if not self._looks or not isinstance(context, Context) or context.parts.teller is None:
            return
        if self._operation is None:
            self._operation = self._described(context)
        context.parts.teller.tell(
            self._looks, self._operation, context.actor, context.parts.directory.known
        )

    def _described(self, context: Context) -> Operation:
        execution = self.execution_context
        document = execution.graphql_document
        operation = document and get_operation_ast(document, execution.operation_name)
        name: str | None = None
        asked: dict[str, None] = {}
        if operation:
            name = operation.name.value[:_LONGEST] if operation.name else None
            asked = {
                each.name.value: None
                for each in operation.selection_set.selections
                if isinstance(each, FieldNode)
            }
        return Operation(
            name=name,
            asked=tuple(asked)[:MOST_ASKED],
            trace_id=context.trace_id,
            purpose=context.purpose,
        )
