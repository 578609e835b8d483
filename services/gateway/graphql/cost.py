"""What an operation may cost at most, worked out before anything of it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from math import ceil
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    VariableNode,
    get_named_type,
    value_from_ast_untyped,
)

from shared.domain.errors import Malformed

_META_FIELDS = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
_FIELDS_OF_TYPES: dict[tuple[str, str], tuple[type[Any], ...]] = {
    ("__Type", "fields"): (GraphQLObjectType, GraphQLInterfaceType),
    ("__Type", "inputFields"): (GraphQLInputObjectType,),
    ("__Type", "enumValues"): (GraphQLEnumType,),
}
"""A type has members under one of these names, so that a mean over all types is a part of them."""

COMMAND = 5
"""What a command costs, against a row read."""

ASSUMED_LENGTH = 10
"""Rows in a list that is not asked for by number; what more there was is debited afterwards."""

OF_THEN = 50
"""What a thing as of a moment costs besides: the streams of its record are fetched, and folded."""

LEAVES = 10
"""Plain fields that cost as much as a row: so many are free with each."""

WEIGHT = "mshauri.weight"
"""The key of a field's weight in its Strawberry metadata: points for being asked at all, where it
looks at more than the rows it returns."""


class IntrospectionClosed(Malformed):
    """The schema was asked for where it is not told."""

    code = "INTROSPECTION_CLOSED"
    status = 403
    template = "This installation does not tell its schema by introspection."
    remedy_template = "Read schema.graphql, which is published with every version."


def weighing(points: int) -> dict[str, int]:
    """Return the metadata of a field that costs so many points for being asked at all."""
    return {WEIGHT: points}


def cost_of(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    *,
    introspection: bool = True,
) -> int:
    """Return what an operation costs: the rows it may touch at most, and five for each command.

    An object costs 1, and 1 more for every ten plain fields of it; what is asked for in a page or a
    list costs so many times as there may be rows. A list in an argument costs 1 an element,
    wherever it stands: in the document, in a variable, in an object in either. What is asked as of
    a moment costs `OF_THEN` besides. Of the schema, what it yields.

    Args:
        introspection: whether the schema may be asked for.

    Raises:
        IntrospectionClosed: it is, and may not be.
    """
    root = schema.get_root_type(operation.operation)
    if root is None:
        return 0
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions or ()
        if each.default_value is not None
    }
    cost = _Cost(schema, document, {**defaults, **variables}, introspection)
    return max(cost.of(operation.selection_set, root), 1)


@dataclass(slots=True)
class _Cost:
    schema: GraphQLSchema
    document: DocumentNode
    variables: Mapping[str, Any]
    introspection: bool
    _known: dict[str, int] = field(default_factory=dict)
    _elements: dict[str, int] = field(default_factory=dict)

    def of(self, selections: SelectionSetNode | None, parent: Any) -> int:
        if selections is None or not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return 0
        total = leaves = 0
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                leaves += selection.selection_set is None
                total += self._field(selection, parent)
            elif isinstance(selection, InlineFragmentNode):
                narrowed = selection.type_condition
                inner = self.schema.get_type(narrowed.name.value) if narrowed else parent
                total += self.of(selection.selection_set, inner)
            elif isinstance(selection, FragmentSpreadNode):
                total += self._fragment(selection.name.value)
        return total + leaves // LEAVES

    def _fragment(self, name: str) -> int:
        # Worked out once each: fragments that spread fragments would double with every level.
        if name not in self._known:
            self._known[name] = 0
            for definition in self.document.definitions:
                if isinstance(definition, FragmentDefinitionNode) and definition.name.value == name:
                    on = self.schema.get_type(definition.type_condition.name.value)
                    self._known[name] = self.of(definition.selection_set, on)
        return self._known[name]

    def _field(self, node: FieldNode, parent: GraphQLObjectType | GraphQLInterfaceType) -> int:
        name = node.name.value
        found = _META_FIELDS.get(name) or parent.fields.get(name)
        if found is None or name == "__typename":
            return 0
        if name in _META_FIELDS and not self.introspection:
            raise IntrospectionClosed
        given = _weight_of(found) + sum(self._in(each.value) for each in node.arguments or ())
        if self._asks_of_then(node, found):
            given += OF_THEN
        named = get_named_type(found.type)
        if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
            return given
        return given + self._object(node, parent, found, self.of(node.selection_set, named))

    def _asks_of_then(self, node: FieldNode, found: GraphQLField) -> bool:
        """Say whether a field is asked for as of a moment."""
        return any(
            _is_moment(found.args.get(each.name.value)) and self._is_given(each.value)
            for each in node.arguments or ()
        )

    def _is_given(self, value: Any) -> bool:
        if isinstance(value, VariableNode):
            return self.variables.get(value.name.value) is not None
        return not isinstance(value, NullValueNode)

    def _object(self, node: FieldNode, parent: Any, found: GraphQLField, inner: int) -> int:
        name = node.name.value
        if parent is self.schema.mutation_type:
            return COMMAND * max(self._commands(node), 1) + inner
        if name == "ofType":
            # A console asks for nine wrappings of each type; hardly one has two.
            return 0
        if parent.name.startswith("__"):
            return self._typical(parent.name, name, found) * (1 + inner)
        if name == "nodes" and parent is self.schema.query_type:
            # It is no part of a page: what is selected is asked of every id.
            return self._given(node, "ids") * (1 + inner)
        first = self._integer(node, "first")
        if first is not None:
            # The connection itself, and for each row what is selected of `nodes` and `edges`.
            return 1 + max(first, 1) * max(inner, 1)
        if _is_list(found.type) and name not in ("nodes", "edges"):
            return ASSUMED_LENGTH * (1 + inner)
        return (0 if name in ("nodes", "edges", "node", "pageInfo") else 1) + inner

    def _typical(self, parent: str, name: str, found: GraphQLField) -> int:
        """Return how many there are in a list of the schema's: all types, fields a type."""
        if not _is_list(found.type):
            return 1
        if (parent, name) == ("__Schema", "types"):
            return len(self.schema.type_map)
        if (parent, name) == ("__Schema", "directives"):
            return len(self.schema.directives)
        if (parent, name) in _FIELDS_OF_TYPES:
            return _members_a_type(self.schema, name)
        return 2

    def _in(self, value: Any) -> int:
        """Count the elements of all lists in an argument's value."""
        if isinstance(value, VariableNode):
            name = value.name.value
            if name not in self._elements:
                self._elements[name] = _elements(self.variables.get(name))
            return self._elements[name]
        if isinstance(value, ListValueNode):
            return len(value.values) + sum(self._in(each) for each in value.values)
        if isinstance(value, ObjectValueNode):
            return sum(self._in(each.value) for each in value.fields)
        return 0

    def _commands(self, node: FieldNode) -> int:
        """Count the commands of a batch; what is no batch is one."""
        for argument in node.arguments or ():
            given = argument.value
            if isinstance(given, ObjectValueNode):
                for each in given.fields:
                    if each.name.value == "commands":
                        return self._length(each.value)
            elif isinstance(given, VariableNode):
                whole = self.variables.get(given.name.value)
                commands = whole.get("commands") if isinstance(whole, dict) else None
                if isinstance(commands, list):
                    return len(commands)
        return 1

    def _given(self, node: FieldNode, name: str) -> int:
        """Return how many elements an argument has: one at least."""
        return max(
            [1, *(self._length(a.value) for a in node.arguments or () if a.name.value == name)]
        )

    def _length(self, value: Any) -> int:
        if isinstance(value, ListValueNode):
            return len(value.values)
        if isinstance(value, VariableNode):
            given = self.variables.get(value.name.value)
            return len(given) if isinstance(given, list) else 1
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


def _is_moment(argument: GraphQLArgument | None) -> bool:
    return argument is not None and get_named_type(argument.type).name == "AsOfInput"


@cache
def _members_a_type(schema: GraphQLSchema, named: str) -> int:
    kinds = _FIELDS_OF_TYPES["__Type", named]
    those = (one for one in schema.type_map.values() if isinstance(one, kinds))
    members = sum(len(getattr(one, "values", None) or one.fields) for one in those)
    return ceil(members / len(schema.type_map))


def _is_list(type: Any) -> bool:
    return isinstance(type.of_type if isinstance(type, GraphQLNonNull) else type, GraphQLList)


def _elements(value: Any) -> int:
    if isinstance(value, list):
        return len(value) + sum(map(_elements, value))
    if isinstance(value, dict):
        return sum(map(_elements, value.values()))
    return 0


def _weight_of(found: GraphQLField) -> int:
    declared = (found.extensions or {}).get("strawberry-definition")
    return int(getattr(declared, "metadata", {}).get(WEIGHT, 0))
