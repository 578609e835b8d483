"""What becomes known late of a day weighs its sessions again, as if it had been known."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.gateway.projections import DEVIATION, SESSION, SESSION_ATTENDANCE
from shared.contracts.definition import Conduct, Gate, Phase, Ratio
from shared.domain.errors import MshauriError
from tests.support.mentoring import Country, day
from tests.support.mentoring import rules as letters
from tests.support.paired import Paired, days_ago, paired, rules
from tests.unit.field.test_mentorships import WHY, Team, team
from tests.unit.field.test_mentorships import gentle as gentle_pairs
from tests.unit.field.test_sessions_of_a_day import deviations, gentle, points
from tests.unit.field.test_who_had_left import earners, withdraw
from tests.unit.field.test_who_had_left import gentle as both_earn
from tests.unit.sessions.test_session_commands import again, log


def session(pair: Paired, id: UUID) -> dict[str, Any]:
    (row,) = pair.house.rows(SESSION, id=id)
    return dict(row)


async def test_a_suspension_that_is_told_late_takes_back_the_points_since() -> None:
    pair = await gentle()
    before, since = await log(pair, occurredOn=days_ago(20)), await log(pair)
    assert points(pair) == 4
    suspended = {"mentorId": pair.mentor_ids[0], "reason": WHY}
    await pair.send("mentorSuspend", **suspended, occurredOn=days_ago(15))
    assert (deviations(pair, before), deviations(pair, since)) == ([], ["MENTOR_WAS_SUSPENDED"])
    assert points(pair) == 2
    await pair.send("mentorReinstate", **suspended, occurredOn=days_ago(12))
    assert deviations(pair, since) == []
    assert points(pair) == 4


async def test_a_letter_that_is_found_lets_the_sessions_after_it_count() -> None:
    country = await Country.under(letters(conduct=Conduct()))
    hers = await Team(country).proposed()
    people = (hers.mentors[0], hers.mentees[0])
    first, second = [await hers.log(*people, on=on) for on in (3, 5)]
    assert hers.departs(second["id"]) == {"MENTORSHIP_NOT_SIGNED"}
    await country.sign(hers.id, *people, on=4)
    assert (hers.departs(first["id"]), hers.departs(second["id"])) == ({"BEFORE_AGREEMENT"}, set())


@pytest.mark.parametrize("kind", ["mentorship", "cohort"])
async def test_a_strike_that_is_told_late_is_a_pause_of_what_was_held_in_it(kind: str) -> None:
    hers = await team()
    held = [await hers.log(hers.mentors[0], hers.mentees[0], on=on) for on in (5, 15, 25)]
    this = {f"{kind}Id": hers.id if kind == "mentorship" else hers.country.cohort, "reason": WHY}
    await hers.country.send(f"{kind}Pause", on=10, cause="STRIKE", **this)
    await hers.country.send(f"{kind}Resume", on=20, **this)
    departs = [hers.departs(one["id"]) for one in held]
    assert departs == [set(), {"SESSION_IN_PAUSE"}, set()]


async def test_who_withdrew_as_is_told_late_was_not_mentored_since() -> None:
    pair = await both_earn()
    await log(pair, present=[pair.mentors[0], *pair.mentees])
    await withdraw(pair, pair.mentees[0], 15)
    assert earners(pair) == {pair.mentors[0], pair.mentees[1]}


async def test_who_was_readmitted_was_away_in_between() -> None:
    hers = await team(mentees=2)
    mentee = {"enrolmentId": hers.enrolments[0], "reason": WHY}
    await hers.country.send("menteeWithdraw", on=10, **mentee)
    await hers.country.send("menteeReadmit", on=20, **mentee)
    held = [await hers.log(hers.mentors[0], *hers.mentees, on=on) for on in (9, 15, 20)]
    departs = [hers.departs(one["id"]) for one in held]
    assert departs == [set(), {"MENTEE_HAD_LEFT"}, set()]


async def test_a_phase_that_is_told_late_is_that_of_the_sessions_since() -> None:
    hers = await team()
    held = [await hers.log(hers.mentors[0], hers.mentees[0], on=on) for on in (5, 15)]
    await hers.send("ChangePhase", phase="REACTIVE", on=10)
    rows = [hers.country.house.rows(SESSION, id=one["id"])[0]["phase"] for one in held]
    assert rows == ["PROACTIVE", "REACTIVE"]


async def test_a_session_that_is_moved_to_another_day_is_of_the_phase_of_that_day() -> None:
    phases = tuple(Phase(code=code, name=code) for code in ("first", "second"))
    pair = await gentle(phases=phases)
    moved = {"mentorshipId": pair.mentorship, "phase": "second", "reason": WHY}
    await pair.send("mentorshipChangePhase", **moved, occurredOn=days_ago(8))
    held = await log(pair)
    await pair.send("sessionCorrect", **again(pair, held, heldOn=days_ago(5)))
    assert session(pair, held)["phase"] == "second"


async def test_what_was_voided_meanwhile_is_weighed_when_it_counts_again() -> None:
    pair = await gentle()
    session_id = await log(pair)
    held = {"sessionId": session_id, "reason": WHY}
    await pair.send("sessionVoid", **held)
    suspended = {"mentorId": pair.mentor_ids[0], "reason": WHY}
    await pair.send("mentorSuspend", **suspended, occurredOn=days_ago(15))
    await pair.send("sessionReinstate", **held)
    assert deviations(pair, session_id) == ["MENTOR_WAS_SUSPENDED"]


async def test_of_two_tellings_the_later_stays_the_suspected_one() -> None:
    pair = await gentle()
    first, second = await log(pair), await log(pair)
    suspended = {"mentorId": pair.mentor_ids[1], "reason": WHY}
    await pair.send("mentorSuspend", **suspended, occurredOn=days_ago(15))
    weigh = {"mentorshipId": pair.mentorship, "since": days_ago(30)}
    with pytest.raises(MshauriError) as error:
        await pair.send("sessionsWeigh", **weigh)
    assert error.value.code == "SESSIONS_STAND"
    assert (deviations(pair, first), deviations(pair, second)) == ([], ["SESSION_TWICE"])


async def test_what_could_not_be_said_any_more_stays_as_it_was_said() -> None:
    hers = await team(mentees=2)
    held = await hers.log(hers.mentors[0], *hers.mentees, on=20)
    await hers.send("RemoveMentee", enrolmentId=hers.enrolments[1], on=10)
    (row,) = hers.country.house.rows(SESSION, id=held["id"])
    assert (row["counts"], hers.departs(held["id"]), row["held_on"]) == (True, set(), day(20))


async def test_a_version_that_refuses_has_refused_what_was_known_then() -> None:
    pair = await paired(rules())
    held = await log(pair)
    paused = {"mentorshipId": pair.mentorship, "cause": "STRIKE", "reason": WHY}
    await pair.send("mentorshipPause", **paused, occurredOn=days_ago(15))
    assert session(pair, held)["counts"]


async def test_a_plan_that_was_sent_before_and_is_told_of_after_lets_its_visit_count() -> None:
    pair = await paired(replace(rules(conduct=Conduct()), gates=(Gate.PLAN_SENT,)))
    held = await log(pair)
    assert deviations(pair, held) == ["PLAN_NOT_SENT"]
    days = {"starts": days_ago(11), "ends": days_ago(9), "occurredOn": days_ago(13)}
    said = {"planKind": "VISIT", "objectives": ["Two days at the bedside."]}
    plan = (await pair.send("planAgree", mentorshipId=pair.mentorship, **days, **said)).id
    await pair.send("planSend", planId=plan, sentTo="The hospital", occurredOn=days_ago(12))
    assert deviations(pair, held) == []


async def test_who_was_certified_later_than_they_mentored_had_no_right_to() -> None:
    country = await Country.under(gentle_pairs(gates=()))
    mentor = await country.nominee(who := await country.person())
    mentee = await country.enrolment(pupil := await country.person())
    care = await country.propose([mentor], [mentee])
    held = [await country.session(care, who, pupil, on=on) for on in (5, 15)]
    await country.send("mentorCertify", mentorId=mentor, on=10)
    rules_of = [
        {row["rule"] for row in country.house.rows(DEVIATION, record_id=one)} for one in held
    ]
    assert [("UNCERTIFIED_MENTOR_PRESENT" in one) for one in rules_of] == [True, False]


async def test_the_letter_of_a_mentee_who_has_left_is_found() -> None:
    country = await Country.under(letters(conduct=Conduct()))
    hers = await Team(country).proposed(mentees=2)
    await country.sign(hers.id, hers.mentors[0], hers.mentees[0], on=1)
    session = await hers.log(hers.mentors[0], *hers.mentees, on=5)
    await hers.send("RemoveMentee", enrolmentId=hers.enrolments[1], on=10)
    assert hers.departs(session["id"]) == {"MENTORSHIP_NOT_SIGNED"}
    await country.sign(hers.id, hers.mentees[1], on=2)
    assert hers.departs(session["id"]) == set()


async def test_a_mentor_who_is_back_signs_again_whatever_letter_is_found_of_before() -> None:
    hers = await Team(await Country.under(gentle_pairs())).proposed(mentors=2)
    back, mentee = hers.mentors[1], hers.mentees[0]
    await hers.country.sign(hers.id, hers.mentors[0], mentee, on=1)
    before = await hers.log(back, mentee, on=5)
    place = {"mentorId": hers.mentor_ids[1], "cause": "LEAVE"}
    await hers.send("Disengage", on=10, **place)
    await hers.send("Reassign", on=20, mentorId=place["mentorId"], replacesId=place["mentorId"])
    since = await hers.log(back, mentee, on=25)
    await hers.country.sign(hers.id, back, on=2)
    departs = [hers.departs(one["id"]) for one in (before, since)]
    assert departs == [set(), {"MENTORSHIP_NOT_SIGNED"}]
    await hers.country.sign(hers.id, back, on=20)
    assert hers.departs(since["id"]) == set()
    content = {"mentorshipId": hers.id, "healthWorkerId": back, "on": 3}
    assert (await hers.country.refused("mentorshipSign", **content))[0] == "ALREADY_SIGNED"


async def test_why_something_departs_is_still_told_once_it_is_judged_again() -> None:
    pair = await gentle()
    session = await log(pair, minutes=10, reason="Three births at once.")
    suspended = {"mentorId": pair.mentor_ids[0], "reason": WHY}
    await pair.send("mentorSuspend", **suspended, occurredOn=days_ago(12))
    assert deviations(pair, session) == ["MENTOR_WAS_SUSPENDED", "SESSION_TOO_SHORT"]
    told = {row["rule"]: row["reason"] for row in pair.house.rows(DEVIATION, record_id=session)}
    assert told == {"SESSION_TOO_SHORT": "Three births at once.", "MENTOR_WAS_SUSPENDED": None}


async def test_who_joined_before_as_is_told_late_was_absent_and_nothing_is_corrected() -> None:
    hers = await team(gentle_pairs(ratio=Ratio(mentors=1, mentees=(1, 3), load=2)))
    held = await hers.log(hers.mentors[0], hers.mentees[0], on=20, minutes=10, reason="A birth.")
    late = await hers.country.person()
    enrolment = await hers.country.enrolment(late)
    await hers.send("AddMentee", enrolmentId=enrolment, on=10)
    absent = [
        row["health_worker_id"]
        for row in hers.country.house.rows(SESSION_ATTENDANCE)
        if not row["present"]
    ]
    assert absent == [late]
    (row,) = hers.country.house.rows(SESSION, id=held["id"])
    assert not row["corrected"]
    (told,) = hers.country.house.rows(DEVIATION, record_id=held["id"])
    assert (told["rule"], told["reason"]) == ("SESSION_TOO_SHORT", "A birth.")
