"""Kenya's page: both phases with their points, the pair that lost a mentor, what came of it."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any
from uuid import UUID

from mshauri.api import global_id
from mshauri.demo.kenya.cast import PHASES, WEEKS, Pair
from mshauri.demo.paper import Page, bar
from mshauri.demo.play import Player
from mshauri.demo.questions import CERTIFICATES


class KenyaPage:
    """Prints the page, and says whether everything came out as it should."""

    def __init__(self, player: Player, page: Page, programme: str, pairs: list[Pair]) -> None:
        self._player = player
        self._page = page
        self._programme = programme
        self._pairs = pairs

    async def show(self, source: str, counties: dict[int, int], mentors: Collection[UUID]) -> bool:
        """Print it.

        Args:
            source: where the programme's rules come from.
            counties: how many took part, by phase.
            mentors: everybody who mentored, as health workers.
        """
        self._page.heading("Kenya · HRH Capacity Bridge mentorship", source)
        same = await self._phases(counties, mentors)
        self._matching()
        same &= await self._rematch()
        await self._stories()
        self._page.verdict("CPD points follow from the hours logged under each version", same)
        return await self._certificates() and same

    async def _phases(self, counties: dict[int, int], mentors: Collection[UUID]) -> bool:
        rows = []
        same, total = True, Decimal(0)
        for phase in PHASES:
            pairs = [pair for pair in self._pairs if pair.phase is phase]
            points = await self._points([pair.mentee for pair in pairs])
            expected = Decimal(phase.pairs * WEEKS * phase.minutes) / 60
            same &= points == expected
            total += expected
            rows.append(
                (
                    f"Phase {phase.number}",
                    f"v{phase.version}",
                    counties[phase.number],
                    len(pairs),
                    phase.minutes,
                    WEEKS * len(pairs),
                    f"{points:.0f}",
                    bar(float(points), 168),
                )
            )
        heads = ("", "rules", "counties", "pairs", "minutes", "sessions", "mentees' CPD points", "")
        self._page.table("Phases, each under its own version", heads, rows)
        earned = await self._points(mentors)
        self._page.say(f"The mentors' accounts hold as much: {earned:.0f} points in all.")
        return same and earned == total

    async def _points(self, people: Collection[UUID]) -> Decimal:
        """Return the balance of these people's accounts together."""
        total = Decimal(0)
        for person in people:
            data = await self._player.ask(_STATEMENT, worker=global_id("HealthWorker", person))
            if data["cpdStatement"] is not None:
                total += Decimal(data["cpdStatement"]["closing"])
        return total

    def _matching(self) -> None:
        score = sum(pair.score for pair in self._pairs) / len(self._pairs)
        said = f"Matched by the solver: a mean fit of {score:.1f} out of 100. One pair's reasons:"
        self._page.say(said)
        for reason in self._pairs[0].reasons:
            self._page.say(f"  · {reason}")

    async def _rematch(self) -> bool:
        """Print what became of the pair whose mentor left; say whether no session was lost."""
        data = await self._player.ask(_REMATCH, id=global_id("Mentorship", self._pairs[0].id))
        mentorship: dict[str, Any] = data["mentorship"]
        (left,) = mentorship["disengagements"]
        told = ", ".join(one["role"].lower() for one in left["notified"])
        held = len(mentorship["sessions"]["nodes"])
        self._page.say(
            f"One mentor left on {left['leftOn']}: {told} told at once, the secretariat by notice. "
            f"Another signed, and {held} of {WEEKS} sessions stand in the one mentorship."
        )
        return held == WEEKS

    async def _stories(self) -> None:
        found = await self._player.nodes(_STORIES, "outcomeStories", programme=self._programme)
        for story in found:
            self._page.say(f"{story['orgUnit']['name']}: {story['title']}.")

    async def _certificates(self) -> bool:
        found = await self._player.nodes(CERTIFICATES, "certificates", programme=self._programme)
        issued = [one for one in found if one["status"] == "ISSUED"]
        if issued:
            number = issued[0]["number"]
            looked_up = (await self._player.ask(_VERIFY, number=number))["certificate"]
            status = looked_up["status"].lower()
            self._page.say(f"Certificate {number}, looked up by its number: {status}.")
        return self._page.verdict(f"{len(issued)} of 32 certificates issued", len(issued) == 32)


_REMATCH = """
query Rematch($id: ID!, $after: [Position!]) {
  mentorship(id: $id, after: $after) {
    disengagements { leftOn notified }
    sessions(first: 20) { nodes { id } }
  }
}
"""
_STATEMENT = """
query Statement($worker: ID!, $after: [Position!]) {
  cpdStatement(healthWorkerId: $worker, after: $after) { closing }
}
"""
_STORIES = """
query Stories($programme: String!, $cursor: Cursor, $after: [Position!]) {
  outcomeStories(
    first: 100, after: $cursor, filter: {programme: $programme}, afterPositions: $after
  ) {
    nodes { title orgUnit { name } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_VERIFY = """
query Verify($number: String!) { certificate(number: $number) { number status } }
"""
