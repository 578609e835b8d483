"""What validation recorded after the story's first year: what follows from validations, and what
is neither passed nor failed.
"""

from typing import Any
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.deviation import Deviation
from shared.contracts.validation import audit_finding, certificate, facility_baseline, indicator
from shared.contracts.validation import competency_correction as corrections
from shared.contracts.validation import competency_record as records
from shared.domain.audit_findings import finding_id
from shared.domain.ids import derived_id
from tests.support.story_registry import DELIVERY, HABIMANA, KEZA, NURSING
from tests.support.telling import (
    CENTRE,
    ENROLMENT,
    HOSPITAL,
    MENTEE,
    MENTOR,
    RECORD,
    VERSION,
    Told,
    day,
    id_of,
    of,
)

CERTIFICATE, FACILITY = id_of("certificate"), id_of("facility baseline")
NUMBER = "INGOBYI-2021-7ZK3M0QX-4"


def _about(person: UUID, mentee: UUID, area: str, unit: UUID) -> dict[str, Any]:
    return {
        "health_worker_id": person,
        "enrolment_id": mentee,
        "programme_version_id": VERSION,
        "programme": "INGOBYI",
        "area": area,
        "org_unit_id": unit,
    }


_MUTONI = _about(MENTEE, ENROLMENT, "PAED", HOSPITAL)
_KEZA = _about(KEZA, DELIVERY, "OBS", CENTRE)
_HABIMANA = _about(HABIMANA, NURSING, "PAED", CENTRE)


def _of_record(mentee: UUID, person: UUID, on: int, *bodies: Event) -> list[Told]:
    stream = derived_id("competency_record", mentee)
    return of("competency_record", stream, *bodies, on=on, key=person, reason="As seen that day.")


def _attempt(
    about: dict[str, Any], number: int, points: int, on: int, *, reached: bool
) -> records.AssessmentRecorded:
    return records.AssessmentRecorded(
        **about,
        competency="BIRTH",
        competency_name="Normal birth",
        framework="OBS",
        framework_version=1,
        assessor_id=MENTOR,
        assessed_on=day(on),
        attempt=number,
        items=(records.ItemScore(item="1", points=points),),
        raw=points,
        max=10,
        technique=True,
        reached=reached,
    )


def _birth_validated(about: dict[str, Any], attempt: int, on: int) -> records.CompetencyValidated:
    return records.CompetencyValidated(
        **about,
        competency="BIRTH",
        attempt=attempt,
        validated_on=day(on),
        validated=1,
        competencies=2,
        valid_until=day(on + 364),
    )


def _scored(round: int, score: int, on: int, *, complete: bool) -> list[Told]:
    occasion = indicator.Occasion.FOLLOW_UP if round else indicator.Occasion.BASELINE
    body = indicator.IndicatorScored(
        **_KEZA,
        indicator="CONFIDENCE",
        occasion=occasion,
        round=round,
        score=score,
        most=10,
        baseline=4,
        complete=complete,
        scored_on=day(on),
    )
    return of("indicator_record", derived_id("indicator_record", DELIVERY), body, on=on, key=KEZA)


RIGHTS = of(
    "competency_record",
    RECORD,
    records.RightToMentorEarned(
        **_MUTONI,
        tier="INGOBYI-POST",
        tier_area="PAED",
        because=("CPAP", "RESUS"),
        earned_on=day(60),
    ),
    on=60,
    key=MENTEE,
)
KEZAS = [
    *_of_record(
        DELIVERY,
        KEZA,
        110,
        records.CompetencyRecordOpened(
            **_KEZA, framework="OBS", framework_version=1, competencies=2
        ),
        _attempt(_KEZA, 1, 7, 110, reached=False),
        records.CoachingPlanSet(
            **_KEZA,
            competency="BIRTH",
            attempt=1,
            actions=("Three births under supervision",),
            until=day(120),
            set_on=day(110),
        ),
    ),
    *_of_record(
        DELIVERY,
        KEZA,
        121,
        _attempt(_KEZA, 2, 9, 121, reached=True),
        _birth_validated(_KEZA, 2, 121),
        records.RightToMentorEarned(
            **_KEZA,
            tier="INGOBYI-POST",
            tier_area="OBS",
            because=("BIRTH",),
            earned_on=day(121),
        ),
    ),
    *_of_record(
        DELIVERY,
        KEZA,
        125,
        records.CompetencyRevoked(
            **_KEZA, competency="BIRTH", revoked_on=day(125), validated=0, competencies=2
        ),
        records.RightToMentorLost(
            **_KEZA, tier="INGOBYI-POST", tier_area="OBS", because="BIRTH", lost_on=day(125)
        ),
    ),
]
HABIMANAS = [
    *_of_record(
        NURSING,
        HABIMANA,
        111,
        records.CompetencyRecordOpened(
            **_HABIMANA, framework="OBS", framework_version=1, competencies=2
        ),
        _attempt(_HABIMANA, 1, 9, 111, reached=True),
        _birth_validated(_HABIMANA, 1, 111),
    ),
    *_of_record(
        NURSING,
        HABIMANA,
        480,
        records.CompetencyLapsed(
            **_HABIMANA, competency="BIRTH", lapsed_on=day(480), validated=0, competencies=2
        ),
    ),
]
_CORD: dict[str, Any] = {"competency": "CORD", "attempt": 1}
_CLAMPED: dict[str, Any] = {
    **_HABIMANA,
    **_CORD,
    "competency_name": "Cord care",
    "framework": "OBS",
    "framework_version": 1,
    "assessor_id": MENTOR,
    "assessed_on": day(482),
    "items": (records.ItemScore(item="1", points=9),),
    "raw": 9,
    "max": 10,
    "technique": True,
    "reached": True,
    "post_test": records.PostTest(raw=17, max=20),
    "recorded_for_another": True,
    "counts": False,
    "deviations": (Deviation(rule=ConductRule.BASELINE_MISSING),),
    "asked": (Deviation(rule=ConductRule.BASELINE_MISSING),),
}
_PRE_TESTED: dict[str, Any] = {
    **_HABIMANA,
    "competency": "CORD",
    "assessor_id": MENTOR,
    "assessed_on": day(481),
    "max": 20,
}


def _weighed(attempts: int) -> records.AttemptsWeighed:
    told: dict[str, Any] = {}
    if attempts:
        told = {"last": 1, "assessed_on": day(481), "raw": 9, "max": 10, "technique": True}
    return records.AttemptsWeighed(
        **_HABIMANA,
        competency="CORD",
        competency_name="Cord care",
        attempts=attempts,
        framework="OBS",
        framework_version=1,
        reached=True if attempts else None,
        last_assessed_on=day(481 if attempts else 111),
        **told,
    )


AMENDED = [
    *_of_record(NURSING, HABIMANA, 482, records.AssessmentRecorded(**_CLAMPED, unsigned=True)),
    *_of_record(
        NURSING,
        HABIMANA,
        483,
        corrections.AttemptCountersigned(
            **_HABIMANA, **_CORD, assessor_id=MENTOR, countersigned_on=day(483)
        ),
    ),
    *_of_record(NURSING, HABIMANA, 481, records.BaselineAssessed(**_PRE_TESTED, raw=3)),
    *_of_record(
        NURSING,
        HABIMANA,
        484,
        corrections.BaselineCorrected(**_PRE_TESTED, raw=5),
        records.AttemptJudged(
            **_HABIMANA, **_CORD, assessor_id=MENTOR, assessed_on=day(482), counts=True
        ),
    ),
    *_of_record(
        NURSING,
        HABIMANA,
        485,
        corrections.AttemptCorrected(
            **{**_CLAMPED, "assessed_on": day(481), "counts": True, "deviations": ()}
        ),
        _weighed(1),
    ),
    *_of_record(
        NURSING,
        HABIMANA,
        486,
        corrections.AttemptVoided(**_HABIMANA, **_CORD, voided_on=day(486)),
        _weighed(0),
    ),
    *_of_record(
        NURSING,
        HABIMANA,
        487,
        corrections.AttemptReinstated(**_HABIMANA, **_CORD, reinstated_on=day(487)),
        _weighed(1),
    ),
]
_LOOKED: dict[str, Any] = {"org_unit_id": CENTRE, "programme": "INGOBYI", "attempt": 2}


def _seen(points: int) -> dict[str, Any]:
    area = facility_baseline.AreaResult(
        area="STAFF", items=(records.ItemScore(item="1", points=points),), raw=points, max=5
    )
    told = {"areas": (area,), "raw": points, "max": 5, "assessed_on": day(199)}
    return {**_LOOKED, "programme_version_id": VERSION, **told}


def _score_amended(on: int, body: Event) -> list[Told]:
    return of("indicator_record", derived_id("indicator_record", DELIVERY), body, on=on, key=KEZA)


_ROUND: dict[str, Any] = {"indicator": "CONFIDENCE", "round": 1}

MEASURES = [
    *of(
        "facility_baseline",
        FACILITY,
        facility_baseline.FacilityBaselineAssessed(
            org_unit_id=CENTRE,
            programme_version_id=VERSION,
            programme="INGOBYI",
            attempt=1,
            areas=(
                facility_baseline.AreaResult(
                    area="STAFF",
                    items=(records.ItemScore(item="1", points=3),),
                    raw=3,
                    max=5,
                ),
            ),
            raw=3,
            max=5,
            notes="Two of three posts are filled.",
            assessed_on=day(99),
        ),
        on=99,
    ),
    *_scored(0, 4, 103, complete=False),
    *_scored(1, 7, 170, complete=True),
    *of(
        "facility_baseline",
        FACILITY,
        facility_baseline.FacilityBaselineAssessed(**_seen(4)),
        facility_baseline.FacilityBaselineCorrected(**_seen(5), notes="All posts are filled."),
        facility_baseline.FacilityBaselineVoided(**_LOOKED, voided_on=day(200)),
        facility_baseline.FacilityBaselineReinstated(**_LOOKED, reinstated_on=day(200)),
        facility_baseline.FacilityBaselineCountersigned(
            **_LOOKED, assessor_id=MENTOR, countersigned_on=day(201)
        ),
        on=200,
        reason="Counted again.",
    ),
    *_score_amended(
        171,
        indicator.IndicatorCorrected(
            **_KEZA,
            **_ROUND,
            occasion=indicator.Occasion.FOLLOW_UP,
            score=7,
            most=10,
            baseline=4,
            complete=True,
            scored_on=day(170),
            scorer_id=MENTOR,
        ),
    ),
    *_score_amended(
        172,
        indicator.IndicatorVoided(**_KEZA, **_ROUND, complete=False, voided_on=day(172)),
    ),
    *_score_amended(
        173,
        indicator.IndicatorReinstated(**_KEZA, **_ROUND, complete=True, reinstated_on=day(173)),
    ),
]
CERTIFIED = [
    *of(
        "certificate",
        CERTIFICATE,
        certificate.CertificateRecommended(
            **_MUTONI,
            name="Certificate of paediatric mentorship",
            steps=("DISTRICT", "MINISTRY"),
            recommended_on=day(61),
        ),
        certificate.CertificateApproved(
            step="DISTRICT", approver="officer@example.org", approved_on=day(62), awaited=1
        ),
        certificate.CertificateApproved(
            step="MINISTRY", approver="director@example.org", approved_on=day(64), awaited=0
        ),
        certificate.CertificateIssued(number=NUMBER, issued_on=day(64)),
        on=64,
        key=MENTEE,
    ),
    *of(
        "certificate",
        CERTIFICATE,
        certificate.CertificateDoubted(
            doubt=certificate.Doubt.VALIDATION_REVOKED, because="HBB", doubted_on=day(90)
        ),
        certificate.CertificateDoubtEnded(ended_on=day(95)),
        on=95,
        key=MENTEE,
    ),
    *of(
        "certificate",
        CERTIFICATE,
        certificate.CertificateRevoked(revoked_on=day(400)),
        on=400,
        key=MENTEE,
        reason="Issued in error.",
    ),
]
RECOGNISED = _of_record(
    NURSING,
    HABIMANA,
    488,
    corrections.CompetencyRecognised(
        **_HABIMANA,
        competency="BREAST",
        competency_name="Breastfeeding",
        framework="OBS",
        framework_version=1,
        attempt=1,
        from_enrolment_id=id_of("an earlier enrolment"),
        from_framework="OBS",
        from_competency="BREAST",
        proved_on=day(20),
        recognised_on=day(488),
        valid_until=day(600),
        raw=9,
        max=10,
        evidence="The certificate of the other district.",
        approver="coordinator@example.org",
    ),
)
WEIGHED_AGAIN = _of_record(
    NURSING,
    HABIMANA,
    489,
    corrections.FacilityLookedAt(
        **_HABIMANA, facility_id=id_of("a facility"), looked_on=day(200), weighed_on=day(489)
    ),
    corrections.RecognitionWeighed(
        **_HABIMANA,
        competency="BREAST",
        attempt=1,
        holds=False,
        proved_on=day(20),
        valid_until=day(600),
        raw=9,
        max=10,
        weighed_on=day(489),
    ),
)
ANOTHER = id_of("another certificate")
ISSUED_ANEW = of(
    "certificate",
    ANOTHER,
    certificate.CertificateRecommended(
        **_HABIMANA, name="Certificate of nursing", steps=("DISTRICT",), recommended_on=day(490)
    ),
    certificate.CertificateDeclined(
        step="DISTRICT", approver="officer@example.org", declined_on=day(491)
    ),
    certificate.CertificateRecommended(
        **_HABIMANA, name="Certificate of nursing", steps=("DISTRICT",), recommended_on=day(492)
    ),
    certificate.CertificateApproved(
        step="DISTRICT", approver="officer@example.org", approved_on=day(493), awaited=0
    ),
    certificate.CertificateIssued(number="INGOBYI-2022-1AAAAAAA-1", issued_on=day(493)),
    certificate.CertificateRevoked(revoked_on=day(494)),
    certificate.CertificateReissued(
        number="INGOBYI-2022-2BBBBBBB-2",
        supersedes="INGOBYI-2022-1AAAAAAA-1",
        issued_on=day(495),
    ),
    certificate.CertificateRevoked(revoked_on=day(496)),
    on=496,
    key=HABIMANA,
    reason="It was somebody else's.",
)
_FOUND: dict[str, Any] = {
    "finding": audit_finding.AuditFindingKind.TWO_PLACES_AT_ONCE,
    "org_unit_id": HOSPITAL,
    "programme": "INGOBYI",
    "people": (MENTOR,),
    "actors": ("phone-7",),
    "about": f"{id_of('one session')}/{id_of('another session')}",
}
FINDING = finding_id(
    _FOUND["finding"],
    **{name: value for name, value in _FOUND.items() if name != "finding"},
)
JUDGED = of(
    "audit_finding",
    FINDING,
    audit_finding.AuditFindingDismissed(**_FOUND, dismissed_on=day(497)),
    audit_finding.AuditFindingReopened(**_FOUND, reopened_on=day(497)),
    audit_finding.AuditFindingDismissed(**_FOUND, dismissed_on=day(497)),
    on=497,
    reason="The clock of the clinic was wrong.",
)
VALIDATION_TOLD: tuple[Told, ...] = (
    *RIGHTS,
    *KEZAS,
    *HABIMANAS,
    *AMENDED,
    *RECOGNISED,
    *WEIGHED_AGAIN,
    *MEASURES,
    *CERTIFIED,
    *ISSUED_ANEW,
    *JUDGED,
)
