"""Rebuilt from zero, every view and every read model has the same rows: whatever happened, and in
whichever order partitions are read.

What happened is a whole programme, played into the house in memory by the demonstration's script.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from rich.console import Console

from mshauri.api import Wish
from mshauri.demo.bungoma import Bungoma
from mshauri.demo.paper import Page
from mshauri.demo.south_africa import SouthAfrica
from mshauri.demo.stage import Stage
from mshauri.importing.known import Known
from mshauri.importing.plan import Listed, plan_list
from mshauri.programme import publish_wishes
from shared.contracts.definition import Definition
from shared.ledger import Entry
from shared.positions import partition_of
from tests.support.house import House


class Played(Exception):
    """The story asks to read: all that it sends is sent."""


class HousePlayer:
    """Sends a story's stages into a house; it answers no queries."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def _send(self, wish: Wish) -> None:
        await self._house.post(wish.name, wish.command)

    async def places(self, lists: Sequence[Listed], _name: str) -> None:
        for listed in lists:
            for one in plan_list(listed, Known()):
                for wish in one.wishes:
                    await self._send(wish)
        await self._house.settle()

    async def publish(self, text: str, definition: Definition, on: Any) -> None:
        for wish in publish_wishes(text, definition, on):
            await self._send(wish)
        await self._house.settle()

    async def stages(self, stages: Sequence[Stage]) -> None:
        for stage in stages:
            await self.stage(stage)

    async def stage(self, stage: Stage) -> None:
        for lane in stage.lanes:
            for wish in lane:
                await self._send(wish)
        await self._house.settle()

    async def ask(self, *_: Any, **__: Any) -> None:
        raise Played

    nodes = until = ask


async def history(story: Any) -> House:
    """Return a house in which a story has been played."""
    house = await House.built()
    page = Page(Console(quiet=True))
    with pytest.raises(Played):
        await story.play(HousePlayer(house), page)
    return house


def shuffled(entries: Sequence[tuple[str, Entry]], random: Random) -> list[tuple[str, Entry]]:
    """Return the entries as a reader may meet them: in order within each partition alone."""
    waiting: dict[tuple[str, int], list[tuple[str, Entry]]] = {}
    for service, entry in entries:
        waiting.setdefault((service, partition_of(entry.key)), []).append((service, entry))
    mixed: list[tuple[str, Entry]] = []
    while waiting:
        place = random.choice(sorted(waiting))
        mixed.append(waiting[place].pop(0))
        if not waiting[place]:
            del waiting[place]
    return mixed


@pytest.mark.parametrize("story", [Bungoma, SouthAfrica])
async def test_every_view_and_read_model_is_rebuilt_alike(story: Any) -> None:
    house = await history(story(1))
    before = house.everything()
    assert any(rows for tables in before.values() for rows in tables.values())
    entries = await house.history()
    for seed in range(3):
        again = await house.rebuilt(shuffled(entries, Random(seed)))
        for reader, tables in before.items():
            assert again[reader] == tables, f"{reader}, order {seed}"


async def test_policies_left_nothing_undone() -> None:
    house = await history(Bungoma(1))
    completed = [outcome for policy, _, outcome in house.outcomes if policy == "completion"]
    assert completed.count("ok") == 10
