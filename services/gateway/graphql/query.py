"""The queries: lists of what is declared, single things by their ids, and figures."""

import asyncio
from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.graphql.context import context_of
from services.gateway.graphql.queries.access import AccessQueries
from services.gateway.graphql.queries.attention import AttentionQueries
from services.gateway.graphql.queries.counted import CountedQueries
from services.gateway.graphql.queries.evidence import EvidenceQueries
from services.gateway.graphql.queries.figures import FigureQueries
from services.gateway.graphql.queries.findings import FindingQueries
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
from shared.domain.errors import Malformed

MOST_NODES = 100


class TooManyIds(Malformed):
    """More things were asked for at once than one answer holds."""

    code = "TOO_MANY_IDS"
    template = "{given} ids were given; one answer holds up to {most}."
    remedy_template = "Ask for them in parts."


async def _node(info: Info[Any, Any], id: Id, after: Positions = None) -> Any:
    await context_of(info).reach(after)
    return await by_any_id(info, id)


async def _nodes(
    info: Info[Any, Any],
    ids: Annotated[list[ID], strawberry.argument(description="Up to 100 ids, of any kind.")],
    after: Positions = None,
) -> list[Any]:
    if len(ids) > MOST_NODES:
        raise TooManyIds("ids", most=MOST_NODES, given=len(ids))
    await context_of(info).reach(after)
    return list(await asyncio.gather(*(by_any_id(info, id) for id in ids)))


@strawberry.type(description="What can be read. Rows outside of your scope read as not found.")
class Query(
    PlaceQueries,
    PeopleQueries,
    ProgrammeQueries,
    ProofQueries,
    EvidenceQueries,
    ReformQueries,
    HappeningQueries,
    FollowingQueries,
    AttentionQueries,
    FigureQueries,
    FindingQueries,
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
    nodes: list[Node | None] = strawberry.field(
        resolver=_nodes,
        description="Several things at once, in the order of their ids; null in the place of each "
        "that is not to be seen.",
    )
