"""What a command may say at its farthest, every view and every read model holds, and shows."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from graphql import GraphQLObjectType, GraphQLScalarType, get_named_type
from msgspec.structs import replace

from services.gateway.graphql.schema import build_schema
from services.gateway.projections import PROJECTIONS
from services.registry.app import service as registry
from services.sessions.app import service as sessions
from services.validation.app import service as validation
from shared.access.facts import ACCESS
from shared.projection import Happening, Projection
from shared.projection.batch import Batch
from shared.projection.connection import Connection
from shared.projection.schema import ensure
from shared.projection.writer import write
from tests.support.extremes import largest, smallest, stretched
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.story import STORY, happenings

HOW = {"largest": largest, "smallest": smallest}
SCHEMA = build_schema()._schema


def story(how: Callable[[Any, Any], Any]) -> list[Happening]:
    """Return the story with every value stretched."""
    return [
        replace(one, body=stretched(one.body, type(one.body), how)) for one in happenings(STORY)
    ]


async def hold(
    connection: Connection, projections: Sequence[Projection], told: list[Happening]
) -> None:
    """Fold and write a story, event by event, as the engine does."""
    for one in told:
        batch = Batch()
        try:
            for projection in projections:
                batch.add(projection.changes(one))
            await write(connection, batch.work())
        except Exception as error:
            error.add_note(f"by {type(one.body).__name__}: {one.body}")
            raise


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("service", [registry, sessions, validation], ids=lambda one: one.name)
async def test_every_view_of_a_service_holds_it(how: str, service: Any, database: str) -> None:
    connection = await asyncpg.connect(database)
    await ensure(connection, service.views)
    await hold(connection, service.views, story(HOW[how]))
    await connection.close()


@pytest.mark.parametrize("how", HOW)
async def test_every_read_model_holds_it_and_every_list_shows_it(
    how: str, database: str, tmp_path: Path
) -> None:
    async with running_gateway(database, tmp_path) as gateway:
        told = story(HOW[how])
        await hold(gateway.database, [*PROJECTIONS, ACCESS], told)
        await gateway.told()
        asked = list(questions())
        shown = [await shows(gateway, root, question) for root, question in asked]
        assert sum(shown) > len(asked) / 2, "most lists show something"


async def shows(gateway: RunningGateway, root: str, question: str) -> bool:
    answer = await gateway.send(question)
    assert not answer.get("errors"), (question, answer["errors"])
    nodes = ((answer.get("data") or {}).get(root) or {}).get("nodes")
    return bool(nodes)


def questions() -> Iterator[tuple[str, str]]:
    """Yield a question for each list, with every plain value of what stands in it."""
    query = SCHEMA.query_type
    assert query is not None
    for name, field in query.fields.items():
        page = get_named_type(field.type)
        if not isinstance(page, GraphQLObjectType) or "nodes" not in page.fields:
            continue
        of = get_named_type(page.fields["nodes"].type)
        if isinstance(of, GraphQLObjectType):
            text = 'text: "aa", ' if "text" in field.args else ""
            shown = " ".join(plain(of, 2))
            yield name, f"{{ {name}({text}first: 20) {{ nodes {{ {shown} }} }} }}"


def plain(type: GraphQLObjectType, deep: int) -> Iterator[str]:
    yield "__typename"
    for name, field in type.fields.items():
        of = get_named_type(field.type)
        if any(arg.type.__class__.__name__ == "GraphQLNonNull" for arg in field.args.values()):
            continue
        if isinstance(of, GraphQLObjectType):
            if deep > 1 and not field.args and "nodes" not in of.fields:
                yield f"{name} {{ {' '.join(plain(of, deep - 1))} }}"
        elif name != "personalData" and (
            isinstance(of, GraphQLScalarType) or "Enum" in of.__class__.__name__
        ):  # all that is held on somebody is asked of one at a time
            yield name
