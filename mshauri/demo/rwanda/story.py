"""Rwanda: hospitals to Table 1, health centres to Table 2, and the cascade below them."""

from datetime import date
from typing import Any
from uuid import UUID

from mshauri.api import global_id, local_id
from mshauri.demo.paper import Page, bar
from mshauri.demo.play import Player
from mshauri.demo.programmes import Programme, load
from mshauri.demo.rwanda import centres, hospitals, places, table1, table2
from mshauri.demo.rwanda.below import Below
from mshauri.demo.rwanda.cast import BEFORE, cast_of
from mshauri.demo.rwanda.centres import Centres, Risen
from mshauri.demo.rwanda.trail import tell_trail
from mshauri.demo.stage import Script
from shared.contracts.definition import Definition
from shared.domain import derived_id

HOSPITAL, CENTRE, POST, CHW = (
    "ingobyi-hospital",
    "ingobyi-health-centre",
    "ingobyi-health-post",
    "ingobyi-chw",
)
CHW_GROUPS, OFFICERS = 9, 3
"""Groups of community health workers; those that their supervisor mentors."""


class Rwanda:
    """The Ingobyi clinical mentorship."""

    programme = "ingobyi"

    def __init__(self, seed: int, tiers: tuple[str, ...] = (HOSPITAL, CENTRE, POST, CHW)) -> None:
        self._script = Script("rwanda", seed)
        self._tiers = tiers
        self._files: dict[str, Programme] = {}
        for code in (HOSPITAL, CENTRE, POST, CHW):
            (self._files[code],) = load(code)
        self._groups: dict[str, Below] = {}
        self._cares: dict[UUID, UUID] = {}
        """The mentorship that each enrolment at a health centre is in."""

    async def play(self, player: Player, page: Page) -> bool:
        """Play every tier, then print the page; say whether both tables are as printed."""
        await player.places(places.plans(), "Rwanda")
        # All tiers first: a right to mentor names the newest version of the tier below.
        for file in self._files.values():
            await player.publish(file.text, file.definition, BEFORE)
        root = places.country().id
        hospital = self._files[HOSPITAL].definition
        cast = cast_of(self._script, hospital, places.facilities())
        await player.stages(hospitals.write(self._script, cast, hospital, _version(hospital), root))
        if CENTRE in self._tiers:
            await self._play_centres(player, root)
            await self._play_below(player, root)
        page.heading("Rwanda · Ingobyi clinical mentorship", hospital.source)
        same = await self._show_table1(player, page)
        if CENTRE in self._tiers:
            same &= await self._show_table2(player, page)
            same &= await self._show_cascade(player, page)
        await self._show_trail(player, page, cast.example.id)
        return same

    async def _play_centres(self, player: Player, root: UUID) -> None:
        definition = self._files[CENTRE].definition
        tier = Centres(self._script, definition, _version(definition), places.centres())
        tier.cast(await self._risen(player, CENTRE, centres.BEFORE))
        self._cares = {mentee.id: care.id for care in tier.cares for mentee in care.mentees}
        await player.stages(tier.stages(root))

    async def _play_below(self, player: Player, root: UUID) -> None:
        groups = places.centres()[:CHW_GROUPS]
        for code, tier, cadre, sizes, where, officers in (
            (POST, "posts", "Health post nurse", range(1, 4), places.posts(), 0),
            (CHW, "chw", "Community health worker", range(5, 10), groups, OFFICERS),
        ):
            definition = self._files[code].definition
            below = Below(self._script, tier, definition, _version(definition), cadre)
            below.cast(await self._risen(player, code, centres.LAST), where, sizes, officers)
            self._groups[code] = below
            await player.stages(below.stages(root))

    async def _risen(self, player: Player, programme: str, by: date) -> list[Risen]:
        """Return whom the cascade put forward in a tier by a day; the policy may take a moment."""

        async def found() -> list[dict[str, Any]]:
            nodes = await player.nodes(_NOMINATED, "mentors", programme=programme)
            return [
                one
                for one in nodes
                if one["nominatedBy"] == "CASCADE" and one["nominatedOn"] <= by.isoformat()
            ]

        risen = await player.steady(f"somebody has risen to {programme}", found)
        return [
            Risen(
                local_id(one["id"]),
                local_id(one["healthWorker"]["id"]),
                one["area"],
                one["orgUnit"]["code"],
            )
            for one in sorted(risen, key=lambda one: str(one["id"]))
        ]

    async def _show_table1(self, player: Player, page: Page) -> bool:
        counted: dict[table1.Key, table1.Cell] = {}
        for year in table1.YEARS:
            data = await player.ask(_TABLE, programme=HOSPITAL, year=year, by="ASSOCIATION")
            for row in data["validationTable"]["rows"]:
                counted[row["key"], year] = table1.Cell(row["mentees"], row["validated"])
        wrong = table1.differing(counted)
        page.table(
            "Table 1, mentees and validated at the hospitals, from events",
            ("association", "year", "counted", "printed", "exact ratio", "printed as", "", "cell"),
            [
                (
                    association,
                    f"FY{year % 100}",
                    f"{cell.mentees} → {cell.validated}",
                    f"{printed.cell.mentees} → {printed.cell.validated}",
                    f"{float(cell.percent):.2f} %",
                    f"{printed.percent} %",
                    bar(float(cell.percent), 100),
                    "differs" if (association, year) in wrong else "same",
                )
                for (association, year), printed in table1.PRINTED.items()
                for cell in [counted.get((association, year), table1.Cell(0, 0))]
            ],
        )
        for note in table1.notes():
            page.say(note)
        return page.verdict(f"{9 - len(wrong)} of nine cells as printed", not wrong)

    async def _show_table2(self, player: Player, page: Page) -> bool:
        data = await player.ask(_TABLE, programme=CENTRE, year=table2.YEAR, by="TECHNICAL_AREA")
        counted = {
            row["key"]: table2.Line(row["mentors"], row["mentees"], row["validated"])
            for row in data["validationTable"]["rows"]
        }
        wrong = table2.differing(counted)
        page.table(
            "Table 2, FY21 at 323 health centres, validated in at least one competency",
            ("area", "mentors", "mentees", "validated", "printed", "as", "exact", "", "line"),
            [
                (
                    area,
                    line.mentors,
                    f"{line.mentees:,}",
                    f"{line.validated:,}",
                    f"{printed.mentors} · {printed.mentees:,} → {printed.validated:,}",
                    f"{percent} %",
                    f"{100 * line.validated / line.mentees:.2f} %" if line.mentees else "–",
                    bar(line.validated, line.mentees, 12),
                    "differs" if area in wrong else "same",
                )
                for area, (printed, percent) in table2.PRINTED.items()
                for line in [counted.get(area, table2.Line(0, 0, 0))]
            ],
        )
        page.say(
            "A nurse mentored in two areas stands in both lines: they do not add up to people."
        )
        return page.verdict(f"{4 - len(wrong)} of four lines as printed", not wrong)

    async def _show_cascade(self, player: Player, page: Page) -> bool:
        """Print the way of one person's skill: hospital, district, health post."""
        rights = [
            one
            for programme in (HOSPITAL, CENTRE)
            for one in await player.nodes(_CASCADE, "cascadeMap", programme=programme)
        ]
        page.table(
            "The cascade: rights to mentor, earned by validations",
            ("from", "to", "rights held", "certified mentors by them"),
            _cascade_rows(rights),
        )
        chain = await self._chain(player, rights)
        for place, sentence in enumerate(chain):
            page.say(("" if place == 0 else "→ ") + sentence)
        chw = self._groups[CHW]
        sizes = [len(one.people) for one in chw.groups]
        page.say(
            f"{len(sizes)} groups of community health workers, {min(sizes, default=0)} to "
            f"{max(sizes, default=0)} in each: {OFFICERS} mentored by the officer who supervises "
            "them, the others by nurses validated at a health centre."
        )
        data = await player.ask(_SUPERVISED, programme=CHW)
        visits = data["encounterReport"]["total"]
        alone = sum(one["deviations"] for one in data["deviationReport"]["byRule"])
        page.say(
            f"{visits['withGuest']} of their {visits['sessions']} visits were supervised by the "
            f"hospital; what was not is on the list: {alone}."
        )
        return page.verdict("From a hospital's mentee to the health post below", bool(chain))

    async def _chain(self, player: Player, rights: list[dict[str, Any]]) -> list[str]:
        """Return how one person's skill came down: hospital, district, health post."""
        earned = {one["mentor"]["id"]: one for one in rights if one["mentor"]}
        for group in self._groups[POST].groups:
            below = earned[global_id("Mentor", group.mentor.id)]
            care = self._cares[local_id(below["mentee"]["id"])]
            data = await player.ask(_TEAM, id=global_id("Mentorship", care))
            for party in data["mentorship"]["mentors"]:
                above = earned.get(party["mentor"]["id"])
                if above is not None:
                    return [
                        f"{above['healthWorker']['number']}, a mentee at "
                        f"{above['orgUnit']['name']}, was validated on all of "
                        f"{above['area'].lower()} by {above['earnedOn']};",
                        f"as district mentor ({above['tierArea']}) at "
                        f"{data['mentorship']['orgUnit']['name']}, saw "
                        f"{below['healthWorker']['number']} validated on all of it by "
                        f"{below['earnedOn']};",
                        f"who mentors {len(group.people)} at {group.name} since then.",
                    ]
        return []

    async def _show_trail(self, player: Player, page: Page, enrolment: UUID) -> None:
        data = await player.ask(_TRAIL, id=global_id("Mentee", enrolment))
        tell_trail(page, data["mentee"])


def _version(definition: Definition) -> UUID:
    return derived_id("programme_version", definition.programme, definition.version)


def _cascade_rows(rights: list[dict[str, Any]]) -> list[tuple[str, str, int, int]]:
    counted: dict[tuple[str, str], list[int]] = {}
    for one in rights:
        key = f"{one['programme']} {one['area']}", f"{one['tier']} {one['tierArea']}"
        cell = counted.setdefault(key, [0, 0])
        cell[0] += one["status"] == "HELD"
        cell[1] += bool(one["mentor"] and one["mentor"]["status"] == "CERTIFIED")
    return [(*key, held, certified) for key, (held, certified) in sorted(counted.items())]


_TABLE = """
query Table($programme: String!, $year: Int!, $by: ValidationTableBy!, $after: [Position!]) {
  validationTable(programme: $programme, fiscalYear: $year, by: $by, after: $after) {
    rows { key mentors mentees validated ratio }
  }
}
"""
_NOMINATED = """
query Nominated($programme: String!, $cursor: Cursor, $after: [Position!]) {
  mentors(
    first: 100, after: $cursor, filter: {programme: $programme}, afterPositions: $after
  ) {
    nodes { id area nominatedBy nominatedOn healthWorker { id } orgUnit { code } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_CASCADE = """
query Cascade($programme: String!, $cursor: Cursor, $after: [Position!]) {
  cascadeMap(
    first: 100, after: $cursor, filter: {programme: $programme}, afterPositions: $after
  ) {
    nodes {
      programme area tier tierArea status earnedOn
      healthWorker { number } orgUnit { name } mentee { id } mentor { id status }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_SUPERVISED = """
query Supervised($programme: String!, $after: [Position!]) {
  encounterReport(programme: $programme, guestRole: SUPERVISOR, after: $after) {
    total { sessions withGuest }
  }
  deviationReport(programme: $programme, after: $after) { byRule { rule deviations } }
}
"""
_TEAM = """
query Team($id: ID!) {
  mentorship(id: $id) { orgUnit { name } mentors { mentor { id } } }
}
"""
_TRAIL = """
query Trail($id: ID!) {
  mentee(id: $id) {
    area
    competencies { name attempts raw max validatedOn }
    auditTrail(first: 50) { nodes { occurredOn topic service position actor details } }
  }
}
"""
