"""What cannot be asked of the past, found before anything is read: each by its name."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    InlineFragmentNode,
    SelectionNode,
    get_named_type,
    is_leaf_type,
)
from graphql.type import GraphQLResolveInfo

from services.gateway.asof.cut import NotKnownAsOf
from services.gateway.asof.past import projection_of
from services.gateway.asof.reader import is_folded, is_known
from services.gateway.projections import SUBJECT_PERSON
from services.gateway.read.declare import Declared, Many, Model, Needs, Pages, Through, models
from services.gateway.read.history import History
from services.gateway.read.joined import Joined
from shared.projection import Projection


@dataclass(slots=True)
class Asked:
    """What is asked below a field.

    Attributes:
        kinds: of records, each with its service, that it is folded from; None: of all there are.
        trail: the audit trail is asked for, which is of every event.
        lists: by what, whose trail must be looked through, lists stand that are asked for.
    """

    kinds: frozenset[str] | None = frozenset()
    trail: bool = False
    lists: set[str] = field(default_factory=set)

    def take(self, model: Model) -> None:
        """Note a read type that rows are asked of."""
        if isinstance(model.table, History):
            self.kinds = None
        elif isinstance(model.table, Joined):
            self.trail = True
        else:
            self.fold(projection_of(model.table))
        if isinstance(model.visibility, Through):
            self.take(models[model.visibility.to])

    def fold(self, projection: Projection) -> None:
        """Note a read model."""
        topics = projection.topics
        if topics is None:
            self.kinds = None
        elif self.kinds is not None:
            self.kinds |= {topic.rpartition(".")[0] for topic in topics}


def must_be_known(info: GraphQLResolveInfo[Any]) -> Asked:
    """Return what is asked below a field, if the streams of its record tell all of it.

    Raises:
        NotKnownAsOf: they do not, by the name of what is not known: `OrgUnit.children`.
    """
    asked = Asked()
    for node in info.field_nodes:
        _look(info, get_named_type(info.return_type), node, asked)
    return asked


def _look(info: GraphQLResolveInfo[Any], parent: Any, node: FieldNode, asked: Asked) -> None:
    if node.selection_set is None or not isinstance(parent, GraphQLObjectType):
        return
    model = models.get(parent.name)
    if model is not None:
        asked.take(model)
    for each in _fields(info, node.selection_set.selections):
        name = each.name.value
        known = parent.fields.get(name)
        if known is None:  # `__typename`
            continue
        if model is not None:
            declared = model.fields.get(model.wire.get(name, ""))
            if not is_told(declared):
                raise NotKnownAsOf(name=f"{parent.name}.{name}")
            match declared:
                case Many(to=to, by=by) | Pages(to=to, by=str(by)):
                    asked.lists.add(by)
                    asked.take(models[to])  # of which may be asked no more than how many there are
                case Needs() if is_leaf_type(get_named_type(known.type)):
                    asked.fold(projection_of(SUBJECT_PERSON))
                    asked.lists.add("health_worker_id")
        _look(info, get_named_type(known.type), each, asked)


def is_told(declared: Declared | None) -> bool:
    """Say whether a declared field is told by the streams of its record."""
    match declared:
        case None:
            return False
        case Many(to=to, by=by) | Pages(to=to, by=by):
            return is_known(by) and is_folded(models[to])
        case Needs(of_then=of_then):
            return of_then
    return True


def _fields(
    info: GraphQLResolveInfo[Any], selections: tuple[SelectionNode, ...] | list[SelectionNode]
) -> Iterator[FieldNode]:
    for selection in selections:
        if isinstance(selection, FieldNode):
            yield selection
        elif isinstance(selection, InlineFragmentNode):
            yield from _fields(info, selection.selection_set.selections)
        elif isinstance(selection, FragmentSpreadNode):
            fragment = info.fragments[selection.name.value]
            yield from _fields(info, fragment.selection_set.selections)
