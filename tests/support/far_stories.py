"""Stories for what commands could have said: between them they send every kind of command that the
demonstrations leave out, each in a state in which it can be recorded.
"""

from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.sessions.aggregates.notice import notice_id
from services.validation.aggregates.certificate import certificate_id
from shared.contracts.definition import Conduct, Definition, Gate, Ratio, Validation
from shared.contracts.definition.assessment import (
    ApprovalStep,
    Basis,
    CascadeStep,
    Certificate,
)
from shared.contracts.definition.people import Disengagement
from shared.contracts.registry.mentorship import MentorshipProposed
from shared.domain.errors import MshauriError, Refusal
from tests.support.definitions import definition
from tests.support.hospital import POORLY, Hospital
from tests.support.house import OPERATOR, House
from tests.support.mentoring import Country, day
from tests.support.mentoring import rules as of_pairs
from tests.support.paired import AREA, days_ago, paired
from tests.support.paired import rules as of_teams
from tests.support.records import DRIVE, WATER


async def team() -> House:
    """Tell of a team of mentors: all that happens in a mentorship, until it is over."""
    pair = await paired(of_teams(disengagement=Disengagement(notify=("FOCAL",), within_days=7)))
    send, mentorship = pair.send, {"mentorshipId": pair.mentorship}
    first, *_ = await pair.house.events(pair.mentorship)
    assert isinstance(first, MentorshipProposed)
    held = {
        "mode": "IN_PERSON",
        "minutes": 120,
        "present": [pair.mentors[0], pair.mentees[0]],
        "partly": [{"healthWorkerId": pair.mentees[0], "minutes": 60}],
    }
    planned = {"plannedFor": days_ago(12), "mode": "PHONE", "occurredOn": days_ago(20)}
    one = (await send("sessionPlan", **mentorship, **planned)).id
    other = (await send("sessionPlan", **mentorship, **planned)).id
    put = {"plannedFor": days_ago(10), "occurredOn": days_ago(15), "reason": "A flood."}
    await send("sessionReschedule", sessionId=one, **put)
    await send("sessionCancel", sessionId=other, reason="A strike.")
    await send("sessionLog", id=one, **mentorship, **held, occurredOn=days_ago(10))
    await send("sessionCorrect", sessionId=one, heldOn=days_ago(9), reason="So it was.", **held)
    await send("sessionVoid", sessionId=one, reason="It was logged twice.")
    await send("sessionReinstate", sessionId=one, reason="It was not.")
    await send(
        "journalWrite",
        **mentorship,
        healthWorkerId=pair.mentees[0],
        text="Today I managed it alone.",
        as_="person-2",
    )
    action = {
        "title": "Keep the fridge on",
        "ownerId": pair.mentees[0],
        "due": days_ago(10),
        "occurredOn": days_ago(20),
    }
    done = (await send("actionAgree", **mentorship, **action)).id
    passed = (await send("actionAgree", **mentorship, **action)).id
    await send("actionComplete", improvementActionId=done, result="A key hangs in the ward.")
    passed_on = {"improvementActionId": passed, "toOrgUnitId": pair.district, "reason": "Theirs."}
    await send("actionEscalate", **passed_on)
    await send("actionResolve", improvementActionId=passed, result="They sent a solar fridge.")
    plan = await send(
        "planAgree",
        **mentorship,
        planKind="VISIT",
        starts=days_ago(8),
        ends=days_ago(6),
        objectives=["Two days at the bedside."],
        occurredOn=days_ago(9),
    )
    await send("planSend", planId=plan.id, sentTo="The hospital", occurredOn=days_ago(8))
    await send("outcomeStoryTell", **mentorship, title="The fridge runs", story="No dose was lost.")
    at = {"programmeVersionId": pair.version, "occurredOn": days_ago(3)}
    await send(
        "supervisionVisitLog", **at, orgUnitId=pair.facility, supervisors=["Medical officer"]
    )
    await send("coordinationMeetingLog", **at, orgUnitId=pair.district, participants=12)
    grant = await send("accessGrantGive", subjectName="juma", role="MENTOR", orgUnitId=pair.country)
    await send("accessGrantRevoke", accessGrantId=grant.id)
    await send("healthWorkerChangeCadre", healthWorkerId=pair.mentees[0], cadre="MIDWIFE")
    await send(
        "healthWorkerUpdateDetails", healthWorkerId=pair.mentees[0], phone="+254 700 000 001"
    )
    await send("healthWorkerTransfer", healthWorkerId=pair.mentees[0], orgUnitId=pair.elsewhere)
    await send("menteeTransfer", enrolmentId=first.mentees[0].enrolment_id)
    person = {"healthWorkerId": pair.mentees[1], "reason": "As the letter says."}
    await send(
        "healthWorkerCorrectPostings",
        **person,
        postings=[{"orgUnitId": str(pair.facility), "since": str(days_ago(50))}],
    )
    await send(
        "healthWorkerCorrectCadres",
        **person,
        cadres=[{"cadre": "MIDWIFE", "since": str(days_ago(50))}],
    )
    await send("healthWorkerRename", **person, givenNames="Wanjiru")
    mentor = await _another(pair.house, pair.facility, pair.version)
    left = {**mentorship, "mentorId": pair.mentor_ids[0]}
    await send("mentorshipDisengage", **left, reason="Posted elsewhere.", occurredOn=days_ago(6))
    with suppress(MshauriError):  # the policy was faster
        await send("noticeRaise", **left, role="FOCAL", due=days_ago(1))
    notice = notice_id(pair.mentorship, pair.mentor_ids[0], "FOCAL")
    await send("noticeGive", noticeId=notice, givenTo="The secretariat")
    await send("mentorshipReassign", **mentorship, replacesId=pair.mentor_ids[0], mentorId=mentor)
    await send("mentorshipConclude", **mentorship, reason="It is over.")
    await send("menteeWithdraw", enrolmentId=first.mentees[1].enrolment_id, reason="Study leave.")
    return pair.house


async def gathering() -> House:
    """Tell of workshops, of what they open, and of trainings that are told by themselves."""
    country = await Country.under(of_pairs(programme="gathering"))
    send, why = country.send, {"reason": "As the list says."}
    person, mentee = await country.person(), await country.enrolment()
    nominee = {"mentorId": await country.nominee(person), "on": 5}
    where = {"programmeVersionId": country.version, "orgUnitId": country.facility}
    module = {"topic": "LAW", "name": "Labour law", "methods": ["FILM"], "days": [day(11)]}
    told = {
        "workshopKind": "TRAINING",
        "title": "Human resources",
        "place": "A college",
        "starts": day(10),
        "ends": day(12),
        "days": [day(10), day(11)],
        "course": "HRM",
        "modules": [module | {"minutes": 90}],
        "facilitators": [{"name": "A teacher", "organisation": "A college"}],
        "attendees": [{"healthWorkerId": person, "modules": ["LAW"], "preTest": 4, "postTest": 9}],
        "others": 3,
        "notes": "They ask for more.",
        "on": 12,
    }
    workshop = await send("workshopLog", **where, **told, cohortId=country.cohort)
    await send("workshopCorrect", workshopId=workshop, **told, cohortId=country.cohort, **why)
    await send("workshopVoid", workshopId=workshop, on=13, **why)
    await send("workshopReinstate", workshopId=workshop, on=14, **why)
    with suppress(MshauriError):  # the policy was faster
        await send("healthWorkerWeighWorkshops", healthWorkerId=person)
    course = {"enrolmentId": mentee, "training": "Human resources", "days": 5}
    await send("menteeTrain", **course)
    training = {"enrolmentId": mentee, "factsVersion": 2, "on": 6, **why}
    anew = {"training": "Human resources", "days": 4, "completedOn": day(5)}
    await send("menteeTrainingCorrect", **training, **anew)
    await send("menteeTrainingVoid", **training)
    await send("menteeTrainingReinstate", **training)
    await send("mentorOrient", **nominee)
    await send("mentorOrientationVoid", **nominee, **why)
    return country.house


async def meant() -> House:
    """Tell of what a hospital means to reach, in a quarter and in days of its own."""
    told = await Hospital.built()
    target = {"programme": "test-hospital", "measure": "REACHED", "orgUnitId": told.unit}
    days = {"starts": "2019-01-01", "ends": "2019-03-31", "area": "RAM"}
    await told.send("targetSet", "2018-11-01", **target, **days, number=20)
    year = {**target, "fiscalYear": 2019, "quarter": 2, "fiscalYearStart": 7}
    one = (await told.send("targetSet", "2018-11-01", **year, number=30)).id
    line = [{"since": "2018-10-15", "number": 30}, {"since": "2018-11-15", "number": 40}]
    why = {"targetId": one, "reason": "So it was agreed."}
    await told.send("targetCorrect", numbers=line, **why)
    await told.send("targetWithdraw", **why)
    return told.house


async def following() -> House:
    """Tell of what follows a session: contacts, threads, actions and plans that go on."""
    pair = await paired(of_teams())
    send, mentorship = pair.send, {"mentorshipId": pair.mentorship}
    mentor, mentee = pair.mentors[0], pair.mentees[0]
    held = {"mode": "IN_PERSON", "minutes": 120, "present": [mentor, mentee]}
    for _ in range(2):
        twice = await send("sessionLog", **mentorship, **held, occurredOn=days_ago(10))
    with suppress(MshauriError):  # the policy was faster
        await send("sessionTwinsWeigh", sessionId=twice.id)
    with suppress(MshauriError):
        await send("sessionsWeigh", **mentorship, since=days_ago(20))
    where = {"programmeVersionId": pair.version, "orgUnitId": pair.facility}
    visit = await send("visitLog", **where, starts=days_ago(12), ends=days_ago(10))
    days = {"starts": days_ago(12), "ends": days_ago(9)}
    await send("visitCorrect", visitId=visit.id, **days, reason="They stayed.")
    await send("sessionSettle", sessionId=twice.id, reason="There were two.")
    called = {"mode": "PHONE", "mentor": mentor, "mentee": mentee, "reachedBy": "MENTEE"}
    contact = await send("contactLog", **mentorship, **called, about="The fridge.")
    await send("contactVoid", contactId=contact.id, reason="It was another mentee.")
    asked = {"healthWorkerId": mentee, "topic": "Oxytocin", "question": "How is it kept?"}
    request = await send("supportRequestRaise", **mentorship, **asked)
    more = {"healthWorkerId": mentee, "text": "It is urgent."}
    await send("supportRequestFollowUp", supportRequestId=request.id, **more)
    wanted = {"title": "Keep the fridge on", "ownerOffice": "Director", "due": days_ago(10)}
    agreed = await send("actionAgree", **mentorship, **wanted, occurredOn=days_ago(20))
    action = {"improvementActionId": agreed.id, "occurredOn": days_ago(9)}
    await send("actionReschedule", **action, due=days_ago(1), reason="No budget.")
    await send("actionReportProgress", **action, note="Two offers were asked for.")
    await send("actionEscalate", **action, toOffice="Supply agency", reason="Theirs.")
    await send("actionReturn", **action, reason="Not theirs.")
    await send("actionDrop", **action, reason="The ward was closed.")
    whole = {"starts": days_ago(20), "ends": days_ago(0), "objectives": ["The round alone."]}
    theirs = {"planKind": "DEVELOPMENT", "healthWorkerId": mentee, "occurredOn": days_ago(20)}
    plan = await send("planAgree", **mentorship, **whole, **theirs)
    await send("planAmend", planId=plan.id, **whole, strengths=["Calm"], reason="Homework.")
    measure = {"code": "ROUNDS", "name": "Rounds", "kind": "LEADING", "unit": "a month"}
    chosen = await send(
        "initiativeChoose",
        **mentorship,
        healthWorkerId=mentee,
        title="No day without oxytocin",
        rootCauses=["Orders leave late"],
        measures=[measure | {"target": "4"}],
        occurredOn=days_ago(20),
    )
    initiative = {"initiativeId": chosen.id, "occurredOn": days_ago(9)}
    result = measure | {"code": "DAYS", "kind": "LAGGING", "target": "0"}
    await send("initiativeAddMeasure", **initiative, measure=result)
    await send("initiativeNote", **initiative, noteKind="WIN", text="The first full month.")
    await send("initiativeEnd", **initiative, ending="CLOSED", result="Not one day.")
    return pair.house


async def _another(house: House, unit: UUID, version: UUID) -> UUID:
    began = {"occurredOn": str(days_ago(40))}
    person = await house.send(
        "healthWorkerRegister",
        givenNames="Grace",
        familyName="Wanjiku",
        cadre="NURSE",
        orgUnitId=str(unit),
        **began,
    )
    mentor = await house.send(
        "mentorNominate",
        healthWorkerId=str(person.id),
        programmeVersionId=str(version),
        area=AREA,
        **began,
    )
    await house.send("mentorOrient", mentorId=str(mentor.id), **began)
    await house.send("mentorCertify", mentorId=str(mentor.id), **began)
    return mentor.id


async def hospital() -> House:
    """Tell of a mentee who is assessed, validated, certified and completed, and of what is undone.

    Her certificate rests on validations that run out.
    """
    steps = (ApprovalStep(code="district", name="D"), ApprovalStep(code="ministry", name="M"))
    told = await Hospital.built(
        gates=(Gate.PRE_TEST,),
        validation=Validation(threshold=85, technique=True, coaching_plan=True, valid_months=6),
        certificate=Certificate(
            name="Certificate", prefix="TEST", basis=Basis.VALIDATION, approvals=steps
        ),
    )
    send, mentee = told.send, {"enrolmentId": told.enrolment}
    for subject, role in (("amina", "ADMINISTRATOR"), ("juma", "COORDINATOR")):
        grant = {"subjectName": subject, "role": role, "orgUnitId": told.unit}
        await send("accessGrantGive", "2018-10-01", **grant)
    await send("competencyBaselineAssess", **mentee, assessorId=told.mentor, raw=10, max=30)
    await told.assess("HBB", items=POORLY["HBB"])
    coached = {"competency": "HBB", "actions": ["Ventilate a doll"], "until": "2018-12-31"}
    await send("competencyCoach", **mentee, **coached)
    await told.assess("HBB")
    await told.assess("PPH")
    with suppress(MshauriError):  # the policy was faster
        await send("certificateRecommend", **mentee)
    certificate = {"certificateId": certificate_id(told.enrolment)}
    await send("certificateApprove", **certificate, step="district", as_="amina")
    await send("certificateApprove", **certificate, step="ministry", as_="juma")
    await send("competencyRevoke", **mentee, competency="PPH", reason="Misread.")
    await send("competencyLapse", "2019-06-10", **mentee, competency="HBB")
    await send("certificateRevoke", **certificate, reason="Nothing is left of it.")
    newer = replace(definition(), version=2, gates=())
    version = await told.house.send("programmePublish", definition=_text(newer))
    moved = {"programmeVersionId": version.id, "reason": "The rules were revised."}
    await send("menteeMoveToVersion", "2019-06-11", **mentee, **moved)
    goal = {"goal": "SAFE", "text": "To resuscitate alone."}
    await send("menteeSetGoal", **mentee, **goal)
    await send("menteeReachGoal", "2019-06-12", **mentee, goal="SAFE")
    await send("menteeComplete", "2019-06-13", **mentee)
    await send("cohortClose", "2019-06-14", cohortId=told.cohort)
    return told.house


async def amended() -> House:
    """Tell of a mentee of whom everything is corrected, voided and let count again; of a
    certificate that is declined, revoked and issued anew; and of what she had proved before.
    """
    rule = Validation(threshold=85, technique=True, countersigned=True)
    step = ApprovalStep(code="district", name="D")
    told = await Hospital.built(
        gates=(),
        conduct=Conduct(),
        validation=rule,
        certificate=Certificate(
            name="Certificate", prefix="TEST", basis=Basis.VALIDATION, approvals=(step,)
        ),
        indicators=(DRIVE,),
        facility_baseline=(WATER,),
    )
    send, mentee = told.send, {"enrolmentId": told.enrolment}
    why = {"reason": "The paper says something else."}
    for subject, role, person in (
        ("amina", "ADMINISTRATOR", None),
        ("uwase", "MENTOR", told.mentor),
    ):
        grant = {"subjectName": subject, "role": role, "healthWorkerId": person}
        await send("accessGrantGive", "2018-10-01", orgUnitId=told.unit, **grant)
    test = {**mentee, "competency": "HBB", "assessorId": told.mentor, "max": 30}
    await send("competencyBaselineAssess", **test, raw=1)
    await send("competencyBaselineCorrect", **test, raw=10, assessedOn="2018-11-20", **why)
    await told.assess("HBB")
    this = {**mentee, "competency": "HBB", "attempt": 1}
    await send("competencyAttemptCountersign", **this, as_="uwase")
    await told.assess("PPH", as_="uwase")
    again = {**told.attempt("HBB"), **this, "assessedOn": "2018-12-02", **why}
    await send("competencyAttemptCorrect", **again, postTestRaw=17, postTestMax=20, as_="uwase")
    await send("competencyAttemptVoid", "2018-12-05", **this, **why)
    await send("competencyAttemptReinstate", "2018-12-06", **this, **why)
    certificate = {"certificateId": certificate_id(told.enrolment)}
    district = {**certificate, "step": "district", "as_": "amina"}
    await send("certificateDecline", "2018-12-07", **district, **why)
    await send("certificateRecommend", "2018-12-08", **mentee)
    await send("certificateApprove", "2018-12-09", **district)
    await send("certificateRevoke", "2018-12-10", **certificate, **why)
    await send("certificateReissue", "2018-12-11", **certificate, **why)
    score = {**mentee, "indicator": "drive"}
    await send("indicatorScore", **score, occasion="BASELINE", score=2)
    of_round = {**score, "round": 0, **why}
    by = {"scorerId": told.mentor, "scoredOn": "2018-12-02"}
    await send("indicatorCorrect", **of_round, **by, score=3)
    await send("indicatorVoid", **of_round)
    await send("indicatorReinstate", **of_round)
    seen = {"areas": [{"area": "water", "items": [{"item": "tap", "points": 1}]}], "notes": "Dry"}
    place = {"orgUnitId": told.unit, "programmeVersionId": told.version}
    await send("facilityBaselineAssess", **place, **seen)
    look = {**place, "attempt": 1, **why}
    await send("facilityBaselineCorrect", **look, **seen, assessedOn="2018-12-02")
    await send("facilityBaselineVoid", **look)
    await send("facilityBaselineReinstate", **look)
    await send("facilityBaselineAssess", **place, **seen, assessorId=told.mentor)
    await send("facilityBaselineCountersign", **place, attempt=2, as_="uwase")
    await send("menteeWithdraw", "2019-01-10", **mentee, **why)
    enrolled = {"healthWorkerId": told.mentee, "cohortId": told.cohort, "area": "RAM"}
    anew = await send("menteeEnrol", "2019-06-01", **enrolled)
    await send(
        "competencyRecognise",
        "2019-06-02",
        enrolmentId=anew.id,
        competency="HBB",
        fromEnrolmentId=told.enrolment,
        fromCompetency="HBB",
        evidence="Her checklist, signed.",
    )
    with suppress(MshauriError):  # the policy was faster
        await send("competencyRecognitionWeigh", **mentee, competency="HBB")
    with suppress(MshauriError):
        await send("competencyAddUp", **mentee)
    with suppress(MshauriError):
        await send("certificateWeigh", **mentee)
    return told.house


def _text(rules: Definition) -> str:
    return msgspec.json.encode(rules).decode()


async def country() -> House:
    """Tell of reforms of units, of a group, and of one person who was registered twice."""
    house = await House.built()

    async def send(name: str, on: str = "2020-07-01", /, **content: Any) -> UUID:
        plain = {key: str(one) if isinstance(one, UUID) else one for key, one in content.items()}
        return (await house.send(name, occurredOn=on, **plain)).id

    async def unit(code: str, kind: str = "DISTRICT", parent: UUID | None = None) -> UUID:
        named = {"code": code, "name": code, "unitKind": kind, "parentId": parent}
        return await send("orgUnitEstablish", "2018-01-01", **named)

    top = await unit("KE", "COUNTRY")
    one, two, three = [await unit(code, parent=top) for code in ("D1", "D2", "D3")]
    clinic = await unit("F1", "FACILITY", one)
    await send("orgUnitRename", orgUnitId=one, name="The first")
    await send("orgUnitReparent", orgUnitId=clinic, parentId=two)
    says = {"type": "Clinic", "ownership": "NGO", "beds": 12, "latitude": -1.9, "longitude": 30.1}
    await send("orgUnitUpdateFacility", orgUnitId=clinic, facility=says)
    await send("orgUnitChangeFacility", orgUnitId=clinic, level="2", services=["ART"])
    await send("orgUnitChangeCode", orgUnitId=clinic, system="MFL", code="4711")
    await send("orgUnitGiveUpCode", "2020-08-01", orgUnitId=clinic, system="MFL")
    parts = [{"code": code, "name": code} for code in ("D1-N", "D1-S")]
    await send("orgUnitSplit", orgUnitId=one, successors=parts)
    await send("orgUnitMerge", orgUnitId=three, intoId=two)
    spare = await unit("D4", parent=top)
    await send("orgUnitClose", orgUnitId=spare, reason="Nobody lives there.")
    kinds = [
        {"code": "COUNTRY", "name": "Country"},
        {"code": "CELL", "name": "Cell", "aliases": ["Akagari"], "below": ["COUNTRY"]},
        {"code": "POST", "name": "Post", "below": ["CELL"], "facility": True, "retired": True},
    ]
    await send("codeListTell", list="UNIT_KIND", entries=kinds)
    group = await send("groupEstablish", code="G", name="Cluster", groupKind="CLUSTER")
    await send("groupMemberAdd", groupId=group, orgUnitId=two)
    await send("groupMemberRemove", "2020-08-01", groupId=group, orgUnitId=two)

    people = [
        await send(
            "healthWorkerRegister",
            givenNames="Mary",
            familyName=family,
            cadre="Nurse",
            orgUnitId=clinic,
            phone="0712345678",
            identifiers=[{"system": "NID", "value": family}],
        )
        for family in ("Achieng", "Acheng", "Achyeng")
    ]
    with suppress(MshauriError):  # the policy was faster
        await send("healthWorkerCheckDuplicates", healthWorkerId=people[1])
    pair = {"healthWorkerId": people[2], "otherId": people[0]}
    await send("healthWorkerDismissDuplicate", **pair, reason="They are sisters.")
    merged = {"healthWorkerId": people[1], "intoId": people[0]}
    await send("healthWorkerMerge", **merged, reason="One person.")
    await send("healthWorkerUnmerge", healthWorkerId=people[1], reason="They are two.")
    with suppress(MshauriError):
        pair = {"healthWorkerId": people[1], "otherId": people[0]}
        await send("healthWorkerSuspectDuplicate", **pair)
    with suppress(MshauriError):
        await send("healthWorkerWeighRights", healthWorkerId=people[0], reason="To see.")
    screening = await send("screeningBegin")
    with suppress(MshauriError):  # the policy was faster
        await send("screeningGoOn", screeningId=screening)
    with suppress(MshauriError):
        await send("screeningStop", screeningId=screening, reason="It takes too long.")
    return house


async def pairs() -> House:
    """Tell of matching, of mentors who may not mentor for a while, and of a cascade."""
    upper = of_pairs(
        areas=(replace(definition().areas[0], code="HR"),),
        frameworks=definition().frameworks,
        validation=Validation(threshold=85, technique=True),
        cascade=(CascadeStep(programme="lower", area="HR"),),
    )
    told = await Country.under(upper)
    mentors = [await told.mentor(), await told.mentor()]
    enrolments = [await told.enrolment(), await told.enrolment()]
    await told.publish(of_pairs(programme="lower"))
    await told.send("cohortMatch", cohortId=told.cohort)
    proposed = [
        stream
        for stream in dict.fromkeys(entry.stream for _, entry in await told.house.history())
        for event in await told.house.events(stream)
        if isinstance(event, MentorshipProposed)
    ]
    await told.send("mentorshipAccept", mentorshipId=proposed[0])
    await told.send("mentorshipDecline", mentorshipId=proposed[-1], reason="They are cousins.")
    await told.send("mentorSuspend", mentorId=mentors[0], reason="A complaint")
    await told.send("mentorReinstate", mentorId=mentors[0], reason="It was unfounded")
    with suppress(MshauriError):  # nobody is validated here
        right = {"enrolmentId": enrolments[0], "programme": "lower", "area": "HR"}
        await told.send("mentorNominateByCascade", **right)
    return told.house


async def breathing() -> House:
    """Tell of a mentorship whose mentees come and go, and that pauses, moves and is waived."""
    told = await Country.under(
        of_pairs(conduct=Conduct(), ratio=Ratio(mentors=1, mentees=(2, 3), load=2))
    )
    first, second = await told.enrolment(), await told.enrolment()
    mentorship = await told.propose([await told.mentor()], [first])
    why = {"mentorshipId": mentorship, "reason": "So it was."}
    waiver = {"rule": "MENTEE_COUNT", "approvedBy": "The district hospital"}
    await told.send("mentorshipWaive", **why, **waiver)
    await told.send("mentorshipAddMentee", **why, enrolmentId=second)
    await told.send("mentorshipRemoveMentee", on=3, **why, enrolmentId=second)
    await told.send("mentorshipPause", on=4, **why, cause="LEAVE")
    await told.send("mentorshipResume", on=5, **why)
    newer = await told.publish(of_pairs(version=2, conduct=Conduct()))
    await told.send("mentorshipMoveToVersion", on=6, **why, programmeVersionId=newer)
    cohort = {"cohortId": told.cohort, "reason": "A strike."}
    await told.send("cohortPause", on=7, **cohort, cause="STRIKE")
    await told.send("cohortResume", on=8, **cohort)
    await told.send("cohortExtend", on=8, **cohort, ends=day(400))
    mentee = {"enrolmentId": first, "reason": "So it was."}
    await told.send("menteeWithdraw", on=9, **mentee)
    await told.send("menteeReadmit", on=10, **mentee)
    await told.send("menteeComplete", on=11, **mentee)
    await told.send("menteeReopen", on=12, **mentee)
    return told.house


async def reformed() -> House:
    """Tell of who holds which office in a cluster, and of reforms: one that is, one that is not."""
    house = await House.built()

    async def send(name: str, on: str = "2020-07-01", /, **content: Any) -> UUID:
        plain = {key: str(one) if isinstance(one, UUID) else one for key, one in content.items()}
        as_ = plain.pop("as_", OPERATOR)
        return (await house.send(name, as_=as_, occurredOn=on, **plain)).id

    async def unit(code: str, kind: str, parent: UUID | None = None) -> UUID:
        named = {"code": code, "name": code, "unitKind": kind, "parentId": parent}
        return await send("orgUnitEstablish", "2018-01-01", **named)

    top = await unit("KE", "COUNTRY")
    one, two, three = [await unit(code, "DISTRICT", top) for code in ("D1", "D2", "D3")]
    clinic = await unit("F1", "FACILITY", one)
    person = {"givenNames": "Mary", "familyName": "Chebet", "cadre": "Nurse", "orgUnitId": clinic}
    officer = await send("healthWorkerRegister", **person)
    group = await send("groupEstablish", code="G", name="Cluster", groupKind="CLUSTER")
    await send("groupMemberAdd", groupId=group, orgUnitId=one)
    office = {"groupId": group, "healthWorkerId": officer, "office": "REPRESENTATIVE"}
    await send("groupOfficeTake", **office, orgUnitId=one)
    await send("groupOfficeLeave", "2020-08-01", **office)
    terms = [{"since": "2020-07-02", "until": "2020-08-01"}]
    await send("groupOfficeCorrect", "2020-09-01", **office, terms=terms, reason="A day later.")

    who = {"subjectName": "reviewer@moh", "role": "ADMINISTRATOR", "orgUnitId": top}
    await send("accessGrantGive", **who)
    parts = [{"code": code, "name": code, "facility": {"beds": 3}} for code in ("D1-N", "D1-S")]
    changes = [
        {"kind": "RENAME", "orgUnitId": str(two), "name": "The second"},
        {
            "kind": "SPLIT",
            "orgUnitId": str(one),
            "successors": parts,
            "children": [{"orgUnitId": str(clinic), "parentId": str(two)}],
        },
        {"kind": "CLOSE", "orgUnitId": str(three)},
    ]
    why, held = {"reason": "A law of that year."}, {"effectiveOn": "2999-01-01"}
    due = {"effectiveOn": "2021-01-01", "changes": changes}
    drafted = {"name": "Reform", "orgUnitId": top, "changes": changes, **why}
    reform = await send("reformDraft", **drafted, **held)
    await send("reformApprove", reformId=reform, as_="reviewer@moh")
    await send("reformWithdraw", reformId=reform, **why)
    reform = await send("reformDraft", **drafted, **held)
    await send("reformRedraft", reformId=reform, **due, **why)
    await send("reformApprove", reformId=reform, as_="reviewer@moh")
    with suppress(Refusal):  # it was carried out with that
        await send("reformCarryOut", reformId=reform, **why)
    return house
