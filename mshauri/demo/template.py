"""The general template, with every gate it has: two midwives, from goal to certificate.

The guidance behind it is a frame, not a programme: hospital and people are made up.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from mshauri.api import global_id, local_id
from mshauri.demo.kenya.counties import plans
from mshauri.demo.paper import Page
from mshauri.demo.people import People, Person
from mshauri.demo.play import Player
from mshauri.demo.programmes import load
from mshauri.demo.questions import CERTIFICATES
from mshauri.demo.stage import Lane, Script, Stage
from shared.contracts.definition import Competency
from shared.domain import derived_id

BEGINS = date(2018, 3, 5)
MONTHS = 6


class Template:
    """The template that a country begins with."""

    programme = "mcsp-template"

    def __init__(self, seed: int) -> None:
        self._script = Script("template", seed)
        (self._file,) = load(self.programme)
        self._unit = self._script.id("org_unit", "hospital")
        people = People(self._script, "KE")
        posted = BEGINS - timedelta(days=1000)
        self._mentor = people.person("Senior midwife", self._unit, posted, ("en", "sw"))
        self._mentees = [
            people.person("Midwife", self._unit, posted, ("en", "sw")) for _ in range(2)
        ]
        self._mentor_id = self._script.id("mentor")
        self._cohort = self._script.id("cohort")

    def _enrolment(self, person: Person) -> UUID:
        return self._script.id("enrolment", person.number)

    async def play(self, player: Player, page: Page) -> bool:
        """Play it from the leadership's approval to the certificates, then print the page."""
        await player.places(plans(), "Kenya")
        await player.publish(self._file.text, self._file.definition, BEGINS - timedelta(days=90))
        await player.stage(Stage("template, hospital", [[self._hospital()]], as_="operator"))
        await player.stages(
            [
                Stage("template, cohort", [self._open()]),
                Stage("template, mentor", [self._certify()]),
                Stage("template, mentees", [self._enrol(one) for one in self._mentees]),
                Stage("template, baselines", [self._baseline()]),
                Stage("template, indicators", [self._score(one, 20) for one in self._mentees]),
                Stage("template, matching", [self._match()]),
            ]
        )
        found = await player.nodes(_PAIRS, "mentorships", programme=self.programme)
        pairs = {
            local_id(one["mentees"][0]["healthWorker"]["id"]): local_id(one["id"]) for one in found
        }
        care = [(one, pairs[one.id]) for one in self._mentees]
        await player.stages(
            [
                Stage("template, letters", [self._sign(*one) for one in care]),
                Stage("template, plans", [self._plan(*one) for one in care]),
                Stage("template, first meeting", [self._meet(*one, 0) for one in care]),
                Stage("template, on to the goals", [self._turn(*one) for one in care]),
                Stage(
                    "template, sessions",
                    [
                        [wish for month in range(1, MONTHS) for wish in self._meet(*one, month)]
                        for one in care
                    ],
                ),
                Stage("template, assessments", [self._assess(one) for one in self._mentees]),
                Stage("template, goals", [self._reach(one) for one in self._mentees]),
                Stage(
                    "template, again", [self._score(one, 36, again=True) for one in self._mentees]
                ),
            ]
        )
        await self._certificates(player)
        return await self._show(player, page)

    def _hospital(self) -> Any:
        return self._script.wish(
            "orgUnitEstablish",
            date(2006, 1, 1),
            id=self._unit,
            code=f"KE-TEMPLATE-{self._script.seed}",
            name="A sub-county hospital",
            unitKind="FACILITY",
            parentId=derived_id("org_unit", "KE/KISUMU"),
        )

    def _open(self) -> Lane:
        on = BEGINS - timedelta(days=60)
        return [
            self._script.wish(
                "cohortOpen",
                on,
                id=self._cohort,
                programmeVersionId=derived_id("programme_version", self.programme, 1),
                code=f"TEMPLATE-{self._script.seed}",
                name="First cohort",
                orgUnitId=self._unit,
                starts=on,
                ends=BEGINS + timedelta(days=330),
            ),
            self._script.wish(
                "cohortApprove", on, cohortId=self._cohort, approvedBy="The hospital's management"
            ),
            self._script.wish("cohortStart", on, cohortId=self._cohort),
        ]

    def _certify(self) -> Lane:
        wish, on = self._script.wish, BEGINS - timedelta(days=50)
        return [
            wish("healthWorkerRegister", self._mentor.posted, **self._mentor.register()),
            wish(
                "mentorNominate",
                on,
                id=self._mentor_id,
                healthWorkerId=self._mentor.id,
                programmeVersionId=derived_id("programme_version", self.programme, 1),
                area="NEWBORN",
                criteria=[one.code for one in self._file.definition.selection],
            ),
            wish("mentorOrient", on, mentorId=self._mentor_id, theory=88, practical=93),
            wish("mentorCertify", on, mentorId=self._mentor_id),
            wish(
                "mentorDeclareAvailability",
                on,
                mentorId=self._mentor_id,
                skills=["VENTILATION", "THERMAL-CARE"],
                languages=["en", "sw"],
                places=3,
            ),
        ]

    def _enrol(self, person: Person) -> Lane:
        wish, on = self._script.wish, BEGINS - timedelta(days=40)
        enrolment = self._enrolment(person)
        return [
            wish("healthWorkerRegister", person.posted, **person.register()),
            wish(
                "menteeEnrol",
                on,
                id=enrolment,
                healthWorkerId=person.id,
                cohortId=self._cohort,
                area="NEWBORN",
                needs=["VENTILATION"],
                languages=person.languages,
            ),
            wish(
                "menteeTrain",
                on,
                enrolmentId=enrolment,
                training="Introduction for mentees",
                days=1,
            ),
            wish(
                "menteeSetGoal",
                on,
                enrolmentId=enrolment,
                goal="NO-BABY-WAITS",
                text="Ventilate within the golden minute, every time.",
                due=BEGINS + timedelta(days=200),
            ),
            wish(
                "menteeSelfAssess",
                on,
                enrolmentId=enrolment,
                ratings=[
                    {"skill": "VENTILATION", "level": 2},
                    {"skill": "THERMAL-CARE", "level": 3},
                ],
            ),
        ]

    def _baseline(self) -> Lane:
        on = BEGINS - timedelta(days=30)
        return [
            self._script.wish(
                "facilityBaselineAssess",
                on,
                orgUnitId=self._unit,
                programmeVersionId=derived_id("programme_version", self.programme, 1),
                areas=[
                    {
                        "area": area.code,
                        "items": [{"item": item.code, "points": 2} for item in area.items],
                    }
                    for area in self._file.definition.facility_baseline
                ],
            )
        ]

    def _score(self, person: Person, score: int, *, again: bool = False) -> Lane:
        return [
            self._script.wish(
                "indicatorScore",
                BEGINS + timedelta(days=190) if again else BEGINS - timedelta(days=20),
                enrolmentId=self._enrolment(person),
                indicator="CONFIDENCE",
                occasion="FOLLOW_UP" if again else "BASELINE",
                score=score,
            )
        ]

    def _match(self) -> Lane:
        return [
            self._script.wish("cohortMatch", BEGINS - timedelta(days=15), cohortId=self._cohort)
        ]

    def _sign(self, person: Person, mentorship: UUID) -> Lane:
        wish, on = self._script.wish, BEGINS - timedelta(days=12)
        return [
            wish("mentorshipAccept", on, mentorshipId=mentorship),
            wish("mentorshipSign", on, mentorshipId=mentorship, healthWorkerId=self._mentor.id),
            wish("mentorshipSign", on, mentorshipId=mentorship, healthWorkerId=person.id),
        ]

    def _plan(self, person: Person, mentorship: UUID) -> Lane:
        wish, on = self._script.wish, BEGINS - timedelta(days=7)
        plan = self._script.id("plan", mentorship)
        ends = BEGINS + timedelta(days=200)
        return [
            wish(
                "planAgree",
                on,
                id=plan,
                mentorshipId=mentorship,
                planKind="MENTORSHIP",
                starts=BEGINS,
                ends=ends,
                objectives=["Ventilation first, then thermal care"],
            ),
            wish("planSend", on, planId=plan, sentTo="The maternity's matron"),
            wish(
                "planAgree",
                on,
                mentorshipId=mentorship,
                planKind="DEVELOPMENT",
                healthWorkerId=person.id,
                starts=BEGINS,
                ends=ends,
                objectives=["Teach it to a colleague by the end"],
                strengths=["Calm", "Thorough", "Asks when unsure"],
            ),
        ]

    def _meet(self, person: Person, mentorship: UUID, month: int) -> Lane:
        return [
            self._script.wish(
                "sessionLog",
                BEGINS + timedelta(days=30 * month + 2),
                mentorshipId=mentorship,
                mode="IN_PERSON",
                minutes=120,
                steps=["ENTRY", "SKILLS", "FEEDBACK"],
                present=[self._mentor.id, person.id],
                guests=[{"role": "SUPERVISOR"}],
            )
        ]

    def _turn(self, person: Person, mentorship: UUID) -> Lane:
        with self._script.because("They know each other, and the goals are clear."):
            return [
                self._script.wish(
                    "mentorshipChangePhase",
                    BEGINS + timedelta(days=10),
                    mentorshipId=mentorship,
                    phase="WORK",
                )
            ]

    def _assess(self, person: Person) -> Lane:
        """The pre-test; a first attempt that fails, and its coaching plan; then both reached."""
        wish = self._script.wish
        (framework,) = self._file.definition.frameworks
        ventilation, warmth = framework.competencies
        who: dict[str, Any] = {
            "enrolmentId": self._enrolment(person),
            "assessorId": self._mentor.id,
        }
        return [
            wish("competencyBaselineAssess", BEGINS + timedelta(days=2), **who, raw=8, max=20),
            wish(
                "competencyAssess",
                BEGINS + timedelta(days=62),
                **who,
                competency=ventilation.code,
                items=_items(ventilation, 1),
                technique=True,
            ),
            wish(
                "competencyCoach",
                BEGINS + timedelta(days=62),
                enrolmentId=who["enrolmentId"],
                competency=ventilation.code,
                actions=["Ten minutes with the manikin at every change of shift"],
                until=BEGINS + timedelta(days=92),
            ),
            *(
                wish(
                    "competencyAssess",
                    BEGINS + timedelta(days=92),
                    **who,
                    competency=one.code,
                    items=_items(one, 0),
                    technique=True,
                )
                for one in (ventilation, warmth)
            ),
        ]

    def _reach(self, person: Person) -> Lane:
        return [
            self._script.wish(
                "menteeReachGoal",
                BEGINS + timedelta(days=180),
                enrolmentId=self._enrolment(person),
                goal="NO-BABY-WAITS",
            )
        ]

    async def _certificates(self, player: Player) -> None:
        async def recommended() -> bool:
            nodes = await player.nodes(CERTIFICATES, "certificates", programme=self.programme)
            return len(nodes) == len(self._mentees)

        await player.until("both certificates are recommended", recommended)
        on = BEGINS + timedelta(days=200)
        for step, subject in (("FACILITY", "demo-project"), ("MINISTRY", "demo-secretariat")):
            lanes = [
                [
                    self._script.wish(
                        "certificateApprove",
                        on,
                        certificateId=derived_id("certificate", self._enrolment(one)),
                        step=step,
                    )
                ]
                for one in self._mentees
            ]
            await player.stage(Stage(f"template, {step.lower()}", lanes, as_=subject))

    async def _show(self, player: Player, page: Page) -> bool:
        page.heading("The general template · care at birth", self._file.definition.source)
        nodes = await player.nodes(CERTIFICATES, "certificates", programme=self.programme)
        rows = []
        for person in self._mentees:
            data = await player.ask(_MENTEE, id=global_id("Mentee", self._enrolment(person)))
            mentee = data["mentee"]
            rows.append(
                (
                    person.number,
                    f"{mentee['baselineRaw']} of {mentee['baselineMax']}",
                    f"{mentee['validated']} of {mentee['competencyCount']}",
                    sum(one["attempts"] for one in mentee["competencies"]),
                    mentee["status"].lower(),
                )
            )
        page.table(
            "From pre-test to completion: goals, sessions, competencies, indicator, all reached",
            ("mentee", "pre-test", "validated", "attempts", ""),
            rows,
        )
        page.say("Gates passed, in order: " + ", ".join(self._file.definition.gates).lower() + ".")
        issued = [one for one in nodes if one["status"] == "ISSUED"]
        return page.verdict(
            f"{len(issued)} certificates, each approved by two people",
            len(issued) == len(self._mentees) and all(row[-1] == "completed" for row in rows),
        )


def _items(competency: Competency, missing: int) -> list[dict[str, Any]]:
    """Give every item its points, less `missing` where all hangs on the item."""
    return [
        {"item": item.code, "points": item.points - (missing if item.critical else 0)}
        for item in competency.checklist
    ]


_PAIRS = """
query Pairs($programme: String!, $cursor: Cursor, $after: [Position!]) {
  mentorships(
    first: 100, after: $cursor, filter: {programme: $programme}, afterPositions: $after
  ) {
    nodes { id mentees { healthWorker { id } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_MENTEE = """
query Mentee($id: ID!, $after: [Position!]) {
  mentee(id: $id, after: $after) {
    status baselineRaw baselineMax validated competencyCount competencies { attempts }
  }
}
"""
