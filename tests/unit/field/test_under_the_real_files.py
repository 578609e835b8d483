"""What the seeds tell happened, under the files we ship: recorded, and weighed as they say."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.gateway.projections import (
    COMPETENCY_PROGRESS,
    DEVIATION,
    MENTEE,
    MENTORSHIP,
    SESSION,
    SUPPORT_REQUEST,
    VACANCY,
)
from shared.contracts.definition import Definition
from shared.programmes.file import read_programme
from tests.support.mentoring import Country, day

FOLDER = Path(__file__).parents[3] / "programmes"


class Field:
    """One facility under a shipped file, and one mentorship of it."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.mentors: list[UUID] = []
        self.mentor_ids: list[UUID] = []
        self.mentees: list[UUID] = []
        self.enrolments: list[UUID] = []
        self.mentorship: UUID

    @property
    def rules(self) -> Definition:
        return self.country.rules

    async def person(self, cadre: str = "Nurse") -> UUID:
        return await self.country.send(
            "healthWorkerRegister",
            givenNames="Given",
            familyName="Family",
            cadre=cadre,
            orgUnitId=self.country.facility,
        )

    async def certified(self, person: UUID, area: str) -> UUID:
        """Have somebody become a mentor of an area, as the file has it."""
        mentor = await self.country.nominee(
            person, area, criteria=[one.code for one in self.rules.selection]
        )
        if self.rules.orientation:
            await self.country.send("mentorOrient", mentorId=mentor, theory=95, practical=95)
        await self.country.send("mentorCertify", mentorId=mentor)
        return mentor

    async def mentored(self, areas: Sequence[str], mentees: int, **more: Any) -> "Field":
        """Propose a mentor of each area, and so many mentees of the first."""
        for area in areas:
            self.mentors.append(await self.person())
            self.mentor_ids.append(await self.certified(self.mentors[-1], area))
        enrolled = {"supervisorId": self.mentors[0]} if more.pop("supervised", False) else {}
        for _ in range(mentees):
            self.mentees.append(await self.person())
            self.enrolments.append(
                await self.country.enrolment(self.mentees[-1], areas[0], **enrolled)
            )
        self.mentorship = await self.country.propose(self.mentor_ids, self.enrolments, **more)
        return self

    async def log(self, *present: UUID, on: int, **more: Any) -> tuple[bool, set[str]]:
        """Log a session; return whether it counts, and what it departs from."""
        minutes = self.rules.minutes.target
        content = {"mode": "IN_PERSON", "minutes": minutes, "present": list(present)} | more
        session = await self.country.send(
            "sessionLog", mentorshipId=self.mentorship, on=on, **content
        )
        (row,) = self.country.house.rows(SESSION, id=session)
        return row["counts"], self.departs(session)

    async def turn(self, phase: str, on: int) -> None:
        await self.country.send(
            "mentorshipChangePhase",
            mentorshipId=self.mentorship,
            phase=phase,
            reason="It is time.",
            on=on,
        )

    def departs(self, record: UUID) -> set[str]:
        rows = self.country.house.rows(DEVIATION, record_id=record)
        return {row["rule"] for row in rows if row["stands"]}


async def under(name: str) -> Field:
    rules = read_programme((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(rules, Definition)
    country = await Country.under(rules)
    for framework in rules.frameworks:
        fields = msgspec.to_builtins(framework)
        fields["frameworkVersion"] = fields.pop("version")
        await country.send("frameworkPublish", **fields)
    return Field(country)


# ── Rwanda ──────────────────────────────────────────────────────────────────────────────────────


async def test_an_officer_mentors_the_community_workers_whom_they_supervise() -> None:
    field = await (await under("ingobyi-chw")).mentored(["ICCM"], mentees=5, supervised=True)
    assert field.departs(field.mentorship) == set()
    there = (*field.mentors, *field.mentees)
    supervisor = [{"role": "SUPERVISOR", "name": "Sister Agnes"}]
    assert await field.log(*there, on=10, guests=supervisor) == (True, set())
    assert await field.log(*there, on=20) == (True, {"SESSION_NOT_SUPERVISED"})


async def test_a_village_of_four_counts_where_an_office_waived_the_bound() -> None:
    field = await (await under("ingobyi-chw")).mentored(["ICCM"], mentees=4)
    supervisor = [{"role": "SUPERVISOR"}]
    there = (*field.mentors, *field.mentees)
    counts, departs = await field.log(*there, on=10, guests=supervisor)
    assert (counts, departs) == (False, {"MENTORSHIP_DEPARTS"})
    await field.country.send(
        "mentorshipWaive",
        mentorshipId=field.mentorship,
        rule="MENTEE_COUNT",
        approvedBy="The district hospital",
        reason="The village has four.",
        on=11,
    )
    assert (await field.log(*there, on=20, guests=supervisor))[0]


AREAS = ["MIDWIFERY", "PAEDIATRICS", "OBSTETRICS"]


async def test_two_of_the_three_go_on_until_the_third_is_replaced() -> None:
    field = await (await under("ingobyi-hospital")).mentored(AREAS, mentees=2)
    assert field.departs(field.mentorship) == set()
    await field.country.send(
        "mentorshipDisengage",
        mentorshipId=field.mentorship,
        mentorId=field.mentor_ids[2],
        reason="Transferred.",
        on=10,
    )
    counts, departs = await field.log(*field.mentors[:2], *field.mentees, on=20)
    assert counts
    assert departs == {"MENTOR_MISSING", "PLAN_NOT_SENT"}
    assert len(field.country.house.rows(VACANCY)) == 1


async def test_a_team_that_begins_with_two_is_agreed_and_counts() -> None:
    field = await (await under("ingobyi-hospital")).mentored(AREAS[:2], mentees=2)
    (row,) = field.country.house.rows(MENTORSHIP, id=field.mentorship)
    assert (row["agreed_on"], field.departs(field.mentorship)) == (
        day(0),
        {"TEAM_SIZE", "ONE_OF_EACH_AREA"},
    )
    assert (await field.log(*field.mentors, *field.mentees, on=5, mode="PHONE", minutes=10)) == (
        True,
        {"MENTOR_MISSING"},
    )


async def test_what_is_proved_at_a_centre_that_nobody_looked_at_is_proved() -> None:
    field = await (await under("ingobyi-health-centre")).mentored(["MNH"], mentees=1)
    framework = field.rules.frameworks[0]
    competency = framework.competencies[0]
    await field.country.send(
        "competencyAssess",
        on=10,
        enrolmentId=field.enrolments[0],
        competency=competency.code,
        assessorId=field.mentors[0],
        items=[{"item": one.code, "points": one.points} for one in competency.checklist],
        technique=True,
    )
    (row,) = field.country.house.rows(COMPETENCY_PROGRESS)
    assert row["validated_on"] == day(10)
    rules = {row["rule"]: row["counts"] for row in field.country.house.rows(DEVIATION)}
    assert rules == {"BASELINE_MISSING": True, "FACILITY_BASELINE_MISSING": True}


async def test_a_midwife_of_two_areas_has_two_centres_and_no_third() -> None:
    field = await under("ingobyi-health-centre")
    midwife = await field.person()
    mnh, neonatal = [await field.certified(midwife, area) for area in ("MNH", "NEONATAL")]
    made = []
    for mentor, area in ((mnh, "MNH"), (neonatal, "NEONATAL"), (neonatal, "NEONATAL")):
        mentee = await field.country.enrolment(await field.person(), area)
        made.append(await field.country.propose([mentor], [mentee]))
    assert [field.departs(one) for one in made] == [set(), set(), {"MENTOR_LOAD_REACHED"}]


# ── MANI ────────────────────────────────────────────────────────────────────────────────────────


async def coached() -> Field:
    """Return the coaching of three, after the opening workshop."""
    field = await (await under("mani-coaching")).mentored(["LEADERSHIP"], mentees=3)
    assert await field.log(*field.mentors, *field.mentees, on=1) == (True, set())
    await field.turn("COACH", on=2)
    return field


async def test_ten_strengths_are_homework_of_the_first_session() -> None:
    field = await coached()
    (coach,), (first, *_) = field.mentors, field.mentees
    assert await field.log(coach, first, on=5) == (True, set())
    assert await field.log(coach, first, on=15) == (True, {"DEVELOPMENT_PLAN_MISSING"})


async def test_a_task_team_meets_its_coach_and_who_missed_the_workshop_makes_up_alone() -> None:
    field = await coached()
    (coach,), (first, second, third) = field.mentors, field.mentees
    assert await field.log(coach, second, third, on=5) == (True, set())
    await field.turn("CLOSE", on=20)
    assert await field.log(coach, first, second, on=21) == (True, set())
    assert await field.log(coach, third, on=23) == (True, {"FORMAT_NOT_IN_PHASE"})


# ── South Africa ────────────────────────────────────────────────────────────────────────────────


async def test_a_nurse_asks_for_help_in_her_first_weeks() -> None:
    field = await (await under("south-africa-targeted")).mentored(["CLINICAL"], mentees=1)
    await field.country.send(
        "supportRequestRaise",
        mentorshipId=field.mentorship,
        healthWorkerId=field.mentees[0],
        topic="Viral load",
        question="It is high again. What comes first?",
        at=f"{day(3)}T09:00:00Z",
        on=3,
    )
    (row,) = field.country.house.rows(SUPPORT_REQUEST)
    assert row["status"] == "RAISED"


async def test_who_is_no_nurse_is_enrolled_in_nurses_care_and_is_on_the_list() -> None:
    field = await under("south-africa-targeted")
    clerk = await field.country.enrolment(await field.person("Data capturer"), "CLINICAL")
    assert field.departs(clerk) == {"CADRE_NOT_OF_AREA"}
    (row,) = field.country.house.rows(MENTEE, id=clerk)
    assert row["counts"]
    own = await field.country.enrolment(await field.person("Data capturer"), "DATA")
    assert field.departs(own) == set()


# ── Kenya ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("course", "departs"), [(None, True), ("HRM-COUNTIES", False)])
async def test_five_days_of_another_course_open_nothing(
    course: str | None, *, departs: bool
) -> None:
    field = await under("kenya-hrh-v4")
    officer = await field.person("Human resource officer")
    enrolment = await field.country.enrolment(officer, "HRM")
    for days, on in ((3, 1), (2, 4)):
        await field.country.send(
            "menteeTrain",
            enrolmentId=enrolment,
            training="Five days",
            days=days,
            **({"course": course} if course else {}),
            on=on,
        )
    mentor = await field.certified(await field.person("Manager"), "HRM")
    mentorship = await field.country.propose([mentor], [enrolment], on=10)
    assert ("NOT_TRAINED" in field.departs(mentorship)) is departs
