"""Every figure, by every argument, is what is counted by hand over the events of a history.

`MSHAURI_FIGURES=50 pytest tests/integration/test_figures_by_hand.py` looks at so many histories,
from the seed `MSHAURI_FIGURES_FROM` on.
"""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

import services.gateway.graphql.schema
from services.gateway.figures.frame.answer import figure
from services.gateway.figures.frame.asked import Asked, FigureBy
from services.gateway.figures.frame.declared import DECLARED, Figure
from services.gateway.figures.frame.dimensions import ALONE
from services.gateway.projections import PROJECTIONS
from services.gateway.read.loader import Reader
from services.gateway.read.scope import Part, Scope
from shared.access.grants import Read
from shared.projection.schema import ensure
from tests.support.by_hand import COUNTED, World, by_hand, told
from tests.support.figured import beginnings_of_two, tell
from tests.support.histories import LAST, Teller, day, id_of
from tests.support.house import House
from tests.support.models import Models
from tests.support.servers import PostgresServer

assert services.gateway.graphql.schema, "it declares every figure"

MANY = int(os.environ.get("MSHAURI_FIGURES", "2"))
FIRST = int(os.environ.get("MSHAURI_FIGURES_FROM", "0"))
TODAY = day(LAST + 30)
DRAWS = 3
"""How often each dimension, or pair of them, is asked for, with other arguments each time."""
LEAST = 2
"""The lowest count that is shown to viewers here: histories are of few people."""
EVERYWHERE = Scope((Part(None, None),), "everywhere", TODAY)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def models(postgres: PostgresServer) -> AsyncIterator[Models]:
    """Empty read models."""
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(await postgres.create_database(name))
    await ensure(connection, PROJECTIONS)
    yield Models(connection)
    await connection.close()
    await postgres.drop_database(name)


def asked(random: Random, by: tuple[FigureBy, ...], days: list[date]) -> Asked:
    """Return something that can be asked for."""

    def maybe(value: Any) -> Any:
        return value if random.random() < 0.4 else None

    def some_day() -> date:
        happened = random.choice(days)
        return random.choice([happened, happened, day(random.randint(-20, LAST + 20))])

    since, last = sorted((some_day(), some_day()))
    as_of = maybe(some_day())
    last = maybe(last)
    if as_of is not None:
        last = min(last or as_of, as_of)
    return Asked(
        programme=random.choice([None, "year", "year", "another"]),
        since=maybe(since),
        last=last,
        as_of=as_of or TODAY,
        dated=as_of is not None,
        year_starts=(random.choice([1, 4, 7, 10, 11]), 1),
        as_is=random.random() < 0.5,
        today=TODAY,
        under=maybe(id_of(random.choice(["KE", "D1", "D2", "F1", "F2", "F4"]))),
        group=maybe(id_of(random.choice(["G1", "G2", "G3"]))),
        by=by,
        level=maybe("DISTRICT") if FigureBy.ORG_UNIT in by else None,
    )


def happened(world: World) -> list[date]:
    """Return the days on which something is that figures look at, each once."""
    days = {
        getattr(one.body, name)
        for one in world.events
        for name in ("held_on", "made_on", "since", "validated_on", "revoked_on", "assessed_on")
        if isinstance(getattr(one.body, name, None), date)
    }
    return sorted(days)


def dimensions(declared: Figure, random: Random) -> Iterator[tuple[FigureBy, ...]]:
    """Yield every dimension that a figure has, none at all, and some pairs."""
    has = [by for by, one in ALONE.items() if one.needs is None or one.needs in declared.has]
    yield ()
    for by in has:
        yield (by,)
    pairs = list(combinations(has, 2))
    yield from random.sample(pairs, min(len(pairs), 8))


def plain(values: Any, names: Any) -> dict[str, Any]:
    """Return values as they can be compared."""
    return {name: near(getattr(values, name)) for name in names}


def near(value: Any) -> Any:
    """Return a number to nine digits: a database works out means to some twenty."""
    return round(float(value), 9) if isinstance(value, Decimal | Fraction) else value


@pytest.mark.timeout(300 + 60 * MANY)
async def test_every_figure_is_what_is_counted_by_hand(models: Models) -> None:
    house = await House.built()
    await Teller(house).in_order(list(beginnings_of_two()))
    begun = house.mark()
    assert COUNTED.keys() == DECLARED.keys(), "each is counted by hand, too"
    looked_at: dict[str, int] = dict.fromkeys(DECLARED, 0)
    for seed in range(FIRST, FIRST + MANY):
        house.back_to(begun)
        await tell(house, seed)
        world = World(await told(house))
        reader = Reader(await models.hold(house), dict.fromkeys(Read, EVERYWHERE))
        random, days = Random(f"asked {seed}"), happened(world)
        for name, declared in DECLARED.items():
            for by in dimensions(declared, random):
                for _ in range(DRAWS):
                    of = asked(random, by, days)
                    answer = await figure(reader, declared, of, 0)
                    total, rows = by_hand(name, world, of)
                    names = declared.values
                    said = {
                        tuple(key.key for key in row.keys): plain(row.values, names)
                        for row in answer.rows
                    }
                    where = f"{name} {seed} {of}"
                    wanted = {name: near(value) for name, value in total.items()}
                    assert plain(answer.total, names) == wanted, where
                    assert said == {
                        key: {name: near(value) for name, value in one.items()}
                        for key, one in rows.items()
                    }, where
                    looked_at[name] += bool(rows)
    assert all(looked_at.values()), f"never anything to count: {looked_at}"


@pytest.mark.timeout(300)
async def test_no_figure_shows_few_to_who_merely_views(models: Models) -> None:
    house = await House.built()
    await Teller(house).in_order(list(beginnings_of_two()))
    await tell(house, FIRST)
    reader = Reader(await models.hold(house), dict.fromkeys(Read, EVERYWHERE))
    random, days = Random(f"viewed {FIRST}"), happened(World(await told(house)))
    for name, declared in DECLARED.items():
        hidden = 0
        for by in dimensions(declared, random):
            of = asked(random, by, days)
            answer = await figure(reader, declared, of, LEAST)
            for measure in declared.measures:
                total = getattr(answer.total, measure.name)
                for values in (answer.total, *(row.values for row in answer.rows)):
                    shown = getattr(values, measure.name)
                    if shown is None:
                        hidden += 1
                        assert values.suppressed
                        assert all(getattr(values, each) is None for each in measure.shows)
                    else:
                        few = [shown] if total is None else [shown, total - shown]
                        assert not any(0 < count < LEAST for count in few), f"{name} {of}"
        assert hidden, f"{name}: nothing was few"
