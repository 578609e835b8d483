"""Commands on competency records, through the house: who may, when, and what follows elsewhere."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from services.validation.aggregates.competency_record import record_id
from shared.contracts.definition import CascadeStep, ChecklistItem, Gate, Validation
from shared.contracts.definition.assessment import BaselineArea
from shared.contracts.validation.competency_record import (
    AssessmentRecorded,
    CompetencyRevoked,
    RightToMentorEarned,
    RightToMentorLost,
)
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.definitions import definition
from tests.support.hospital import DAY, POORLY, WELL, Hospital

WATER = BaselineArea(
    code="water",
    name="Infrastructure",
    items=(ChecklistItem(code="tap", text="Water runs", points=1),),
)
FAILED: dict[str, Any] = {"items": POORLY["HBB"]}


async def told(hospital: Hospital, kind: type[Any]) -> list[Any]:
    events = await hospital.house.events(record_id(hospital.enrolment))
    return [body for body in events if isinstance(body, kind)]


async def test_without_a_framework_nothing_is_assessed() -> None:
    areas = tuple(
        replace(area, framework=None, framework_version=None) for area in definition().areas
    )
    hospital = await Hospital.built(areas=areas, frameworks=(), validation=None, gates=())
    assert await hospital.refused("competencyAssess", **hospital.attempt("HBB")) == "NO_FRAMEWORK"
    pre_test = {"enrolmentId": hospital.enrolment, "assessorId": hospital.mentor, "raw": 1}
    assert await hospital.refused("competencyBaselineAssess", **pre_test, max=2) == "NO_FRAMEWORK"


async def test_with_a_framework_but_no_rule_attempts_are_kept_and_prove_nothing() -> None:
    hospital = await Hospital.built(validation=None, gates=())
    await hospital.assess("HBB")
    await hospital.assess("HBB")
    assert [e.reached for e in await told(hospital, AssessmentRecorded)] == [None, None]


async def test_a_mentor_assesses_from_certification_on_and_not_while_suspended() -> None:
    hospital = await Hospital.built(gates=())
    mentor = {"mentorId": hospital.mentor_record, "reason": "Leave."}
    await hospital.send("mentorSuspend", "2018-12-10", **mentor)
    await hospital.send("mentorReinstate", "2018-12-20", **mentor)
    attempt = hospital.attempt("HBB", **FAILED)
    code = await hospital.refused("competencyAssess", "2018-12-10", **attempt)
    assert code == "ASSESSOR_NOT_CERTIFIED"
    for day in ("2018-12-09", "2018-12-20"):
        await hospital.send("competencyAssess", day, **attempt)


async def test_neither_the_mentee_nor_a_mentor_of_another_area_assesses() -> None:
    hospital = await Hospital.built(gates=())
    other = new_id()
    await hospital.register(other, "Ineza")
    await hospital.certify(new_id(), other, area="RPA")
    by_other = hospital.attempt("HBB", assessorId=other)
    assert await hospital.refused("competencyAssess", **by_other) == "ASSESSOR_NOT_CERTIFIED"
    by_self = hospital.attempt("HBB", assessorId=hospital.mentee)
    assert await hospital.refused("competencyAssess", **by_self) == "ASSESSOR_IS_MENTEE"


async def test_gates_open_with_the_pre_test_and_the_facilitys_baseline() -> None:
    gates = (Gate.PRE_TEST, Gate.FACILITY_BASELINE)
    hospital = await Hospital.built(gates=gates, facility_baseline=(WATER,))
    attempt = hospital.attempt("HBB")
    assert await hospital.refused("competencyAssess", **attempt) == "BASELINE_MISSING"
    await hospital.send(
        "competencyBaselineAssess",
        enrolmentId=hospital.enrolment,
        assessorId=hospital.mentor,
        raw=3,
        max=20,
    )
    assert await hospital.refused("competencyAssess", **attempt) == "FACILITY_BASELINE_MISSING"
    await hospital.send(
        "facilityBaselineAssess",
        orgUnitId=hospital.unit,
        programmeVersionId=hospital.version,
        areas=[{"area": "water", "items": [{"item": "tap", "points": 1}]}],
    )
    await hospital.send("competencyAssess", **attempt)


async def test_in_a_batch_the_pre_test_opens_the_gate_for_what_stands_after_it() -> None:
    hospital = await Hospital.built(gates=(Gate.PRE_TEST,))
    pre_test = {"enrolmentId": hospital.enrolment, "assessorId": hospital.mentor, "raw": 3}
    attempt = hospital.attempt("HBB", **FAILED)
    day = {"occurredOn": DAY}
    outcomes = await hospital.house.batch(
        [
            ("competencyAssess", attempt | day),
            ("competencyBaselineAssess", pre_test | {"max": 20} | day),
            *[("competencyAssess", attempt | day)] * 3,
        ]
    )
    codes = [one.problem and one.problem.code for one in outcomes]
    assert codes == ["BASELINE_MISSING", None, None, None, None]


async def test_where_the_programme_asks_a_failed_attempt_is_coached_before_the_next() -> None:
    rule = Validation(threshold=85, technique=True, coaching_plan=True)
    hospital = await Hospital.built(validation=rule, gates=())
    plan = {
        "enrolmentId": hospital.enrolment,
        "competency": "HBB",
        "actions": ["Ventilate a doll, ten times a day"],
    }
    assert await hospital.refused("competencyCoach", **plan) == "NOT_FOUND"
    await hospital.assess("HBB", **FAILED)
    attempt = hospital.attempt("HBB")
    assert await hospital.refused("competencyAssess", **attempt) == "COACHING_PLAN_MISSING"
    await hospital.send("competencyCoach", **plan)
    assert await hospital.refused("competencyCoach", **plan) == "COACHING_PLAN_THERE"
    await hospital.send("competencyAssess", **attempt)
    assert await hospital.refused("competencyCoach", **plan) == "NO_FAILED_ATTEMPT"


async def test_a_validation_is_revoked_for_a_reason_and_proved_anew() -> None:
    hospital = await Hospital.built(gates=())
    this = {"enrolmentId": hospital.enrolment, "competency": "HBB"}
    why = {"reason": "Seen to fail on the ward."}
    assert await hospital.refused("competencyRevoke", **this, **why) == "NOT_FOUND"
    await hospital.assess("HBB")
    assert await hospital.refused("competencyRevoke", **this) == "REASON_MISSING"
    await hospital.send("competencyRevoke", **this, **why)
    assert await hospital.refused("competencyRevoke", **this, **why) == "NOT_VALIDATED"
    assert [e.validated for e in await told(hospital, CompetencyRevoked)] == [0]
    await hospital.assess("HBB")


async def test_a_validation_lapses_after_its_last_day() -> None:
    rule = Validation(threshold=85, technique=True, valid_months=6)
    hospital = await Hospital.built(validation=rule, gates=())
    this = {"enrolmentId": hospital.enrolment, "competency": "HBB"}
    await hospital.assess("HBB")
    assert await hospital.refused("competencyLapse", "2019-05-31", **this) == "STILL_VALID"
    await hospital.send("competencyLapse", "2019-06-01", **this)
    assert await hospital.refused("competencyLapse", "2019-06-02", **this) == "NOT_VALIDATED"


async def test_what_has_no_last_day_never_lapses() -> None:
    hospital = await Hospital.built(gates=())
    await hospital.assess("HBB")
    this = {"enrolmentId": hospital.enrolment, "competency": "HBB"}
    code = await hospital.refused("competencyLapse", "2020-01-01", **this)
    assert code == "VALIDATION_NEVER_LAPSES"


async def test_who_withdrew_is_assessed_no_more() -> None:
    hospital = await Hospital.built(gates=())
    await hospital.send(
        "menteeWithdraw", "2018-12-05", enrolmentId=hospital.enrolment, reason="Moved abroad."
    )
    attempt = hospital.attempt("HBB")
    assert await hospital.refused("competencyAssess", "2018-12-05", **attempt) == "ENROLMENT_OVER"
    await hospital.send("competencyAssess", "2018-12-04", **attempt)


async def test_an_attempt_is_told_of_the_facility_of_its_day() -> None:
    hospital = await Hospital.built(gates=())
    centre = new_id()
    await hospital.send(
        "orgUnitEstablish", "2018-10-01", id=centre, code="C2", name="Centre", unitKind="FACILITY"
    )
    await hospital.send(
        "healthWorkerTransfer",
        "2018-12-15",
        healthWorkerId=hospital.mentee,
        orgUnitId=centre,
    )
    await hospital.send("menteeTransfer", "2018-12-15", enrolmentId=hospital.enrolment)
    await hospital.assess("HBB", "2018-12-16", **FAILED)
    await hospital.assess("HBB", "2018-12-14", **FAILED)
    attempts = await told(hospital, AssessmentRecorded)
    assert [(e.assessed_on, e.org_unit_id) for e in attempts] == [
        (date(2018, 12, 16), centre),
        (date(2018, 12, 14), hospital.unit),
    ]


async def test_a_mentor_of_another_facility_records_nothing_here() -> None:
    hospital = await Hospital.built(gates=())
    elsewhere = new_id()
    await hospital.send(
        "orgUnitEstablish", "2018-10-01", id=elsewhere, code="E", name="E", unitKind="FACILITY"
    )
    for subject, unit in (("far", elsewhere), ("near", hospital.unit)):
        await hospital.send(
            "accessGrantGive", "2018-10-01", subjectName=subject, role="MENTOR", orgUnitId=unit
        )
    attempt = hospital.attempt("HBB")
    assert await hospital.refused("competencyAssess", as_="far", **attempt) == "ACCESS_DENIED"
    await hospital.send("competencyAssess", as_="near", **attempt)
    this = {"enrolmentId": hospital.enrolment, "competency": "HBB", "reason": "No."}
    assert await hospital.refused("competencyRevoke", as_="near", **this) == "ACCESS_DENIED"


@pytest.mark.parametrize("validated", [1, "all"])
async def test_the_right_to_mentor_nominates_in_the_tier_below_and_is_lost_with_its_cause(
    validated: Any,
) -> None:
    step = CascadeStep(programme="test-hospital", area="RPA", validated=validated)
    hospital = await Hospital.built(gates=(), cascade=(step,))
    await hospital.assess("HBB")
    assert len(await told(hospital, RightToMentorEarned)) == (validated == 1)
    await hospital.assess("PPH")
    (earned,) = await told(hospital, RightToMentorEarned)
    assert ("cascade", "mentorNominateByCascade", "ok") in hospital.house.outcomes
    assert earned.because == (("HBB",) if validated == 1 else ("HBB", "PPH"))
    for competency in WELL:
        await hospital.send(
            "competencyRevoke",
            enrolmentId=hospital.enrolment,
            competency=competency,
            reason="Seen to fail.",
        )
    (lost,) = await told(hospital, RightToMentorLost)
    assert lost.because == ("PPH" if validated == 1 else "HBB")
    assert lost.lost_on == DAY


async def test_an_attempt_is_held_against_the_rules_of_its_day() -> None:
    hospital = await Hospital.built(gates=())
    lenient = replace(
        definition(), version=2, gates=(), validation=Validation(threshold=60, technique=True)
    )
    published = await hospital.send(
        "programmePublish", "2018-12-01", definition=msgspec.json.encode(lenient).decode()
    )
    await hospital.send(
        "menteeMoveToVersion",
        "2018-12-10",
        enrolmentId=hospital.enrolment,
        programmeVersionId=published.id,
        reason="The rules were revised.",
    )
    await hospital.assess("HBB", "2018-12-09", **FAILED)
    await hospital.assess("HBB", "2018-12-10", **FAILED)
    attempts = await told(hospital, AssessmentRecorded)
    assert [(e.raw, e.reached, e.programme_version_id) for e in attempts] == [
        (60, False, hospital.version),
        (60, True, published.id),
    ]


async def test_the_pre_test_is_taken_once_and_within_its_points() -> None:
    hospital = await Hospital.built()
    test = {"enrolmentId": hospital.enrolment, "assessorId": hospital.mentor, "max": 20}
    code = await hospital.refused("competencyBaselineAssess", **test, raw=21)
    assert code == "SCORE_BEYOND_MAXIMUM"
    await hospital.send("competencyBaselineAssess", **test, raw=8)
    assert await hospital.refused("competencyBaselineAssess", **test, raw=9) == "BASELINE_TAKEN"


async def test_only_the_frameworks_own_competencies_are_assessed() -> None:
    hospital = await Hospital.built(gates=())
    unknown = {**hospital.attempt("HBB"), "competency": "XYZ"}
    assert await hospital.refused("competencyAssess", **unknown) == "COMPETENCY_UNKNOWN"


async def test_a_published_framework_never_changes() -> None:
    hospital = await Hospital.built()
    fields = msgspec.to_builtins(definition().frameworks[0])
    fields["frameworkVersion"] = fields.pop("version")
    assert await hospital.refused("frameworkPublish", **fields) == "FRAMEWORK_VERSION_PUBLISHED"


async def test_what_came_to_its_last_day_lapses_by_itself_on_a_new_day() -> None:
    rule = Validation(threshold=85, technique=True, valid_months=1)
    hospital = await Hospital.built(gates=(), validation=rule)
    await hospital.assess("PPH")
    await hospital.house.new_day()
    outcomes = [one for one in hospital.house.outcomes if one[0] == "lapses"]
    assert outcomes == [("lapses", "competencyLapse", "ok")]
    await hospital.house.new_day()
    assert [one for one in hospital.house.outcomes if one[0] == "lapses"] == outcomes


async def test_what_holds_for_good_never_comes_up_on_a_new_day() -> None:
    hospital = await Hospital.built(gates=())
    await hospital.assess("PPH")
    await hospital.house.new_day()
    assert not [one for one in hospital.house.outcomes if one[0] == "lapses"]


async def another_record(hospital: Hospital, of: UUID) -> UUID:
    """Return another record of a person, merged into theirs."""
    alias = new_id()
    await hospital.register(alias, "Uwera")
    await hospital.send(
        "healthWorkerMerge", healthWorkerId=alias, intoId=of, reason="They are one person."
    )
    return alias


async def test_an_assessor_named_by_another_of_their_records_is_the_mentor() -> None:
    hospital = await Hospital.built(gates=())
    alias = await another_record(hospital, hospital.mentor)
    await hospital.assess("HBB", assessorId=alias)
    (attempt,) = await told(hospital, AssessmentRecorded)
    assert attempt.assessor_id == hospital.mentor


async def test_nobody_assesses_themselves_under_another_record() -> None:
    hospital = await Hospital.built(gates=())
    alias = await another_record(hospital, hospital.mentee)
    code = await hospital.refused("competencyAssess", **hospital.attempt("HBB", assessorId=alias))
    assert code == "ASSESSOR_IS_MENTEE"


async def test_an_assessor_who_may_not_is_called_by_the_number_that_stands() -> None:
    hospital = await Hospital.built(gates=())
    survivor = await hospital.send(
        "healthWorkerRegister",
        givenNames="Mutesi",
        familyName="Mutesi",
        number="N-79",
        cadre="NURSE",
        orgUnitId=hospital.unit,
    )
    alias = await another_record(hospital, survivor.id)
    with pytest.raises(MshauriError) as refused:
        await hospital.assess("HBB", assessorId=alias)
    assert refused.value.code == "ASSESSOR_NOT_CERTIFIED"
    assert "N-79" in str(refused.value)
