"""What an operation may cost at most, worked out before anything of it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

COMMAND = 5
"""What a command costs, against a row read."""

ASSUMED_LENGTH = 10
"""Rows in a list that is not asked for by number."""


def cost_of(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> int:
    """Return what an operation costs: the rows it may touch at most, and ten for each command.

    An object costs 1, its plain fields nothing; what is asked for in a page or a list costs so
    many times as there may be rows. Introspection costs nothing more than its length.
    """
    root = schema.get_root_type(operation.operation)
    if root is None:
        return 0
    defaults = {
        each.variable.name.value: int(each.default_value.value)
        for each in operation.variable_definitions or ()
        if isinstance(each.default_value, IntValueNode)
    }
    return _Cost(schema, document, {**defaults, **variables}).of(operation.selection_set, root)


@dataclass(slots=True)
class _Cost:
    schema: GraphQLSchema
    document: DocumentNode
    variables: Mapping[str, Any]
    _known: dict[str, int] | None = None

    def of(self, selections: SelectionSetNode | None, parent: Any) -> int:
        if selections is None or not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return 0
        total = 0
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                total += self._field(selection, parent)
            elif isinstance(selection, InlineFragmentNode):
                narrowed = selection.type_condition
                inner = self.schema.get_type(narrowed.name.value) if narrowed else parent
                total += self.of(selection.selection_set, inner)
            elif isinstance(selection, FragmentSpreadNode):
                total += self._fragment(selection.name.value)
        return total

    def _fragment(self, name: str) -> int:
        # Worked out once each: fragments that spread fragments would double with every level.
        if self._known is None:
            self._known = {}
        if name not in self._known:
            self._known[name] = 0
            for definition in self.document.definitions:
                if isinstance(definition, FragmentDefinitionNode) and definition.name.value == name:
                    on = self.schema.get_type(definition.type_condition.name.value)
                    self._known[name] = self.of(definition.selection_set, on)
        return self._known[name]

    def _field(self, node: FieldNode, parent: GraphQLObjectType | GraphQLInterfaceType) -> int:
        name = node.name.value
        field = parent.fields.get(name)
        if field is None or name.startswith("__"):
            return 0
        named = get_named_type(field.type)
        if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
            return 0
        inner = self.of(node.selection_set, named)
        if parent is self.schema.mutation_type:
            return COMMAND * self._commands(node) + inner
        first = self._integer(node, "first")
        if first is not None:
            # The connection itself, and for each row what is selected of `nodes` and `edges`.
            return 1 + max(first, 1) * max(inner, 1)
        if _is_list(field.type) and name not in ("nodes", "edges"):
            return ASSUMED_LENGTH * (1 + inner)
        return (0 if name in ("nodes", "edges", "node", "pageInfo") else 1) + inner

    def _commands(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                given = self.variables.get(argument.value.name.value)
                commands = given.get("commands") if isinstance(given, dict) else None
                if isinstance(commands, list):
                    return max(len(commands), 1)
        return 1

    def _integer(self, node: FieldNode, name: str) -> int | None:
        for argument in node.arguments or ():
            if argument.name.value == name:
                if isinstance(argument.value, IntValueNode):
                    return min(int(argument.value.value), 1_000)
                if isinstance(argument.value, VariableNode):
                    given = self.variables.get(argument.value.name.value)
                    return min(given, 1_000) if isinstance(given, int) else 1
        return None


def _is_list(type: Any) -> bool:
    return isinstance(type.of_type if isinstance(type, GraphQLNonNull) else type, GraphQLList)
