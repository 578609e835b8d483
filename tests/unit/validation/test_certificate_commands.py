"""Commands on certificates, through the house: earned, recommended by policy, approved, revoked."""

from typing import Any

import pytest

from services.gateway.projections import CERTIFICATE
from services.validation.aggregates.certificate import certificate_id
from shared.contracts.base import commands
from shared.contracts.definition import Validation
from shared.contracts.definition.assessment import (
    ApprovalStep,
    Approver,
    ApproverRole,
    Basis,
    Certificate,
    End,
)
from shared.contracts.validation.certificate import (
    CertificateDoubted,
    CertificateDoubtEnded,
    CertificateIssued,
)
from shared.domain import new_id
from tests.support.hospital import Hospital

STEPS = (ApprovalStep(code="district", name="D"), ApprovalStep(code="ministry", name="M"))


def terms(basis: Basis, *steps: ApprovalStep) -> Certificate:
    return Certificate(name="Certificate", prefix="TEST", basis=basis, approvals=steps)


async def hospital_with(certificate: Certificate | None, **changes: Any) -> Hospital:
    hospital = await Hospital.built(gates=(), certificate=certificate, **changes)
    for subject, role in (("amina", "ADMINISTRATOR"), ("juma", "COORDINATOR")):
        await hospital.send(
            "accessGrantGive", "2018-10-01", subjectName=subject, role=role, orgUnitId=hospital.unit
        )
    return hospital


async def numbers(hospital: Hospital) -> list[str]:
    events = await hospital.house.events(certificate_id(hospital.enrolment))
    return [e.number for e in events if isinstance(e, CertificateIssued)]


async def test_who_is_validated_on_everything_is_recommended_by_itself() -> None:
    hospital = await hospital_with(terms(Basis.VALIDATION))
    await hospital.assess("HBB")
    assert not await numbers(hospital)
    await hospital.assess("PPH")
    (number,) = await numbers(hospital)
    assert number.startswith("TEST-2018-")
    assert ("certificates", "certificateRecommend", "ok") in hospital.house.outcomes


async def test_who_completed_is_recommended_where_completion_is_what_it_certifies() -> None:
    hospital = await hospital_with(terms(Basis.COMPLETION))
    await hospital.assess("HBB")
    await hospital.assess("PPH")
    assert ("certificates", "certificateRecommend", "NOT_COMPLETED") in hospital.house.outcomes
    await hospital.send("menteeComplete", enrolmentId=hospital.enrolment)
    assert len(await numbers(hospital)) == 1


@pytest.mark.parametrize(
    ("certificate", "code"),
    [
        (None, "NO_CERTIFICATE"),
        (terms(Basis.COMPLETION), "NOT_COMPLETED"),
        (terms(Basis.VALIDATION), "NOT_FULLY_VALIDATED"),
    ],
    ids=["none", "completion", "validation"],
)
async def test_nobody_is_recommended_for_what_they_have_not_earned(
    certificate: Certificate | None, code: str
) -> None:
    hospital = await hospital_with(certificate)
    this = {"enrolmentId": hospital.enrolment}
    assert await hospital.refused("certificateRecommend", **this) == code


async def test_what_has_run_out_certifies_nothing() -> None:
    rule = Validation(threshold=85, technique=True, valid_months=6)
    hospital = await hospital_with(terms(Basis.VALIDATION), validation=rule)
    await hospital.assess("HBB")
    await hospital.assess("PPH", "2019-06-01")
    this = {"enrolmentId": hospital.enrolment}
    code = await hospital.refused("certificateRecommend", "2019-06-01", **this)
    assert code == "NOT_FULLY_VALIDATED"
    await hospital.assess("HBB", "2019-06-02")
    assert len(await numbers(hospital)) == 1


async def test_two_people_approve_in_order_and_the_last_issues_it() -> None:
    hospital = await hospital_with(terms(Basis.VALIDATION, *STEPS))
    await hospital.assess("HBB")
    await hospital.assess("PPH")
    this: dict[str, Any] = {"certificateId": certificate_id(hospital.enrolment)}
    again = {"enrolmentId": hospital.enrolment}
    assert await hospital.refused("certificateRecommend", **again) == "ALREADY_RECOMMENDED"

    async def refused(step: str, by: str) -> str:
        return await hospital.refused("certificateApprove", **this, step=step, as_=by)

    assert await refused("ministry", "amina") == "APPROVAL_NOT_DUE"
    assert await refused("palace", "amina") == "APPROVAL_STEP_UNKNOWN"
    assert await refused("district", "nobody") == "ACCESS_DENIED"
    await hospital.send("certificateApprove", **this, step="district", as_="amina")
    assert await refused("district", "juma") == "APPROVAL_GIVEN"
    assert await refused("ministry", "amina") == "APPROVER_REPEATED"
    assert await hospital.refused("certificateRevoke", **this, reason="No.") == (
        "CERTIFICATE_NOT_ISSUED"
    )
    await hospital.send("certificateApprove", **this, step="ministry", as_="juma")
    assert len(await numbers(hospital)) == 1


async def test_nobody_approves_their_own_certificate() -> None:
    hospital = await hospital_with(terms(Basis.VALIDATION, *STEPS))
    await hospital.send(
        "accessGrantGive",
        "2018-10-01",
        subjectName="keza",
        role="COORDINATOR",
        orgUnitId=hospital.unit,
        healthWorkerId=hospital.mentee,
    )
    await hospital.assess("HBB")
    await hospital.assess("PPH")
    this = {"certificateId": certificate_id(hospital.enrolment), "step": "district"}
    code = await hospital.refused("certificateApprove", **this, as_="keza")
    assert code == "APPROVER_IS_MENTEE"


def test_no_policy_approves() -> None:
    assert "POLICY" not in commands["certificateApprove"].roles


async def test_a_certificate_is_revoked_for_a_reason_and_once() -> None:
    hospital = await hospital_with(terms(Basis.VALIDATION))
    await hospital.assess("HBB")
    await hospital.assess("PPH")
    this = {"certificateId": certificate_id(hospital.enrolment)}
    assert await hospital.refused("certificateRevoke", **this) == "REASON_MISSING"
    await hospital.send("certificateRevoke", **this, reason="Issued in error.")
    code = await hospital.refused("certificateRevoke", **this, reason="Again.")
    assert code == "CERTIFICATE_REVOKED"
    again = {"enrolmentId": hospital.enrolment}
    assert await hospital.refused("certificateRecommend", **again) == "CERTIFICATE_REVOKED"


def shown(hospital: Hospital) -> tuple[Any, ...]:
    """Return how the certificate stands, since when it is in doubt, how, and because of what."""
    (row,) = hospital.house.rows(CERTIFICATE)
    doubt = row.get("in_doubt_since"), row.get("doubt"), row.get("doubt_because")
    return row["status"], *(None if one is None else str(one) for one in doubt)


async def take_back(hospital: Hospital, competency: str, on: str = "2019-02-01") -> None:
    this = {"enrolmentId": hospital.enrolment, "competency": competency}
    await hospital.send("competencyRevoke", on, **this, reason="Nobody saw the attempt.")


async def certified(certificate: Certificate, **changes: Any) -> Hospital:
    """Return a hospital whose mentee is validated on both competencies."""
    hospital = await hospital_with(certificate, **changes)
    await hospital.assess("HBB")
    await hospital.assess("PPH")
    return hospital


async def test_a_certificate_whose_validation_is_revoked_is_in_doubt_until_proved_anew() -> None:
    hospital = await certified(terms(Basis.VALIDATION))
    assert shown(hospital) == ("ISSUED", None, None, None)
    await take_back(hospital, "PPH")
    assert shown(hospital) == ("ISSUED", "2019-02-01", "VALIDATION_REVOKED", "PPH")
    await take_back(hospital, "HBB", "2019-02-03")
    assert shown(hospital) == ("ISSUED", "2019-02-01", "VALIDATION_REVOKED", "PPH")
    await hospital.assess("PPH", "2019-03-01")
    assert shown(hospital)[1] == "2019-02-01", "one is still missing"
    await hospital.assess("HBB", "2019-03-01")
    assert shown(hospital) == ("ISSUED", None, None, None)
    assert len(await numbers(hospital)) == 1


async def test_a_certificate_whose_validation_lapses_is_in_doubt_and_a_revocation_is_graver() -> (
    None
):
    rule = Validation(threshold=85, technique=True, valid_months=6)
    hospital = await certified(terms(Basis.VALIDATION), validation=rule)
    this = {"enrolmentId": hospital.enrolment, "competency": "HBB"}
    await take_back(hospital, "PPH", "2019-04-01")
    await hospital.assess("PPH", "2019-05-01")
    assert shown(hospital) == ("ISSUED", None, None, None)
    await hospital.send("competencyLapse", "2019-06-10", **this)
    assert shown(hospital) == ("ISSUED", "2019-06-01", "VALIDATION_LAPSED", "HBB")
    await take_back(hospital, "PPH", "2019-06-12")
    assert shown(hospital) == ("ISSUED", "2019-06-12", "VALIDATION_REVOKED", "PPH")


async def test_an_assessment_that_finds_one_lapsed_puts_the_certificate_in_doubt_too() -> None:
    rule = Validation(threshold=85, technique=True, valid_months=6)
    hospital = await certified(terms(Basis.VALIDATION), validation=rule)
    await hospital.assess("PPH", "2019-07-01")
    assert shown(hospital) == ("ISSUED", "2019-06-01", "VALIDATION_LAPSED", "HBB")
    await hospital.assess("HBB", "2019-07-02")
    assert shown(hospital) == ("ISSUED", None, None, None)


async def test_a_certificate_that_is_revoked_is_decided() -> None:
    hospital = await certified(terms(Basis.VALIDATION))
    await take_back(hospital, "PPH")
    this = {"certificateId": certificate_id(hospital.enrolment)}
    await hospital.send("certificateRevoke", "2019-02-02", **this, reason="It was not proved.")
    assert shown(hospital) == ("REVOKED", None, None, None)
    await hospital.assess("PPH", "2019-03-01")
    await take_back(hospital, "HBB", "2019-03-02")
    assert shown(hospital) == ("REVOKED", None, None, None)
    events = await hospital.house.events(certificate_id(hospital.enrolment))
    assert not any(isinstance(one, CertificateDoubtEnded) for one in events)
    assert sum(isinstance(one, CertificateDoubted) for one in events) == 1


async def test_a_certificate_in_doubt_is_not_approved() -> None:
    hospital = await certified(terms(Basis.VALIDATION, STEPS[0]))
    await take_back(hospital, "PPH")
    assert shown(hospital)[:2] == ("RECOMMENDED", "2019-02-01")
    this = {"certificateId": certificate_id(hospital.enrolment), "step": "district"}
    code = await hospital.refused("certificateApprove", "2019-03-01", **this, as_="amina")
    assert code == "CERTIFICATE_IN_DOUBT"
    await hospital.assess("PPH", "2019-03-01")
    await hospital.send("certificateApprove", "2019-03-01", **this, as_="amina")
    assert shown(hospital) == ("ISSUED", None, None, None)


@pytest.mark.parametrize(
    ("asked", "doubt"),
    [(None, None), (1, None), (2, "VALIDATION_REVOKED"), ("all", "VALIDATION_REVOKED")],
)
async def test_a_completion_rests_on_validations_only_where_the_end_rule_counts_them(
    asked: Any, doubt: str | None
) -> None:
    end = End(validated=asked) if asked else None
    hospital = await certified(terms(Basis.COMPLETION), end=end)
    if not hospital.house.rows(CERTIFICATE):
        await hospital.send("menteeComplete", enrolmentId=hospital.enrolment)
    await take_back(hospital, "PPH")
    assert shown(hospital)[2] == doubt


async def test_a_step_is_declined_with_a_reason_and_recommended_anew_once_it_is_mended() -> None:
    hospital = await certified(terms(Basis.VALIDATION, *STEPS))
    this: dict[str, Any] = {"certificateId": certificate_id(hospital.enrolment)}
    await hospital.send("certificateApprove", **this, step="district", as_="amina")
    step = {**this, "step": "ministry", "as_": "juma"}
    assert await hospital.refused("certificateDecline", **step) == "REASON_MISSING"
    early = {**this, "step": "ministry", "as_": "amina", "reason": "No."}
    assert await hospital.refused("certificateDecline", **early) == "APPROVER_REPEATED"
    await hospital.send("certificateDecline", **step, reason="The name is misspelt.")
    assert shown(hospital)[0] == "DECLINED"
    assert await hospital.refused("certificateApprove", **step) == "CERTIFICATE_DECLINED"
    await hospital.assess("PPH", "2018-12-20")  # no policy recommends what somebody declined
    assert shown(hospital)[0] == "DECLINED"
    await hospital.send("certificateRecommend", "2019-01-02", enrolmentId=hospital.enrolment)
    for code, by in (("district", "amina"), ("ministry", "juma")):
        await hospital.send("certificateApprove", "2019-01-03", **this, step=code, as_=by)
    assert shown(hospital)[0] == "ISSUED"


async def test_each_step_is_for_those_whom_the_programme_names() -> None:
    country = Approver(role=ApproverRole.COORDINATOR, level="COUNTRY")
    steps = (STEPS[0], ApprovalStep(code="ministry", name="M", by=country))
    hospital = await certified(terms(Basis.VALIDATION, *steps))
    ministry = new_id()
    await hospital.send(
        "orgUnitEstablish", "2018-10-01", id=ministry, code="RW", name="RW", unitKind="COUNTRY"
    )
    parent = {"orgUnitId": hospital.unit, "parentId": ministry, "reason": "It lies there."}
    await hospital.send("orgUnitReparent", "2018-10-02", **parent)
    for subject, role, unit in (
        ("minister", "COORDINATOR", ministry),
        ("keeper", "ADMINISTRATOR", ministry),
        ("everywhere", "COORDINATOR", None),
    ):
        await hospital.send(
            "accessGrantGive", "2018-10-01", subjectName=subject, role=role, orgUnitId=unit
        )
    this: dict[str, Any] = {"certificateId": certificate_id(hospital.enrolment)}
    await hospital.send("certificateApprove", **this, step="district", as_="everywhere")
    step = {**this, "step": "ministry"}
    for by in ("juma", "keeper", "operator"):
        refused = await hospital.refused("certificateApprove", **step, as_=by)
        assert refused == "APPROVAL_NOT_THEIRS"
    no = {**step, "reason": "No."}
    assert await hospital.refused("certificateDecline", **no, as_="juma") == "APPROVAL_NOT_THEIRS"
    await hospital.send("certificateApprove", **step, as_="minister")
    assert shown(hospital)[0] == "ISSUED"
