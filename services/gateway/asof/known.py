"""What cannot be asked of the past, found before anything is read: each by its name."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    InlineFragmentNode,
    SelectionNode,
    get_named_type,
)
from graphql.type import GraphQLResolveInfo

from services.gateway.asof.cut import NotKnownAsOf
from services.gateway.asof.reader import is_known
from services.gateway.read.declare import Declared, Many, Needs, Pages, models


def must_be_known(info: GraphQLResolveInfo) -> None:
    """Let nothing be asked below a field that the streams of its record do not tell.

    Raises:
        NotKnownAsOf: something is, by its name: `OrgUnit.children`.
    """
    for node in info.field_nodes:
        _look(info, get_named_type(info.return_type), node)


def _look(info: GraphQLResolveInfo, parent: Any, node: FieldNode) -> None:
    if node.selection_set is None or not isinstance(parent, GraphQLObjectType):
        return
    model = models.get(parent.name)
    for field in _fields(info, node.selection_set.selections):
        name = field.name.value
        declared = parent.fields.get(name)
        if declared is None:  # `__typename`
            continue
        if model is not None and not _is_known(model.fields.get(model.wire.get(name, ""))):
            raise NotKnownAsOf(name=f"{parent.name}.{name}")
        _look(info, get_named_type(declared.type), field)


def _is_known(declared: Declared | None) -> bool:
    match declared:
        case None:
            return False
        case Many(by=by) | Pages(by=by):
            return is_known(by)
        case Needs(of_then=of_then):
            return of_then
    return True


def _fields(
    info: GraphQLResolveInfo, selections: tuple[SelectionNode, ...] | list[SelectionNode]
) -> Iterator[FieldNode]:
    for selection in selections:
        if isinstance(selection, FieldNode):
            yield selection
        elif isinstance(selection, InlineFragmentNode):
            yield from _fields(info, selection.selection_set.selections)
        elif isinstance(selection, FragmentSpreadNode):
            fragment = info.fragments[selection.name.value]
            yield from _fields(info, fragment.selection_set.selections)
