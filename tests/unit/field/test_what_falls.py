"""Real life: what a completion rested on is corrected, and nothing falls in silence."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from services.gateway.projections import (
    CERTIFICATE,
    COMPETENCY_PROGRESS,
    MENTEE,
    RECOGNITION,
    RIGHT_TO_MENTOR,
)
from shared.contracts.definition import CascadeStep, Conduct, Validation
from shared.contracts.definition.assessment import (
    ApprovalStep,
    Basis,
    Certificate,
    End,
    FailedRetest,
)
from tests.support.hospital import POORLY, Hospital
from tests.support.records import DRIVE

FAILED: dict[str, Any] = {"items": POORLY["HBB"]}
END = date(2018, 12, 10)
TERMS = Certificate(name="Certificate", prefix="TEST", basis=Basis.COMPLETION)


async def done(end: End | None = None, **changes: Any) -> Hospital:
    """Return a nurse who came to the end by her validations on the tenth of December."""
    changes = {"end": end or End(validated="all"), "certificate": TERMS, **changes}
    here = await Hospital.built(**{"gates": (), "conduct": Conduct(), **changes})
    await here.assess("PPH", "2018-12-01")
    await here.assess("HBB", END)
    assert mentee(here)["completed_on"] == END
    return here


def mentee(here: Hospital) -> Any:
    (row,) = here.house.gateway.tables.of(MENTEE)
    return row


def certificate(here: Hospital) -> Any:
    (row,) = here.house.gateway.tables.of(CERTIFICATE)
    return row


def shown(here: Hospital) -> Any:
    """Return every row of what is so now, without where each was told, and without what was told
    when.
    """
    told = ("position", "version", "policy")
    return {
        table: sorted(
            (
                {name: value for name, value in row.items() if not name.endswith(told)}
                for row in rows
            ),
            key=str,
        )
        for table, rows in here.house.everything()["gateway"].items()
        if not table.startswith(("audit", "command", "naming_nobody", "validation_fact"))
    }


def this(here: Hospital, **changes: Any) -> dict[str, Any]:
    about = {"enrolmentId": here.enrolment, "competency": "HBB", "attempt": 1}
    return about | {"reason": "The paper says something else."} | changes


def outcomes(here: Hospital, command: str) -> list[str]:
    return [outcome for _, name, outcome in here.house.outcomes if name == command]


async def void(here: Hospital, day: str) -> None:
    await here.send("competencyAttemptVoid", day, **this(here))


async def correct(here: Hospital, day: str) -> None:
    wrong = {**here.attempt("HBB"), "assessedOn": END, **FAILED}
    await here.send("competencyAttemptCorrect", day, **this(here, **wrong))


async def revoke(here: Hospital, day: str) -> None:
    about = this(here)
    del about["attempt"]
    await here.send("competencyRevoke", day, **about)


@pytest.mark.parametrize("take_back", [void, correct, revoke])
async def test_a_completion_is_reopened_with_a_validation_that_it_rested_on(take_back: Any) -> None:
    here = await done()
    await take_back(here, "2019-01-15")
    assert (mentee(here)["status"], mentee(here)["completed_on"]) == ("ENROLLED", None)
    assert certificate(here)["in_doubt_since"] is not None
    await here.assess("HBB", "2019-02-01")
    assert mentee(here)["completed_on"] == date(2019, 2, 1), "proved anew, she comes to it anew"
    assert certificate(here)["in_doubt_since"] is None


async def test_what_is_undone_restores_every_row() -> None:
    here = await done()
    before = shown(here)
    await void(here, "2019-01-15")
    assert shown(here) != before
    await here.send("competencyAttemptReinstate", "2019-01-16", **this(here))
    assert mentee(here)["completed_on"] == END, "she had come to the end on that day"
    assert shown(here) == before
    await correct(here, "2019-01-17")
    assert mentee(here)["completed_on"] is None
    right = {**here.attempt("HBB"), "assessedOn": END}
    await here.send("competencyAttemptCorrect", "2019-01-18", **this(here, **right))
    assert shown(here) == before


async def test_a_correction_that_is_dated_before_the_end_takes_its_ground_too() -> None:
    here = await done()
    await void(here, "2018-12-05")
    assert mentee(here)["status"] == "ENROLLED"


async def test_what_a_later_day_ends_held_on_the_day_of_the_end() -> None:
    rule = Validation(
        threshold=85, technique=True, valid_months=12, failed_retest=FailedRetest.SUSPENDS
    )
    here = await done(validation=rule)
    tried = await here.assess("HBB", "2019-03-01", **FAILED, dryRun=True)
    assert "COMPLETION_FALLS" not in [each.code for each in tried.findings]
    await here.assess("HBB", "2019-03-01", **FAILED)
    lapsed = {"enrolmentId": here.enrolment, "competency": "PPH"}
    await here.send("competencyLapse", "2019-12-02", **lapsed)
    assert mentee(here)["completed_on"] == END
    assert set(outcomes(here, "menteeReopen")) == {"STILL_COMPLETE"}


async def test_a_failed_attempt_that_comes_late_takes_the_ground_of_the_end() -> None:
    rule = Validation(threshold=85, technique=True, failed_retest=FailedRetest.SUSPENDS)
    here = await done(validation=rule)
    late: dict[str, Any] = {"items": [{"item": "oxytocin", "points": 1}]}
    tried = await here.assess("PPH", "2018-12-05", **late, dryRun=True)
    assert "COMPLETION_FALLS" in [each.code for each in tried.findings]
    await here.assess("PPH", "2018-12-05", **late)
    assert mentee(here)["status"] == "ENROLLED"


async def test_what_was_more_than_the_end_asks_is_not_told_to_take_its_ground() -> None:
    changes = {"gates": (), "conduct": Conduct(), "end": End(validated=1)}
    here = await Hospital.built(**changes)
    for competency in ("PPH", "HBB"):
        await here.assess(competency, "2018-12-01")
    tried = await here.send("competencyAttemptVoid", "2019-01-15", **this(here), dryRun=True)
    assert [each.code for each in tried.findings] == ["VALIDATION_FALLS"]
    await void(here, "2019-01-15")
    assert mentee(here)["status"] == "COMPLETED"
    assert outcomes(here, "menteeReopen") == ["STILL_COMPLETE"]


async def scored(certificate: Certificate = TERMS) -> Hospital:
    """Return a nurse who came to the end by an indicator that was scored twice."""
    changes: dict[str, Any] = {"indicators": (DRIVE,), "end": End(indicators=True)}
    changes |= {"gates": (), "conduct": Conduct(), "certificate": certificate}
    here = await Hospital.built(**changes)
    about = {"enrolmentId": here.enrolment, "indicator": "drive"}
    await here.send("indicatorScore", "2018-12-01", **about, occasion="BASELINE", score=2)
    await here.send("indicatorScore", END, **about, occasion="FOLLOW_UP", score=15)
    return here


async def test_a_completion_is_reopened_with_a_score_that_it_rested_on_and_stands_again() -> None:
    here = await scored()
    before, number = shown(here), certificate(here)["number"]
    score = {"enrolmentId": here.enrolment, "indicator": "drive", "round": 1, "reason": "No."}
    tried = await here.send("indicatorVoid", "2019-01-15", **score, dryRun=True)
    found = [(each.code, each.params.get("number")) for each in tried.findings]
    assert found == [("COMPLETION_FALLS", None), ("CERTIFICATE_FALLS_IN_DOUBT", number)]
    await here.send("indicatorVoid", "2019-01-15", **score)
    assert (mentee(here)["status"], mentee(here)["completed_on"]) == ("ENROLLED", None)
    doubt = certificate(here)
    assert (doubt["doubt"], doubt["in_doubt_since"]) == ("COMPLETION_REOPENED", date(2019, 1, 15))
    await here.send("indicatorReinstate", "2019-01-16", **score)
    assert shown(here) == before


async def test_a_certificate_whose_completion_is_reopened_is_not_issued_meanwhile() -> None:
    here = await scored()
    held = {"certificateId": certificate(here)["id"], "reason": "She married."}
    score = {"enrolmentId": here.enrolment, "indicator": "drive", "round": 1, "reason": "No."}
    await here.send("indicatorVoid", "2019-01-15", **score)
    assert await here.refused("certificateReissue", "2019-01-16", **held) == "NOT_COMPLETED"
    weigh = {"enrolmentId": here.enrolment}
    assert await here.refused("certificateWeigh", **weigh) == "CERTIFICATE_GROUND_UNCHANGED"


async def test_a_certificate_whose_completion_is_reopened_is_not_approved_meanwhile() -> None:
    here = await scored(replace(TERMS, approvals=(ApprovalStep(code="CHAIR", name="Chair"),)))
    step = {"certificateId": certificate(here)["id"], "step": "CHAIR"}
    score = {"enrolmentId": here.enrolment, "indicator": "drive", "round": 1, "reason": "No."}
    await here.send("indicatorVoid", "2019-01-15", **score)
    refused = await here.refused("certificateApprove", "2019-01-16", **step)
    assert refused == "CERTIFICATE_COMPLETION_REOPENED"
    await here.send("indicatorReinstate", "2019-01-17", **score)
    await here.send("certificateApprove", "2019-01-18", **step)
    assert certificate(here)["status"] == "ISSUED"


# ── what was recognised elsewhere ───────────────────────────────────────────────────────────────


async def recognised() -> tuple[Hospital, Any]:
    """Return a nurse who was enrolled anew, and what was recognised there in June 2019 of what
    she had proved; with the new enrolment.
    """
    terms = Certificate(name="Certificate", prefix="TEST", basis=Basis.VALIDATION)
    here = await Hospital.built(gates=(), conduct=Conduct(), certificate=terms)
    await here.assess("HBB", END)
    why = {"reason": "She went to another district."}
    await here.send("menteeWithdraw", "2019-01-10", enrolmentId=here.enrolment, **why)
    person = {"healthWorkerId": here.mentee, "cohortId": here.cohort, "area": "RAM"}
    anew = (await here.send("menteeEnrol", "2019-06-01", **person)).id
    await here.send(
        "competencyRecognise",
        "2019-06-02",
        enrolmentId=anew,
        competency="HBB",
        fromEnrolmentId=here.enrolment,
        evidence="Her checklist.",
    )
    await here.assess("PPH", "2019-06-03", enrolmentId=anew)
    return here, anew


def there(here: Hospital, anew: Any) -> Any:
    (row,) = [one for one in here.house.gateway.tables.of(MENTEE) if one["id"] == anew]
    return row


@pytest.mark.parametrize("take_back", [void, correct, revoke])
async def test_what_was_recognised_falls_with_what_it_rests_on(take_back: Any) -> None:
    here, anew = await recognised()
    assert (there(here, anew)["validated"], certificate(here)["in_doubt_since"]) == (2, None)
    await take_back(here, "2019-07-01")
    assert there(here, anew)["validated"] == 1
    assert certificate(here)["doubt_because"] == "HBB"
    (row,) = here.house.rows(RECOGNITION)
    assert row["fell_on"] == date(2019, 7, 1)


async def test_what_falls_elsewhere_is_named_before() -> None:
    here, anew = await recognised()
    tried = await here.send("competencyAttemptVoid", "2019-07-01", **this(here), dryRun=True)
    assert [(each.code, each.params) for each in tried.findings] == [
        ("VALIDATION_FALLS", {"competency": "HBB"}),
        ("RECOGNITION_FALLS", {"mentee": str(anew), "competency": "HBB"}),
    ]


async def test_what_was_recognised_stands_again_with_what_it_rests_on() -> None:
    here, _ = await recognised()
    before = shown(here)
    await void(here, "2019-07-01")
    await here.send("competencyAttemptReinstate", "2019-07-02", **this(here))
    assert shown(here) == before
    await correct(here, "2019-07-03")
    assert shown(here) != before
    right = {**here.attempt("HBB"), "assessedOn": END}
    await here.send("competencyAttemptCorrect", "2019-07-04", **this(here, **right))
    assert shown(here) == before
    weigh = {"enrolmentId": here.enrolment, "competency": "HBB"}
    assert await here.refused("competencyRecognitionWeigh", **weigh) == "RECOGNITIONS_HOLD"


async def test_a_score_that_is_corrected_is_another_where_it_was_recognised() -> None:
    here, anew = await recognised()
    items = [{"item": "prepare", "points": 30}, {"item": "ventilate", "points": 60}]
    again = {**here.attempt("HBB"), "assessedOn": END, "items": items}
    await here.send("competencyAttemptCorrect", "2019-07-01", **this(here, **again))
    (row,) = here.house.rows(RECOGNITION)
    assert (row["raw"], row["fell_on"]) == (90, None)
    shown = here.house.gateway.tables.of(COMPETENCY_PROGRESS, mentee_id=anew, competency="HBB")
    assert [(one["raw"], one["validated_on"]) for one in shown] == [(90, date(2019, 6, 2))]


async def test_a_score_that_is_corrected_is_what_a_right_is_weighed_by() -> None:
    step = CascadeStep(programme="test-hospital", area="RPA", validated=1, least_percent=95)
    here = await Hospital.built(gates=(), conduct=Conduct(), cascade=(step,))
    await here.assess("HBB", END)
    (right,) = here.house.gateway.tables.of(RIGHT_TO_MENTOR)
    assert right["status"] == "HELD"
    items = [{"item": "prepare", "points": 30}, {"item": "ventilate", "points": 60}]
    again = {**here.attempt("HBB"), "assessedOn": END, "items": items}
    await here.send("competencyAttemptCorrect", "2019-07-01", **this(here, **again))
    (right,) = here.house.gateway.tables.of(RIGHT_TO_MENTOR)
    assert right["status"] == "LOST", "90 are not 95 of 100"
