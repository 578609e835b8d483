"""A mentor's grant reaches their own mentorships and the people in them, and nobody else's."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import MENTORSHIP_PARTY, SUBJECT_PERSON
from services.registry.commands import access_grant
from services.validation.views.care import IN_CARE
from shared.access.facts import ACCESS_GRANT
from shared.contracts.definition import Conduct
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.hospital import POORLY, Hospital
from tests.support.paired import Paired, days_ago, paired, rules
from tests.support.records import DRIVE
from tests.unit.sessions.test_session_commands import again

STRANGER = "a stranger"


@pytest.fixture
async def pair() -> Paired:
    """A mentorship, and a mentor of the same facility who has no part in it."""
    found = await paired(rules())
    await stranger(found)
    return found


async def stranger(pair: Paired, subject: str = STRANGER, **changes: Any) -> UUID:
    """Let another mentor of the same facility in."""
    answer = await pair.send(
        "healthWorkerRegister",
        givenNames="Ines",
        familyName="Mutesi",
        cadre="NURSE",
        orgUnitId=pair.facility,
        occurredOn=days_ago(40),
    )
    await pair.send(
        "accessGrantGive",
        subjectName=subject,
        role="MENTOR",
        orgUnitId=pair.facility,
        healthWorkerId=answer.id,
        occurredOn=days_ago(40),
        **changes,
    )
    return answer.id


async def refused(pair: Paired, name: str, /, **content: Any) -> str:
    with pytest.raises(MshauriError) as error:
        await pair.send(name, **content)
    return error.value.code


def session(pair: Paired) -> dict[str, Any]:
    return {
        "mentorshipId": pair.mentorship,
        "occurredOn": days_ago(10),
        "mode": "IN_PERSON",
        "minutes": 120,
        "present": [pair.mentors[0], pair.mentees[0]],
    }


async def test_a_mentor_logs_the_sessions_of_their_own_mentorship(pair: Paired) -> None:
    await pair.send("sessionLog", **session(pair), as_="person-0")


async def test_a_stranger_logs_no_session_of_others(pair: Paired) -> None:
    assert await refused(pair, "sessionLog", **session(pair), as_=STRANGER) == "ACCESS_DENIED"


async def test_a_stranger_signs_for_nobody(pair: Paired) -> None:
    for person in (*pair.mentors, *pair.mentees):
        wish = {"mentorshipId": pair.mentorship, "healthWorkerId": person}
        assert await refused(pair, "mentorshipSign", **wish, as_=STRANGER) == "ACCESS_DENIED"


async def test_a_mentor_signs_for_themselves_alone(pair: Paired) -> None:
    wish = {"mentorshipId": pair.mentorship, "healthWorkerId": pair.mentors[1]}
    assert await refused(pair, "mentorshipSign", **wish, as_="person-0") == "ACCESS_DENIED"
    signed = await refused(pair, "mentorshipSign", **wish, as_="person-1")
    assert signed == "ALREADY_SIGNED", "it would be theirs to do"


async def test_a_signature_says_who_recorded_it_and_a_subject_whom_it_is(pair: Paired) -> None:
    again = {"mentorshipId": await pair.another_mentorship()}
    parties = pair.house.rows(MENTORSHIP_PARTY, mentorship_id=again["mentorshipId"])
    assert {row["signature_recorded_by"] for row in parties} == {"operator"}
    known = {row["subject"]: row["health_worker_id"] for row in pair.house.rows(SUBJECT_PERSON)}
    assert known["person-0"] == pair.mentors[0]


async def test_a_mentor_sets_goals_with_their_own_mentees_alone(pair: Paired) -> None:
    first, *_ = await pair.house.events(pair.mentorship)
    enrolment = first.mentees[0].enrolment_id  # type: ignore[attr-defined]
    goal = {"enrolmentId": enrolment, "goal": "G1", "text": "Suture a tear alone."}
    await pair.send("menteeSetGoal", **goal, as_="person-0")
    other = goal | {"goal": "G2"}
    assert await refused(pair, "menteeSetGoal", **other, as_=STRANGER) == "ACCESS_DENIED"


async def test_colleagues_stand_in_for_each_other_where_their_grants_say_so(pair: Paired) -> None:
    await stranger(pair, "stands in", standsIn=True)
    await pair.send("sessionLog", **session(pair), as_="stands in")


async def test_a_grant_that_does_not_say_who_its_holder_is_reaches_what_it_did(
    pair: Paired,
) -> None:
    await pair.send(
        "accessGrantGive",
        subjectName="nobody said who",
        role="MENTOR",
        orgUnitId=pair.facility,
        occurredOn=days_ago(40),
    )
    await pair.send("sessionLog", **session(pair), as_="nobody said who")


async def test_who_left_says_nothing_anew_of_what_was_held_without_them(pair: Paired) -> None:
    held = session(pair) | {"present": [pair.mentors[1], pair.mentees[0]]}
    logged = (await pair.send("sessionLog", **held)).id
    await pair.send(
        "mentorshipDisengage",
        mentorshipId=pair.mentorship,
        mentorId=pair.mentor_ids[0],
        reason="Misconduct.",
        occurredOn=days_ago(20),
    )
    told = again(pair, logged, heldOn=days_ago(25), present=held["present"])
    assert await refused(pair, "sessionCorrect", **told, as_="person-0") == "ACCESS_DENIED"
    voided = {"sessionId": logged, "reason": "It was not so."}
    assert await refused(pair, "sessionVoid", **voided, as_="person-0") == "ACCESS_DENIED"


async def test_a_mentor_logs_the_visit_they_were_on(pair: Paired) -> None:
    visit = {
        "programmeVersionId": pair.version,
        "orgUnitId": pair.facility,
        "starts": days_ago(10),
        "ends": days_ago(8),
    }
    await pair.send("visitLog", **visit, as_="person-0")
    assert await refused(pair, "visitLog", **visit, as_=STRANGER) == "ACCESS_DENIED"


async def test_a_visit_is_corrected_by_who_told_of_it_and_by_who_was_on_it(pair: Paired) -> None:
    visit = {
        "programmeVersionId": pair.version,
        "orgUnitId": pair.facility,
        "starts": days_ago(10),
        "ends": days_ago(8),
    }
    made = (await pair.send("visitLog", **visit, as_="person-0")).id
    days = {"starts": days_ago(11), "ends": days_ago(8), "reason": "They came earlier."}
    longer = {"visitId": made, **days}
    await pair.send("visitCorrect", **longer, as_="person-0")
    for other in (STRANGER, "person-1"):
        assert await refused(pair, "visitCorrect", **longer, as_=other) == "ACCESS_DENIED"
    held = session(pair) | {"present": [pair.mentors[1], pair.mentees[0]], "visitId": made}
    await pair.send("sessionLog", **held)
    await pair.send("visitCorrect", **longer, as_="person-1")


# ── what proves something ───────────────────────────────────────────────────────────────────────

MENTEE, MENTOR, COLLEAGUE = "the mentee", "the mentor", "a colleague"


@pytest.fixture
async def ward() -> Hospital:
    """A mentee, who mentors in another area by now, and two mentors who may assess them."""
    here = await Hospital.built(gates=(), conduct=Conduct(), indicators=(DRIVE,))
    colleague = new_id()
    await here.register(colleague, "Mukamana")
    await here.certify(new_id(), colleague)
    for person, subject in (
        (here.mentee, MENTEE),
        (here.mentor, MENTOR),
        (colleague, COLLEAGUE),
    ):
        await here.send(
            "accessGrantGive",
            "2018-10-01",
            subjectName=subject,
            role="MENTOR",
            orgUnitId=str(here.unit),
            healthWorkerId=str(person),
        )
    return here


def by(here: Hospital, subject: str) -> UUID:
    people = {row["subject"]: row["health_worker_id"] for row in here.house.rows(ACCESS_GRANT)}
    return UUID(str(people[subject]))


async def test_who_mentors_by_now_proves_nothing_of_themselves_in_anothers_name(
    ward: Hospital,
) -> None:
    passed = ward.attempt("HBB")
    assert await ward.refused("competencyAssess", **passed, as_=MENTEE) == "ACCESS_DENIED"
    await ward.assess("HBB", items=POORLY["HBB"], as_=MENTOR)
    failed = {"enrolmentId": ward.enrolment, "competency": "HBB", "attempt": 1}
    voided = await ward.refused("competencyAttemptVoid", **failed, reason="No.", as_=MENTEE)
    assert voided == "ACCESS_DENIED"


async def test_a_mentor_corrects_what_they_saw_and_not_what_another_saw(ward: Hospital) -> None:
    await ward.assess("HBB", items=POORLY["HBB"], as_=MENTOR)
    pre_test = {"enrolmentId": ward.enrolment, "raw": 5, "max": 10}
    await ward.send(
        "competencyBaselineAssess", "2018-11-20", **pre_test, assessorId=ward.mentor, as_=MENTOR
    )
    anew = {"attempt": 1, "assessedOn": "2018-12-01", "reason": "A slip of the pen."}
    other = {"reason": "A slip of the pen.", "assessedOn": "2018-11-20"}
    for subject, assessor in ((COLLEAGUE, by(ward, COLLEAGUE)), (COLLEAGUE, ward.mentor)):
        told = ward.attempt("HBB", assessorId=assessor) | anew
        code = await ward.refused("competencyAttemptCorrect", **told, as_=subject)
        assert code == "ACCESS_DENIED"
        told = {**pre_test, **other, "assessorId": assessor}
        code = await ward.refused("competencyBaselineCorrect", **told, as_=subject)
        assert code == "ACCESS_DENIED"
    await ward.send("competencyAttemptCorrect", **ward.attempt("HBB"), **anew, as_=MENTOR)
    told = {**pre_test, **other, "assessorId": ward.mentor}
    await ward.send("competencyBaselineCorrect", **told, as_=MENTOR)


async def test_a_score_is_its_scorers_to_correct_and_void(ward: Hospital) -> None:
    this = {"enrolmentId": ward.enrolment, "indicator": "drive", "score": 3}
    told = this | {"occasion": "BASELINE", "scorerId": ward.mentor}
    assert await ward.refused("indicatorScore", **told, as_=MENTEE) == "ACCESS_DENIED"
    await ward.send("indicatorScore", **told, as_=MENTOR)
    anew = this | {"round": 0, "scoredOn": "2018-12-01", "reason": "A slip of the pen."}
    for subject, scorer in ((MENTEE, None), (COLLEAGUE, by(ward, COLLEAGUE))):
        changed = anew | {"scorerId": scorer}
        code = await ward.refused("indicatorCorrect", **changed, as_=subject)
        assert code == "ACCESS_DENIED"
    await ward.send("indicatorCorrect", **anew, scorerId=ward.mentor, as_=MENTOR)
    void = {"enrolmentId": ward.enrolment, "indicator": "drive", "round": 0, "reason": "No."}
    assert await ward.refused("indicatorVoid", **void, as_=COLLEAGUE) == "ACCESS_DENIED"
    await ward.send("indicatorVoid", **void, as_=MENTOR)


async def mentored(here: Hospital) -> None:
    """Let the mentee be mentored by the mentor, and by nobody else."""
    await here.send("cohortStart", "2018-11-01", cohortId=here.cohort)
    await here.send(
        "mentorshipPropose",
        "2018-11-02",
        cohortId=here.cohort,
        orgUnitId=here.unit,
        mentorIds=[here.mentor_record],
        enrolmentIds=[here.enrolment],
    )


async def test_a_mentees_own_mentor_coaches_after_another_has_seen_them_fail(
    ward: Hospital,
) -> None:
    supervisor = by(ward, COLLEAGUE)
    await ward.assess("HBB", "2018-12-01", items=POORLY["HBB"], assessorId=supervisor)
    plan = {"enrolmentId": ward.enrolment, "competency": "HBB", "actions": ["Ventilate."]}
    refused = await ward.refused("competencyCoach", "2018-12-02", **plan, as_=MENTOR)
    assert refused == "ACCESS_DENIED", "she is not theirs yet"
    await mentored(ward)
    assert await ward.refused("competencyCoach", **plan, as_=MENTEE) == "ACCESS_DENIED"
    await ward.send("competencyCoach", "2018-12-02", **plan, as_=MENTOR)


async def test_a_mentor_who_left_coaches_no_more(ward: Hospital) -> None:
    await ward.assess("HBB", "2018-12-01", items=POORLY["HBB"], assessorId=by(ward, COLLEAGUE))
    await mentored(ward)
    (care,) = ward.house.rows(IN_CARE, enrolment_id=ward.enrolment)
    await ward.send(
        "mentorshipDisengage",
        "2018-12-02",
        mentorshipId=care["mentorship_id"],
        mentorId=ward.mentor_record,
        reason="Leave.",
    )
    plan = {"enrolmentId": ward.enrolment, "competency": "HBB", "actions": ["Ventilate."]}
    refused = await ward.refused("competencyCoach", "2018-12-03", **plan, as_=MENTOR)
    assert refused == "ACCESS_DENIED"
    await ward.send("competencyCoach", "2018-12-01", **plan, as_=MENTOR)


async def test_what_a_mentee_scores_of_themselves_their_mentor_may_write_down(
    ward: Hospital,
) -> None:
    told = {"enrolmentId": ward.enrolment, "indicator": "drive", "score": 3}
    told |= {"occasion": "BASELINE"}
    assert await ward.refused("indicatorScore", **told, as_=MENTOR) == "ACCESS_DENIED"
    await mentored(ward)
    assert await ward.refused("indicatorScore", **told, as_=COLLEAGUE) == "ACCESS_DENIED"
    await ward.send("indicatorScore", **told, as_=MENTOR)


async def test_from_july_2027_on_a_mentors_grant_says_who_its_holder_is(
    pair: Paired, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_grant, "UNNAMED", days_ago(1))
    wish = {"subjectName": "nobody", "role": "MENTOR", "orgUnitId": pair.facility}
    assert await refused(pair, "accessGrantGive", **wish) == "MENTOR_GRANT_NAMES_NOBODY"
    await pair.send("accessGrantGive", **wish, healthWorkerId=pair.mentors[0])
