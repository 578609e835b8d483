"""What registry recorded after the story's first year: a second cohort, put together by the
matching, and everything that happens to units, people, enrolments and mentorships.
"""

from typing import Any
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.deviation import Deviation, DeviationValue
from shared.contracts.registry import (
    code_list,
    cohort,
    enrolment,
    group,
    licence,
    mentor,
    mentorship,
    org_unit,
    reform,
    screening,
    second_posting,
    target,
)
from shared.contracts.registry import health_worker as workers
from shared.contracts.registry.access_grant import AccessGrantGivenOverGroup, Role
from shared.contracts.registry.org_unit_codes import CodeSince, OrgUnitCodesTold
from shared.contracts.registry.org_unit_facility import FacilitySince, OrgUnitFacilityTold
from shared.contracts.registry.pause import PauseCause
from tests.support.telling import (
    CENTRE,
    ENROLMENT,
    HOSPITAL,
    HUYE,
    MENTEE,
    NOMINEE,
    RWANDA,
    SOUTH,
    VERSION,
    Told,
    day,
    id_of,
    of,
)

RUSATIRA, KINAZI, GISHAMVU = map(id_of, ("Rusatira", "Kinazi", "Gishamvu"))
POST, KARAMA = id_of("health post"), id_of("Karama")
KEZA, KEZA_AGAIN, HABIMANA, GASANA = map(
    id_of, ("Keza, midwife", "Keza, once more", "Habimana, nurse", "Gasana, obstetrician")
)
LICENCE = id_of("licence of Habimana")
CLUSTER, SECOND_COHORT = id_of("cluster"), id_of("second cohort")
REFORM = id_of("reform")
SECOND_VERSION = id_of("second programme version")
DELIVERY, DELIVERY_AGAIN, NURSING = map(
    id_of, ("Keza in obstetrics", "Keza in obstetrics, again", "Habimana in paediatrics")
)
BY_CASCADE, DEPUTY = id_of("mentor by cascade"), id_of("deputy mentor")
CARE, DECLINED = id_of("second mentorship"), id_of("declined mentorship")
THIRD_COHORT, BREATHES = id_of("third cohort"), id_of("third mentorship")
LATE, LATER = id_of("Keza in the third cohort"), id_of("Habimana in the third cohort")


def _established(
    id: UUID, code: str, on: int, *predecessors: UUID, kind: str = "FACILITY"
) -> list[Told]:
    body = org_unit.OrgUnitEstablished(
        code=code,
        name=f"Unit {code}",
        unit_kind=kind,
        sees_patients=kind == "FACILITY",
        parent_id=HUYE,
        since=day(on),
        predecessors=predecessors,
    )
    return of("org_unit", id, body, on=on)


def _registered(id: UUID, given: str, family: str, cadre: str) -> list[Told]:
    body = workers.HealthWorkerRegistered(
        health_worker_id=id,
        given_names=given,
        family_name=family,
        phone="+250 788 222 333",
        cadre=cadre,
        languages=("rw", "fr"),
        org_unit_id=CENTRE,
        since=day(60),
    )
    return of("health_worker", id, body, on=60)


def _of_enrolment(
    stream: UUID, person: UUID, on: int, *bodies: Event, reason: str | None = None
) -> list[Told]:
    return of("enrolment", stream, *bodies, on=on, key=person, reason=reason)


def _enrolled(stream: UUID, person: UUID, area: str, **more: Any) -> list[Told]:
    body = enrolment.MenteeEnrolled(
        health_worker_id=person,
        cohort_id=SECOND_COHORT,
        programme_version_id=VERSION,
        programme="INGOBYI",
        area=area,
        technical_area="MOTHER",
        org_unit_id=CENTRE,
        since=day(100),
        fiscal_year=2021,
        **more,
    )
    return _of_enrolment(stream, person, 100, body)


def _of_mentor(
    stream: UUID, person: UUID, on: int, *bodies: Event, reason: str | None = None
) -> list[Told]:
    return of("mentor", stream, *bodies, on=on, key=person, reason=reason)


_OBSTETRICS: dict[str, Any] = {"programme": "INGOBYI", "area": "OBS"}

UNITS = [
    *_established(RUSATIRA, "C-2", 61),
    *_established(KINAZI, "C-3", 70, RUSATIRA),
    *_established(GISHAMVU, "C-4", 70, RUSATIRA),
    *of(
        "org_unit",
        RUSATIRA,
        org_unit.OrgUnitSplitUp(successors=(KINAZI, GISHAMVU), since=day(70)),
        on=70,
    ),
    *_established(POST, "P-1", 61),
    *of("org_unit", POST, org_unit.OrgUnitMergedInto(into_id=CENTRE, since=day(80)), on=80),
    *_established(KARAMA, "C-5", 61),
    *of(
        "org_unit",
        KARAMA,
        org_unit.OrgUnitFacilityUpdated(
            facility=org_unit.Facility(type="Health post", ownership="PUBLIC", beds=4),
            since=day(85),
        ),
        on=85,
    ),
    *of(
        "org_unit",
        KARAMA,
        OrgUnitFacilityTold(
            facilities=(
                FacilitySince(
                    since=day(62),
                    facility=org_unit.Facility(type="Health post", services=("ART", "ANC")),
                ),
                FacilitySince(
                    since=day(84),
                    facility=org_unit.Facility(type="Health post", ownership="PUBLIC", beds=4),
                ),
            ),
            removed=(day(85),),
        ),
        OrgUnitCodesTold(
            system="MFL",
            codes=(
                CodeSince(since=day(61), code="M 1"),
                CodeSince(since=day(63), code="M 2"),
                CodeSince(since=day(84)),
            ),
        ),
        OrgUnitCodesTold(
            system="OWN",
            codes=(CodeSince(since=day(61), code="C-5"), CodeSince(since=day(84), code="C-55")),
            removed=(day(83),),
        ),
        on=86,
        reason="It grew later than was said.",
    ),
    *of(
        "org_unit",
        KARAMA,
        org_unit.OrgUnitReparented(parent_id=CENTRE, since=day(85)),
        org_unit.OrgUnitPlacesTold(
            places=(
                org_unit.PlaceSince(since=day(61), parent_id=CENTRE),
                org_unit.PlaceSince(since=day(86), parent_id=HUYE),
            ),
            removed=(day(85),),
        ),
        on=87,
        reason="The two were mixed up.",
    ),
    *of("org_unit", KARAMA, org_unit.OrgUnitClosed(since=day(88)), on=88, reason="A road took it."),
    *of(
        "org_unit",
        KARAMA,
        org_unit.OrgUnitReopened(closed_on=day(88)),
        on=89,
        reason="It took it later.",
    ),
    *of("org_unit", KARAMA, org_unit.OrgUnitClosed(since=day(90)), on=90, reason="A road took it."),
    *of(
        "code_list",
        id_of("cadres of Rwanda"),
        code_list.CodeListTold(
            org_unit_id=RWANDA,
            list=code_list.CodeListKind.CADRE,
            entries=(
                code_list.CodeListEntry(
                    code="MIDWIFE", name="Midwife", aliases=("Sage-femme",), isco="2222"
                ),
                code_list.CodeListEntry(code="AUXILIARY", name="Auxiliary", retired=True),
            ),
        ),
        on=60,
    ),
    *of(
        "group",
        CLUSTER,
        group.GroupEstablished(
            code="CL-1", name="Southern cluster", group_kind=group.GroupKind.CLUSTER, since=day(61)
        ),
        group.GroupMemberAdded(org_unit_id=HUYE, since=day(61)),
        group.GroupMemberAdded(health_worker_id=GASANA, since=day(61)),
        on=61,
    ),
    *of("group", CLUSTER, group.GroupMemberRemoved(org_unit_id=HUYE, since=day(94)), on=94),
    *of(
        "group",
        CLUSTER,
        group.GroupMemberTold(
            org_unit_id=HUYE, stays=(group.MemberStay(since=day(61), until=day(95)),)
        ),
        on=95,
        reason="They left a day later.",
    ),
    *of(
        "group",
        CLUSTER,
        group.GroupOfficeTaken(
            office=group.GroupOffice.REPRESENTATIVE,
            health_worker_id=GASANA,
            org_unit_id=HUYE,
            since=day(62),
        ),
        group.GroupOfficeTaken(
            office=group.GroupOffice.CHAIR, health_worker_id=GASANA, since=day(63)
        ),
        group.GroupOfficeTaken(
            office=group.GroupOffice.MANAGER, health_worker_id=KEZA, since=day(63)
        ),
        on=63,
    ),
    *of(
        "group",
        CLUSTER,
        group.GroupOfficeLeft(
            office=group.GroupOffice.CHAIR, health_worker_id=GASANA, since=day(94)
        ),
        on=94,
    ),
    *of(
        "group",
        CLUSTER,
        group.GroupOfficeTold(
            office=group.GroupOffice.CHAIR,
            health_worker_id=GASANA,
            terms=(group.MemberStay(since=day(64), until=day(94)),),
        ),
        on=95,
        reason="They took the chair a day later.",
    ),
    *of(
        "reform",
        REFORM,
        *(
            reform.ReformDrafted(
                name="Sectors anew",
                org_unit_id=RWANDA,
                effective_on=effective,
                changes=(
                    reform.ReformChange(
                        kind=reform.ReformChangeKind.SPLIT,
                        org_unit_id=SOUTH,
                        successors=(
                            org_unit.Successor(id=id_of("north"), code="RW-S-N", name="North"),
                            org_unit.Successor(id=id_of("south"), code="RW-S-S", name="South"),
                        ),
                        children=(reform.ReformChild(org_unit_id=HUYE, parent_id=id_of("north")),),
                        children_to=id_of("south"),
                    ),
                    reform.ReformChange(
                        kind=reform.ReformChangeKind.ESTABLISH,
                        id=id_of("a new province"),
                        code="RW-N",
                        name="New province",
                        unit_kind=org_unit.OrgUnitKind.PROVINCE,
                        parent_id=RWANDA,
                    ),
                ),
                drafted_by="ministry@example.org",
            )
            for effective in (day(400), day(401))
        ),
        on=96,
        reason="A law of that year.",
    ),
    *of(
        "reform",
        REFORM,
        reform.ReformApproved(effective_on=day(401), approved_by="cabinet@example.org"),
        reform.ReformHeldUp(
            faults=(reform.ReformFault(code="ALREADY_TAKEN", field="changes[1].code"),)
        ),
        on=97,
    ),
    *of(
        "reform",
        REFORM,
        reform.ReformWithdrawn(),
        on=98,
        reason="Parliament decided otherwise.",
    ),
    *of(
        "reform",
        id_of("a reform that was carried out"),
        reform.ReformDrafted(
            name="A name",
            org_unit_id=RWANDA,
            effective_on=day(97),
            changes=(
                reform.ReformChange(
                    kind=reform.ReformChangeKind.RENAME, org_unit_id=HUYE, name="Huye town"
                ),
            ),
            drafted_by="ministry@example.org",
        ),
        reform.ReformApproved(effective_on=day(97), approved_by="cabinet@example.org"),
        reform.ReformCarriedOut(carried_out_on=day(97)),
        on=97,
        reason="It was misspelt.",
    ),
    *of("group", CLUSTER, group.GroupEntrusted(role=Role.COORDINATOR), on=95),
    *of(
        "access_grant",
        id_of("the grant over a cluster"),
        AccessGrantGivenOverGroup(
            subject_name="manager@example.org",
            role=Role.COORDINATOR,
            group_id=CLUSTER,
            since=day(95),
        ),
        on=95,
    ),
]
PEOPLE = [
    *_registered(KEZA, "Diane", "Keza", "Midwife"),
    *_registered(KEZA_AGAIN, "Diana", "Keza", "Midwife"),
    *_registered(HABIMANA, "Jean", "Habimana", "Nurse"),
    *_registered(GASANA, "Eric", "Gasana", "Obstetrician"),
    *of(
        "health_worker",
        HABIMANA,
        workers.HealthWorkerCadreChanged(
            health_worker_id=HABIMANA, cadre="Senior nurse", since=day(75)
        ),
        on=75,
    ),
    *of(
        "health_worker",
        HABIMANA,
        workers.HealthWorkerDetailsUpdated(
            health_worker_id=HABIMANA,
            phone="+250 788 333 444",
            identifiers=(workers.Identifier(system="NCNM", value="4711"),),
            languages=("rw", "fr", "en"),
            email="JB.HABIMANA@EXAMPLE.ORG",
            sex=workers.Sex.MALE,
            birth_year=1988,
            qualification="Advanced diploma in nursing",
            employer="A partner of the hospital",
        ),
        licence.LicenceTold(
            health_worker_id=HABIMANA,
            licence_id=LICENCE,
            terms=licence.LicenceTerms(
                issuing_body="Council of Nurses", number="RN-4711", valid_until=day(200)
            ),
        ),
        second_posting.SecondPostingBegun(
            health_worker_id=HABIMANA, org_unit_id=HOSPITAL, since=day(76)
        ),
        on=76,
    ),
    *of(
        "health_worker",
        HABIMANA,
        licence.LicenceRenewed(
            health_worker_id=HABIMANA,
            licence_id=LICENCE,
            terms=licence.LicenceTerms(
                issuing_body="Council of Nurses",
                number="RN-4711",
                valid_from=day(201),
                valid_until=day(565),
            ),
        ),
        licence.LicenceWithdrawn(
            health_worker_id=HABIMANA, licence_id=LICENCE, withdrawn_on=day(77)
        ),
        licence.LicenceCorrected(
            health_worker_id=HABIMANA,
            licence_id=LICENCE,
            terms=licence.LicenceTerms(
                issuing_body="Council of Nurses and Midwives",
                number="RN-4711",
                valid_from=day(201),
                valid_until=day(565),
            ),
            withdrawn_on=day(74),
            withdrawn=True,
        ),
        workers.HealthWorkerIdentifiersCorrected(
            health_worker_id=HABIMANA,
            wrong=(workers.Identifier(system="NCNM", value="4711"),),
            right=(workers.Identifier(system="NCNM register", value="4712"),),
        ),
        second_posting.SecondPostingEnded(
            health_worker_id=HABIMANA, org_unit_id=HOSPITAL, since=day(76), until=day(77)
        ),
        second_posting.SecondPostingsTold(
            health_worker_id=HABIMANA,
            postings=(second_posting.SecondPosting(org_unit_id=HOSPITAL, since=day(75)),),
            removed=(
                second_posting.SecondPosting(org_unit_id=HOSPITAL, since=day(76), until=day(77)),
            ),
        ),
        on=78,
        reason="As the council wrote.",
    ),
    *of(
        "health_worker",
        HABIMANA,
        workers.HealthWorkerPostingsTold(
            health_worker_id=HABIMANA,
            postings=(
                workers.PostingSince(org_unit_id=HOSPITAL, since=day(40)),
                workers.PostingSince(org_unit_id=CENTRE, since=day(59)),
            ),
            removed=(day(60),),
        ),
        workers.HealthWorkerCadresTold(
            health_worker_id=HABIMANA,
            cadres=(
                workers.CadreSince(cadre="Nurse", since=day(40)),
                workers.CadreSince(cadre="Senior nurse", since=day(75)),
            ),
        ),
        workers.HealthWorkerRenamed(
            health_worker_id=HABIMANA,
            given_names="Jean Bosco",
            family_name="Habimana",
            corrected=True,
        ),
        on=77,
        reason="As the letters in the file say.",
    ),
    *of(
        "health_worker",
        KEZA_AGAIN,
        workers.DuplicateSuspected(
            health_worker_id=KEZA_AGAIN,
            other_id=KEZA,
            grounds=(workers.Ground.PHONE, workers.Ground.NAME_AND_FACILITY),
            score=91,
        ),
        workers.DuplicateSuspected(
            health_worker_id=KEZA_AGAIN,
            other_id=HABIMANA,
            grounds=(workers.Ground.PHONE,),
            score=12,
        ),
        on=62,
    ),
    *of(
        "health_worker",
        KEZA_AGAIN,
        workers.DuplicateDismissed(health_worker_id=KEZA_AGAIN, other_id=HABIMANA),
        on=63,
        reason="They share a phone.",
    ),
]
GATHERING = [
    *of(
        "cohort",
        SECOND_COHORT,
        cohort.CohortOpened(
            programme_version_id=VERSION,
            programme="INGOBYI",
            code="FY21-2",
            name="Second intake of 2021",
            org_unit_id=RWANDA,
            starts=day(100),
            ends=day(364),
        ),
        on=95,
    ),
    *of(
        "cohort",
        SECOND_COHORT,
        cohort.CohortApproved(approved_by="The district's office", approved_on=day(98)),
        on=98,
    ),
    *of("cohort", SECOND_COHORT, cohort.CohortStarted(started_on=day(100)), on=100),
    *_enrolled(DELIVERY, KEZA, "OBS", needs=("BIRTH",), languages=("rw",), supervisor_id=HABIMANA),
    *_enrolled(DELIVERY_AGAIN, KEZA_AGAIN, "OBS"),
    *_enrolled(NURSING, HABIMANA, "PAED", association="RPA"),
    *_of_enrolment(
        DELIVERY,
        KEZA,
        101,
        enrolment.MenteeTrained(
            health_worker_id=KEZA, training="Safe birth", days=5, completed_on=day(101)
        ),
        enrolment.GoalSet(
            health_worker_id=KEZA, goal="G1", text="Lead ten births unaided", due=day(200)
        ),
        enrolment.GoalSet(health_worker_id=KEZA, goal="G2", text="Teach a colleague"),
        enrolment.MenteeNeedsTold(
            health_worker_id=KEZA,
            needs=(
                enrolment.NeedsSince(since=day(100), needs=("BIRTH",)),
                enrolment.NeedsSince(since=day(101), needs=("BIRTH", "PPH")),
            ),
        ),
        enrolment.MenteeSelfAssessed(
            health_worker_id=KEZA,
            ratings=(enrolment.SelfRating(skill="BIRTH", level=2),),
            assessed_on=day(101),
        ),
        enrolment.SelfAssessmentCorrected(
            health_worker_id=KEZA,
            instead_of=day(101),
            skills=("BIRTH",),
            assessed_on=day(101),
            ratings=(enrolment.SelfRating(skill="BIRTH", level=2),),
        ),
    ),
    *_of_mentor(
        BY_CASCADE,
        MENTEE,
        102,
        mentor.MentorNominated(
            health_worker_id=MENTEE,
            programme_version_id=VERSION,
            programme="INGOBYI-POST",
            area="PAED",
            org_unit_id=HOSPITAL,
            nominated_by=mentor.NominatedBy.CASCADE,
            earned_in=ENROLMENT,
        ),
    ),
    *_of_mentor(
        DEPUTY,
        GASANA,
        102,
        mentor.MentorNominated(
            health_worker_id=GASANA,
            programme_version_id=VERSION,
            org_unit_id=CENTRE,
            criteria=("PRACTISES",),
            **_OBSTETRICS,
        ),
        mentor.MentorCertified(health_worker_id=GASANA, **_OBSTETRICS, certified_on=day(103)),
        mentor.MentorCertificationCorrected(
            health_worker_id=GASANA, **_OBSTETRICS, certified_on=day(101), instead_of=day(103)
        ),
        mentor.MentorCertificationVoided(
            health_worker_id=GASANA,
            **_OBSTETRICS,
            certified_on=day(101),
            voided_on=day(103),
            oriented=False,
        ),
        mentor.MentorCertified(health_worker_id=GASANA, **_OBSTETRICS, certified_on=day(102)),
        mentor.MentorAvailabilityDeclared(
            health_worker_id=GASANA,
            skills=("BIRTH",),
            languages=("fr",),
            places=2,
            since=day(102),
            until=day(300),
        ),
    ),
]
_PAEDIATRICIAN = mentorship.MentorParty(
    mentor_id=NOMINEE, health_worker_id=id_of("Uwase, paediatrician"), area="OBS"
)
CARING = [
    *of(
        "mentorship",
        CARE,
        mentorship.MentorshipProposed(
            cohort_id=SECOND_COHORT,
            programme_version_id=VERSION,
            programme="INGOBYI",
            org_unit_id=CENTRE,
            mentors=(_PAEDIATRICIAN,),
            mentees=(
                mentorship.MenteeParty(enrolment_id=DELIVERY, health_worker_id=KEZA, area="OBS"),
            ),
            phase="PROACTIVE",
            matched=True,
            score=87.5,
            reasons=("Both speak Kinyarwanda.", "She meets the need BIRTH."),
        ),
        on=104,
    ),
    *of(
        "mentorship",
        DECLINED,
        mentorship.MentorshipProposed(
            cohort_id=SECOND_COHORT,
            programme_version_id=VERSION,
            programme="INGOBYI",
            org_unit_id=CENTRE,
            mentors=(_PAEDIATRICIAN,),
            mentees=(
                mentorship.MenteeParty(enrolment_id=NURSING, health_worker_id=HABIMANA, area="OBS"),
            ),
            matched=True,
            score=40.0,
        ),
        on=104,
    ),
    *of(
        "cohort",
        SECOND_COHORT,
        cohort.CohortMatched(
            mentorships=(CARE, DECLINED),
            score=127.5,
            bound=127.5,
            unmatched=(
                cohort.Unmatched(
                    enrolment_id=DELIVERY_AGAIN, constraint=cohort.Constraint.NO_AVAILABILITY
                ),
            ),
        ),
        on=104,
    ),
    *of("mentorship", CARE, mentorship.MentorshipAccepted(), on=105),
    *of("mentorship", DECLINED, mentorship.MentorshipDeclined(), on=105, reason="Too far."),
    *of(
        "mentorship",
        CARE,
        mentorship.AgreementSigned(
            health_worker_id=_PAEDIATRICIAN.health_worker_id,
            side=mentorship.Side.MENTOR,
            signed_on=day(106),
            awaited=1,
        ),
        mentorship.AgreementSigned(
            health_worker_id=KEZA, side=mentorship.Side.MENTEE, signed_on=day(106), awaited=0
        ),
        mentorship.MentorshipAgreed(agreed_on=day(106)),
        on=106,
    ),
    *of(
        "mentorship",
        CARE,
        mentorship.MentorshipPhaseChanged(from_phase="PROACTIVE", phase="REACTIVE", since=day(130)),
        on=130,
        reason="The proactive visits are over.",
    ),
    *of(
        "mentorship",
        CARE,
        mentorship.MentorDisengaged(
            mentor_id=NOMINEE,
            health_worker_id=_PAEDIATRICIAN.health_worker_id,
            programme="INGOBYI",
            org_unit_id=CENTRE,
            left_on=day(140),
            notified=(
                mentorship.Notified(
                    role="FOCAL-PERSON", name="The district's office", notified_on=day(140)
                ),
            ),
            due=("SECRETARIAT",),
            due_on=day(147),
            team=0,
        ),
        on=140,
        reason="Posted abroad.",
    ),
    *of(
        "mentorship",
        CARE,
        mentorship.MentorReassigned(
            mentor=mentorship.MentorParty(mentor_id=DEPUTY, health_worker_id=GASANA, area="OBS"),
            replaces_id=NOMINEE,
            since=day(143),
            awaited=1,
        ),
        on=143,
    ),
    *_of_mentor(
        DEPUTY,
        GASANA,
        143,
        mentor.MentorAssigned(health_worker_id=GASANA, mentorship_id=CARE),
    ),
    *of(
        "mentorship",
        CARE,
        mentorship.AgreementSigned(
            health_worker_id=GASANA,
            side=mentorship.Side.MENTOR,
            signed_on=day(142),
            awaited=0,
        ),
        mentorship.MentorshipAgreed(agreed_on=day(142)),
        mentorship.SignatureCorrected(
            health_worker_id=GASANA,
            side=mentorship.Side.MENTOR,
            signed_on=day(143),
            instead_of=day(142),
            agreed_on=day(143),
        ),
        mentorship.SignatureVoided(
            health_worker_id=GASANA,
            side=mentorship.Side.MENTOR,
            voided_on=day(143),
            awaited=1,
            unbinds=True,
        ),
        mentorship.AgreementSigned(
            health_worker_id=GASANA,
            side=mentorship.Side.MENTOR,
            signed_on=day(144),
            awaited=0,
        ),
        mentorship.MentorshipAgreed(agreed_on=day(144)),
        on=144,
        reason="Somebody else's letter lay in the folder.",
    ),
    *of("mentorship", CARE, mentorship.MentorshipConcluded(concluded_on=day(260)), on=260),
    *_of_mentor(
        DEPUTY,
        GASANA,
        260,
        mentor.MentorReleased(health_worker_id=GASANA, mentorship_id=CARE),
    ),
    *_of_mentor(
        DEPUTY,
        GASANA,
        262,
        mentor.MentorSuspended(health_worker_id=GASANA, since=day(262), **_OBSTETRICS),
        reason="On leave.",
    ),
    *_of_mentor(
        DEPUTY,
        GASANA,
        290,
        mentor.MentorReinstated(health_worker_id=GASANA, since=day(290), **_OBSTETRICS),
        reason="Back from leave.",
    ),
]
ENDING = [
    *_of_enrolment(
        DELIVERY,
        KEZA,
        150,
        enrolment.GoalReached(health_worker_id=KEZA, goal="G1", reached_on=day(150), open=1),
        enrolment.GoalEvaluated(
            health_worker_id=KEZA,
            goal="G2",
            how_far=enrolment.HowFar.PARTLY,
            comment="She taught one, who left.",
            evaluated_on=day(150),
        ),
        enrolment.GoalCorrected(
            health_worker_id=KEZA,
            goal="G2",
            text="Teach two colleagues",
            due=day(190),
            reached_on=day(149),
            open=0,
        ),
        enrolment.GoalVoided(health_worker_id=KEZA, goal="G2", voided_on=day(150), open=0),
        enrolment.GoalReinstated(health_worker_id=KEZA, goal="G2", reinstated_on=day(150), open=0),
        enrolment.MenteeTransferred(
            health_worker_id=KEZA, from_org_unit_id=CENTRE, org_unit_id=HOSPITAL, since=day(150)
        ),
    ),
    *_of_enrolment(
        DELIVERY,
        KEZA,
        160,
        enrolment.MenteeMovedToVersion(
            health_worker_id=KEZA,
            from_programme_version_id=VERSION,
            programme_version_id=SECOND_VERSION,
            since=day(160),
        ),
        reason="The rules of 2022 suit her.",
    ),
    *of(
        "health_worker",
        KEZA_AGAIN,
        workers.HealthWorkerMergedInto(
            health_worker_id=KEZA_AGAIN, into_id=KEZA, set_aside=(DELIVERY_AGAIN,)
        ),
        on=170,
    ),
    *of(
        "health_worker",
        KEZA,
        workers.AliasTaken(health_worker_id=KEZA, alias_id=KEZA_AGAIN),
        on=170,
    ),
    *_of_enrolment(
        DELIVERY_AGAIN,
        KEZA_AGAIN,
        170,
        enrolment.EnrolmentSetAside(health_worker_id=KEZA_AGAIN, goes_on_in=DELIVERY),
    ),
    *of(
        "health_worker",
        KEZA_AGAIN,
        workers.HealthWorkerMergeReversed(
            health_worker_id=KEZA_AGAIN, from_id=KEZA, restored=(DELIVERY_AGAIN,)
        ),
        on=180,
        reason="Two sisters.",
    ),
    *of(
        "health_worker",
        KEZA,
        workers.AliasGivenUp(health_worker_id=KEZA, alias_id=KEZA_AGAIN),
        on=180,
    ),
    *_of_enrolment(
        DELIVERY_AGAIN,
        KEZA_AGAIN,
        180,
        enrolment.EnrolmentRestored(health_worker_id=KEZA_AGAIN, went_on_in=DELIVERY),
    ),
    *_of_enrolment(
        NURSING,
        HABIMANA,
        200,
        enrolment.MenteeWithdrawn(
            health_worker_id=HABIMANA,
            withdrawn_on=day(200),
            cause=enrolment.WithdrawalCause.LEFT_SERVICE,
        ),
        reason="Moved to another province.",
    ),
    *_of_enrolment(
        DELIVERY,
        KEZA,
        259,
        enrolment.MenteeCompleted(
            health_worker_id=KEZA,
            programme_version_id=SECOND_VERSION,
            org_unit_id=HOSPITAL,
            completed_on=day(259),
            sessions=6,
            validated=1,
            **_OBSTETRICS,
        ),
    ),
    *of("cohort", SECOND_COHORT, cohort.CohortClosed(closed_on=day(300)), on=300),
]
_BY: dict[str, Any] = {
    "programme_version_id": VERSION,
    "programme": "INGOBYI-POST",
    "org_unit_id": CENTRE,
}
BREATHING = [
    *of(
        "cohort",
        THIRD_COHORT,
        cohort.CohortOpened(
            programme_version_id=VERSION,
            programme="INGOBYI-POST",
            code="FY21-3",
            name="Third intake of 2021",
            org_unit_id=RWANDA,
            starts=day(100),
            ends=day(200),
        ),
        on=100,
    ),
    *of("cohort", THIRD_COHORT, cohort.CohortStarted(started_on=day(100)), on=100),
    *[
        told
        for stream, person in ((LATE, KEZA), (LATER, HABIMANA))
        for told in _of_enrolment(
            stream,
            person,
            101,
            enrolment.MenteeEnrolled(
                health_worker_id=person,
                cohort_id=THIRD_COHORT,
                area="OBS",
                technical_area="MOTHER",
                since=day(101),
                fiscal_year=2021,
                **_BY,
            ),
        )
    ],
    *of(
        "mentorship",
        BREATHES,
        mentorship.MentorshipProposed(
            cohort_id=THIRD_COHORT,
            mentors=(
                mentorship.MentorParty(mentor_id=DEPUTY, health_worker_id=GASANA, area="OBS"),
            ),
            mentees=(mentorship.MenteeParty(enrolment_id=LATE, health_worker_id=KEZA, area="OBS"),),
            phase="PROACTIVE",
            letters=False,
            deviations=(
                Deviation(
                    rule=ConductRule.MENTEE_COUNT,
                    params=(
                        DeviationValue(name="mentees", value=1),
                        DeviationValue(name="least", value=2),
                    ),
                ),
            ),
            **_BY,
        ),
        mentorship.MentorshipAgreed(agreed_on=day(105)),
        on=105,
    ),
    *of(
        "mentorship",
        BREATHES,
        mentorship.MentorshipWaived(
            rule=ConductRule.MENTEE_COUNT,
            approved_by="The district hospital",
            waived_on=day(106),
            counts=True,
        ),
        on=106,
        reason="Nobody else works there.",
    ),
    *of(
        "mentorship",
        BREATHES,
        mentorship.MenteeJoined(
            cohort_id=THIRD_COHORT,
            mentee=mentorship.MenteeParty(
                enrolment_id=LATER, health_worker_id=HABIMANA, area="OBS"
            ),
            since=day(110),
            **_BY,
        ),
        on=110,
    ),
    *of(
        "mentorship",
        BREATHES,
        mentorship.MenteePhaseChanged(
            enrolment_id=LATER,
            health_worker_id=HABIMANA,
            from_phase="PROACTIVE",
            phase="REACTIVE",
            since=day(112),
        ),
        on=112,
        reason="He knows how.",
    ),
    *of(
        "mentorship",
        BREATHES,
        mentorship.MentorshipMovedToVersion(
            from_programme_version_id=VERSION,
            programme_version_id=SECOND_VERSION,
            since=day(115),
            letters=False,
            phase="PROACTIVE",
        ),
        on=115,
        reason="Nobody may travel.",
    ),
    *of(
        "mentorship",
        BREATHES,
        mentorship.MentorshipMoved(org_unit_id=HOSPITAL, since=day(116)),
        on=116,
    ),
    *of(
        "mentorship",
        BREATHES,
        mentorship.MentorshipPaused(since=day(120), cause=PauseCause.LEAVE),
        on=120,
        reason="Maternity leave.",
    ),
    *of(
        "mentorship",
        BREATHES,
        mentorship.MentorshipResumed(paused=day(120), since=day(130)),
        on=130,
    ),
    *of(
        "mentorship",
        BREATHES,
        mentorship.MenteeLeft(
            enrolment_id=LATE,
            health_worker_id=KEZA,
            left_on=day(140),
            cause=mentorship.MenteeLeaving.REMOVED,
            mentees=1,
        ),
        on=140,
        reason="Another team is nearer.",
    ),
    *_of_enrolment(
        LATER,
        HABIMANA,
        150,
        enrolment.MenteeWithdrawn(
            health_worker_id=HABIMANA,
            withdrawn_on=day(150),
            cause=enrolment.WithdrawalCause.TRANSFERRED,
        ),
        reason="He was posted elsewhere.",
    ),
    *of(
        "mentorship",
        BREATHES,
        mentorship.MenteeLeft(
            enrolment_id=LATER,
            health_worker_id=HABIMANA,
            left_on=day(150),
            cause=mentorship.MenteeLeaving.WITHDRAWN,
            mentees=0,
            due=("FOCAL-PERSON",),
            due_on=day(157),
        ),
        mentorship.MentorshipConcluded(concluded_on=day(150), with_last=True),
        on=150,
    ),
    *_of_enrolment(
        LATER,
        HABIMANA,
        151,
        enrolment.MenteeReadmitted(health_worker_id=HABIMANA, since=day(151)),
        reason="He stays.",
    ),
    *of(
        "mentorship",
        BREATHES,
        mentorship.MentorshipReopened(since=day(151)),
        mentorship.MenteeJoined(
            cohort_id=THIRD_COHORT,
            mentee=mentorship.MenteeParty(
                enrolment_id=LATER, health_worker_id=HABIMANA, area="OBS"
            ),
            since=day(151),
            **_BY,
        ),
        on=151,
    ),
    *of(
        "cohort",
        THIRD_COHORT,
        cohort.CohortPaused(since=day(160), cause=PauseCause.STRIKE),
        on=160,
        reason="Nurses are on strike.",
    ),
    *of("cohort", THIRD_COHORT, cohort.CohortResumed(paused=day(160), since=day(170)), on=170),
    *of(
        "cohort",
        THIRD_COHORT,
        cohort.CohortMoved(org_unit_id=HUYE, since=day(171)),
        cohort.CohortExtended(ends=day(210)),
        on=171,
        reason="The strike took ten days.",
    ),
    *_of_enrolment(
        LATE,
        KEZA,
        180,
        enrolment.MenteeCompleted(
            health_worker_id=KEZA,
            area="OBS",
            completed_on=day(180),
            sessions=6,
            validated=1,
            **_BY,
        ),
    ),
    *_of_enrolment(
        LATE,
        KEZA,
        190,
        enrolment.CompletionReopened(
            health_worker_id=KEZA,
            programme="INGOBYI-POST",
            area="OBS",
            org_unit_id=CENTRE,
            completed_on=day(180),
            since=day(190),
        ),
        reason="A session was voided.",
    ),
]
SCREENED = id_of("screening")
SCREENING = [
    *of("screening", SCREENED, screening.ScreeningBegun(since=day(158)), on=158),
    *of(
        "screening",
        SCREENED,
        screening.ScreeningAdvanced(
            up_to="9223372036854775807",
            done=1000,
            looked=12,
            found=1,
            pairs=(screening.PossiblePair(health_worker_id=KEZA_AGAIN, other_id=KEZA),),
        ),
        screening.ScreeningEnded(ended_on=day(158)),
        on=158,
    ),
]
REACHING, ENROLLING, MEETING, VALIDATING = map(
    id_of, ("target of reach", "target of Huye", "target of the cluster", "target of the hospital")
)
_MEANT: dict[str, Any] = {"programme": "INGOBYI", "starts": day(0), "since": day(0)}
_YEAR: dict[str, Any] = {**_MEANT, "ends": day(364), "fiscal_year": 2021}
MEANT = [
    *of(
        "target",
        REACHING,
        target.TargetTold(**_YEAR, measure=target.TargetMeasure.REACHED, number=200),
    ),
    *of(
        "target",
        REACHING,
        target.TargetChanged(number=250, since=day(60), stands=250),
        on=60,
    ),
    *of(
        "target",
        ENROLLING,
        target.TargetTold(
            **_MEANT,
            ends=day(91),
            measure=target.TargetMeasure.ENROLLED,
            number=20,
            org_unit_id=HUYE,
            area="PAED",
            fiscal_year=2021,
            quarter=1,
        ),
    ),
    *of(
        "target",
        ENROLLING,
        target.TargetWithdrawn(since=day(100)),
        on=100,
        reason="The money went elsewhere.",
    ),
    *of(
        "target",
        ENROLLING,
        target.TargetCorrected(
            numbers=(target.TargetNumber(since=day(0), number=25),), removed=(day(100),)
        ),
        on=101,
        reason="It had been another target's.",
    ),
    *of(
        "target",
        MEETING,
        target.TargetTold(
            **_MEANT,
            ends=day(180),
            measure=target.TargetMeasure.SESSIONS,
            number=12,
            group_id=CLUSTER,
        ),
    ),
    *of(
        "target",
        VALIDATING,
        target.TargetTold(
            **_YEAR, measure=target.TargetMeasure.VALIDATED, number=4, org_unit_id=HOSPITAL
        ),
    ),
]
REGISTRY_TOLD: tuple[Told, ...] = (
    *UNITS,
    *PEOPLE,
    *GATHERING,
    *CARING,
    *ENDING,
    *BREATHING,
    *SCREENING,
    *MEANT,
)
