"""The queries: lists of what is declared, single things by their ids, and figures."""

from typing import Any

import strawberry
from strawberry.types import Info

from services.gateway.graphql.context import context_of
from services.gateway.graphql.queries.access import AccessQueries
from services.gateway.graphql.queries.attention import AttentionQueries
from services.gateway.graphql.queries.counted import CountedQueries
from services.gateway.graphql.queries.figures import FigureQueries
from services.gateway.graphql.queries.following import FollowingQueries
from services.gateway.graphql.queries.happenings import HappeningQueries
from services.gateway.graphql.queries.labels import LabelQueries
from services.gateway.graphql.queries.people import PeopleQueries
from services.gateway.graphql.queries.places import PlaceQueries
from services.gateway.graphql.queries.programmes import ProgrammeQueries
from services.gateway.graphql.queries.proofs import ProofQueries
from services.gateway.graphql.queries.reforms import ReformQueries
from services.gateway.graphql.queries.search import SearchQueries
from services.gateway.graphql.queries.single import Id
from services.gateway.graphql.queries.targets import TargetQueries
from services.gateway.graphql.reading import Node, Positions, by_any_id


async def _node(info: Info[Any, Any], id: Id, after: Positions = None) -> Any:
    await context_of(info).reach(after)
    return await by_any_id(info, id)


@strawberry.type(description="What can be read. Rows outside of your scope read as not found.")
class Query(
    PlaceQueries,
    PeopleQueries,
    ProgrammeQueries,
    ProofQueries,
    ReformQueries,
    HappeningQueries,
    FollowingQueries,
    AttentionQueries,
    FigureQueries,
    AccessQueries,
    CountedQueries,
    LabelQueries,
    SearchQueries,
    TargetQueries,
):
    """The root of all queries: what each part of it answers stands in `queries`."""

    node: Node | None = strawberry.field(
        resolver=_node, description="Anything that has an id; null if there is none to be seen."
    )
