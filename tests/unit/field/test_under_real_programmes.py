"""What was refused, and what was accepted, elsewhere and under the programmes' own settings."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from services.gateway.projections import (
    ASSESSMENT,
    CERTIFICATE,
    CONTACT,
    CPD_ACCOUNT,
    DEVIATION,
    GROUP,
    HEALTH_WORKER,
    INITIATIVE_MEASURE,
    MENTEE,
    MENTOR,
    MENTORSHIP,
    ORG_UNIT,
    SESSION_ATTENDANCE,
    SUPPORT_REQUEST,
    VACANCY,
)
from shared.contracts.definition import Gate, Mode
from shared.contracts.definition.assessment import End
from shared.contracts.definition.people import Matching, Training
from shared.contracts.definition.visits import DevelopmentPlan
from tests.support.land import WHY, Care, Land, day, real

HOSPITAL, CENTRE, CHW = "ingobyi-hospital", "ingobyi-health-centre", "ingobyi-chw"
KENYA, MANI, SOUTH_AFRICA = "kenya-hrh", "mani-coaching", "south-africa-targeted"
WITHOUT_PLANS = {"gates": (Gate.SIGNATURES,)}
"""Letters alone: neither pre-tests nor plans stand in a session's way."""
UNSUPERVISED: dict[str, Any] = {"oversight": None}
"""Nobody else has to be there."""


def earners(land: Land) -> set[Any]:
    return {row["health_worker_id"] for row in land.house.rows(CPD_ACCOUNT) if row["balance"]}


# ── 3a: refused what happened ───────────────────────────────────────────────────────────────────


async def test_a1_a_health_worker_who_came_to_the_village_joins_its_group() -> None:
    group = await Care.begun(await Land.of(CHW, **UNSUPERVISED), mentees=5)
    comer, enrolment = await group.land.mentee(on=30)
    await group.do("AddMentee", 30, enrolmentId=enrolment)
    await group.do("Sign", 30, healthWorkerId=comer)
    held = await group.meet(40, group.mentors[0], *group.mentees, comer)
    assert (held["counts"], held["format"]) == (True, "GROUP")


async def test_a2_every_visit_to_the_village_is_supervised_from_the_hospital() -> None:
    group = await Care.begun(await Land.of(CHW), mentees=5)
    officer = await group.land.person()
    guests = [
        {"role": "SUPERVISOR", "healthWorkerId": str(officer)},
        {"role": "CHW_SUPERVISOR", "name": "The officer of the cell"},
    ]
    held = await group.meet(40, group.mentors[0], *group.mentees, guests=guests)
    assert (held["counts"], held["guest_roles"]) == (True, ["SUPERVISOR", "CHW_SUPERVISOR"])


@pytest.mark.parametrize(("mode", "minutes"), [("MESSAGE", 5), ("PHONE", 10), ("VIDEO", 3)])
async def test_a3_a_short_one_is_a_contact_where_the_programme_has_none_by_that_mode(
    mode: str, minutes: int
) -> None:
    pair = await Care.begun(await Land.of(KENYA))
    both = {"mentor": pair.mentors[0], "mentee": pair.mentees[0], "reachedBy": "MENTEE"}
    said = {"mode": mode, "minutes": minutes, "about": "A disciplinary case."}
    await pair.land.send("contactLog", 9, mentorshipId=pair.id, **both, **said)
    (row,) = pair.land.house.rows(CONTACT)
    assert (row["mode"], row["minutes"]) == (mode, minutes)


@pytest.mark.parametrize(
    ("programme", "minutes"), [(KENYA, 45), (KENYA, 89), (HOSPITAL, 59), (MANI, 10)]
)
async def test_a4_what_an_emergency_cut_short_was_held_and_does_not_count(
    programme: str, minutes: int
) -> None:
    land = await Land.of(programme, **WITHOUT_PLANS, phases=())
    team = [one.code for one in land.rules.areas] if programme == HOSPITAL else None
    care = await Care.begun(land, areas=team)
    held = await care.meet(9, *care.mentors, *care.mentees, minutes=minutes)
    assert (held["minutes"], held["counts"]) == (minutes, False)
    assert care.departs(held["id"]) == {"SESSION_TOO_SHORT"}


async def test_a5_two_of_three_go_on_while_the_third_is_on_leave_and_has_not_signed() -> None:
    land = await Land.of(SOUTH_AFRICA, phases=(), **WITHOUT_PLANS)
    care = await Care.begun(land, mentees=3, signed=False)
    mentor, first, second, on_leave = *care.mentors, *care.mentees
    for person in (mentor, first, second):
        await care.do("Sign", 2, healthWorkerId=person)
    assert (await care.meet(5, mentor, first, second))["counts"]
    hers = await care.meet(6, mentor, on_leave)
    assert (hers["counts"], care.departs(hers["id"])) == (False, {"MENTORSHIP_NOT_SIGNED"})
    await care.do("Sign", 30, healthWorkerId=on_leave)
    assert (await care.meet(31, mentor, on_leave))["counts"]


async def test_a6_who_withdrew_unsigned_does_not_keep_a_health_centre_waiting() -> None:
    care = await Care.begun(await Land.of(CENTRE, **WITHOUT_PLANS), mentees=4, signed=False)
    for person in (*care.mentors, *care.mentees[:3]):
        await care.do("Sign", 2, healthWorkerId=person)
    await care.land.send("menteeWithdraw", 3, enrolmentId=care.enrolments[3], reason=WHY)
    (row,) = care.land.house.rows(MENTORSHIP)
    assert (row["status"], row["agreed_on"]) == ("AGREED", day(3))


@pytest.mark.parametrize("programme", [CENTRE, CHW, SOUTH_AFRICA, MANI, "mcsp-template"])
async def test_a7_no_letters_are_asked_for_where_the_file_names_none(programme: str) -> None:
    gates = tuple(
        gate for gate in real(programme).gates if gate not in (Gate.SIGNATURES, Gate.PLAN_SENT)
    )
    land = await Land.of(programme, gates=gates, phases=(), **UNSUPERVISED)
    care = await Care.begun(land, mentees=5)
    (row,) = land.house.rows(MENTORSHIP)
    assert (row["status"], row["letters"]) == ("AGREED", False)
    held = await care.meet(3, *care.mentors, *care.mentees)
    assert held["counts"] or care.departs(held["id"]) == {"DEVELOPMENT_PLAN_MISSING"}


async def test_a8_two_of_three_hospital_mentors_go_on_and_it_is_told_who_is_missing() -> None:
    land = await Land.of(HOSPITAL, **WITHOUT_PLANS)
    areas = [one.code for one in land.rules.areas]
    care = await Care.begun(land, mentees=2, areas=areas)
    await care.do("Disengage", 20, mentorId=care.mentor_ids[1], cause="TRANSFER")
    held = await care.meet(25, care.mentors[0], care.mentors[2], *care.mentees)
    assert care.departs(held["id"]) == {"MENTOR_MISSING"}
    (vacancy,) = land.house.rows(VACANCY)
    assert (vacancy["mentor_id"], vacancy["filled_on"]) == (care.mentor_ids[1], None)


@pytest.mark.parametrize("may", [True, False])
async def test_a9_an_officer_mentors_the_health_workers_they_supervise(may: bool) -> None:
    land = await Land.of(CHW, matching=Matching(supervisor_may_mentor=may))
    officer, mentor = await land.mentor()
    mentees = [(await land.mentee(supervisorId=officer))[1] for _ in range(5)]
    about = {"cohortId": land.cohort, "orgUnitId": land.facilities[0]}
    group = await land.send(
        "mentorshipPropose", 1, **about, mentorIds=[mentor], enrolmentIds=mentees
    )
    rules = {row["rule"] for row in land.house.rows(DEVIATION, record_id=group)}
    assert rules == (set() if may else {"EXCLUDED_PAIR"})


@pytest.mark.parametrize(
    ("cause", "departs"),
    [("LEAVE", set()), ("TRANSFER", set()), ("MISCONDUCT", {"EXCLUDED_PAIR"})],
)
async def test_a10_a_mentor_comes_back_unless_they_left_for_good(
    cause: str, departs: set[str]
) -> None:
    care = await Care.begun(await Land.of(SOUTH_AFRICA, phases=()), mentees=2)
    mentor = {"mentorId": care.mentor_ids[0]}
    await care.do("Disengage", 10, **mentor, cause=cause)
    await care.do("Reassign", 100, **mentor, replacesId=care.mentor_ids[0])
    assert care.departs() == departs


async def test_a16_the_wrap_up_of_a_county_officer_comes_after_the_seventh_session() -> None:
    pair = await Care.begun(await Land.of(KENYA))
    mentee = {"enrolmentId": pair.enrolments[0]}
    await pair.land.send("menteeSetGoal", 2, **mentee, goal="LAW", text="Know the labour law.")
    for week in range(7):
        await pair.meet(3 + 7 * week, pair.mentors[0], pair.mentees[0])
    (row,) = pair.land.house.rows(MENTEE)
    assert (row["status"], row["completed_on"]) == ("COMPLETED", day(45))
    await pair.land.send("menteeReachGoal", 60, **mentee, goal="LAW")
    rating = [{"skill": "LAW", "level": 5}, {"skill": "PLANNING", "level": 4}]
    await pair.land.send("menteeSelfAssess", 40, **mentee, ratings=rating)


async def test_a16_whichever_session_was_told_last_she_is_recommended_on_the_day_of_the_end() -> (
    None
):
    pair = await Care.begun(await Land.of(KENYA))
    for week in (1, 2, 3, 4, 5, 6, 0):
        await pair.meet(3 + 7 * week, pair.mentors[0], pair.mentees[0])
    (certificate,) = pair.land.house.rows(CERTIFICATE)
    assert certificate["recommended_on"] == day(45)


async def test_a17_a_county_officer_is_mentored_where_she_was_posted_to() -> None:
    pair = await Care.begun(await Land.of(KENYA))
    land, there = pair.land, pair.land.facilities[1]
    people = (pair.mentors[0], pair.mentees[0])
    await land.send("healthWorkerTransfer", 20, healthWorkerId=people[1], orgUnitId=there)
    await land.send("menteeTransfer", 20, enrolmentId=pair.enrolments[0])
    before, since = [await pair.meet(on, *people, orgUnitId=there) for on in (15, 25)]
    assert pair.departs(before["id"]) == {"PLACE_NOT_ALLOWED"}
    assert (pair.departs(since["id"]), since["counts"]) == (set(), True)


@pytest.mark.parametrize("people", [2, 4, 10])
async def test_a20_a_village_with_fewer_or_more_counts_by_waiver(people: int) -> None:
    village = await Care.begun(await Land.of(CHW, **UNSUPERVISED), mentees=people)
    assert village.departs() == {"MENTEE_COUNT"}
    held = await village.meet(9, village.mentors[0], *village.mentees)
    assert (held["counts"], village.departs(held["id"])) == (False, {"MENTORSHIP_DEPARTS"})
    await village.do("Waive", 10, rule="MENTEE_COUNT", approvedBy="The district health unit")
    assert (await village.meet(11, village.mentors[0], *village.mentees))["counts"]


async def test_a21_one_district_midwife_mentors_in_two_areas_of_one_centre() -> None:
    land = await Land.of(CENTRE, **WITHOUT_PLANS)
    midwife = await land.person()
    mentors = [(await land.mentor(midwife, area))[1] for area in ("MNH", "NEONATAL")]
    mentees = [await land.mentee(area=area) for area in ("MNH", "NEONATAL")]
    about = {"cohortId": land.cohort, "orgUnitId": land.facilities[0], "mentorIds": mentors}
    care = await land.send("mentorshipPropose", 1, **about, enrolmentIds=[id for _, id in mentees])
    assert land.house.rows(DEVIATION, record_id=care) == []
    for person in (midwife, *(person for person, _ in mentees)):
        await land.send("mentorshipSign", 1, mentorshipId=care, healthWorkerId=person)
    (row,) = land.house.rows(MENTORSHIP)
    assert (row["status"], row["counts"]) == ("AGREED", True)


async def test_a22_a_cohort_that_a_strike_held_up_is_extended() -> None:
    land = await Land.of(KENYA)
    land.cohort = await land.start(land.counties[0], days=60)
    _, late = await land.mentee(on=70)
    assert {row["rule"] for row in land.house.rows(DEVIATION)} == {"OUTSIDE_COHORT"}
    await land.send("cohortExtend", 71, cohortId=land.cohort, ends=day(120), reason="The strike.")
    _, later = await land.mentee(on=80)
    counts = {row["id"]: row["counts"] for row in land.house.rows(MENTEE)}
    assert counts == {late: False, later: True}


async def test_a23_a_lockdown_lets_a_running_pair_meet_by_phone_from_its_day_on() -> None:
    pair = await Care.begun(await Land.of(KENYA))
    rules = pair.land.rules
    people = (pair.mentors[0], pair.mentees[0])
    by_phone = replace(rules, version=rules.version + 1, modes=(*rules.modes, Mode.PHONE))
    version = await pair.land.publish(by_phone, 30)
    await pair.do("MoveToVersion", 30, programmeVersionId=version)
    before, since = [await pair.meet(on, *people, mode="PHONE") for on in (29, 30)]
    assert (pair.departs(before["id"]), pair.departs(since["id"])) == ({"MODE_NOT_ALLOWED"}, set())


async def test_a24_new_nurses_take_a_clinic_back_to_the_proactive_phase() -> None:
    care = await Care.begun(await Land.of(SOUTH_AFRICA), mentees=3)
    await care.do("ChangePhase", 20, phase="REACTIVE")
    await care.do("ChangePhase", 40, phase="PROACTIVE", enrolmentId=care.enrolments[2])
    held = [await care.meet(50, care.mentors[0], one) for one in care.mentees[1:]]
    assert [row["phase"] for row in held] == ["REACTIVE", "PROACTIVE"]
    await care.do("ChangePhase", 60, phase="PROACTIVE")
    assert (await care.meet(61, care.mentors[0], *care.mentees))["phase"] == "PROACTIVE"


async def test_a25_26_a_data_capturer_asks_twice_in_the_first_phase() -> None:
    land = await Land.of(SOUTH_AFRICA)
    land.area = "DATA"
    care = await Care.begun(land)
    asks = {"healthWorkerId": care.mentees[0], "topic": "Registers"}
    question = {"question": "How do I count transfers?"}
    at = datetime.combine(day(9), datetime.min.time(), ZoneInfo(land.rules.calendar.zone))
    request = await land.send(
        "supportRequestRaise", 9, mentorshipId=care.id, **asks, **question, at=at
    )
    answers = {"supportRequestId": request, "healthWorkerId": care.mentors[0], "at": at}
    for answer in ("Once, where they arrive.", "And say where they came from."):
        await land.send("supportRequestAnswer", 9, **answers, answer=answer)
    (row,) = land.house.rows(SUPPORT_REQUEST)
    assert (row["phase"], row["answer"]) == ("PROACTIVE", "Once, where they arrive.")


async def test_a27_the_director_of_nursing_owns_what_is_to_be_done() -> None:
    care = await Care.begun(await Land.of(MANI, phases=()))
    director = await care.land.person(cadre="MANAGER")
    action = {"title": "A second counter", "due": day(90)}
    await care.land.send("actionAgree", 9, mentorshipId=care.id, **action, ownerId=director)
    office = {"ownerOffice": "County laboratory", "ownerUnitId": care.land.counties[0]}
    await care.land.send("actionAgree", 9, mentorshipId=care.id, **action, **office)


async def test_a29_the_first_one_to_one_asks_for_strengths_and_the_third_for_ten() -> None:
    plan = DevelopmentPlan(strengths=10, before_session=3)
    care = await Care.begun(await Land.of(MANI, development_plan=plan, phases=()))
    held = [await care.meet(on, *care.mentors, *care.mentees, minutes=60) for on in (3, 10, 17)]
    departs = [care.departs(row["id"]) for row in held]
    assert departs == [set(), set(), {"DEVELOPMENT_PLAN_MISSING"}]


async def test_a30_a_task_team_meets_with_its_coach_between_the_workshops() -> None:
    care = await Care.begun(await Land.of(MANI, **WITHOUT_PLANS), mentees=3)
    await care.do("ChangePhase", 10, phase="COACH")
    held = await care.meet(20, care.mentors[0], *care.mentees)
    assert (held["format"], held["phase"]) == ("GROUP", "COACH")
    assert (held["counts"], care.departs(held["id"])) == (True, set())


async def test_a31_an_initiative_begins_with_what_it_is_for_and_learns_how_later() -> None:
    care = await Care.begun(await Land.of(MANI, phases=()))
    measure = {"code": "STOCK", "name": "Days without stock", "kind": "LAGGING", "unit": "days"}
    about = {"mentorshipId": care.id, "healthWorkerId": care.mentees[0]}
    why = {"title": "No day without oxytocin", "rootCauses": ["Orders come late"]}
    initiative = await care.land.send(
        "initiativeChoose", 9, **about, **why, measures=[measure | {"target": "0"}]
    )
    orders = {"code": "ORDERS", "name": "Orders on time", "kind": "LEADING", "unit": "orders"}
    await care.land.send(
        "initiativeAddMeasure", 40, initiativeId=initiative, measure=orders | {"target": "12"}
    )
    kinds = [row["kind"] for row in care.land.house.rows(INITIATIVE_MEASURE)]
    assert sorted(kinds) == ["LAGGING", "LEADING"]


async def test_a32_what_a_hospital_team_did_is_typed_in_after_its_mentor_was_suspended() -> None:
    land = await Land.of(CENTRE, **WITHOUT_PLANS)
    person, mentor = await land.mentor()
    await land.send("mentorSuspend", 300, mentorId=mentor, reason=WHY)
    mentees = [await land.mentee() for _ in range(3)]
    about = {"cohortId": land.cohort, "orgUnitId": land.facilities[0], "mentorIds": [mentor]}
    for number, (_, enrolment) in enumerate(mentees):
        care = await land.send("mentorshipPropose", 100 * number, **about, enrolmentIds=[enrolment])
        if number < 2:
            ended = {"mentorshipId": care, "reason": WHY}
            await land.send("mentorshipConclude", 100 * number + 90, **ended)
    assert land.house.rows(DEVIATION) == []
    late = await land.send("mentorshipPropose", 310, **about, enrolmentIds=[mentees[0][1]])
    rules = {row["rule"] for row in land.house.rows(DEVIATION, record_id=late)}
    assert rules == {"MENTOR_SUSPENDED"}
    assert person


async def test_a38_a_county_coordinator_makes_a_circle_of_her_county_and_of_no_other() -> None:
    land = await Land.of(MANI)
    grant = {"subjectName": "coordinator", "role": "COORDINATOR", "orgUnitId": land.counties[0]}
    await land.send("accessGrantGive", **grant)
    circle = {"name": "Consultants", "groupKind": "CLUSTER", "as_": "coordinator"}
    own = {"code": "CIRCLE-1", "orgUnitId": land.counties[0]}
    await land.send("groupEstablish", 5, **circle, **own)
    for code, unit in (("CIRCLE-2", land.counties[1]), ("CIRCLE-3", None)):
        refused = await land.refused("groupEstablish", 5, **circle, code=code, orgUnitId=unit)
        assert refused == "ACCESS_DENIED"
    assert [row["code"] for row in land.house.rows(GROUP)] == ["CIRCLE-1"]


# ── 3b: accepted what did not ───────────────────────────────────────────────────────────────────


async def test_b1_a_county_officer_earns_for_a_day_what_a_day_holds() -> None:
    rules = real(KENYA)
    minutes = replace(rules.minutes, per_day=600)
    pair = await Care.begun(await Land.of(KENYA, minutes=minutes, end=None))
    people = (pair.mentors[0], pair.mentees[0])
    first, again, another = [
        await pair.meet(9, *people, minutes=long) for long in (1440, 1435, 700)
    ]
    assert pair.departs(again["id"]) >= {"SESSION_TWICE"}
    assert [row["counts"] for row in (first, again, another)][1] is False
    account = {row["health_worker_id"]: row["balance"] for row in pair.land.house.rows(CPD_ACCOUNT)}
    assert set(account.values()) == {10}, "ten hours of one day, whatever is told"


async def test_b2_who_completed_in_the_seventh_week_earns_nothing_in_the_eighth() -> None:
    pair = await Care.begun(await Land.of(KENYA, end=End(sessions=1)))
    people = (pair.mentors[0], pair.mentees[0])
    await pair.meet(9, *people)
    before = {row["health_worker_id"]: row["balance"] for row in pair.land.house.rows(CPD_ACCOUNT)}
    about = {"mentorshipId": pair.id, "mode": "IN_PERSON", "minutes": 120}
    refused = await pair.land.refused("sessionLog", 16, **about, present=list(people))
    assert refused == "MENTORSHIP_OVER"
    after = {row["health_worker_id"]: row["balance"] for row in pair.land.house.rows(CPD_ACCOUNT)}
    assert after == before


async def test_b3_a_suspended_county_mentor_is_on_record_and_earns_nothing() -> None:
    pair = await Care.begun(await Land.of(KENYA))
    ground = {"ground": "CONDUCT", "reason": WHY}
    await pair.land.send("mentorSuspend", 5, mentorId=pair.mentor_ids[0], **ground)
    held = await pair.meet(9, pair.mentors[0], pair.mentees[0])
    assert pair.departs(held["id"]) == {"MENTOR_WAS_SUSPENDED"}
    assert earners(pair.land) == set(), "nor does whom nobody mentored"


async def test_b4_a_stranger_signs_tells_and_assesses_for_nobody() -> None:
    care = await Care.begun(
        await Land.of(
            HOSPITAL, ratio=replace(real(HOSPITAL).ratio, mentors=1, one_of_each_area=False)
        ),
        signed=False,
    )
    land = care.land
    stranger = await land.person()
    grant = {"role": "MENTOR", "orgUnitId": land.facilities[0], "healthWorkerId": stranger}
    await land.send("accessGrantGive", subjectName="stranger", **grant)
    by = {"as_": "stranger"}
    for person in (*care.mentors, *care.mentees):
        letter = {"mentorshipId": care.id, "healthWorkerId": person}
        assert await land.refused("mentorshipSign", 2, **letter, **by) == "ACCESS_DENIED"
    both = {"mentor": care.mentors[0], "mentee": care.mentees[0], "reachedBy": "MENTOR"}
    call = {"mentorshipId": care.id, "mode": "PHONE", **both}
    assert await land.refused("contactLog", 9, **call, **by) == "ACCESS_DENIED"
    first = land.rules.frameworks[0].competencies[0]
    items = [{"item": item.code, "points": item.points} for item in first.checklist]
    passed = {"enrolmentId": care.enrolments[0], "competency": first.code, "items": items}
    told = {**passed, "assessorId": care.mentors[0], "technique": True}
    assert await land.refused("competencyAssess", 9, **told, **by) == "ACCESS_DENIED"


@pytest.mark.parametrize(
    ("course", "opens"), [("EXCEL", False), ("HRM-COURSE", True), (None, False)]
)
async def test_b6_only_its_own_course_opens_the_training(course: str | None, opens: bool) -> None:
    training = Training(name="Human resource management", days=5, code="HRM-COURSE")
    land = await Land.of(KENYA, training=training)
    mentee, mentor = await land.person(), (await land.mentor())[1]
    about = {"healthWorkerId": mentee, "cohortId": land.cohort, "area": land.area}
    enrolment = await land.send("menteeEnrol", **about)
    for days in (3, 2):
        took = {"training": "Five days", "days": days, "course": course}
        await land.send("menteeTrain", 1, enrolmentId=enrolment, **took)
    pair = {"cohortId": land.cohort, "orgUnitId": land.facilities[0], "mentorIds": [mentor]}
    care = await land.send("mentorshipPropose", 2, **pair, enrolmentIds=[enrolment])
    rules = {row["rule"] for row in land.house.rows(DEVIATION, record_id=care)}
    assert rules == (set() if opens else {"NOT_TRAINED"})


async def test_b7_an_officer_of_another_county_is_not_of_the_cohort() -> None:
    land = await Land.of(KENYA)
    _, stranger = await land.mentee(await land.person(land.facilities[1]))
    (row,) = land.house.rows(DEVIATION)
    assert (row["record_id"], row["rule"]) == (stranger, "OUTSIDE_COHORT_UNIT")
    assert land.house.rows(MENTEE, id=stranger)[0]["counts"] is False


async def test_b8_a_mentorship_at_a_post_where_none_of_its_mentees_works() -> None:
    land = await Land.of("ingobyi-health-post")
    mentees = [(await land.mentee())[1] for _ in range(2)]
    about = {"cohortId": land.cohort, "mentorIds": [(await land.mentor())[1]]}
    there = await land.send(
        "mentorshipPropose", 1, **about, orgUnitId=land.facilities[1], enrolmentIds=mentees
    )
    rules = {row["rule"] for row in land.house.rows(DEVIATION, record_id=there)}
    assert rules == {"NO_MENTEE_WORKS_THERE"}


async def test_b9_an_officer_who_is_mentored_one_to_one_has_one_mentor_at_a_time() -> None:
    pair = await Care.begun(await Land.of(KENYA))
    land = pair.land
    about = {"cohortId": land.cohort, "orgUnitId": land.facilities[0]}
    second = await land.send(
        "mentorshipPropose",
        20,
        **about,
        mentorIds=[(await land.mentor())[1]],
        enrolmentIds=pair.enrolments,
    )
    rules = {row["rule"] for row in land.house.rows(DEVIATION, record_id=second)}
    assert rules == {"SECOND_MENTORSHIP"}


async def test_b11_a_seventh_session_that_is_voided_reopens_the_completion() -> None:
    pair = await Care.begun(await Land.of(KENYA))
    held = [await pair.meet(3 + 7 * week, *pair.mentors, *pair.mentees) for week in range(7)]
    assert pair.land.house.rows(MENTEE)[0]["status"] == "COMPLETED"
    await pair.land.send("sessionVoid", 80, sessionId=held[3]["id"], reason=WHY)
    assert pair.land.house.rows(MENTEE)[0]["status"] == "ENROLLED"
    assert (await pair.meet(60, *pair.mentors, *pair.mentees))["counts"], "she goes on"
    (row,) = pair.land.house.rows(MENTEE)
    assert (row["status"], row["completed_on"]) == ("COMPLETED", day(60))


async def test_b13_one_version_decides_how_long_a_session_is() -> None:
    pair = await Care.begun(await Land.of(KENYA))
    rules = pair.land.rules
    longer = replace(
        rules, version=rules.version + 1, minutes=replace(rules.minutes, min=110, target=120)
    )
    version = await pair.land.publish(longer, 20)
    moved = {"enrolmentId": pair.enrolments[0], "programmeVersionId": version, "reason": WHY}
    await pair.land.send("menteeMoveToVersion", 20, **moved)
    held = [await pair.meet(on, *pair.mentors, *pair.mentees, minutes=100) for on in (19, 21)]
    assert [pair.departs(row["id"]) for row in held] == [set(), {"SESSION_TOO_SHORT"}]


async def test_b14_a_group_ends_with_the_last_who_completed_or_left() -> None:
    care = await Care.begun(await Land.of(SOUTH_AFRICA), mentees=2)
    await care.land.send("menteeComplete", 50, enrolmentId=care.enrolments[0])
    assert care.land.house.rows(MENTORSHIP)[0]["status"] == "AGREED"
    await care.land.send("menteeWithdraw", 60, enrolmentId=care.enrolments[1], reason=WHY)
    (row,) = care.land.house.rows(MENTORSHIP)
    assert (row["status"], row["concluded_on"]) == ("CONCLUDED", day(60))


async def test_b16_nobody_mentors_a_hospital_before_they_were_certified() -> None:
    land = await Land.of(SOUTH_AFRICA, phases=())
    people = [await land.mentor(on=30), await land.mentee()]
    about = {"cohortId": land.cohort, "orgUnitId": land.facilities[0]}
    ids = {"mentorIds": [people[0][1]], "enrolmentIds": [people[1][1]]}
    early = await land.send("mentorshipPropose", 10, **about, **ids)
    rules = {row["rule"] for row in land.house.rows(DEVIATION, record_id=early)}
    assert rules == {"MENTOR_NOT_CERTIFIED"}


# ── 3c: the listed situations ───────────────────────────────────────────────────────────────────


async def test_c_a_mentor_who_left_in_the_middle_was_there_before() -> None:
    land = await Land.of(
        SOUTH_AFRICA, phases=(), ratio=replace(real(SOUTH_AFRICA).ratio, mentors=(1, 2))
    )
    care = await Care.begun(land, mentors=2, mentees=2)
    await care.do("Disengage", 30, mentorId=care.mentor_ids[0], cause="TRANSFER")
    assert (await care.meet(29, care.mentors[0], *care.mentees))["counts"], "told late"
    await care.do("Reassign", 60, mentorId=care.mentor_ids[0], replacesId=care.mentor_ids[0])
    await care.do("Sign", 60, healthWorkerId=care.mentors[0])
    assert (await care.meet(61, care.mentors[0], *care.mentees))["counts"], "and is back"


async def test_c_a_mentee_in_data_mentors_in_pharmacy() -> None:
    land = await Land.of(SOUTH_AFRICA)
    land.area = "DATA"
    care = await Care.begun(land)
    _, mentor = await land.mentor(care.mentees[0], "PHARMACY")
    _, other = await land.mentee(area="PHARMACY")
    about = {"cohortId": land.cohort, "orgUnitId": land.facilities[0]}
    theirs = await land.send(
        "mentorshipPropose", 5, **about, mentorIds=[mentor], enrolmentIds=[other]
    )
    assert land.house.rows(DEVIATION, record_id=theirs) == []


async def test_c_what_happens_on_the_29th_of_february() -> None:
    leap = (date(2020, 2, 29) - day(0)).days
    care = await Care.begun(await Land.of(SOUTH_AFRICA, phases=()))
    held = await care.meet(leap, *care.mentors, *care.mentees)
    assert (held["held_on"], held["counts"]) == (date(2020, 2, 29), True)
    moved = {"healthWorkerId": care.mentees[0], "orgUnitId": care.land.facilities[1]}
    await care.land.send("healthWorkerTransfer", leap, **moved)
    (row,) = care.land.house.rows(HEALTH_WORKER, id=care.mentees[0])
    assert row["since"] == date(2020, 2, 29)


async def test_c_two_of_nine_health_workers_were_absent() -> None:
    group = await Care.begun(await Land.of(CHW, **UNSUPERVISED), mentees=9)
    held = await group.meet(9, group.mentors[0], *group.mentees[:7])
    assert held["counts"]
    there = group.land.house.rows(SESSION_ATTENDANCE, facts_id=held["facts_id"])
    absent = {row["health_worker_id"] for row in there if not row["present"]}
    assert absent == set(group.mentees[7:])


async def test_c_an_assessor_who_left_since_had_assessed() -> None:
    land = await Land.of(CENTRE, **WITHOUT_PLANS)
    care = await Care.begun(land)
    await care.do("Disengage", 30, mentorId=care.mentor_ids[0], cause="TRANSFER")
    await land.send("mentorSuspend", 30, mentorId=care.mentor_ids[0], reason=WHY)
    framework = next(
        one for one in land.rules.frameworks if one.code == land.rules.areas[0].framework
    )
    first = framework.competencies[0]
    items = [{"item": item.code, "points": item.points} for item in first.checklist]
    passed = {"enrolmentId": care.enrolments[0], "competency": first.code, "items": items}
    told = {**passed, "assessorId": care.mentors[0], "technique": True}
    for on in (29, 31):
        await land.send("competencyAssess", on, **told)
    counts = {row["assessed_on"]: row["counts"] for row in land.house.rows(ASSESSMENT)}
    assert counts == {day(29): True, day(31): False}


async def test_c_people_without_number_phone_licence_or_family_name() -> None:
    group = await Care.begun(await Land.of(CHW, **UNSUPERVISED), mentees=5)
    (row,) = group.land.house.rows(HEALTH_WORKER, id=group.mentees[0])
    assert (row["number"], row["phone"], row["family_name"]) == (None, None, "")
    assert (await group.meet(9, group.mentors[0], *group.mentees))["counts"]


async def test_c_an_associations_mentor_is_posted_at_no_facility() -> None:
    land = await Land.of(SOUTH_AFRICA, phases=())
    person, _ = await land.mentor(await land.person(land.country))
    (row,) = land.house.rows(MENTOR, health_worker_id=person)
    assert (row["status"], row["org_unit_id"]) == ("CERTIFIED", land.country)


async def test_c_a_health_centre_that_becomes_a_hospital() -> None:
    care = await Care.begun(await Land.of(CENTRE, **WITHOUT_PLANS))
    this = {"orgUnitId": care.land.facilities[0]}
    await care.land.send("orgUnitRename", 30, **this, name="Kibogora District Hospital")
    facility = {"type": "District hospital"}
    await care.land.send("orgUnitUpdateFacility", 30, **this, facility=facility)
    (row,) = care.land.house.rows(ORG_UNIT, id=care.land.facilities[0])
    assert row["facility_type"] == "District hospital"
    assert (await care.meet(40, *care.mentors, *care.mentees))["counts"]


@pytest.mark.parametrize(("hour", "on"), [(23, 0), (1, 1)])
async def test_c_a_session_around_midnight_is_of_the_programmes_own_day(hour: int, on: int) -> None:
    care = await Care.begun(await Land.of(KENYA))
    zone = ZoneInfo(care.land.rules.calendar.zone)
    begins = datetime.combine(day(9), datetime.min.time(), zone) + timedelta(days=on, hours=hour)
    held = await care.meet(9 + on, *care.mentors, *care.mentees, minutes=120, begins=begins)
    assert (held["held_on"], held["counts"]) == (day(9 + on), True)


async def test_c_maternity_leave_is_a_pause_and_an_erased_withdrawal_is_none() -> None:
    pair = await Care.begun(await Land.of(KENYA))
    await pair.do("Pause", 20, cause="LEAVE")
    await pair.do("Resume", 110)
    held = [await pair.meet(on, *pair.mentors, *pair.mentees) for on in (19, 60, 110)]
    assert [row["counts"] for row in held] == [True, False, True]
    mentee = {"enrolmentId": pair.enrolments[0], "reason": WHY}
    await pair.land.send("menteeWithdraw", 120, **mentee)
    await pair.land.send("menteeReadmit", 120, **mentee)
    for week in range(5):
        await pair.meet(130 + 7 * week, *pair.mentors, *pair.mentees)
    (row,) = pair.land.house.rows(MENTEE)
    assert (row["status"], row["completed_on"]) == ("COMPLETED", day(158)), "two and five are seven"
