"""What becomes of audit findings, through the house: who may say it, and of what."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import AUDIT_FINDING_DISMISSAL
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain import new_id
from shared.domain.audit_findings import finding_id
from shared.domain.errors import MshauriError
from tests.support.hospital import BEGAN, Hospital

WHY = {"reason": "The clock of the clinic was wrong."}
KIND = AuditFindingKind.TWO_PLACES_AT_ONCE


def about(hospital: Hospital, **changes: Any) -> dict[str, Any]:
    """Return what is said of a finding about the mentor, with its id."""
    said: dict[str, Any] = {
        "kind": KIND,
        "org_unit_id": hospital.unit,
        "programme": "test-hospital",
        "people": [hospital.mentor],
        "actors": [],
        "about": "one/other",
        **changes,
    }
    return {
        "findingId": finding_id(**said),
        "finding": said["kind"],
        "orgUnitId": said["org_unit_id"],
        "programme": said["programme"],
        "people": said["people"],
        "actors": said["actors"],
        "about": said["about"],
    }


async def audited() -> Hospital:
    """Return a hospital with an auditor."""
    hospital = await Hospital.built()
    await gives(hospital, "akua", "AUDITOR")
    return hospital


async def gives(hospital: Hospital, subject: str, role: str, **who: Any) -> None:
    unit = {"orgUnitId": hospital.unit}
    await hospital.send("accessGrantGive", BEGAN, subjectName=subject, role=role, **unit, **who)


async def refused(hospital: Hospital, name: str, as_: str = "akua", **content: Any) -> str:
    with pytest.raises(MshauriError) as error:
        await hospital.house.send(name, as_=as_, **content)
    return error.value.code


async def test_an_auditor_dismisses_a_finding_for_a_reason_and_lets_it_stand_again() -> None:
    hospital = await audited()
    of = about(hospital)
    assert await refused(hospital, "auditFindingDismiss", **of) == "REASON_MISSING"
    answer = await hospital.house.send("auditFindingDismiss", as_="akua", **of, **WHY)
    assert answer.id == of["findingId"]
    (row,) = hospital.house.rows(AUDIT_FINDING_DISMISSAL)
    assert (row["dismissed_by"], row["reason"]) == ("akua", WHY["reason"])
    assert await refused(hospital, "auditFindingDismiss", **of, **WHY) == "AUDIT_FINDING_DISMISSED"
    await hospital.house.send("auditFindingReopen", as_="akua", **of, **WHY)
    assert hospital.house.rows(AUDIT_FINDING_DISMISSAL) == []
    await hospital.house.send("auditFindingDismiss", as_="akua", **of, **WHY)


async def test_what_stands_is_not_opened_again() -> None:
    hospital = await audited()
    for _ in range(2):
        code = await refused(hospital, "auditFindingReopen", **about(hospital), **WHY)
        assert code == "AUDIT_FINDING_NOT_DISMISSED"
        await hospital.house.send("auditFindingDismiss", as_="akua", **about(hospital), **WHY)
        await hospital.house.send("auditFindingReopen", as_="akua", **about(hospital), **WHY)


async def test_a_finding_is_dismissed_by_all_that_it_is_about() -> None:
    hospital = await audited()
    of = about(hospital)
    others: tuple[dict[str, Any], ...] = (
        {"people": []},
        {"people": [hospital.mentee]},
        {"about": "one/another"},
        {"actors": ["somebody"]},
        {"programme": None},
        {"finding": AuditFindingKind.TOO_FAR_APART},
    )
    for wrong in others:
        code = await refused(hospital, "auditFindingDismiss", **(of | wrong), **WHY)
        assert code == "AUDIT_FINDING_IS_ANOTHER", wrong


async def test_the_order_in_which_people_are_named_is_nothing() -> None:
    hospital = await audited()
    people = sorted([hospital.mentor, hospital.mentee])
    of = about(hospital, people=people)
    await hospital.house.send(
        "auditFindingDismiss", as_="akua", **(of | {"people": people[::-1]}), **WHY
    )
    (row,) = hospital.house.rows(AUDIT_FINDING_DISMISSAL)
    assert list(row["people"]) == people


async def test_nobody_judges_what_is_found_of_themselves() -> None:
    hospital = await audited()
    await gives(hospital, "akua", "MENTOR", healthWorkerId=hospital.mentor)
    code = await refused(hospital, "auditFindingDismiss", **about(hospital), **WHY)
    assert code == "AUDIT_FINDING_OF_ONES_OWN"
    code = await refused(hospital, "auditFindingReopen", **about(hospital), **WHY)
    assert code == "AUDIT_FINDING_OF_ONES_OWN"
    other = about(hospital, people=[], actors=["akua"])
    code = await refused(hospital, "auditFindingDismiss", **other, **WHY)
    assert code == "AUDIT_FINDING_OF_ONES_OWN"
    await hospital.house.send(
        "auditFindingDismiss", as_="akua", **about(hospital, people=[hospital.mentee]), **WHY
    )


async def test_nor_under_another_of_their_names() -> None:
    hospital = await audited()
    double: UUID = new_id()
    await hospital.register(double, "Uwase")
    await gives(hospital, "akua", "MENTOR", healthWorkerId=double)
    await hospital.house.send("auditFindingDismiss", as_="akua", **about(hospital), **WHY)
    merge: dict[str, Any] = {"healthWorkerId": double, "intoId": hospital.mentor}
    await hospital.house.send("healthWorkerMerge", **merge, **WHY)
    code = await refused(hospital, "auditFindingReopen", **about(hospital), **WHY)
    assert code == "AUDIT_FINDING_OF_ONES_OWN"


async def test_who_may_is_an_auditor_of_the_place_and_nobody_else() -> None:
    hospital = await audited()
    elsewhere = await hospital.send(
        "orgUnitEstablish", BEGAN, code="H2", name="Other", unitKind="FACILITY"
    )
    there = about(hospital, org_unit_id=elsewhere.id)
    assert await refused(hospital, "auditFindingDismiss", **there, **WHY) == "ACCESS_DENIED"
    for role in ("ADMINISTRATOR", "COORDINATOR", "VIEWER"):
        await gives(hospital, role.lower(), role)
        here = about(hospital)
        code = await refused(hospital, "auditFindingDismiss", as_=role.lower(), **here, **WHY)
        assert code == "ACCESS_DENIED", role


async def test_an_auditor_writes_nothing_else() -> None:
    hospital = await audited()
    who = {"enrolmentId": hospital.enrolment, "assessorId": hospital.mentor}
    said: dict[str, Any] = {**who, "raw": 1, "max": 2}
    code = await refused(hospital, "competencyBaselineAssess", **said)
    assert code == "ACCESS_DENIED"
