"""Real life, row by row of the handbook's page on the field: what is proved, and what was."""

from datetime import date
from typing import Any

from services.gateway.projections import (
    ASSESSMENT,
    CERTIFICATE,
    COMPETENCY_BASELINE,
    COMPETENCY_PROGRESS,
    DEVIATION,
    FACILITY_BASELINE,
    INDICATOR_SCORE,
    MENTEE,
    MENTOR,
    RECOGNITION,
    RIGHT_TO_MENTOR,
    SUPERSEDED_NUMBER,
)
from shared.contracts.definition import CascadeStep, Conduct, Gate, Validation
from shared.contracts.definition.assessment import (
    Basis,
    Certificate,
    End,
    Equivalence,
    FailedRetest,
)
from shared.domain import new_id
from tests.support.hospital import POORLY, Hospital
from tests.support.records import DRIVE, WATER

FAILED: dict[str, Any] = {"items": POORLY["HBB"]}
"""60 of 100 points."""


def scored(points: int) -> dict[str, Any]:
    """Return an attempt at `HBB` that comes to so many points out of 100."""
    return {
        "items": [{"item": "prepare", "points": points - 60}, {"item": "ventilate", "points": 60}]
    }


async def hospital(**changes: Any) -> Hospital:
    return await Hospital.built(**{"gates": (), "conduct": Conduct(), **changes})


def rule(**changes: Any) -> Validation:
    return Validation(threshold=85, technique=True, **changes)


def progress(of: Hospital) -> Any:
    (row,) = of.house.rows(COMPETENCY_PROGRESS)
    return row


def rights(of: Hospital) -> list[Any]:
    return of.house.gateway.tables.of(RIGHT_TO_MENTOR)


def rows(of: Hospital) -> dict[str, list[dict[str, Any]]]:
    """Return what is shown of proofs, without where it was told."""
    tables = (
        ASSESSMENT,
        COMPETENCY_PROGRESS,
        MENTEE,
        MENTOR,
        RIGHT_TO_MENTOR,
        DEVIATION,
        CERTIFICATE,
    )
    told = {"position", "validation_position", "competency_record_version", "record_version"}
    return {
        table.name: sorted(
            (
                {k: v for k, v in row.items() if k not in told}
                for row in of.house.gateway.tables.of(table)
            ),
            key=str,
        )
        for table in tables
    }


async def test_11_a_supervisor_tests_a_validated_nurse_again() -> None:
    here = await hospital()
    await here.assess("HBB", "2018-12-01")
    await here.assess("HBB", "2018-12-20", **FAILED)
    shown = progress(here)
    assert (shown["attempts"], shown["reached"], shown["raw"]) == (2, False, 60)
    assert shown["validated_on"] == date(2018, 12, 1), "recorded; the validation stands"


async def test_11_a_failed_spot_check_suspends_where_the_version_says_so() -> None:
    here = await hospital(validation=rule(failed_retest=FailedRetest.SUSPENDS))
    await here.assess("HBB", "2018-12-01")
    tried = await here.assess("HBB", "2018-12-20", **FAILED, dryRun=True)
    assert [each.code for each in tried.findings] == ["VALIDATION_FALLS"]
    await here.assess("HBB", "2018-12-20", **FAILED)
    shown = progress(here)
    assert (shown["validated_on"], shown["ended_by"]) == (None, "SUSPENDED")
    assert shown["ended_on"] == date(2018, 12, 20)
    await here.assess("HBB", "2018-12-28")
    assert progress(here)["validated_on"] == date(2018, 12, 28)


async def test_11_a_failed_spot_check_is_coached_before_the_next_or_only_kept() -> None:
    for failed_retest, departs in ((FailedRetest.COACHES, True), (FailedRetest.RECORDS, False)):
        here = await hospital(validation=rule(failed_retest=failed_retest, coaching_plan=True))
        await here.assess("HBB", "2018-12-01")
        await here.assess("HBB", "2018-12-20", **FAILED)
        await here.assess("HBB", "2018-12-28")
        deviations = [row["rule"] for row in here.house.rows(DEVIATION)]
        assert deviations == ["COACHING_PLAN_MISSING"] * departs


async def test_12_a_refresher_before_expiry_renews() -> None:
    here = await hospital(validation=rule(valid_months=12))
    await here.assess("HBB", "2018-12-01")
    await here.assess("HBB", "2019-10-01")
    shown = progress(here)
    assert (shown["validated_on"], shown["renewed_on"]) == (date(2018, 12, 1), date(2019, 10, 1))
    assert shown["valid_until"] == date(2020, 9, 30)
    this = {"enrolmentId": here.enrolment, "competency": "HBB"}
    assert await here.refused("competencyLapse", "2019-12-01", **this) == "STILL_VALID"


async def test_13_from_88_to_95_percent_for_the_cascade() -> None:
    step = CascadeStep(programme="test-hospital", area="RPA", validated=1, least_percent=95)
    here = await hospital(cascade=(step,))
    await here.assess("HBB", "2018-12-01", **scored(88))
    assert rights(here) == []
    await here.assess("HBB", "2018-12-20", **scored(95))
    (right,) = rights(here)
    assert (right["status"], right["earned_on"]) == ("HELD", date(2018, 12, 20))
    await here.assess("HBB", "2018-12-28", **scored(86))
    (right,) = rights(here)
    assert right["status"] == "HELD", "the best proof counts"


async def test_14_a_failed_attempt_of_february_arrives_after_the_pass_of_march() -> None:
    late, early = await hospital(), await hospital()
    await late.assess("HBB", "2019-03-12")
    await late.assess("HBB", "2019-02-03", **FAILED)
    await early.assess("HBB", "2019-02-03", **FAILED)
    await early.assess("HBB", "2019-03-12")
    for one in (late, early):
        shown = progress(one)
        assert (shown["attempts"], shown["assessed_on"]) == (2, date(2019, 3, 12))
        assert (shown["reached"], shown["validated_on"]) == (True, date(2019, 3, 12))
        (mentee,) = one.house.rows(MENTEE)
        assert mentee["last_assessed_on"] == date(2019, 3, 12)


async def test_14_an_earlier_pass_arrives_late() -> None:
    here = await hospital()
    await here.assess("HBB", "2019-03-12")
    await here.assess("PPH", "2019-03-12")
    await here.assess("HBB", "2019-02-03")
    (mentee,) = here.house.rows(MENTEE)
    assert (mentee["validated"], mentee["first_validated_on"]) == (2, date(2019, 2, 3))
    assert mentee["fully_validated_on"] == date(2019, 3, 12)


async def test_15_a_pre_test_was_mistyped() -> None:
    here = await hospital()
    test = {"enrolmentId": here.enrolment, "assessorId": here.mentor, "max": 20}
    await here.send("competencyBaselineAssess", "2018-11-20", **test, raw=81 // 10)
    again = {**test, "raw": 18, "assessedOn": "2018-11-21"}
    assert await here.refused("competencyBaselineCorrect", **again) == "REASON_MISSING"
    await here.send("competencyBaselineCorrect", **again, reason="18 was typed as 8.")
    (mentee,) = here.house.rows(MENTEE)
    assert (mentee["baseline_raw"], mentee["baseline_on"]) == (18, date(2018, 11, 21))


async def test_a_pre_test_that_comes_late_takes_the_deviation_back() -> None:
    here = await hospital(gates=(Gate.PRE_TEST,))
    await here.assess("HBB", "2018-12-01")
    (deviation,) = here.house.rows(DEVIATION)
    assert (deviation["rule"], deviation["counts"]) == ("BASELINE_MISSING", False)
    assert progress(here)["validated_on"] is None, "recorded, and proves nothing"
    test = {"enrolmentId": here.enrolment, "assessorId": here.mentor, "raw": 8, "max": 20}
    await here.send("competencyBaselineAssess", "2018-11-20", **test)
    assert here.house.rows(DEVIATION) == []
    assert progress(here)["validated_on"] == date(2018, 12, 1)


async def test_an_assessor_not_certified_that_day_is_recorded_and_proves_nothing() -> None:
    here = await hospital()
    await here.assess("HBB", assessorId=await _midwife(here))
    (attempt,) = here.house.rows(ASSESSMENT)
    assert (attempt["reached"], attempt["counts"]) == (True, False)
    (deviation,) = here.house.rows(DEVIATION)
    assert (deviation["rule"], deviation["stands"]) == ("ASSESSOR_NOT_CERTIFIED", True)
    assert progress(here)["validated_on"] is None


async def _midwife(here: Hospital) -> Any:
    midwife = new_id()
    await here.register(midwife, "Ineza")
    return midwife


async def test_a_checklist_is_used_to_learn_by() -> None:
    here = await hospital()
    await here.assess("HBB", formative=True, assessorId=await _midwife(here))
    (attempt,) = here.house.rows(ASSESSMENT)
    assert (attempt["formative"], attempt["reached"], attempt["raw"]) == (True, None, 100)
    assert here.house.rows(COMPETENCY_PROGRESS) == []
    assert here.house.rows(DEVIATION) == []
    await here.assess("HBB")
    assert (progress(here)["attempts"], progress(here)["validated_on"]) == (1, date(2018, 12, 1))


async def proved(**changes: Any) -> Hospital:
    """Return a nurse who is validated on all, mentors by that, and is certified."""
    step = CascadeStep(programme="test-hospital", area="RPA")
    terms = Certificate(name="Certificate", prefix="TEST", basis=Basis.VALIDATION)
    here = await hospital(cascade=(step,), certificate=terms, **changes)
    await here.assess("PPH", "2018-12-01")
    await here.assess("HBB", "2018-12-10")
    return here


def the_attempt(here: Hospital, **changes: Any) -> dict[str, Any]:
    return {
        "enrolmentId": here.enrolment,
        "competency": "HBB",
        "attempt": 1,
        "reason": "The paper says something else.",
        **changes,
    }


def said_again(here: Hospital, **changes: Any) -> dict[str, Any]:
    told = {**here.attempt("HBB"), "assessedOn": "2018-12-10", **changes}
    return the_attempt(here, **told)


async def test_a_score_was_mistyped_and_all_that_rests_on_it_is_named_and_falls() -> None:
    here = await proved()
    wrong = said_again(here, **FAILED)
    before = await here.house.history()
    tried = await here.send("competencyAttemptCorrect", "2019-01-15", **wrong, dryRun=True)
    assert await here.house.history() == before
    (certificate,) = here.house.rows(CERTIFICATE)
    assert [(each.code, each.severity, each.params) for each in tried.findings] == [
        ("VALIDATION_FALLS", "COUNT", {"competency": "HBB"}),
        ("RIGHT_TO_MENTOR_FALLS", "COUNT", {"tier": "test-hospital", "area": "RPA"}),
        (
            "CERTIFICATE_FALLS_IN_DOUBT",
            "COUNT",
            {"number": certificate["number"], "competency": "HBB"},
        ),
    ]
    await here.send("competencyAttemptCorrect", "2019-01-15", **wrong)
    (certificate,) = here.house.rows(CERTIFICATE)
    assert (certificate["status"], certificate["in_doubt_since"]) == ("ISSUED", date(2018, 12, 10))
    assert certificate["doubt_because"] == "HBB"
    (right,) = rights(here)
    assert (right["status"], right["lost_because"]) == ("LOST", "HBB")
    assert ("cascade", "mentorSuspend", "ok") in here.house.outcomes
    (mentee,) = here.house.rows(MENTEE)
    assert (mentee["validated"], mentee["fully_validated_on"]) == (1, None)


async def test_a_completion_by_validations_is_named_before_it_loses_its_ground() -> None:
    here = await hospital(end=End(validated="all"))
    await here.assess("PPH", "2018-12-01")
    await here.assess("HBB", "2018-12-10")
    (mentee,) = here.house.gateway.tables.of(MENTEE)
    assert mentee["completed_on"] == date(2018, 12, 10)
    void = the_attempt(here)
    tried = await here.send("competencyAttemptVoid", "2019-01-15", **void, dryRun=True)
    assert [each.code for each in tried.findings] == ["VALIDATION_FALLS", "COMPLETION_FALLS"]


async def test_a_correction_and_its_undoing_restore_every_row() -> None:
    here = await proved()
    before = rows(here)
    await here.send("competencyAttemptCorrect", "2019-01-15", **said_again(here, **FAILED))
    assert rows(here) != before
    await here.send("competencyAttemptCorrect", "2019-01-16", **said_again(here))
    assert rows(here) == before
    await here.send("competencyAttemptVoid", "2019-01-17", **the_attempt(here))
    assert rows(here) != before
    await here.send("competencyAttemptReinstate", "2019-01-18", **the_attempt(here))
    assert rows(here) == before
    assert [one for one in here.house.outcomes if one[1] == "mentorReinstate"][-1][2] == "ok"
    (certificate,) = here.house.rows(CERTIFICATE)
    assert certificate["in_doubt_since"] is None


async def test_what_is_voided_is_not_corrected_nor_voided_twice() -> None:
    here = await proved()
    this = the_attempt(here)
    assert await here.refused("competencyAttemptReinstate", **this) == "ATTEMPT_STANDS"
    unknown = the_attempt(here, attempt=2)
    assert await here.refused("competencyAttemptVoid", **unknown) == "ATTEMPT_UNKNOWN"
    await here.send("competencyAttemptVoid", **this)
    for name, wish in (
        ("competencyAttemptVoid", this),
        ("competencyAttemptCorrect", said_again(here)),
    ):
        assert await here.refused(name, **wish) == "ATTEMPT_VOIDED"


async def test_a_clerk_types_what_a_mentor_saw_and_the_mentor_signs() -> None:
    here = await hospital(validation=rule(countersigned=True))
    for subject, role, person in (
        ("clerk", "COORDINATOR", None),
        ("uwase", "MENTOR", here.mentor),
    ):
        await here.send(
            "accessGrantGive",
            "2018-10-01",
            subjectName=subject,
            role=role,
            orgUnitId=here.unit,
            healthWorkerId=person,
        )
    await here.assess("HBB", as_="clerk")
    (attempt,) = here.house.rows(ASSESSMENT)
    assert (attempt["recorded_by"], attempt["recorded_for_another"]) == ("clerk", True)
    assert (attempt["unsigned"], progress(here)["validated_on"]) == (True, None)
    this = {"enrolmentId": here.enrolment, "competency": "HBB", "attempt": 1}
    name = "competencyAttemptCountersign"
    assert await here.refused(name, **this, as_="clerk") == "SIGNED_BY_ANOTHER"
    await here.send(name, "2018-12-05", **this, as_="uwase")
    assert progress(here)["validated_on"] == date(2018, 12, 1), "by the day it was seen"
    assert await here.refused(name, **this, as_="uwase") == "ATTEMPT_NOT_UNSIGNED"
    await here.assess("PPH", as_="uwase")
    (own,) = [one for one in here.house.rows(ASSESSMENT) if one["competency"] == "PPH"]
    assert (own["recorded_for_another"], own["unsigned"]) == (False, False)


async def test_a_written_test_beside_the_checklist() -> None:
    here = await hospital(validation=rule(post_test=80))
    await here.assess("HBB", "2018-12-01")
    assert progress(here)["validated_on"] is None
    await here.assess("HBB", "2018-12-02", postTestRaw=15, postTestMax=20)
    assert progress(here)["validated_on"] is None
    attempt = here.attempt("HBB", postTestRaw=21, postTestMax=20)
    assert await here.refused("competencyAssess", **attempt) == "SCORE_BEYOND_MAXIMUM"
    half = here.attempt("HBB", postTestRaw=16)
    assert await here.refused("competencyAssess", **half) == "POST_TEST_INCOMPLETE"
    await here.assess("HBB", "2018-12-03", postTestRaw=16, postTestMax=20)
    assert progress(here)["validated_on"] == date(2018, 12, 3)


async def test_a_pre_test_in_one_competency() -> None:
    here = await hospital(gates=(Gate.PRE_TEST,))
    test = {"enrolmentId": here.enrolment, "assessorId": here.mentor, "raw": 8, "max": 20}
    await here.send("competencyBaselineAssess", "2018-11-20", **test, competency="HBB")
    assert await here.refused("competencyBaselineAssess", **test, competency="XYZ") == (
        "COMPETENCY_UNKNOWN"
    )
    again = {**test, "competency": "PPH", "assessedOn": "2018-11-20", "reason": "Mistyped."}
    assert await here.refused("competencyBaselineCorrect", **again) == "BASELINE_NOT_TAKEN"
    (row,) = here.house.rows(COMPETENCY_BASELINE)
    assert (row["competency"], row["raw"]) == ("HBB", 8)
    await here.assess("HBB")
    await here.assess("PPH")
    assert [row["rule"] for row in here.house.rows(DEVIATION)] == ["BASELINE_MISSING"]


async def test_an_indicators_score_is_corrected_voided_and_let_count_again() -> None:
    here = await hospital(indicators=(DRIVE,), end=End(indicators=True))
    this = {"enrolmentId": here.enrolment, "indicator": "drive"}
    why = {"reason": "Another paper."}
    await here.send("indicatorScore", "2018-12-01", **this, occasion="BASELINE", score=12)
    again = {**this, "round": 0, "score": 2, "scoredOn": "2018-12-01", **why}
    await here.send("indicatorCorrect", "2018-12-05", **again)
    wrong = {**again, "round": 1}
    assert await here.refused("indicatorCorrect", **wrong) == "SCORE_UNKNOWN"
    assert await here.refused("indicatorReinstate", **this, **why, round=0) == "SCORE_STANDS"
    await here.send("indicatorVoid", "2018-12-06", **this, **why, round=0)
    assert await here.refused("indicatorVoid", **this, **why, round=0) == "SCORE_VOIDED"
    follow_up = {**this, "occasion": "FOLLOW_UP", "score": 15}
    assert await here.refused("indicatorScore", **follow_up) == "INDICATOR_BASELINE_MISSING"
    await here.send("indicatorReinstate", "2018-12-07", **this, **why, round=0)
    await here.send("indicatorScore", "2018-12-20", **follow_up)
    assert ("completion", "menteeComplete", "ok") in here.house.outcomes
    void = {**this, **why, "round": 1}
    tried = await here.send("indicatorVoid", "2018-12-22", **void, dryRun=True)
    assert [each.code for each in tried.findings] == ["COMPLETION_FALLS"]
    scores = [(row["round"], row["score"], row["voided_on"]) for row in rows_of_scores(here)]
    assert scores == [(0, 2, None), (1, 15, None)]
    later = {**again, "scoredOn": "2018-12-25"}
    assert await here.refused("indicatorCorrect", **later) == "FOLLOW_UP_BEFORE_BASELINE"


def rows_of_scores(here: Hospital) -> list[Any]:
    return sorted(here.house.rows(INDICATOR_SCORE), key=lambda row: row["round"])


async def test_a_facilitys_baseline_is_corrected_voided_and_let_count_again() -> None:
    here = await hospital(facility_baseline=(WATER,), gates=(Gate.FACILITY_BASELINE,))
    this = {"orgUnitId": here.unit, "programmeVersionId": here.version}
    why = {"reason": "Another paper.", "attempt": 1}
    seen = {"areas": [{"area": "water", "items": [{"item": "tap", "points": 1}]}]}
    await here.send("facilityBaselineAssess", "2018-12-20", **this, **seen)
    again = {**this, **why, **seen, "assessedOn": "2018-11-20"}
    await here.send("facilityBaselineCorrect", **again)
    (row,) = here.house.rows(FACILITY_BASELINE)
    assert (row["assessed_on"], row["voided_on"]) == (date(2018, 11, 20), None)
    await here.assess("HBB", "2018-12-01")
    assert here.house.rows(DEVIATION) == [], "the day it was corrected to opens the gate"
    unknown = {**this, **why, "attempt": 2}
    assert await here.refused("facilityBaselineVoid", **unknown) == "LOOK_UNKNOWN"
    assert await here.refused("facilityBaselineReinstate", **this, **why) == "LOOK_STANDS"
    await here.send("facilityBaselineVoid", **this, **why)
    assert await here.refused("facilityBaselineCorrect", **again) == "LOOK_VOIDED"
    await here.assess("PPH", "2018-12-02")
    rules = [row["rule"] for row in here.house.rows(DEVIATION)]
    assert rules == ["FACILITY_BASELINE_MISSING"] * 2, "what was assessed before, too"
    await here.send("facilityBaselineReinstate", **this, **why)
    assert here.house.rows(DEVIATION) == []
    (row,) = here.house.rows(FACILITY_BASELINE)
    assert row["voided_on"] is None


async def test_36_a_certificate_revoked_by_mistake_is_issued_anew() -> None:
    here = await proved()
    (certificate,) = here.house.rows(CERTIFICATE)
    this = {"certificateId": certificate["id"], "reason": "It was another nurse's."}
    await here.send("certificateRevoke", "2019-01-10", **this)
    no_reason = {"certificateId": certificate["id"]}
    assert await here.refused("certificateReissue", **no_reason) == "REASON_MISSING"
    assert await here.refused("certificateReissue", **this) == "BEFORE_LAST_STEP"
    await here.send("certificateReissue", "2019-01-20", **this)
    (anew,) = here.house.rows(CERTIFICATE)
    assert (anew["status"], anew["revoked_on"]) == ("ISSUED", None)
    assert anew["supersedes"] == certificate["number"] != anew["number"]
    (old,) = here.house.rows(SUPERSEDED_NUMBER)
    assert (old["number"], old["superseded_by"]) == (certificate["number"], anew["number"])


async def test_36_a_new_name_supersedes_the_paper_that_says_the_old_one() -> None:
    here = await proved()
    (certificate,) = here.house.rows(CERTIFICATE)
    this = {"certificateId": certificate["id"], "reason": "She married."}
    for day in ("2019-06-01", "2019-07-01"):
        await here.send("certificateReissue", day, **this)
    (anew,) = here.house.rows(CERTIFICATE)
    assert anew["issued_on"] == date(2019, 7, 1)
    assert len({row["number"] for row in here.house.rows(SUPERSEDED_NUMBER)}) == 2
    await here.send("competencyAttemptVoid", **the_attempt(here))
    refused = await here.refused("certificateReissue", "2019-08-01", **this)
    assert refused == "NOT_FULLY_VALIDATED"


async def readmitted(here: Hospital) -> Any:
    """Withdraw the nurse and enrol her anew; return the new enrolment."""
    why = {"reason": "She went to another district."}
    await here.send("menteeWithdraw", "2019-01-10", enrolmentId=here.enrolment, **why)
    anew = await here.send(
        "menteeEnrol",
        "2019-06-01",
        healthWorkerId=here.mentee,
        cohortId=here.cohort,
        area="RAM",
    )
    return anew.id


def recognised(here: Hospital, anew: Any, **changes: Any) -> dict[str, Any]:
    return {
        "enrolmentId": anew,
        "competency": "HBB",
        "fromEnrolmentId": here.enrolment,
        "evidence": "Her checklist of December 2018, signed.",
        **changes,
    }


async def test_a_readmitted_mentee_starts_where_she_stood() -> None:
    here = await hospital(validation=rule(valid_months=12))
    await here.assess("HBB", "2018-12-01", **scored(95))
    anew = await readmitted(here)
    name = "competencyRecognise"
    await here.send(name, "2019-06-02", **recognised(here, anew))
    (shown,) = [row for row in here.house.rows(COMPETENCY_PROGRESS) if row["mentee_id"] == anew]
    assert (shown["validated_on"], shown["valid_until"]) == (date(2019, 6, 2), date(2019, 11, 30))
    assert (shown["raw"], shown["reached"]) == (95, True)
    (row,) = here.house.rows(RECOGNITION)
    assert (row["from_mentee_id"], row["proved_on"]) == (here.enrolment, date(2018, 12, 1))
    again = recognised(here, anew)
    assert await here.refused(name, "2019-06-03", **again) == "PROVED_HERE"
    void = {"enrolmentId": anew, "competency": "HBB", "attempt": 1, "reason": "A forgery."}
    await here.send("competencyAttemptVoid", "2019-06-04", **void)
    mentees = {row["id"]: row["validated"] for row in here.house.gateway.tables.of(MENTEE)}
    assert mentees == {here.enrolment: 1, anew: 0}


async def test_only_what_the_same_person_proved_and_the_programme_holds_for_the_same_counts() -> (
    None
):
    alike = Equivalence(framework="test-newborn", competency="HBB", counts_as="PPH")
    here = await hospital(recognises=(alike,), validation=rule(valid_months=12))
    await here.assess("HBB", "2018-12-01")
    await here.assess("PPH", "2018-12-01")
    anew = await readmitted(here)
    await here.send(
        "accessGrantGive",
        "2018-10-01",
        subjectName="keza",
        role="COORDINATOR",
        orgUnitId=here.unit,
        healthWorkerId=here.mentee,
    )
    name, day = "competencyRecognise", "2019-06-02"
    for changes, code in (
        ({"fromEnrolmentId": anew}, "PROVED_BY_ANOTHER"),
        ({"as_": "keza"}, "RECOGNISER_IS_MENTEE"),
        ({"fromCompetency": "XYZ"}, "NOT_PROVED_THERE"),
        ({"fromCompetency": "PPH"}, "NOT_EQUIVALENT"),
    ):
        assert await here.refused(name, day, **recognised(here, anew, **changes)) == code
    late = recognised(here, anew)
    assert await here.refused(name, "2019-12-01", **late) == "NOT_PROVED_THERE"
    await here.send(name, day, **recognised(here, anew, competency="PPH", fromCompetency="HBB"))
    (row,) = here.house.rows(RECOGNITION)
    assert (row["competency"], row["from_competency"]) == ("PPH", "HBB")


async def test_what_an_attempt_departs_from_again_has_the_values_of_its_sentence() -> None:
    here = await hospital(validation=rule(coaching_plan=True))
    await here.assess("HBB", "2018-12-01", **FAILED)
    await here.assess("HBB", "2018-12-20")
    (before,) = here.house.rows(DEVIATION)
    failed = {"enrolmentId": here.enrolment, "competency": "HBB", "attempt": 1, "reason": "No."}
    await here.send("competencyAttemptVoid", "2018-12-28", **failed)
    await here.send("competencyAttemptReinstate", "2018-12-28", **failed)
    (after,) = here.house.rows(DEVIATION)
    assert (after["stands"], after["params"]) == (True, before["params"])
