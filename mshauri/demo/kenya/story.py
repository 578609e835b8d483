"""Kenya's story: before, the seven weeks, and after, in both phases."""

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from mshauri.api import global_id, local_id
from mshauri.demo.data import read_data
from mshauri.demo.kenya.cast import PHASES, PUBLISHED, STORIES, TOPICS, WEEKS, Pair, Party, Phase
from mshauri.demo.kenya.counties import CLUSTERS, plans, unit
from mshauri.demo.kenya.page import KenyaPage
from mshauri.demo.paper import Page
from mshauri.demo.people import People
from mshauri.demo.play import COORDINATOR, Player
from mshauri.demo.programmes import Programme, load
from mshauri.demo.questions import CERTIFICATES
from mshauri.demo.stage import Lane, Script, Stage
from shared.contracts.registry.access_grant import Role
from shared.domain import derived_id


class Kenya:
    """The HRH Capacity Bridge mentorship."""

    programme = "kenya-hrh"

    def __init__(self, seed: int) -> None:
        self._script = Script("kenya", seed)
        self._random = Random(f"kenya/{seed}")
        self._people = People(self._script, "KE")
        self._counties = [row.cells for row in read_data("kenya.csv").rows]
        self._rules: dict[int, Programme] = {}
        self._mentors: dict[UUID, Party] = {}
        self._mentees: dict[UUID, Party] = {}
        self._pairs: list[Pair] = []

    async def play(self, player: Player, page: Page) -> bool:
        """Play both phases, then print the page; say whether all came out as it should."""
        await player.places(plans(), "Kenya")
        for programme in load("kenya-hrh"):
            rules = programme.definition
            self._rules[rules.version] = programme
            await player.publish(programme.text, rules, PUBLISHED)
        await player.stage(self._clusters())
        for phase in PHASES:
            await self._phase(phase, player)
        counties = {
            phase.number: sum(one["phase"] == str(phase.number) for one in self._counties)
            for phase in PHASES
        }
        shown = KenyaPage(player, page, self.programme, self._pairs)
        return await shown.show(self._rules[1].definition.source, counties, self._mentors)

    def _clusters(self) -> Stage:
        lanes: list[Lane] = []
        on = date(2016, 7, 1)
        for code, name in CLUSTERS.items():
            group = self._script.id("group", code)
            lane = [
                self._script.wish(
                    "groupEstablish", on, id=group, code=code, name=name, groupKind="CLUSTER"
                )
            ]
            lane += [
                self._script.wish(
                    "groupMemberAdd", on, groupId=group, orgUnitId=unit(county["code"])
                )
                for county in self._counties
                if county["cluster"] == code
            ]
            lanes.append(lane)
        return Stage("county clusters", lanes, as_="operator")

    async def _phase(self, phase: Phase, player: Player) -> None:
        name = f"phase {phase.number}"
        counties = [
            unit(one["code"]) for one in self._counties if one["phase"] == str(phase.number)
        ]
        version = derived_id("programme_version", "kenya-hrh", phase.version)
        cohort = self._script.id("cohort", phase.number)
        spare = 1 if phase.number == 1 else 0
        mentors = [self._party("mentor", counties, phase, at) for at in range(phase.pairs + spare)]
        mentees = [self._party("mentee", counties, phase, at) for at in range(phase.pairs)]
        self._mentors |= {one.person.id: one for one in mentors}
        self._mentees |= {one.person.id: one for one in mentees}
        before = phase.begins - timedelta(days=70)
        await player.stage(self._open(phase, cohort, version, before))
        await player.stages(
            [
                Stage(f"{name} mentors", [self._prepare(one, version, before) for one in mentors]),
                Stage(f"{name} mentees", [self._enrol(one, cohort, phase) for one in mentees]),
            ]
        )
        speakers = [(one.subject, Role.MENTOR, one.person.id) for one in mentors]
        speakers += [(one.subject, Role.MENTEE, one.person.id) for one in mentees]
        await player.let_in(speakers)
        # The spare mentor is away while the pairs are matched.
        start = phase.begins - timedelta(days=21)
        await player.stage(
            Stage(
                f"{name} matching",
                [
                    [
                        self._script.wish("cohortStart", start, cohortId=cohort),
                        self._script.wish("cohortMatch", start, cohortId=cohort),
                    ]
                ],
            )
        )
        pairs = await self._matched(player, cohort, phase)
        assert len(pairs) == phase.pairs, f"{len(pairs)} of {phase.pairs} pairs were matched"
        self._pairs += pairs
        await player.stages(self._agreements(phase, pairs))
        spare_mentor = None
        if spare:
            used = {pair.mentor for pair in pairs}
            (spare_mentor,) = (one for one in mentors if one.person.id not in used)
        for week in range(WEEKS):
            if spare_mentor is not None and week == 4:
                await player.stages(self._rematch(phase, pairs[0], spare_mentor))
                pairs[0].mentor = spare_mentor.person.id
            await player.stages(self._week(phase, pairs, week))
        await self._close(phase, player, cohort, pairs)

    def _party(self, side: str, counties: list[UUID], phase: Phase, at: int) -> Party:
        county = counties[at % len(counties)]
        cadre = "Human resource professional" if side == "mentor" else "County HRH officer"
        posted = phase.begins - timedelta(days=self._random.randint(400, 3000))
        languages = ("en", "sw") if self._random.random() < 0.8 else ("en",)
        person = self._people.person(cadre, county, posted, languages)
        wanted = 4 if side == "mentor" else 2
        topics = tuple(sorted(self._random.sample(TOPICS, wanted)))
        return Party(self._script.id(side, phase.number, at), person, topics)

    def _open(self, phase: Phase, cohort: UUID, version: UUID, on: date) -> Stage:
        wish = self._script.wish
        return Stage(
            f"phase {phase.number} cohort",
            [
                [
                    wish(
                        "cohortOpen",
                        on,
                        id=cohort,
                        programmeVersionId=version,
                        code=f"PHASE-{phase.number}-{self._script.seed}",
                        name=f"Phase {phase.number}",
                        orgUnitId=unit("KE"),
                        starts=on,
                        ends=phase.begins + timedelta(days=120),
                    ),
                    wish(
                        "cohortApprove",
                        on + timedelta(days=14),
                        cohortId=cohort,
                        approvedBy="County executives for health and public service boards",
                    ),
                ]
            ],
        )

    def _prepare(self, mentor: Party, version: UUID, on: date) -> Lane:
        wish = self._script.wish
        rules = self._rules[1].definition
        return [
            wish("healthWorkerRegister", mentor.person.posted, **mentor.person.register()),
            wish(
                "mentorNominate",
                on,
                id=mentor.id,
                healthWorkerId=mentor.person.id,
                programmeVersionId=version,
                area="HRM",
                criteria=[one.code for one in rules.selection],
            ),
            wish("mentorOrient", on + timedelta(days=20), mentorId=mentor.id),
            wish("mentorCertify", on + timedelta(days=21), mentorId=mentor.id),
            wish(
                "mentorDeclareAvailability",
                on + timedelta(days=21),
                mentorId=mentor.id,
                skills=mentor.topics,
                languages=mentor.person.languages,
                places=1,
            ),
        ]

    def _enrol(self, mentee: Party, cohort: UUID, phase: Phase) -> Lane:
        wish = self._script.wish
        on = phase.begins - timedelta(days=45)
        return [
            wish("healthWorkerRegister", mentee.person.posted, **mentee.person.register()),
            wish(
                "menteeEnrol",
                on,
                id=mentee.id,
                healthWorkerId=mentee.person.id,
                cohortId=cohort,
                area="HRM",
                needs=mentee.topics,
                languages=mentee.person.languages,
            ),
            wish(
                "menteeSelfAssess",
                on,
                enrolmentId=mentee.id,
                ratings=[
                    {"skill": topic, "level": 2 if topic in mentee.topics else 3}
                    for topic in TOPICS
                ],
            ),
            wish(
                "menteeTrain",
                on + timedelta(days=7),
                enrolmentId=mentee.id,
                training="Human resource management for county officers",
                days=5,
            ),
            *(
                wish(
                    "menteeSetGoal",
                    on + timedelta(days=8),
                    enrolmentId=mentee.id,
                    goal=topic,
                    text=f"Lead {topic.lower().replace('-', ' ')} in the county on my own.",
                    due=phase.begins + timedelta(weeks=WEEKS),
                )
                for topic in mentee.topics
            ),
        ]

    async def _matched(self, player: Player, cohort: UUID, phase: Phase) -> list[Pair]:
        nodes = await player.nodes(_PROPOSED, "mentorships", cohort=global_id("Cohort", cohort))
        by_person = {one.person.id: one for one in self._mentees.values()}
        pairs = []
        for node in nodes:
            mentor = local_id(node["mentors"][0]["healthWorker"]["id"])
            mentee = local_id(node["mentees"][0]["healthWorker"]["id"])
            pairs.append(
                Pair(
                    id=local_id(node["id"]),
                    phase=phase,
                    score=node["score"],
                    reasons=node["reasons"],
                    mentor=mentor,
                    mentee=mentee,
                    enrolment=by_person[mentee].id,
                    unit=by_person[mentee].person.org_unit_id,
                )
            )
        return sorted(pairs, key=lambda pair: str(pair.mentee))

    def _agreements(self, phase: Phase, pairs: list[Pair]) -> list[Stage]:
        wish = self._script.wish
        on = phase.begins - timedelta(days=14)
        signing: list[Lane] = []
        planning: list[Lane] = []
        for pair in pairs:
            signing.append(
                [
                    wish("mentorshipAccept", on, mentorshipId=pair.id),
                    wish(
                        "mentorshipSign",
                        on + timedelta(days=1),
                        mentorshipId=pair.id,
                        healthWorkerId=pair.mentor,
                    ),
                    wish(
                        "mentorshipSign",
                        on + timedelta(days=2),
                        mentorshipId=pair.id,
                        healthWorkerId=pair.mentee,
                    ),
                ]
            )
            topics = self._mentees[pair.mentee].topics
            planning.append(
                [
                    wish(
                        "planAgree",
                        on + timedelta(days=3),
                        mentorshipId=pair.id,
                        planKind="MENTORSHIP",
                        starts=phase.begins,
                        ends=phase.begins + timedelta(weeks=WEEKS, days=-1),
                        objectives=[f"Grow in {topic.lower()}" for topic in topics],
                    )
                ]
            )
        name = f"phase {phase.number}"
        return [Stage(f"{name} letters", signing), Stage(f"{name} plans", planning)]

    def _week(self, phase: Phase, pairs: list[Pair], week: int) -> list[Stage]:
        """A week's four artefacts of every pair: plan, session, journal, evaluation."""
        wish = self._script.wish
        monday = phase.begins + timedelta(weeks=week)
        lanes: list[Lane] = []
        journals: list[Lane] = []
        speakers: list[str] = []
        rules = self._rules[phase.version].definition
        assert rules.relationship is not None
        for pair in pairs:
            held = monday + timedelta(days=1 + self._random.randint(0, 2))
            session = self._script.id("session", pair.id, week)
            rated = min(5, 3 + week // 3 + self._random.randint(0, 1))
            lanes.append(
                [
                    wish(
                        "planAgree",
                        monday,
                        mentorshipId=pair.id,
                        planKind="VISIT",
                        starts=monday,
                        ends=monday + timedelta(days=6),
                        objectives=["What was agreed last week, and what stands in its way"],
                    ),
                    wish(
                        "sessionLog",
                        held,
                        id=session,
                        mentorshipId=pair.id,
                        mode="IN_PERSON",
                        minutes=phase.minutes,
                        present=[pair.mentor, pair.mentee],
                    ),
                    wish(
                        "relationshipEvaluate",
                        held,
                        mentorshipId=pair.id,
                        healthWorkerId=pair.mentor if week % 2 else pair.mentee,
                        ratings=[
                            {"item": item.code, "rating": rated}
                            for item in rules.relationship.items
                        ],
                    ),
                ]
            )
            journals.append(
                [
                    wish(
                        "journalWrite",
                        held,
                        healthWorkerId=pair.mentor,
                        mentorshipId=pair.id,
                        sessionId=session,
                        text="What we spoke of, and what I would do otherwise next time.",
                    )
                ]
            )
            speakers.append(self._mentors[pair.mentor].subject)
        name = f"phase {phase.number} week {week + 1}"
        return [
            Stage(name, lanes),
            Stage(f"{name} journals", journals, as_=COORDINATOR, speakers=speakers),
        ]

    def _rematch(self, phase: Phase, pair: Pair, spare: Party) -> list[Stage]:
        """A mentor cannot go on: the formal way out, then another in their place."""
        wish = self._script.wish
        on = phase.begins + timedelta(weeks=4, days=-2)
        leaves = self._mentors[pair.mentor]
        with self._script.because("Posted abroad by the employer for the rest of the year."):
            disengage = wish(
                "mentorshipDisengage",
                on,
                mentorshipId=pair.id,
                mentorId=leaves.id,
                notified=[
                    {"role": "FOCAL-PERSON", "name": "Project focal person", "notifiedOn": on},
                    {"role": "MENTEE", "name": "The mentee, by phone", "notifiedOn": on},
                ],
            )
        reassign = wish(
            "mentorshipReassign",
            on + timedelta(days=1),
            mentorshipId=pair.id,
            replacesId=leaves.id,
            mentorId=spare.id,
        )
        sign = wish(
            "mentorshipSign",
            on + timedelta(days=1),
            mentorshipId=pair.id,
            healthWorkerId=spare.person.id,
        )
        return [Stage("disengagement and re-match", [[disengage, reassign, sign]])]

    async def _close(self, phase: Phase, player: Player, cohort: UUID, pairs: list[Pair]) -> None:
        """What comes after: stories, certificates approved by two, the cohort closed."""
        wish = self._script.wish
        over = phase.begins + timedelta(weeks=WEEKS, days=2)
        stories: list[Lane] = []
        told: set[UUID] = set()
        for pair in pairs:
            for county, (title, story) in STORIES.items():
                if pair.unit == unit(county) and pair.unit not in told:
                    told.add(pair.unit)
                    stories.append(
                        [
                            wish(
                                "outcomeStoryTell",
                                over,
                                mentorshipId=pair.id,
                                title=title,
                                story=story,
                            )
                        ]
                    )
        await player.stage(Stage(f"phase {phase.number} outcome stories", stories))
        if phase.number == 1:
            await self._tell_secretariat(phase, player)

        async def recommended() -> bool:
            found = await player.nodes(CERTIFICATES, "certificates", programme=self.programme)
            return len(found) == sum(one.pairs for one in PHASES[: phase.number])

        await player.until("every pair's certificate is recommended", recommended)
        certificates = [derived_id("certificate", pair.enrolment) for pair in pairs]
        for step, subject in (("PROJECT", "demo-project"), ("SECRETARIAT", "demo-secretariat")):
            lanes = [
                [wish("certificateApprove", over, certificateId=one, step=step)]
                for one in certificates
            ]
            await player.stage(Stage(f"phase {phase.number} {step.lower()}", lanes, as_=subject))
        with self._script.because("Its seven sessions were held."):
            ends = [[wish("mentorshipConclude", over, mentorshipId=pair.id)] for pair in pairs]
            close = [[wish("cohortClose", over, cohortId=cohort)]]
        await player.stage(Stage(f"phase {phase.number} conclusions", ends))
        await player.stage(Stage(f"phase {phase.number} closed", close))

    async def _tell_secretariat(self, phase: Phase, player: Player) -> None:
        """Give the notice that the disengagement left due."""

        async def due() -> list[dict[str, Any]]:
            return [
                one
                for one in await player.nodes(_NOTICES, "notices", programme=self.programme)
                if one["givenOn"] is None
            ]

        waiting = await player.until("the notice to the secretariat is due", due)
        on = phase.begins + timedelta(weeks=4, days=3)
        lanes = [
            [
                self._script.wish(
                    "noticeGive", on, noticeId=local_id(one["id"]), givenTo="IHRM secretariat"
                )
            ]
            for one in waiting
        ]
        await player.stage(Stage("notices", lanes))


_PROPOSED = """
query Proposed($cohort: ID!, $cursor: Cursor, $after: [Position!]) {
  mentorships(
    first: 100, after: $cursor, filter: {cohortId: $cohort}, afterPositions: $after
  ) {
    nodes {
      id score reasons
      mentors { healthWorker { id } }
      mentees { healthWorker { id } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_NOTICES = """
query Notices($programme: String!, $cursor: Cursor, $after: [Position!]) {
  notices(
    first: 100, after: $cursor, filter: {programme: $programme}, afterPositions: $after
  ) {
    nodes { id role due givenOn }
    pageInfo { hasNextPage endCursor }
  }
}
"""
