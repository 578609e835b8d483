"""The county's year: its places and programmes, then both parts of it, and the page."""

from datetime import date

from mshauri.api import global_id
from mshauri.demo.county.changes import Changes
from mshauri.demo.county.diary import Diary
from mshauri.demo.county.group import Group
from mshauri.demo.county.officers import Officers
from mshauri.demo.county.pairs import Pairs
from mshauri.demo.county.promoters import Promoters
from mshauri.demo.kenya.cast import PUBLISHED
from mshauri.demo.kenya.counties import plans, unit
from mshauri.demo.paper import Page
from mshauri.demo.people import People
from mshauri.demo.play import Player
from mshauri.demo.programmes import load, own
from mshauri.demo.stage import Lane, Script, Stage

COUNTY = unit("KE/VIHIGA")
VERSION = 3
"""Of kenya-hrh: the one under which departures are recorded."""
PROMOTERS = "county-chp"


class CountyYear:
    """A year in which things go as they go."""

    def __init__(self, seed: int) -> None:
        self._script = Script("county", seed)
        self._hospital = self._script.id("org_unit", "hospital")
        self._centre = self._script.id("org_unit", "centre")
        people = People(self._script, "KE")
        self._file = own(PROMOTERS)
        self._pairs = Pairs(self._script, people, load("kenya-hrh")[VERSION - 1], COUNTY)
        self._group = Group(self._script, people, self._file, self._centre, self._hospital)

    async def play(self, player: Player, page: Page) -> bool:
        """Play the year, then print it, with its figures before and after."""
        await player.places(plans(), "Kenya")
        # As in Kenya's own story, and on its day: a file that is published again changes nothing.
        for programme in load("kenya-hrh"):
            await player.publish(programme.text, programme.definition, PUBLISHED)
        await player.publish(self._file.text, self._file.definition, PUBLISHED)
        await player.stage(Stage("county, two facilities", [self._facilities()], as_="operator"))
        if await self._was_played(player):
            page.say("This county's year stands here already: what was before it cannot be asked.")
            return True
        diary, changes = Diary(player), Changes(player)
        await Officers(self._script, self._pairs, player, diary, changes).play(self._hospital)
        told = await Promoters(self._script, self._group, player, diary, changes).play()
        page.heading(
            "Kenya, a county · a year as it really went",
            "Made up for the demonstration: officers under kenya-hrh, version "
            f"{VERSION}; community health promoters under {PROMOTERS}, version 1",
        )
        diary.show(page)
        same = changes.show(page)
        verdict = (
            "A dry run told which validation and which certificate would fall, before they did"
        )
        return page.verdict(verdict, told) and same

    async def _was_played(self, player: Player) -> bool:
        """Say whether the year, by this seed, was played to its end on this stack before."""
        cohort = global_id("Cohort", self._group.cohort)
        report = (await player.ask(_REPORT, cohort=cohort))["cohortReport"]
        return bool(report["completed"])

    def _facilities(self) -> Lane:
        return [
            self._script.wish(
                "orgUnitEstablish",
                date(2006, 1, 1),
                id=id,
                code=f"KE-YEAR-{code}-{self._script.seed}",
                name=name,
                unitKind="FACILITY",
                parentId=COUNTY,
            )
            for id, code, name in (
                (self._hospital, "HOSPITAL", "The county's referral hospital"),
                (self._centre, "CENTRE", "A health centre"),
            )
        ]


_REPORT = """
query Report($cohort: ID!, $after: [Position!]) {
  cohortReport(cohortId: $cohort, after: $after) { completed }
}
"""
