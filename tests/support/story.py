"""One mentorship from first to last, in the contracts' own events: every kind of event is told.

The goldens were made of it, folds are tested on it, and the read models of it are known. What
came after its first year is told in `story_registry`, `story_validation`, `story_sessions` and
`story_workshops`.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.definition import Competency, Mode
from shared.contracts.envelope import Meta
from shared.contracts.registry import access_grant as grants
from shared.contracts.registry import cohort, enrolment, mentorship, org_unit, programme
from shared.contracts.registry import health_worker as workers
from shared.contracts.registry import mentor as mentors
from shared.contracts.registry.org_unit_codes import CodeIn
from shared.contracts.sessions import session
from shared.contracts.validation import competency_record as records
from shared.contracts.validation import framework
from shared.positions import partition_of
from shared.projection import Happening
from tests.support.story_careers import CAREERS
from tests.support.story_erasure import FORGOTTEN
from tests.support.story_registry import REGISTRY_TOLD
from tests.support.story_sessions import SESSIONS_TOLD
from tests.support.story_validation import VALIDATION_TOLD
from tests.support.story_workshops import OPENED
from tests.support.telling import (
    BEGAN,
    CENTRE,
    COHORT,
    CPAP,
    ENROLMENT,
    GRANT,
    HOSPITAL,
    HUYE,
    MATERNITY,
    MENTEE,
    MENTOR,
    MENTORSHIP,
    NOMINEE,
    PAEDIATRICS,
    RECORD,
    RESUSCITATION,
    RULES,
    RWANDA,
    SESSION,
    SOUTH,
    VERSION,
    Told,
    day,
    id_of,
    of,
)

__all__ = [
    "CENTRE",
    "COHORT",
    "ENROLMENT",
    "FIRST_YEAR",
    "HOSPITAL",
    "HUYE",
    "MATERNITY",
    "MENTEE",
    "MENTOR",
    "MENTORSHIP",
    "NOMINEE",
    "PAEDIATRICS",
    "RULES",
    "RWANDA",
    "SESSION",
    "SOUTH",
    "STORY",
    "VERSION",
    "Told",
    "day",
    "happenings",
    "id_of",
    "meta_of",
    "place_of",
]


def _unit(
    id: UUID, code: str, name: str, kind: org_unit.OrgUnitKind, parent: UUID | None
) -> list[Told]:
    facility = None
    if kind is org_unit.OrgUnitKind.FACILITY:
        facility = org_unit.Facility(
            type="District hospital", latitude=-2.6, longitude=29.7, beds=96
        )
    return of(
        "org_unit",
        id,
        org_unit.OrgUnitEstablished(
            code=code,
            name=name,
            unit_kind=kind,
            sees_patients=facility is not None,
            parent_id=parent,
            since=day(0),
            facility=facility,
            codes=(CodeIn(system="MFL", code=f"MFL {code}"),) if facility else (),
        ),
    )


def _rated(
    competency: Competency, *, on: int, attempt: int, points: tuple[int, ...], reached: bool
) -> records.AssessmentRecorded:
    return records.AssessmentRecorded(
        **_CIRCUMSTANCES,
        competency=competency.code,
        competency_name=competency.name,
        framework="PAED",
        framework_version=2,
        assessor_id=MENTOR,
        assessed_on=day(on),
        attempt=attempt,
        items=tuple(
            records.ItemScore(item=item.code, points=given)
            for item, given in zip(competency.checklist, points, strict=True)
        ),
        raw=sum(points),
        max=20,
        technique=True,
        reached=reached,
    )


def _validated(competency: str, *, on: int, attempt: int, so_far: int) -> Event:
    return records.CompetencyValidated(
        **_CIRCUMSTANCES,
        competency=competency,
        attempt=attempt,
        validated_on=day(on),
        validated=so_far,
        competencies=2,
    )


_CIRCUMSTANCES: dict[str, Any] = {
    "health_worker_id": MENTEE,
    "enrolment_id": ENROLMENT,
    "programme_version_id": VERSION,
    "programme": "INGOBYI",
    "area": "PAED",
    "org_unit_id": HOSPITAL,
}
_KINDS = org_unit.OrgUnitKind

PLACES = [
    *_unit(RWANDA, "RW", "Rwanda", _KINDS.COUNTRY, None),
    *_unit(SOUTH, "RW-S", "South", _KINDS.PROVINCE, RWANDA),
    *_unit(HUYE, "RW-S-1", "Huye", _KINDS.DISTRICT, RWANDA),
    *_unit(HOSPITAL, "H-1", "Kabutare", _KINDS.FACILITY, HUYE),
    *_unit(CENTRE, "C-1", "Sovu", _KINDS.FACILITY, HUYE),
    *of("org_unit", HUYE, org_unit.OrgUnitReparented(parent_id=SOUTH, since=day(5)), on=5),
    *of("org_unit", HOSPITAL, org_unit.OrgUnitRenamed(name="Kabutare DH", since=day(6)), on=6),
]
PEOPLE = [
    *of(
        "health_worker",
        MENTOR,
        workers.HealthWorkerRegistered(
            health_worker_id=MENTOR,
            given_names="Aline",
            family_name="Uwase",
            cadre="Paediatrician",
            org_unit_id=HOSPITAL,
            since=day(0),
        ),
    ),
    *of(
        "health_worker",
        MENTEE,
        workers.HealthWorkerRegistered(
            health_worker_id=MENTEE,
            number="N-77",
            given_names="Grace",
            family_name="Mutoni",
            phone="+250 788 123 456",
            identifiers=(workers.Identifier(system="NID", value="1199080012345678"),),
            cadre="Nurse",
            org_unit_id=CENTRE,
            since=day(0),
        ),
    ),
    *of(
        "health_worker",
        MENTEE,
        workers.HealthWorkerTransferred(
            health_worker_id=MENTEE,
            from_org_unit_id=CENTRE,
            org_unit_id=HOSPITAL,
            since=day(8),
        ),
        on=8,
    ),
    *of(
        "access_grant",
        GRANT,
        grants.AccessGrantGiven(
            subject_name="coordinator@example.org",
            role=grants.Role.COORDINATOR,
            org_unit_id=SOUTH,
            programme="INGOBYI",
            since=day(0),
            until=day(300),
        ),
        grants.AccessGrantRevoked(since=day(200)),
    ),
    *of(
        "access_grant",
        id_of("a grant taken in an emergency"),
        grants.AccessGlassBroken(
            subject_name="coordinator@example.org",
            org_unit_id=CENTRE,
            health_worker_id=id_of("who collapsed at work"),
            since=day(210),
            until=day(211),
            ends=BEGAN + timedelta(days=210, hours=4),
        ),
        grants.AccessGlassReviewed(
            health_worker_id=id_of("who collapsed at work"),
            outcome=grants.GlassOutcome.JUSTIFIED,
            reviewed_by="auditor@example.org",
        ),
        on=210,
    ),
    *of(
        "access_grant",
        id_of("the grant of who mentors"),
        grants.AccessGrantGiven(
            subject_name="mentor@example.org",
            role=grants.Role.MENTOR,
            org_unit_id=SOUTH,
            programme="INGOBYI",
            health_worker_id=MENTOR,
            since=day(0),
        ),
    ),
]
PREPARATION = [
    *of(
        "programme_version",
        VERSION,
        programme.ProgrammeVersionPublished(
            programme="INGOBYI", programme_version=1, digest="a" * 64, definition=RULES
        ),
    ),
    *of(
        "framework",
        id_of("framework"),
        framework.FrameworkPublished(
            code="PAED",
            framework_version=2,
            name="Paediatrics",
            competencies=PAEDIATRICS.competencies,
        ),
    ),
    *of(
        "cohort",
        COHORT,
        cohort.CohortOpened(
            programme_version_id=VERSION,
            programme="INGOBYI",
            code="FY21",
            name="Fiscal year 2021",
            org_unit_id=RWANDA,
            starts=day(0),
            ends=day(364),
        ),
    ),
    *of(
        "mentor",
        NOMINEE,
        mentors.MentorNominated(
            health_worker_id=MENTOR,
            programme_version_id=VERSION,
            programme="INGOBYI",
            area="PAED",
            association="RPA",
            org_unit_id=HOSPITAL,
        ),
        on=2,
        key=MENTOR,
    ),
    *of(
        "mentor",
        NOMINEE,
        mentors.MentorOriented(health_worker_id=MENTOR, theory=92, practical=88),
        on=3,
        key=MENTOR,
    ),
    *of(
        "mentor",
        NOMINEE,
        mentors.MentorCertified(health_worker_id=MENTOR, programme="INGOBYI", area="PAED"),
        on=4,
        key=MENTOR,
    ),
]
MENTORING = [
    *(
        told
        for stream, area, association in ((ENROLMENT, "PAED", "RPA"), (MATERNITY, "OBS", None))
        for told in of(
            "enrolment",
            stream,
            enrolment.MenteeEnrolled(
                health_worker_id=MENTEE,
                cohort_id=COHORT,
                programme_version_id=VERSION,
                programme="INGOBYI",
                area=area,
                association=association,
                technical_area="CHILD",
                org_unit_id=HOSPITAL,
                since=day(10),
                fiscal_year=2021,
            ),
            on=10,
            key=MENTEE,
        )
    ),
    *of(
        "mentorship",
        MENTORSHIP,
        mentorship.MentorshipProposed(
            cohort_id=COHORT,
            programme_version_id=VERSION,
            programme="INGOBYI",
            org_unit_id=HOSPITAL,
            mentors=(
                mentorship.MentorParty(mentor_id=NOMINEE, health_worker_id=MENTOR, area="PAED"),
            ),
            mentees=(
                mentorship.MenteeParty(
                    enrolment_id=ENROLMENT, health_worker_id=MENTEE, area="PAED"
                ),
                mentorship.MenteeParty(enrolment_id=MATERNITY, health_worker_id=MENTEE, area="OBS"),
            ),
        ),
        on=11,
    ),
    *of(
        "mentor",
        NOMINEE,
        mentors.MentorAssigned(health_worker_id=MENTOR, mentorship_id=MENTORSHIP),
        on=11,
        key=MENTOR,
    ),
    *of(
        "mentorship",
        MENTORSHIP,
        mentorship.AgreementSigned(
            health_worker_id=MENTOR, side=mentorship.Side.MENTOR, signed_on=day(12), awaited=1
        ),
        mentorship.AgreementSigned(
            health_worker_id=MENTEE, side=mentorship.Side.MENTEE, signed_on=day(13), awaited=0
        ),
        mentorship.MentorshipAgreed(agreed_on=day(13)),
        on=13,
    ),
    *of(
        "session",
        SESSION,
        session.SessionHeld(
            mentorship_id=MENTORSHIP,
            programme_version_id=VERSION,
            programme="INGOBYI",
            org_unit_id=HOSPITAL,
            held_on=day(20),
            mode=Mode.IN_PERSON,
            minutes=480,
            steps=("ROUND",),
            mentors=(MENTOR,),
            mentees=(MENTEE,),
            consent_recorded=True,
        ),
        on=20,
        key=MENTORSHIP,
    ),
]
PROVING = [
    told
    for number, body in (
        (
            14,
            records.CompetencyRecordOpened(
                **_CIRCUMSTANCES, framework="PAED", framework_version=2, competencies=2
            ),
        ),
        (
            14,
            records.BaselineAssessed(
                **_CIRCUMSTANCES, assessor_id=MENTOR, assessed_on=day(14), raw=9, max=20
            ),
        ),
        (21, _rated(CPAP, on=21, attempt=1, points=(4, 12), reached=False)),
        (50, _rated(CPAP, on=50, attempt=2, points=(4, 13), reached=True)),
        (50, _validated("CPAP", on=50, attempt=2, so_far=1)),
        (60, _rated(RESUSCITATION, on=60, attempt=1, points=(20,), reached=True)),
        (60, _validated("RESUS", on=60, attempt=1, so_far=2)),
        (60, records.MenteeFullyValidated(**_CIRCUMSTANCES, validated_on=day(60))),
    )
    for told in of("competency_record", RECORD, body, on=number, key=MENTEE)
]
FIRST_YEAR: tuple[Told, ...] = (*PLACES, *PEOPLE, *PREPARATION, *MENTORING, *PROVING)
STORY: tuple[Told, ...] = (
    *FIRST_YEAR,
    *REGISTRY_TOLD,
    *SESSIONS_TOLD,
    *VALIDATION_TOLD,
    *OPENED,
    *CAREERS,
    *FORGOTTEN,
)


def meta_of(told: Told) -> Meta:
    """Return the circumstances of an event of the story."""
    return Meta(
        actor="coordinator@example.org",
        occurred_on=told.on,
        correlation_id=id_of("correlation"),
        causation_id=id_of("cause"),
        reason=told.reason,
        schema_version=told.body.version,
        org_unit_id=getattr(told.body, "org_unit_id", None),
        programme_version_id=getattr(told.body, "programme_version_id", None),
    )


def happenings(story: Iterable[Told] = STORY) -> list[Happening]:
    """Return the story as folds see it, with the positions its services would give it."""
    positions: dict[str, int] = {}
    versions: dict[UUID, int] = {}
    made: list[Happening] = []
    for told in story:
        position = positions[told.service] = positions.get(told.service, 0) + 1
        version = versions[told.stream] = versions.get(told.stream, 0) + 1
        made.append(
            Happening(
                service=told.service,
                position=position,
                epoch=1,
                id=id_of(f"{told.service}/{position}"),
                stream=told.stream,
                kind=told.kind,
                version=version,
                recorded=BEGAN + timedelta(days=400, seconds=len(made)),
                command_id=id_of(f"command {len(made)}"),
                meta=meta_of(told),
                body=told.body,
            )
        )
    return made


def place_of(told: Told) -> tuple[str, int]:
    """Return the service and the partition that the event would lie in."""
    return told.service, partition_of(told.key)
