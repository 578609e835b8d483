"""South Africa: three strands of targeted mentoring for HIV, first proactive, then on request.

The seed (an abstract) names the strands and the two phases, and three provinces without saying
which. The provinces, facilities, people and all that they ask are made up.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from mshauri.demo.data import read_data
from mshauri.demo.paper import Page, bar
from mshauri.demo.people import People, Person
from mshauri.demo.play import BEGINNING, Player
from mshauri.demo.programmes import load
from mshauri.demo.stage import Lane, Script, Stage
from mshauri.importing.lists.facilities import read_units
from mshauri.importing.mapping import read_mapping
from mshauri.importing.plan import Listed
from shared.domain import derived_id

CLINICS = """
name: Clinics of the programme
country: {code: ZA, name: South Africa, latitude: [-35.0, -22.0], longitude: [16.0, 33.0]}
columns: {code: code, name: name}
above:
  - {kind: PROVINCE, name: province, code: province_code}
  - {kind: DISTRICT, name: district, code: district_code}
"""
BEGINS = date(2014, 5, 5)
STRANDS = {
    "CLINICAL": ("Nurse mentor", "Professional nurse", 3),
    "DATA": ("Data mentor", "Data capturer", 2),
    "PHARMACY": ("Pharmacist", "Pharmacy assistant", 1),
}
"""Of each strand: the mentor's cadre, the mentees', and how many of them a facility has."""
VISITS = 3
"""Monthly visits of the proactive phase."""
QUESTIONS = {
    "CLINICAL": (
        ("Viral load", "The second viral load is high again. What comes before switching?"),
        ("Tuberculosis", "Treatment for both begins this week. Which one first, and when?"),
        ("Pregnancy", "A test turned positive in the last month of pregnancy. What now?"),
    ),
    "DATA": (
        ("Duplicates", "Two folders seem to be of one person. How do I join them?"),
        ("Cohort report", "The twelve-month cohort does not add up. Where do I look first?"),
        ("Missed visits", "How do I print the list of those who missed their visit?"),
    ),
    "PHARMACY": (
        ("Stock", "We will be out of one regimen on Friday. Whom do I ask for a transfer?"),
        ("Interactions", "Is this medicine safe together with that regimen?"),
        ("Cold chain", "The refrigerator stood at 11 °C overnight. What do I throw away?"),
    ),
}


@dataclass(frozen=True, slots=True)
class Strand:
    """A mentor and the mentees of one strand at one facility."""

    id: UUID
    area: str
    unit: UUID
    mentor: Person
    mentor_id: UUID
    mentees: list[Person]


def plans() -> list[Listed]:
    """Return the provinces, districts and clinics, to import."""
    listed = read_units(read_data("south-africa.csv"), read_mapping(CLINICS), BEGINNING)
    assert not listed.errors, listed.errors
    return [listed]


class SouthAfrica:
    """Targeted mentoring of clinical practice, data and pharmacy."""

    programme = "south-africa-targeted"

    def __init__(self, seed: int) -> None:
        self._script = Script("south-africa", seed)
        self._random = Random(f"south-africa/{seed}")
        self._people = People(self._script, "ZA")
        self._cohort = self._script.id("cohort")
        self._strands = self._cast()
        (self._file,) = load(self.programme)
        version = self._file.definition.version
        self._version = derived_id("programme_version", self.programme, version)

    def _cast(self) -> list[Strand]:
        """Give each province a mentor of each strand, for all of its facilities."""
        strands: list[Strand] = []
        mentors: dict[tuple[str, str], Person] = {}
        posted = BEGINS - timedelta(days=800)
        for row in read_data("south-africa.csv").rows:
            unit = derived_id("org_unit", row.cells["code"])
            for area, (mentor_cadre, cadre, many) in STRANDS.items():
                key = row.cells["province_code"], area
                if key not in mentors:
                    mentors[key] = self._people.person(mentor_cadre, unit, posted, ("en",))
                mentor = mentors[key]
                strands.append(
                    Strand(
                        self._script.id("mentorship", unit, area),
                        area,
                        unit,
                        mentor,
                        self._script.id("mentor", mentor.number),
                        [self._people.person(cadre, unit, posted, ("en",)) for _ in range(many)],
                    )
                )
        return strands

    async def play(self, player: Player, page: Page) -> bool:
        """Play both phases, then print the page."""
        await player.places(plans(), "South Africa")
        programme = self._file
        await player.publish(programme.text, programme.definition, BEGINS - timedelta(days=90))
        turn = BEGINS + timedelta(weeks=4 * VISITS)
        await player.stages(
            [
                Stage("targeted, cohort", [self._open()]),
                Stage("targeted, mentors", list(map(self._certify, self._mentors()))),
                Stage("targeted, mentees", list(map(self._enrol, self._strands))),
                Stage("targeted, agreements", list(map(self._agree, self._strands))),
                Stage("proactive visits", list(map(self._visit, self._strands))),
                Stage("strand checklists", list(map(self._look, self._strands))),
                Stage("relationships", [self._evaluate(one, turn, 3) for one in self._strands]),
                Stage("turn to reactive", [self._turn(one, turn) for one in self._strands]),
                Stage("support on request", [self._ask(one, turn) for one in self._strands]),
                Stage(
                    "relationships again",
                    [self._evaluate(one, turn + timedelta(weeks=26), 4) for one in self._strands],
                ),
            ]
        )
        return await self._show(player, page)

    def _enrolment(self, person: Person) -> UUID:
        return self._script.id("enrolment", person.number)

    def _open(self) -> Lane:
        wish = self._script.wish
        on = BEGINS - timedelta(days=60)
        return [
            wish(
                "cohortOpen",
                on,
                id=self._cohort,
                programmeVersionId=self._version,
                code=f"THREE-PROVINCES-{self._script.seed}",
                name="Three provinces",
                orgUnitId=derived_id("org_unit", "ZA"),
                starts=on,
                ends=BEGINS + timedelta(days=400),
            ),
            wish("cohortStart", on, cohortId=self._cohort),
        ]

    def _mentors(self) -> list[Strand]:
        """Return one strand of each mentor."""
        return list({one.mentor_id: one for one in self._strands}.values())

    def _certify(self, strand: Strand) -> Lane:
        wish = self._script.wish
        on = BEGINS - timedelta(days=50)
        criteria = [one.code for one in self._file.definition.selection]
        lane = [
            wish("healthWorkerRegister", strand.mentor.posted, **strand.mentor.register()),
            wish(
                "mentorNominate",
                on,
                id=strand.mentor_id,
                healthWorkerId=strand.mentor.id,
                programmeVersionId=self._version,
                area=strand.area,
                criteria=criteria,
            ),
        ]
        if self._file.definition.orientation is not None:
            lane.append(
                wish("mentorOrient", on, mentorId=strand.mentor_id, theory=90, practical=90)
            )
        return [*lane, wish("mentorCertify", on, mentorId=strand.mentor_id)]

    def _enrol(self, strand: Strand) -> Lane:
        lane: Lane = []
        for person in strand.mentees:
            lane.append(
                self._script.wish("healthWorkerRegister", person.posted, **person.register())
            )
            lane.append(
                self._script.wish(
                    "menteeEnrol",
                    BEGINS - timedelta(days=30),
                    id=self._enrolment(person),
                    healthWorkerId=person.id,
                    cohortId=self._cohort,
                    area=strand.area,
                    languages=["en"],
                )
            )
        return lane

    def _agree(self, strand: Strand) -> Lane:
        wish = self._script.wish
        on = BEGINS - timedelta(days=14)
        return [
            wish(
                "mentorshipPropose",
                on,
                id=strand.id,
                cohortId=self._cohort,
                orgUnitId=strand.unit,
                mentorIds=[strand.mentor_id],
                enrolmentIds=[self._enrolment(one) for one in strand.mentees],
            )
        ]

    def _visit(self, strand: Strand) -> Lane:
        steps = {
            "CLINICAL": ["ARRIVAL", "CONSULTATION", "TEACHING", "FEEDBACK"],
            "DATA": ["ARRIVAL", "REGISTER-REVIEW", "TEACHING", "FEEDBACK"],
            "PHARMACY": ["ARRIVAL", "STOCK-REVIEW", "TEACHING", "FEEDBACK"],
        }[strand.area]
        return [
            self._script.wish(
                "sessionLog",
                BEGINS + timedelta(weeks=4 * number, days=self._random.randint(0, 4)),
                mentorshipId=strand.id,
                mode="IN_PERSON",
                minutes=self._random.choice([60, 90, 120]),
                steps=steps,
                present=[strand.mentor.id, *(one.id for one in strand.mentees)],
                initiative="MENTOR",
                consentRecorded=strand.area == "CLINICAL",
            )
            for number in range(VISITS)
        ]

    def _look(self, strand: Strand) -> Lane:
        """Assess each mentee by the strand's first checklist: it is looked at, not passed."""
        definition = self._file.definition
        area = definition.area(strand.area)
        assert area is not None
        framework = next(one for one in definition.frameworks if one.code == area.framework)
        competency = framework.competencies[0]
        return [
            self._script.wish(
                "competencyAssess",
                BEGINS + timedelta(weeks=4 * VISITS - 1),
                enrolmentId=self._enrolment(person),
                competency=competency.code,
                assessorId=strand.mentor.id,
                items=[
                    {
                        "item": item.code,
                        "points": self._random.randint(item.points // 2, item.points),
                    }
                    for item in competency.checklist
                ],
                technique=True,
            )
            for person in strand.mentees
        ]

    def _evaluate(self, strand: Strand, on: date, about: int) -> Lane:
        relationship = self._file.definition.relationship
        assert relationship is not None
        return [
            self._script.wish(
                "relationshipEvaluate",
                on,
                mentorshipId=strand.id,
                healthWorkerId=person.id,
                ratings=[
                    {"item": item.code, "rating": min(5, about + self._random.randint(0, 1))}
                    for item in relationship.items
                ],
            )
            for person in strand.mentees
        ]

    def _turn(self, strand: Strand, on: date) -> Lane:
        with self._script.because(
            "The strand's basics are in place; help is now given on request."
        ):
            return [
                self._script.wish(
                    "mentorshipChangePhase", on, mentorshipId=strand.id, phase="REACTIVE"
                )
            ]

    def _ask(self, strand: Strand, turn: date) -> Lane:
        """Let mentees ask: most are answered in time, a few late, and a few go to the district."""
        wish = self._script.wish
        lane: Lane = []
        for number, (topic, question) in enumerate(QUESTIONS[strand.area]):
            asks = strand.mentees[number % len(strand.mentees)]
            on = turn + timedelta(weeks=3 + 6 * number, days=self._random.randint(0, 4))
            raised = datetime.combine(on, time(6, self._random.randint(0, 59)), UTC)
            request = self._script.id("support", strand.id, number)
            seen = raised + timedelta(minutes=self._random.randint(12, 600))
            hours = self._random.choice([2, 4, 6, 9, 20, 26, 48, 70, 90])
            answered = max(seen, raised + timedelta(hours=hours))
            closed = answered + timedelta(days=1)
            lane += [
                wish(
                    "supportRequestRaise",
                    _day(raised),
                    id=request,
                    mentorshipId=strand.id,
                    healthWorkerId=asks.id,
                    topic=topic,
                    question=question,
                    at=raised,
                ),
                wish(
                    "supportRequestAcknowledge",
                    _day(seen),
                    supportRequestId=request,
                    healthWorkerId=strand.mentor.id,
                    at=seen,
                ),
            ]
            if hours > 72:
                with self._script.because("It needs a decision of the district."):
                    lane.append(
                        wish(
                            "supportRequestEscalate",
                            _day(raised + timedelta(hours=40)),
                            supportRequestId=request,
                            toOrgUnitId=self._district(strand),
                            at=raised + timedelta(hours=40),
                        )
                    )
            lane += [
                wish(
                    "supportRequestAnswer",
                    _day(answered),
                    supportRequestId=request,
                    healthWorkerId=strand.mentor.id,
                    answer="What the guideline says, where to read it, and what to do today.",
                    at=answered,
                ),
                wish("supportRequestClose", _day(closed), supportRequestId=request, at=closed),
                wish(
                    "sessionLog",
                    _day(answered),
                    mentorshipId=strand.id,
                    mode="PHONE",
                    minutes=30,
                    steps=["FEEDBACK"],
                    present=[strand.mentor.id, asks.id],
                    initiative="MENTEE",
                ),
            ]
        return lane

    def _district(self, strand: Strand) -> UUID:
        for row in read_data("south-africa.csv").rows:
            if derived_id("org_unit", row.cells["code"]) == strand.unit:
                return derived_id("org_unit", row.cells["district_code"])
        raise AssertionError("every strand stands at a listed clinic")

    async def _show(self, player: Player, page: Page) -> bool:
        page.heading("South Africa · targeted mentoring for HIV", self._file.definition.source)
        found = (await player.ask(_RESPONSE, programme=self.programme))["supportResponse"]
        rows = [
            (
                one["key"],
                one["requests"],
                _hours(one["acknowledgeMedian"]),
                _hours(one["answerMedian"]),
                _hours(one["answerNinetieth"]),
                f"{one['answeredWithin']} of {one['answerPromised']}",
                bar(one["answeredWithin"], max(one["answerPromised"], 1), 16),
            )
            for one in found["byArea"]
        ]
        columns = (
            "strand",
            "requests",
            "seen, median",
            "answered, median",
            "nine of ten",
            "within 72 h",
            "",
        )
        page.table("Support on request, in the reactive phase", columns, rows)
        nodes = await player.nodes(_PHASES, "mentorships", programme=self.programme)
        turned = [one for one in nodes if one["phase"] == "REACTIVE"]
        page.say(
            f"{len(turned)} of {len(nodes)} mentorships turned from proactive to reactive, each "
            "with its day and its reason."
        )
        asked = sum(one["requests"] for one in found["byArea"])
        wanted = sum(len(QUESTIONS[one.area]) for one in self._strands)
        return page.verdict(
            f"{asked} requests raised, acknowledged, answered and closed",
            asked == wanted and len(turned) == len(self._strands),
        )


def _day(at: datetime) -> date:
    """Return the day of an instant, as the programme's calendar has it."""
    return at.astimezone(ZoneInfo("Africa/Johannesburg")).date()


def _hours(value: object) -> str:
    return "–" if value is None else f"{float(str(value)):.1f} h"


_RESPONSE = """
query Response($programme: String!, $after: [Position!]) {
  supportResponse(programme: $programme, after: $after) {
    byArea {
      key requests acknowledgeMedian answerMedian answerNinetieth answeredWithin answerPromised
    }
  }
}
"""
_PHASES = """
query Phases($programme: String!, $cursor: Cursor, $after: [Position!]) {
  mentorships(
    first: 100, after: $cursor, filter: {programme: $programme}, afterPositions: $after
  ) {
    nodes { id phase }
    pageInfo { hasNextPage endCursor }
  }
}
"""
