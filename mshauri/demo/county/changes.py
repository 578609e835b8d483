"""Figures before and after something was told, side by side, held against what they should be."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

from mshauri.demo.county.figures import BY_DAY, Figures, Found
from mshauri.demo.paper import Page
from mshauri.demo.play import Player, Refused


@dataclass(frozen=True, slots=True)
class Change:
    """One figure before and after something.

    Attributes:
        as_of: the day that it was asked for; None: it is asked by all that is recorded.
        expected: what it should be before, and after.
    """

    told: str
    as_of: date | None
    figure: str
    before: object
    after: object
    expected: tuple[object, object]

    @property
    def same(self) -> bool:
        """Whether both came out as they should."""
        return (self.before, self.after) == self.expected


class Changes:
    """Asks for figures around whatever is told."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self.all: list[Change] = []

    @asynccontextmanager
    async def around(
        self,
        told: str,
        figures: Figures,
        expected: Mapping[str, tuple[object, object]],
        as_of: date | None = None,
    ) -> AsyncIterator[None]:
        """Ask for figures before and after the block, and keep those that are expected of it."""
        before = await self._settled(figures, as_of, {name: b for name, (b, _) in expected.items()})
        yield
        after = await self._settled(figures, as_of, {name: a for name, (_, a) in expected.items()})
        for name, two in expected.items():
            day = as_of if name in BY_DAY else None
            self.all.append(Change(told, day, name, before[name], after[name], two))

    async def _settled(self, figures: Figures, as_of: date | None, expected: Found) -> Found:
        """Ask until policies, which nobody waits for, have made it what it should be; or give up.

        What is returned then is what there is: the page shows that it is wrong.
        """

        async def come() -> Found | None:
            found = await figures.asked(as_of)
            return found if all(found[name] == one for name, one in expected.items()) else None

        try:
            settled: Found = await self._player.until("the figures", come)
        except Refused:
            return await figures.asked(as_of)
        return settled

    def show(self, page: Page) -> bool:
        """Print them, and say whether all came out as they should."""
        rows, last = [], None
        for one in self.all:
            told = "" if one.told == last else one.told
            mark = "✓" if one.same else f"✗ not {one.expected[0]} → {one.expected[1]}"
            rows.append((told, one.as_of or "", one.figure, one.before, one.after, mark))
            last = one.told
        columns = ("once it is told", "as of", "figure", "before", "after", "")
        page.table("Figures before and after, side by side", columns, rows)
        return page.verdict(
            f"{sum(one.same for one in self.all)} of {len(self.all)} figures as they should be, "
            "before and after",
            all(one.same for one in self.all),
        )
