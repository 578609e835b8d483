"""The whole schema, put together. `python -m services.gateway.graphql.schema` prints it."""

import sys
from collections.abc import Mapping
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.schema.config import StrawberryConfig
from strawberry.types.base import get_object_definition
from strawberry.types.execution import ExecutionContext

import shared.contracts.registry
import shared.contracts.sessions
import shared.contracts.validation  # noqa: F401 - each fills `commands`
from services.gateway.graphql.as_of import AsOfTold
from services.gateway.graphql.batch import batch_mutation
from services.gateway.graphql.context import Context
from services.gateway.graphql.documents import Documents
from services.gateway.graphql.errors import faced
from services.gateway.graphql.extensions import Costed, Measured, Prepared, Standing
from services.gateway.graphql.inputs import SHARED
from services.gateway.graphql.introspection import Answers, Introspected
from services.gateway.graphql.listing import Listed, Listing
from services.gateway.graphql.looking import Looked
from services.gateway.graphql.mutations import describe, mutations
from services.gateway.graphql.query import Query
from services.gateway.graphql.reading import Node
from services.gateway.graphql.running import Runner
from services.gateway.graphql.scalars import SCALARS
from services.gateway.graphql.subscription import Subscription
from services.gateway.read.check import check
from services.gateway.read.declare import META, Pages, models
from shared.contracts.base import Command, commands


class MshauriSchema(strawberry.Schema):
    """A schema whose errors are coded and tell nothing of our insides.

    Attributes:
        documents: those that were read against it.
        answers: what it told of itself.
    """

    def __init__(self, **parts: Any) -> None:
        """Put it together, as Strawberry does."""
        super().__init__(**parts)
        self.documents = Documents()
        self.answers = Answers()

    def create_extensions_runner(
        self, execution_context: ExecutionContext, extensions: list[SchemaExtension]
    ) -> SchemaExtensionsRunner:
        """Run what happens round an operation, as Strawberry does, at a fifth of its cost."""
        return Runner(execution_context, extensions)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Replace each error by what a client may see of it."""
        context = execution_context.context if execution_context else None
        if isinstance(context, Context):
            errors[:] = [
                faced(error, context.trace_id, masked=context.parts.masked) for error in errors
            ]


def build_schema(
    offered: Mapping[str, type[Command]] = commands, *, suggestions: bool = True
) -> MshauriSchema:
    """Build the schema, with a mutation for each of the commands `offered`.

    Args:
        suggestions: whether a misspelt field is answered with what might have been meant.

    Raises:
        TypeError: a read type declares what its table cannot keep.
    """
    check(_roots())
    asked = describe(offered, SHARED)
    fields = {**mutations(asked), "commandBatch": batch_mutation(asked)}
    mutation = strawberry.type(
        type("Mutation", (), {"__annotations__": {}, **fields}),
        description="What can be recorded: one mutation for each command, and one for many.",
    )
    return MshauriSchema(
        query=Query,
        mutation=mutation,
        subscription=Subscription,
        types=[m.type for m in models.values() if issubclass(m.type, Node)],
        extensions=[
            *(Measured, Standing, Looked, Prepared, Listed, AsOfTold, Costed, Introspected),
        ],
        execution_context_class=Listing,
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=not suggestions),
    )


def _roots() -> dict[str, Pages]:
    found: dict[str, Any] = {
        f"Query.{field.python_name}": field.metadata.get(META)
        for field in get_object_definition(Query, strict=True).fields
    }
    return {name: pages for name, pages in found.items() if isinstance(pages, Pages)}


if __name__ == "__main__":
    sys.stdout.write(build_schema().as_str().rstrip() + "\n")
