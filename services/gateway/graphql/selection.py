"""What an operation asks of a row: the columns to fetch, read from its selections."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionNode
from strawberry.types import Info

from services.gateway.read.declare import Leaf, Many, Model, Needs, One, Pages
from services.gateway.read.sql import Columns


def selected(info: Info[Any, Any], *paths: Sequence[str]) -> set[str]:
    """Return the names of the fields selected below this one, or below fields along `paths`.

    Directives are not minded: what `@skip` leaves out may be fetched in vain.
    """
    raw = info._raw_info
    names: set[str] = set()
    for path in paths or ((),):
        nodes: list[FieldNode] = list(raw.field_nodes)
        for step in path:
            nodes = [n for n in _below(nodes, raw.fragments) if n.name.value == step]
        names.update(node.name.value for node in _below(nodes, raw.fragments))
    return names


def columns_for(info: Info[Any, Any], model: Model, *paths: Sequence[str]) -> Columns:
    """Return the columns that the selections below need of a row of `model`."""
    return columns_of(model, selected(info, *paths))


def columns_of(model: Model, names: Iterable[str]) -> Columns:
    """Return the columns that these GraphQL fields need of a row of `model`."""
    fields: list[str] = []
    columns: list[str] = []
    for name in sorted(set(names) & model.wire.keys()):
        python_name = model.wire[name]
        match model.fields[python_name]:
            case Leaf():
                fields.append(python_name)
            case One(by=by):
                columns.append(by)
            case Many(own=own) | Pages(own=own):
                columns.append(own)
            case Needs(columns=needed):
                columns.extend(needed)
    return Columns(tuple(fields), tuple(dict.fromkeys(columns)))


def _below(nodes: Iterable[FieldNode], fragments: Any) -> Iterator[FieldNode]:
    for node in nodes:
        if node.selection_set:
            yield from _fields(node.selection_set.selections, fragments)


def _fields(selections: Iterable[SelectionNode], fragments: Any) -> Iterator[FieldNode]:
    for selection in selections:
        if isinstance(selection, FieldNode):
            yield selection
        elif isinstance(selection, InlineFragmentNode):
            yield from _fields(selection.selection_set.selections, fragments)
        elif isinstance(selection, FragmentSpreadNode):
            fragment = fragments[selection.name.value]
            yield from _fields(fragment.selection_set.selections, fragments)
