"""The story of what auditors and officers for data protection say: findings dismissed and opened
again, an erasure asked for, declined, held up and agreed to, glass broken; see `far_stories`.
"""

from contextlib import suppress
from typing import Any

from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.audit_findings import finding_id
from shared.domain.errors import MshauriError
from tests.support.house import House

WHY = {"reason": "As the letter says."}
ON = {"occurredOn": "2019-01-01"}


async def audited() -> House:
    """Tell all of it at one hospital."""
    house = await House.built()

    async def send(name: str, /, as_: str = "operator", **content: Any) -> Any:
        return (await house.send(name, as_=as_, **content)).id

    country = await send("orgUnitEstablish", code="KE", name="Kenya", unitKind="COUNTRY", **ON)
    place: dict[str, Any] = {"unitKind": "FACILITY", "parentId": country}
    here = await send("orgUnitEstablish", code="F1", name="One", **place, **ON)
    there = await send("orgUnitEstablish", code="F2", name="Two", **place, **ON)
    person: dict[str, Any] = {"givenNames": "Testa", "cadre": "Nurse", **ON}
    who = await send("healthWorkerRegister", orgUnitId=here, **person)
    other = await send("healthWorkerRegister", orgUnitId=there, **person)
    for subject, role in (
        ("clerk", "ADMINISTRATOR"),
        ("officer", "ADMINISTRATOR"),
        ("auditor", "AUDITOR"),
    ):
        await send("accessGrantGive", subjectName=subject, role=role, orgUnitId=here, **ON)

    broken = await send("accessBreakGlass", "clerk", healthWorkerId=other, hours=2, **WHY)
    glass = {"accessGrantId": broken}
    await send("accessGrantRevoke", **glass, **WHY)
    await send("accessBreakGlassReview", **glass, outcome="JUSTIFIED", **WHY)

    said: dict[str, Any] = {
        "org_unit_id": here,
        "programme": None,
        "people": [who],
        "actors": ["clerk"],
        "about": "one/other",
    }
    kind = AuditFindingKind.RECORDED_LATE
    finding: dict[str, Any] = {
        "findingId": finding_id(kind=kind, **said),
        "finding": kind,
        "orgUnitId": here,
        "people": [who],
        "actors": ["clerk"],
        "about": "one/other",
        **WHY,
    }
    await send("auditFindingDismiss", "auditor", **finding)
    await send("auditFindingReopen", "auditor", **finding)

    forgotten = {"healthWorkerId": who}
    law = {"basis": "RIGHT_TO_ERASURE", "reference": "Section 40; file 7", **WHY}
    await send("healthWorkerRequestErasure", "clerk", **forgotten, **law)
    await send("healthWorkerDeclineErasure", "officer", **forgotten, **WHY)
    await send("healthWorkerPlaceLegalHold", "officer", **forgotten, reference="Case 7", **WHY)
    await send("healthWorkerLiftLegalHold", "officer", **forgotten, **WHY)
    await send("healthWorkerRequestErasure", "clerk", **forgotten, **law)
    await send("healthWorkerErase", "officer", **forgotten)
    for service in ("registry", "sessions", "validation"):
        with suppress(MshauriError):  # the house did it, and nobody else may
            await send(f"{service}DestroyKeys", **forgotten)
    return house
