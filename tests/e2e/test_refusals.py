"""What rules refuse, through the public API: one small mentorship, and ways to get it wrong, under
a file that asks for letters and refuses every departure.

Each refusal is a `userError` with its code and field, and nothing of it is written.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from mshauri.api import Api, UserError, Wish
from mshauri.programme import publish_wishes
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from shared.contracts.definition import Competency, Definition
from shared.domain import derived_id
from shared.programmes.file import read_programme
from tests.support.servers import temporary_directory
from tests.support.strict import strict

FILE = Path(__file__).parents[2] / "programmes" / "ingobyi-hospital.yaml"
ENROLLED, AGREED, LATER = "2018-10-05", "2018-10-10", "2018-11-20"

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(300),
    pytest.mark.slow,
]


@dataclass
class Hospital:
    """One hospital with a team of three, two mentees, and a mentorship that lacks a signature."""

    api: Api
    rules: Definition
    unit: UUID = field(default_factory=uuid4)
    cohort: UUID = field(default_factory=uuid4)
    mentorship: UUID = field(default_factory=uuid4)
    mentors: dict[str, UUID] = field(default_factory=dict)
    mentees: list[UUID] = field(default_factory=list)
    enrolments: list[UUID] = field(default_factory=list)
    positions: list[str] = field(default_factory=list)

    async def record(self, asked: str, on: str, **fields: Any) -> None:
        """Send a command that must be recorded."""
        assert await self.refused(asked, on, **fields) == ()

    async def refused(self, asked: str, on: str, **fields: Any) -> tuple[UserError, ...]:
        """Send a command; return why it was refused."""
        command = {
            "commandId": str(uuid4()),
            "occurredOn": on,
            "after": [at for at in self.positions if at.startswith("registry.")],
            **fields,
        }
        (answer,) = await self.api.send([Wish(asked, command)])
        self.positions += answer.positions
        return answer.errors

    @property
    def competency(self) -> Competency:
        """The first competency of the first mentee's area."""
        area = self.rules.areas[0]
        framework = next(one for one in self.rules.frameworks if one.code == area.framework)
        return framework.competencies[0]

    def scores(self, **changes: int) -> list[dict[str, Any]]:
        """Return full points for every item, but for the changes."""
        return [
            {"item": item.code, "points": changes.get(item.code, item.points)}
            for item in self.competency.checklist
        ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hospital() -> AsyncIterator[Hospital]:
    """A running stack with one hospital in it."""
    # Plans and baselines have tests of their own: what is refused here comes after them.
    file = FILE.read_text(encoding="utf-8")
    text = strict(file).replace("FACILITY_BASELINE, PLAN_SENT", "SIGNATURES")
    rules = read_programme(text)
    assert isinstance(rules, Definition)
    with temporary_directory() as directory:
        async with Stack(directory, environ={}) as stack:
            token = DevelopmentIssuer(directory).mint(OPERATOR)
            async with Api(stack.gateway_url, token) as api:
                for wish in publish_wishes(text, rules):
                    (answer,) = await api.send([wish])
                    assert answer.recorded
                hospital = Hospital(api, rules)
                await _furnish(hospital)
                yield hospital


async def _furnish(hospital: Hospital) -> None:
    rules = hospital.rules
    version = str(derived_id("programme_version", rules.programme, rules.version))
    unit = str(hospital.unit)
    await hospital.record(
        "orgUnitEstablish",
        "2018-01-01",
        id=unit,
        code="RW-H",
        name="Hospital",
        unitKind="FACILITY",
    )
    await hospital.record(
        "cohortOpen",
        "2018-10-01",
        id=str(hospital.cohort),
        programmeVersionId=version,
        code="FY19",
        name="FY 2019",
        orgUnitId=unit,
        starts="2018-10-01",
        ends="2019-09-30",
    )
    await hospital.record("cohortStart", "2018-10-01", cohortId=str(hospital.cohort))

    async def person() -> str:
        id = str(uuid4())
        await hospital.record(
            "healthWorkerRegister",
            "2018-01-01",
            id=id,
            givenNames="Given",
            familyName="Family",
            cadre="Midwife",
            orgUnitId=unit,
        )
        return id

    team = []
    for area in rules.areas:
        worker, mentor = await person(), str(uuid4())
        hospital.mentors[area.code] = UUID(worker)
        team.append(mentor)
        await hospital.record(
            "mentorNominate",
            "2018-10-01",
            id=mentor,
            healthWorkerId=worker,
            programmeVersionId=version,
            area=area.code,
            criteria=[one.code for one in rules.selection],
        )
        await hospital.record(
            "mentorOrient", "2018-10-02", mentorId=mentor, theory=100, practical=100
        )
        await hospital.record("mentorCertify", "2018-10-03", mentorId=mentor)
    for _ in range(2):
        worker, enrolment = await person(), str(uuid4())
        hospital.mentees.append(UUID(worker))
        hospital.enrolments.append(UUID(enrolment))
        await hospital.record(
            "menteeEnrol",
            ENROLLED,
            id=enrolment,
            healthWorkerId=worker,
            cohortId=str(hospital.cohort),
            area=rules.areas[0].code,
        )
    await hospital.record(
        "mentorshipPropose",
        "2018-10-08",
        id=str(hospital.mentorship),
        cohortId=str(hospital.cohort),
        orgUnitId=unit,
        mentorIds=team,
        enrolmentIds=[str(id) for id in hospital.enrolments],
    )
    for signer in [*hospital.mentors.values(), hospital.mentees[0]]:
        await hospital.record(
            "mentorshipSign",
            AGREED,
            mentorshipId=str(hospital.mentorship),
            healthWorkerId=str(signer),
        )


def session(hospital: Hospital, **changes: Any) -> dict[str, Any]:
    present = [*hospital.mentors.values(), *hospital.mentees]
    return {
        "mentorshipId": str(hospital.mentorship),
        "mode": "IN_PERSON",
        "minutes": hospital.rules.minutes.target,
        "present": [str(one) for one in present],
        **changes,
    }


def attempt(hospital: Hospital, **changes: Any) -> dict[str, Any]:
    return {
        "enrolmentId": str(hospital.enrolments[0]),
        "competency": hospital.competency.code,
        "assessorId": str(hospital.mentors[hospital.rules.areas[0].code]),
        "items": hospital.scores(),
        "technique": True,
        **changes,
    }


async def test_no_session_before_the_last_signature(hospital: Hospital) -> None:
    (error,) = await hospital.refused("sessionLog", LATER, **session(hospital))
    assert (error.code, error.field) == ("MENTORSHIP_NOT_SIGNED", "mentorshipId")
    await hospital.record(
        "mentorshipSign",
        AGREED,
        mentorshipId=str(hospital.mentorship),
        healthWorkerId=str(hospital.mentees[1]),
    )
    await hospital.record("sessionLog", LATER, **session(hospital))


async def test_nobody_signs_twice(hospital: Hospital) -> None:
    (error,) = await hospital.refused(
        "mentorshipSign",
        AGREED,
        mentorshipId=str(hospital.mentorship),
        healthWorkerId=str(hospital.mentees[0]),
    )
    assert (error.code, error.field) == ("ALREADY_SIGNED", "healthWorkerId")


async def test_no_observation_without_consent(hospital: Hospital) -> None:
    step = next(step.code for step in hospital.rules.visit_steps if step.needs_consent)
    (error,) = await hospital.refused("sessionLog", LATER, **session(hospital, steps=[step]))
    assert (error.code, error.field) == ("CONSENT_MISSING", "consentRecorded")


async def test_no_session_shorter_than_the_programme_counts(hospital: Hospital) -> None:
    (error,) = await hospital.refused("sessionLog", LATER, **session(hospital, minutes=1))
    assert (error.code, error.field) == ("SESSION_TOO_SHORT", "minutes")


async def test_one_active_enrolment_a_person_and_area(hospital: Hospital) -> None:
    (error,) = await hospital.refused(
        "menteeEnrol",
        ENROLLED,
        healthWorkerId=str(hospital.mentees[0]),
        cohortId=str(hospital.cohort),
        area=hospital.rules.areas[0].code,
    )
    assert (error.code, error.field) == ("ALREADY_TAKEN", "healthWorkerId")


async def test_no_assessment_before_the_pre_test(hospital: Hospital) -> None:
    (error,) = await hospital.refused("competencyAssess", LATER, **attempt(hospital))
    assert (error.code, error.field) == ("BASELINE_MISSING", "enrolmentId")
    await hospital.record(
        "competencyBaselineAssess",
        AGREED,
        enrolmentId=str(hospital.enrolments[0]),
        assessorId=attempt(hospital)["assessorId"],
        raw=8,
        max=20,
    )


async def test_a_mentor_does_not_assess_herself(hospital: Hospital) -> None:
    herself = attempt(hospital, assessorId=str(hospital.mentees[0]))
    errors = await hospital.refused("competencyAssess", LATER, **herself)
    assert [(error.code, error.field) for error in errors] == [
        ("ASSESSOR_IS_MENTEE", "assessorId"),
        ("ASSESSOR_NOT_CERTIFIED", "assessorId"),
    ], "every reason is told"


async def test_a_mentor_of_another_area_does_not_assess(hospital: Hospital) -> None:
    other = str(hospital.mentors[hospital.rules.areas[1].code])
    (error,) = await hospital.refused(
        "competencyAssess", LATER, **attempt(hospital, assessorId=other)
    )
    assert (error.code, error.field) == ("ASSESSOR_NOT_CERTIFIED", "assessorId")


async def test_no_score_beyond_the_maximum(hospital: Hospital) -> None:
    first = hospital.competency.checklist[0]
    items = hospital.scores(**{first.code: first.points + 1})
    (error,) = await hospital.refused("competencyAssess", LATER, **attempt(hospital, items=items))
    assert (error.code, error.field) == ("SCORE_BEYOND_MAXIMUM", "items[0].points")


async def test_an_id_of_the_wrong_kind_is_named(hospital: Hospital) -> None:
    (error,) = await hospital.refused(
        "competencyAssess", LATER, **attempt(hospital, enrolmentId="T3JnVW5pdDox")
    )
    assert (error.code, error.field) == ("WRONG_ID_KIND", "enrolmentId")
