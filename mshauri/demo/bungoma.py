"""Bungoma County, Kenya: executive coaching of the county's health management team.

The seed says how it goes, names the four indicators, and that over them the increase was 65 % from
baseline on average; no single score is printed. The ten scores of each indicator here are made up
so that they come to that: 70, 60, 75 and 55 %.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from mshauri.demo.kenya.counties import plans
from mshauri.demo.paper import Page, bar
from mshauri.demo.people import People, Person
from mshauri.demo.play import Player
from mshauri.demo.programmes import load
from mshauri.demo.stage import Lane, Script, Stage
from shared.domain import derived_id

OPENS = date(2016, 3, 7)
MEMBERS = (
    "County director of health",
    "County chief nurse",
    "County pharmacist",
    "County laboratory coordinator",
    "County health records officer",
    "County public health officer",
    "Reproductive health coordinator",
    "County nutrition officer",
    "Hospital superintendent",
    "County health administrator",
)
BASELINE = (20, 40, 40, 20, 40, 20, 40, 40, 20, 40)
RISES = {"TOOLS": 70, "DRIVE": 60, "NETWORKS": 75, "IMPETUS": 55}
"""How much each indicator rises from baseline to the closing workshop, in per cent."""
COACHING = 6
"""One-to-one sessions of each member."""
INITIATIVES = (
    (
        "Nobody queues at the laboratory at noon",
        "Slots filled before ten",
        "People queuing at noon",
    ),
    ("Every theatre set is ready by seven", "Sets packed the evening before", "Lists begun late"),
    ("Reports leave the county on the fifth", "Facilities reminded by the first", "Late reports"),
    ("No essential medicine out of stock", "Orders sent on time", "Items out of stock"),
    ("Supervision that is prepared", "Visits with a checklist", "Findings still open"),
)
OBJECTIVES = ("Set a target for what I lead, and measure it",)
AT_FIRST = 3
"""Strengths that come to a member's mind at once."""
STRENGTHS = (
    "Listens before deciding",
    "Keeps calm in a crisis",
    "Knows every facility",
    "Delegates clearly",
    "Follows up in writing",
    "Reads the figures",
    "Speaks plainly",
    "Builds trust with partners",
    "Learns from mistakes",
    "Stands up for staff",
)


class Bungoma:
    """The executive coaching of the MANI project."""

    programme = "mani-coaching"

    def __init__(self, seed: int) -> None:
        self._script = Script("bungoma", seed)
        self._county = derived_id("org_unit", "KE/BUNGOMA")
        people = People(self._script, "KE")
        posted = OPENS - timedelta(days=900)
        self._coach = people.person("Executive coach", self._county, posted)
        self._members = [people.person(cadre, self._county, posted) for cadre in MEMBERS]
        self._mentor = self._script.id("mentor")
        self._cohort = self._script.id("cohort")
        self._mentorship = self._script.id("mentorship")

    async def play(self, player: Player, page: Page) -> bool:
        """Play it from the opening workshop to the closing one, then print the page."""
        await player.places(plans(), "Kenya")
        (programme,) = load(self.programme)
        await player.publish(programme.text, programme.definition, OPENS - timedelta(days=60))
        version = derived_id("programme_version", self.programme, programme.definition.version)
        await player.stages(
            [
                Stage("coaching, people", self._people(version)),
                Stage("coaching, agreement", [self._agree()]),
                Stage("coaching, baseline", self._score("BASELINE", OPENS, BASELINE)),
                Stage("coaching, opening", self._open()),
                Stage("coaching, one to one", [self._turn("COACH", OPENS + timedelta(days=3))]),
                Stage("coaching, first sessions", self._coach_each(0, 1)),
                Stage("coaching, ten strengths", self._name_strengths()),
                Stage("coaching, sessions", self._coach_each(1, COACHING)),
                Stage("coaching, task teams", self._task_teams()),
                Stage("coaching, measures", self._measure()),
                Stage("coaching, closing", [self._turn("CLOSE", self._closes)]),
                Stage("coaching, workshop", [[self._workshop(self._closes, self._members[:-1])]]),
                Stage("coaching, made up for", [[self._make_up()]]),
            ]
        )
        after = {
            code: [score * (100 + rise) // 100 for score in BASELINE]
            for code, rise in RISES.items()
        }
        await player.stage(
            Stage("coaching, scored again", self._score_each("FOLLOW_UP", self._made_up, after))
        )
        return await self._show(player, page)

    @property
    def _closes(self) -> date:
        return OPENS + timedelta(weeks=4 * COACHING)

    @property
    def _made_up(self) -> date:
        """The day on which the last of them has closed too: one was not at the workshop."""
        return self._closes + timedelta(days=2)

    def _enrolment(self, member: Person) -> UUID:
        return self._script.id("enrolment", member.number)

    def _people(self, version: UUID) -> list[Lane]:
        wish = self._script.wish
        on = OPENS - timedelta(days=30)
        first = [
            wish(
                "cohortOpen",
                on,
                id=self._cohort,
                programmeVersionId=version,
                code=f"CHMT-{self._script.seed}",
                name="Bungoma county health management team",
                orgUnitId=self._county,
                starts=on,
                ends=self._closes + timedelta(days=60),
            ),
            wish("cohortStart", on, cohortId=self._cohort),
            wish("healthWorkerRegister", self._coach.posted, **self._coach.register()),
            wish(
                "mentorNominate",
                on,
                id=self._mentor,
                healthWorkerId=self._coach.id,
                programmeVersionId=version,
                area="LEADERSHIP",
            ),
            wish("mentorCertify", on, mentorId=self._mentor),
        ]
        for member in self._members:
            first.append(wish("healthWorkerRegister", member.posted, **member.register()))
            first.append(
                wish(
                    "menteeEnrol",
                    on,
                    id=self._enrolment(member),
                    healthWorkerId=member.id,
                    cohortId=self._cohort,
                    area="LEADERSHIP",
                )
            )
        return [first]

    def _agree(self) -> Lane:
        return [
            self._script.wish(
                "mentorshipPropose",
                OPENS - timedelta(days=7),
                id=self._mentorship,
                cohortId=self._cohort,
                orgUnitId=self._county,
                mentorIds=[self._mentor],
                enrolmentIds=[self._enrolment(one) for one in self._members],
            )
        ]

    def _score(self, occasion: str, on: date, scores: tuple[int, ...]) -> list[Lane]:
        return self._score_each(occasion, on, {code: list(scores) for code in RISES})

    def _score_each(self, occasion: str, on: date, scores: dict[str, list[int]]) -> list[Lane]:
        return [
            [
                self._script.wish(
                    "indicatorScore",
                    on,
                    enrolmentId=self._enrolment(member),
                    indicator=code,
                    occasion=occasion,
                    score=scores[code][place],
                )
                for code in RISES
            ]
            for place, member in enumerate(self._members)
        ]

    def _workshop(self, on: date, members: list[Person]) -> Any:
        return self._script.wish(
            "sessionLog",
            on,
            mentorshipId=self._mentorship,
            mode="IN_PERSON",
            minutes=420,
            present=[one.id for one in (self._coach, *members)],
        )

    def _make_up(self) -> Any:
        """Let who missed the closing workshop make up for it alone: no such session is in CLOSE."""
        with self._script.because("At a hearing of the county assembly on the day itself."):
            return self._script.wish(
                "sessionLog",
                self._made_up,
                mentorshipId=self._mentorship,
                mode="IN_PERSON",
                minutes=120,
                present=[self._coach.id, self._members[-1].id],
            )

    def _open(self) -> list[Lane]:
        """The workshop; then each member's plan, their initiative, an offer and a request."""
        wish = self._script.wish
        lanes: list[Lane] = [[self._workshop(OPENS, self._members)]]
        for place, member in enumerate(self._members):
            title, leading, lagging = INITIATIVES[place % len(INITIATIVES)]
            exchange = self._script.id("exchange", member.number)
            other = self._members[(place + 1) % len(self._members)]
            lanes.append(
                [
                    wish(
                        "planAgree",
                        OPENS + timedelta(days=2),
                        id=self._plan(member),
                        mentorshipId=self._mentorship,
                        planKind="DEVELOPMENT",
                        healthWorkerId=member.id,
                        starts=OPENS,
                        ends=self._closes,
                        objectives=list(OBJECTIVES),
                        strengths=list(STRENGTHS[:AT_FIRST]),
                    ),
                    wish(
                        "initiativeChoose",
                        OPENS + timedelta(days=2),
                        id=self._script.id("initiative", member.number),
                        mentorshipId=self._mentorship,
                        healthWorkerId=member.id,
                        title=title,
                        rootCauses=["It was nobody's task", "What was measured was not looked at"],
                        measures=[
                            {
                                "code": "WAY",
                                "name": leading,
                                "kind": "LEADING",
                                "unit": "%",
                                "baseline": "20",
                                "target": "90",
                            },
                            {
                                "code": "RESULT",
                                "name": lagging,
                                "kind": "LAGGING",
                                "unit": "a week",
                                "baseline": "12",
                                "target": "2",
                            },
                        ],
                    ),
                    wish(
                        "exchangePost",
                        OPENS + timedelta(days=2),
                        id=exchange,
                        mentorshipId=self._mentorship,
                        healthWorkerId=member.id,
                        exchangeKind="OFFER" if place % 2 else "REQUEST",
                        text="An hour of help with the monthly figures.",
                    ),
                    wish(
                        "exchangeTakeUp",
                        OPENS + timedelta(days=9),
                        exchangeId=exchange,
                        healthWorkerId=other.id,
                    ),
                ]
            )
        return lanes

    def _turn(self, phase: str, on: date) -> Lane:
        with self._script.because("The workshop before it is over, and everybody has their plan."):
            return [
                self._script.wish(
                    "mentorshipChangePhase", on, mentorshipId=self._mentorship, phase=phase
                )
            ]

    def _plan(self, member: Person) -> UUID:
        return self._script.id("plan", member.number)

    def _name_strengths(self) -> list[Lane]:
        """The homework of the first one-to-one session: ten strengths, before the second."""
        with self._script.because("Sent home to think about it, and to name ten."):
            return [
                [
                    self._script.wish(
                        "planAmend",
                        OPENS + timedelta(weeks=3),
                        planId=self._plan(member),
                        starts=OPENS,
                        ends=self._closes,
                        objectives=list(OBJECTIVES),
                        strengths=list(STRENGTHS),
                    )
                ]
                for member in self._members
            ]

    def _task_teams(self) -> list[Lane]:
        """Half of them each with their coach, in between: not everything is one to one."""
        half = len(self._members) // 2
        return [
            [
                self._script.wish(
                    "sessionLog",
                    OPENS + timedelta(weeks=12),
                    mentorshipId=self._mentorship,
                    mode="IN_PERSON",
                    minutes=90,
                    present=[one.id for one in (self._coach, *team)],
                )
            ]
            for team in (self._members[:half], self._members[half:])
        ]

    def _coach_each(self, first: int, last: int) -> list[Lane]:
        return [
            [
                self._script.wish(
                    "sessionLog",
                    OPENS + timedelta(weeks=3 * number + 1, days=place % 5),
                    mentorshipId=self._mentorship,
                    mode="IN_PERSON" if number % 2 == 0 else "PHONE",
                    minutes=60,
                    present=[self._coach.id, member.id],
                )
                for number in range(first, last)
            ]
            for place, member in enumerate(self._members)
        ]

    def _measure(self) -> list[Lane]:
        lanes: list[Lane] = []
        for member in self._members:
            initiative = self._script.id("initiative", member.number)
            lane: Lane = []
            for number in range(1, COACHING):
                on = OPENS + timedelta(weeks=3 * number)
                for measure, value in (("WAY", 20 + 14 * number), ("RESULT", 12 - 2 * number)):
                    lane.append(
                        self._script.wish(
                            "initiativeMeasure",
                            on,
                            initiativeId=initiative,
                            measure=measure,
                            value=str(value),
                        )
                    )
            lanes.append(lane)
        return lanes

    async def _show(self, player: Player, page: Page) -> bool:
        (programme,) = load(self.programme)
        page.heading("Kenya, Bungoma · executive coaching", programme.definition.source)
        found = await player.ask(_REPORT, programme=self.programme)
        rows, changes = [], []
        for one in found["indicatorReport"]:
            change = Decimal(one["change"]) * 100
            changes.append(change)
            rows.append(
                (
                    one["name"],
                    one["formula"],
                    one["n"],
                    f"{Decimal(one['baselineMean']):.1f}",
                    f"{Decimal(one['lastMean']):.1f}",
                    f"+{change:.1f} %",
                    bar(float(change), 100),
                )
            )
        page.table(
            "Four indicators, from baseline",
            ("", "formula", "n", "baseline", "again", "change", ""),
            rows,
        )
        mean = sum(changes, Decimal(0)) / len(changes)
        page.say("(mean of the last − mean of the baselines) ÷ mean of the baselines, each; then")
        page.say(f"their average: +{mean:.1f} % from baseline, over {len(changes)} indicators.")

        async def completed() -> bool:
            nodes = await player.nodes(_MENTEES, "mentees", programme=self.programme)
            return all(one["status"] == "COMPLETED" for one in nodes)

        await player.until("every participant has completed", completed)
        page.say(
            "All ten participants completed: every indicator was scored at baseline and again."
        )
        found = await player.ask(_DEVIATIONS, programme=self.programme)
        for one in found["deviations"]["nodes"]:
            page.say(f"Recorded, and counts: {one['rule']} on {one['day']}. {one['reason']}")
        return page.verdict("The average increase from baseline is 65 %", mean == 65)


_REPORT = """
query Report($programme: String!, $after: [Position!]) {
  indicatorReport(programme: $programme, after: $after) {
    name formula n undefined baselineMean lastMean change
  }
}
"""
_DEVIATIONS = """
query Deviations($programme: String!, $after: [Position!]) {
  deviations(first: 9, filter: {programme: $programme}, afterPositions: $after) {
    nodes { rule day reason counts }
  }
}
"""
_MENTEES = """
query Mentees($programme: String!, $cursor: Cursor) {
  mentees(first: 100, after: $cursor, filter: {programme: $programme}) {
    nodes { id status } pageInfo { hasNextPage endCursor }
  }
}
"""
