"""Each kind of audit finding speaks where it must, and is silent of its innocent twin."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from services.gateway.figures.findings.declared import Found
from services.gateway.projections import CERTIFICATE as CERTIFICATES
from services.gateway.projections import MENTOR, PROJECTIONS
from shared.contracts.definition import Conduct, Ratio
from shared.contracts.definition.assessment import ApprovalStep, Basis, Certificate
from shared.contracts.definition.conduct import Judgement
from shared.contracts.validation.audit_finding import AuditFindingKind as Kind
from shared.domain import new_id
from shared.language import phrase_of
from shared.projection.schema import ensure
from tests.support.audited import IMPORTED, Audited, cascade, day
from tests.support.models import Models
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.asyncio(loop_scope="module")
COUNTED = Conduct(otherwise=Judgement.COUNT)
WHY = {"reason": "The paper says so."}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def models(postgres: PostgresServer) -> AsyncIterator[Models]:
    """Empty read models."""
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(await postgres.create_database(name))
    await ensure(connection, PROJECTIONS)
    yield Models(connection)
    await connection.close()
    await postgres.drop_database(name)


def said(found: Found) -> str:
    return phrase_of(found.kind.explained(found.figures))


# ── a mentor in two places at once ────────────────────────────────────────────────────────────


async def test_a_mentor_in_two_places_at_once_is_found(models: Models) -> None:
    audited = await Audited.built(models)
    one = await audited.meet(60, 120, at=8)
    two = await audited.meet(60, 120, at=9, where=audited.clinic)
    (found, *_) = await audited.found(Kind.TWO_PLACES_AT_ONCE)
    assert set(found.sessions) == {one, two}
    assert found.people == (audited.hospital.mentor,)
    assert found.day == day(60)
    assert found.figures == {"first": 120, "second": 120, "together": 180}
    assert "120 minutes" in said(found)


@pytest.mark.parametrize(
    "second",
    [
        {"at": 9},
        {"at": 9, "where": "ward"},
        {"at": 10, "where": "clinic"},
        {"at": 9, "where": "clinic", "mode": "PHONE"},
        {"where": "clinic"},
    ],
    ids=["same place", "a ward of it", "after it", "by phone", "nobody says when"],
)
async def test_two_sessions_that_one_mentor_may_have_held_are_not_found(
    models: Models, second: dict[str, Any]
) -> None:
    audited = await Audited.built(models)
    if "where" in second:
        second = {**second, "where": getattr(audited, second["where"])}
    await audited.meet(60, 120, at=8)
    await audited.meet(60, 90, **second)
    assert await audited.found(Kind.TWO_PLACES_AT_ONCE) == []


async def test_what_was_corrected_or_voided_is_in_two_places_no_more(models: Models) -> None:
    for name in ("sessionVoid", "sessionCorrect"):
        audited = await Audited.built(models)
        await audited.meet(60, 120, at=8)
        two = await audited.meet(60, 120, at=9, where=audited.clinic)
        assert len(await audited.found(Kind.TWO_PLACES_AT_ONCE)) == 1
        anew = {
            "heldOn": str(day(61)),
            "mode": "IN_PERSON",
            "minutes": 120,
            "present": [audited.hospital.mentor, audited.hospital.mentee],
        }
        more = anew if name == "sessionCorrect" else {}
        await audited.send(name, 62, sessionId=two, **more, **WHY)
        assert await audited.found(Kind.TWO_PLACES_AT_ONCE) == []


# ── minutes beyond the day ────────────────────────────────────────────────────────────────────


async def test_a_day_with_more_minutes_than_is_credible_is_found(models: Models) -> None:
    audited = await Audited.built(models)
    for _ in range(3):
        await audited.meet(60, 350)
    found = await audited.found(Kind.DAY_TOO_FULL)
    assert {one.people for one in found} == {
        (audited.hospital.mentor,),
        (audited.hospital.mentee,),
    }
    assert {one.figures["minutes"] for one in found} == {1050}
    assert await audited.found(Kind.DAY_TOO_FULL, minutes_per_day=1050) == []


async def test_a_session_of_several_days_and_hours_told_twice_fill_no_day(models: Models) -> None:
    audited = await Audited.built(models)
    await audited.meet(60, 2_880)  # three days' workshop, told under the first
    for at in (6, 6, 7):  # three sessions at one time take no longer than the last
        await audited.meet(62, 350, at=at)
    await audited.meet(64, 960)
    assert await audited.found(Kind.DAY_TOO_FULL) == []


async def test_a_visit_that_each_of_its_teams_tells_of_fills_no_day(models: Models) -> None:
    audited = await Audited.built(models)
    first = audited.mentorship, audited.hospital.mentee
    teams = [first]
    for _ in range(2):
        mentee, enrolment = await audited.enrol()
        teams.append((await audited.pair(new_id(), [enrolment]), mentee))
    for team, mentee in teams:
        there = [audited.hospital.mentor, mentee]
        await audited.meet(60, 360, mentorshipId=team, present=there)
    assert await audited.found(Kind.DAY_TOO_FULL) == []
    await audited.meet(60, 610, where=audited.clinic)
    found = await audited.found(Kind.DAY_TOO_FULL)
    assert {one.figures["minutes"] for one in found} == {970}


# ── impossible distances ──────────────────────────────────────────────────────────────────────


async def test_two_sessions_too_far_apart_to_travel_between_are_found(models: Models) -> None:
    audited = await Audited.built(models)
    await audited.meet(60, 60, at=8)
    await audited.meet(60, 60, at=9, where=audited.clinic)
    found = await audited.found(Kind.TOO_FAR_APART)
    assert {one.people[0] for one in found} == {audited.hospital.mentor, audited.hospital.mentee}
    assert found[0].figures == {"kilometres": 81, "minutes": 0, "speed": 100}


@pytest.mark.parametrize("second", [{"at": 11}, {}, {"mode": "PHONE", "at": 9}])
async def test_who_had_time_to_travel_or_called_was_not_too_far(
    models: Models, second: dict[str, Any]
) -> None:
    audited = await Audited.built(models)
    await audited.meet(60, 60, at=8)
    await audited.meet(60, 60, where=audited.clinic, **second)
    assert await audited.found(Kind.TOO_FAR_APART) == []


async def test_a_facility_that_nobody_has_placed_is_far_from_nothing(models: Models) -> None:
    audited = await Audited.built(models)
    nowhere = await audited.send("orgUnitEstablish", 0, code="C2", name="C2", unitKind="FACILITY")
    await audited.meet(60, 60, at=8)
    await audited.meet(60, 60, at=9, where=nowhere)
    assert await audited.found(Kind.TOO_FAR_APART) == []


# ── a week of logs within a minute ────────────────────────────────────────────────────────────


async def _log(audited: Audited, days: int, apart: timedelta, **more: Any) -> None:
    at = datetime(2019, 1, 10, 8, 0, 50, tzinfo=UTC)
    for number in range(days):
        await audited.meet(60 + number, recorded=at + number * apart, **more)


async def test_a_week_of_sessions_recorded_within_a_minute_is_found(models: Models) -> None:
    audited = await Audited.built(models)
    await _log(audited, 6, timedelta(seconds=9))
    (found,) = await audited.found(Kind.RECORDED_IN_A_BURST)
    assert found.actors == ("operator",)
    assert len(found.sessions) == 6
    assert found.figures == {"sessions": 6, "days": 6, "seconds": 45}
    assert found.day == date(2019, 1, 10)


@pytest.mark.parametrize(
    ("days", "apart", "more"),
    [
        (4, 1, {}),
        (9, 20, {}),
        (6, 9, {"by": IMPORTED}),
    ],
    ids=["four days", "a clerk with a pile of paper", "a list"],
)
async def test_what_was_recorded_in_its_time_or_from_a_list_is_no_burst(
    models: Models, days: int, apart: int, more: dict[str, Any]
) -> None:
    audited = await Audited.built(models)
    await _log(audited, days, timedelta(seconds=apart), **more)
    assert await audited.found(Kind.RECORDED_IN_A_BURST) == []


async def test_many_sessions_of_one_day_and_of_several_devices_are_no_burst(models: Models) -> None:
    audited = await Audited.built(models)
    at = datetime(2019, 1, 10, 8, tzinfo=UTC)
    for number in range(6):
        await audited.meet(60, recorded=at + timedelta(seconds=number))
        await audited.meet(
            60 + number, recorded=at + timedelta(seconds=number), device=f"D{number}"
        )
    assert await audited.found(Kind.RECORDED_IN_A_BURST) == []


# ── groups above nine ─────────────────────────────────────────────────────────────────────────


async def _group(audited: Audited, many: int) -> None:
    pairs = [await audited.enrol() for _ in range(many)]
    audited.mentorship = await audited.pair(new_id(), [enrolment for _, enrolment in pairs])
    audited.mentees = [person for person, _ in pairs]


async def test_a_session_of_ten_mentees_is_found_and_one_of_nine_is_not(models: Models) -> None:
    audited = await Audited.built(models)
    await _group(audited, 10)
    large = await audited.meet(60)
    audited.mentees = audited.mentees[:9]
    await audited.meet(61)
    (found,) = await audited.found(Kind.GROUP_ABOVE_NINE)
    assert found.sessions == (large,)
    assert found.figures == {"mentees": 10, "most": 9}
    assert await audited.found(Kind.GROUP_ABOVE_NINE, group_most=10) == []
    await audited.send("sessionVoid", 62, sessionId=large, **WHY)
    assert await audited.found(Kind.GROUP_ABOVE_NINE) == []


async def test_a_group_as_large_as_its_programme_means_is_not_found(models: Models) -> None:
    ratio = Ratio(mentors=(1, 3), mentees=(1, 12), load=9)
    audited = await Audited.built(models, ratio=ratio)
    await _group(audited, 13)
    large = await audited.meet(60)
    audited.mentees = audited.mentees[:12]
    await audited.meet(61)
    (found,) = await audited.found(Kind.GROUP_ABOVE_NINE)
    assert found.sessions == (large,)
    assert found.figures == {"mentees": 13, "most": 12}


# ── mentorships without sessions ──────────────────────────────────────────────────────────────


async def test_a_mentorship_that_never_met_is_found_once_a_quarter_has_passed(
    models: Models,
) -> None:
    audited = await Audited.built(models)
    before = day(35 + 93)
    assert await audited.found(Kind.MENTORSHIP_WITHOUT_SESSIONS, before=before) == []
    (found,) = await audited.found(
        Kind.MENTORSHIP_WITHOUT_SESSIONS, before=before + timedelta(days=1)
    )
    assert found.mentorship_id == audited.mentorship
    assert found.people == (audited.hospital.mentor,)
    assert found.figures == {"agreed": str(day(35)), "days": 93}


async def test_a_mentorship_that_met_or_pauses_is_not_found(models: Models) -> None:
    audited = await Audited.built(models)
    met = await audited.meet(60)
    assert await audited.found(Kind.MENTORSHIP_WITHOUT_SESSIONS) == []
    await audited.send("sessionVoid", 62, sessionId=met, **WHY)
    assert len(await audited.found(Kind.MENTORSHIP_WITHOUT_SESSIONS)) == 1
    await audited.send(
        "mentorshipPause", 63, mentorshipId=audited.mentorship, cause="STRIKE", **WHY
    )
    assert await audited.found(Kind.MENTORSHIP_WITHOUT_SESSIONS) == []


# ── late recording ────────────────────────────────────────────────────────────────────────────


async def _record(audited: Audited, many: int, late: int, **more: Any) -> None:
    for number in range(many):
        lag = 40 if number < late else 1
        recorded = datetime(2019, 3, 1, tzinfo=UTC) + timedelta(hours=number)
        await audited.meet(151 + number % 3 - lag, recorded=recorded, **more)


async def test_a_unit_that_records_most_of_a_quarter_late_is_found(models: Models) -> None:
    audited = await Audited.built(models)
    await _record(audited, 12, 6)
    (found,) = await audited.found(Kind.RECORDED_LATE)
    assert found.org_unit_id == audited.hospital.unit
    assert (found.figures["sessions"], found.figures["late"]) == (12, 6)
    assert found.about == "2019-Q1"


@pytest.mark.parametrize(
    ("many", "late", "more"),
    [(12, 5, {}), (9, 9, {}), (12, 12, {"by": IMPORTED})],
    ids=["fewer than half", "too few to be a habit", "a list"],
)
async def test_a_few_late_sessions_or_a_list_are_no_habit(
    models: Models, many: int, late: int, more: dict[str, Any]
) -> None:
    audited = await Audited.built(models)
    await _record(audited, many, late, **more)
    assert await audited.found(Kind.RECORDED_LATE) == []


# ── figures that changed after they were reported ─────────────────────────────────────────────


async def _reported(audited: Audited) -> list[UUID]:
    return [await audited.meet(60 + number) for number in range(4)]


async def test_a_closed_quarter_whose_sessions_change_is_found(models: Models) -> None:
    audited = await Audited.built(models)
    first, *_ = await _reported(audited)
    audited.clock(date(2019, 1, 31))  # the quarter is over on the 31st of December
    await audited.send("sessionVoid", 92 + 30, sessionId=first, **WHY)
    (found,) = await audited.found(Kind.FIGURES_CHANGED)
    assert found.sessions == (first,)
    assert found.figures == {
        "reported": 4,
        "changed": 1,
        "first": "2018-10-01",
        "last": "2018-12-31",
        "closed": "2019-01-30",
    }
    assert await audited.found(Kind.FIGURES_CHANGED, changed_percent=26) == []


async def test_what_changes_before_the_close_or_changes_no_figure_is_not_found(
    models: Models,
) -> None:
    audited = await Audited.built(models)
    first, second, *_ = await _reported(audited)
    audited.clock(date(2019, 1, 30))
    await audited.send("sessionVoid", 92 + 29, sessionId=first, **WHY)
    audited.clock(date(2019, 2, 2))
    same = {"heldOn": str(day(61)), "mode": "IN_PERSON", "minutes": 60}
    present = [audited.hospital.mentor, audited.hospital.mentee]
    about = {"topics": ["Newborn"]}
    await audited.send(
        "sessionCorrect", 124, sessionId=second, **same, present=present, about=about, **WHY
    )
    assert await audited.found(Kind.FIGURES_CHANGED) == []


async def test_history_that_is_brought_in_changes_no_figure(models: Models) -> None:
    audited = await Audited.built(models)
    for number in range(4):
        await audited.meet(60 + number, recorded=date(2019, 6, 1))
    assert await audited.found(Kind.FIGURES_CHANGED) == []


# ── points beyond the hours ───────────────────────────────────────────────────────────────────


async def test_points_of_two_records_of_one_person_for_one_session_are_found(
    models: Models,
) -> None:
    audited = await Audited.built(models)
    double, enrolment = await audited.enrol()
    audited.mentorship = await audited.pair(new_id(), [audited.hospital.enrolment, enrolment])
    audited.mentees.append(double)
    session = await audited.meet(60, 120)
    assert await audited.found(Kind.POINTS_BEYOND_HOURS) == []
    merge = {"healthWorkerId": double, "intoId": audited.hospital.mentee}
    await audited.send("healthWorkerMerge", 90, **merge, **WHY)
    (found,) = await audited.found(Kind.POINTS_BEYOND_HOURS)
    assert found.sessions == (session,)
    assert set(found.people) == {double, audited.hospital.mentee}
    assert (found.figures["earned"], found.figures["there"]) == (240, 120)


async def test_points_for_two_sessions_at_one_time_are_found(models: Models) -> None:
    audited = await Audited.built(models, conduct=COUNTED)
    await audited.meet(60, 120, at=8)
    await audited.meet(60, 120, at=9)
    found = await audited.found(Kind.POINTS_BEYOND_HOURS)
    assert {one.figures["earned"] for one in found} == {240}
    assert {one.figures["there"] for one in found} == {180}


async def test_points_that_went_with_their_session_are_not_beyond_its_hours(
    models: Models,
) -> None:
    audited = await Audited.built(models)
    held = await audited.meet(60, 120, at=8)
    await audited.meet(60, 60, at=10)
    await audited.send("sessionVoid", 62, sessionId=held, **WHY)
    assert await audited.found(Kind.POINTS_BEYOND_HOURS) == []


# ── scores ────────────────────────────────────────────────────────────────────────────────────


async def _assessors(audited: Audited, many: int) -> list[UUID]:
    """Certify so many more mentors."""
    people = [new_id() for _ in range(many)]
    for person in people:
        await audited.hospital.register(person, f"Assessor{person.hex[-6:]}")
        await audited.hospital.certify(new_id(), person)
    return people


async def _assess(audited: Audited, assessor: UUID, scores: list[int], on: int = 60) -> None:
    """Have somebody give these points, out of 100, three mentees in turn."""
    enrolled = [await audited.enrol() for _ in range(3)]
    for number, points in enumerate(scores):
        _, enrolment = enrolled[number % 3]
        ventilate = min(points, 60)
        items = [
            {"item": "prepare", "points": points - ventilate},
            {"item": "ventilate", "points": ventilate},
        ]
        attempt = {"enrolmentId": enrolment, "competency": "HBB", "items": items}
        audited.clock(day(on + number // 3))
        await audited.send(
            "competencyAssess", on + number // 3, assessorId=assessor, technique=True, **attempt
        )


async def test_an_assessor_who_always_gives_the_same_is_found(models: Models) -> None:
    audited = await Audited.built(models)
    one, other = await _assessors(audited, 2)
    await _assess(audited, other, [40 + number for number in range(32)])
    await _assess(audited, one, [90] * 12, on=90)
    (found,) = await audited.found(Kind.SCORES_NEVER_VARY)
    assert found.people == (one,)
    assert found.figures == {"attempts": 12, "mentees": 3, "percent": 90, "others": 3}


async def test_an_assessor_who_gives_what_everybody_gives_is_not_found(models: Models) -> None:
    audited = await Audited.built(models)
    one, two, other = await _assessors(audited, 3)
    await _assess(audited, other, [100] * 30 + [60, 70, 80])
    await _assess(audited, one, [100] * 12, on=90)  # all have mastered it
    await _assess(audited, two, [90] * 9, on=120)  # too few to say anything
    assert await audited.found(Kind.SCORES_NEVER_VARY) == []


async def test_scores_that_cluster_just_above_the_threshold_are_found(models: Models) -> None:
    audited = await Audited.built(models)
    one, other = await _assessors(audited, 2)
    await _assess(audited, other, [82, 87] * 16)
    await _assess(audited, one, [85, 86, 87, 85] * 6, on=90)  # 85 is enough
    (found,) = await audited.found(Kind.SCORES_JUST_ABOVE)
    assert found.people == (one,)
    assert found.figures["above"] == found.figures["near"] == 24


async def test_scores_as_others_give_them_are_not_found(models: Models) -> None:
    audited = await Audited.built(models)
    one, other = await _assessors(audited, 2)
    await _assess(audited, other, [86, 87, 88, 85] * 9)  # everybody is assessed when ready
    await _assess(audited, one, [85, 86, 87, 85] * 6, on=90)
    assert await audited.found(Kind.SCORES_JUST_ABOVE) == []


# ── validations by who had no right any more ──────────────────────────────────────────────────

SECOND = "RPA"
"""The area that who is validated in the first one mentors in."""


async def _of_second_area(audited: Audited) -> UUID:
    person, enrolment = new_id(), new_id()
    await audited.hospital.register(person, "Second")
    of = {"healthWorkerId": person, "cohortId": audited.hospital.cohort, "area": SECOND}
    await audited.send("menteeEnrol", 40, id=enrolment, **of)
    return enrolment


async def _rises(audited: Audited) -> UUID:
    """Have the mentee be validated, and certified as a mentor of the second area; return that."""
    audited.clock(day(60))
    await audited.hospital.assess("HBB", day(60))
    nominated = next(
        row
        for row in audited.hospital.house.rows(MENTOR)
        if row["health_worker_id"] == audited.hospital.mentee
    )
    assert nominated["area"] == SECOND
    mentor: UUID = nominated["id"]
    await audited.send("mentorOrient", 61, mentorId=mentor, theory=90, practical=90)
    await audited.send("mentorCertify", 61, mentorId=mentor)
    return mentor


async def _assess_in_second(audited: Audited, enrolment: UUID, on: int) -> None:
    audited.clock(day(on))
    assessor = {"assessorId": audited.hospital.mentee, "enrolmentId": enrolment}
    await audited.hospital.assess("HBB", day(on), **assessor)


async def test_a_validation_by_an_assessor_whose_right_had_ended_is_found(models: Models) -> None:
    audited = await Audited.built(models, **cascade())
    await _rises(audited)
    enrolment = await _of_second_area(audited)
    await _assess_in_second(audited, enrolment, 70)
    assert await audited.found(Kind.ASSESSOR_WITHOUT_RIGHT) == []
    audited.clock(day(90))  # it comes out late that their own validation was revoked before
    revoked = {"enrolmentId": audited.hospital.enrolment, "competency": "HBB"}
    await audited.send("competencyRevoke", 65, **revoked, **WHY)
    (found,) = await audited.found(Kind.ASSESSOR_WITHOUT_RIGHT)
    assert found.people == (audited.hospital.mentee,)
    assert found.figures == {"competency": "HBB", "day": str(day(70)), "ended": str(day(65))}


async def test_a_right_that_ended_later_or_that_is_held_otherwise_is_not_found(
    models: Models,
) -> None:
    audited = await Audited.built(models, **cascade())
    await _rises(audited)
    enrolment = await _of_second_area(audited)
    await _assess_in_second(audited, enrolment, 70)
    audited.clock(day(90))
    revoked = {"enrolmentId": audited.hospital.enrolment, "competency": "HBB"}
    await audited.send("competencyRevoke", 71, **revoked, **WHY)
    assert await audited.found(Kind.ASSESSOR_WITHOUT_RIGHT) == []


async def test_a_validation_while_the_assessor_was_suspended_is_found(models: Models) -> None:
    audited = await Audited.built(models)
    audited.clock(day(60))
    await audited.hospital.assess("HBB", day(60))
    mentor = {"mentorId": audited.hospital.mentor_record, **WHY}
    audited.clock(day(80))
    await audited.send("mentorSuspend", 59, ground="CONDUCT", **mentor)
    assert len(await audited.found(Kind.ASSESSOR_WITHOUT_RIGHT)) == 1
    await audited.send("mentorReinstate", 75, **mentor)
    assert len(await audited.found(Kind.ASSESSOR_WITHOUT_RIGHT)) == 1, "that day they were"


@pytest.mark.parametrize("ground", ["LEAVE", "CONDUCT"])
async def test_who_was_on_leave_or_reinstated_by_then_might_assess(
    models: Models, ground: str
) -> None:
    audited = await Audited.built(models)
    mentor = {"mentorId": audited.hospital.mentor_record, **WHY}
    await audited.send("mentorSuspend", 50, ground=ground, **mentor)
    if ground != "LEAVE":
        await audited.send("mentorReinstate", 55, **mentor)
    await audited.hospital.assess("HBB", day(60))
    assert await audited.found(Kind.ASSESSOR_WITHOUT_RIGHT) == []


# ── corrections after a validation ────────────────────────────────────────────────────────────


def _said_again(audited: Audited, prepare: int, attempt: int = 1) -> dict[str, Any]:
    items = [{"item": "prepare", "points": prepare}, {"item": "ventilate", "points": 60}]
    return {
        "enrolmentId": audited.hospital.enrolment,
        "competency": "HBB",
        "attempt": attempt,
        "assessedOn": str(day(60)),
        "assessorId": audited.hospital.mentor,
        "items": items,
        "technique": True,
        **WHY,
    }


async def test_a_score_that_changes_after_its_validation_is_found(models: Models) -> None:
    audited = await Audited.built(models)
    audited.clock(day(60))
    await audited.hospital.assess("HBB", day(60))
    audited.clock(day(80))
    await audited.send("competencyAttemptCorrect", 80, **_said_again(audited, 35))
    (found,) = await audited.found(Kind.CORRECTED_AFTER_VALIDATION)
    assert (found.figures["was"], found.figures["is"]) == (100, 95)
    assert found.people == (audited.hospital.mentor,)
    assert found.actors == ("operator",)


async def test_a_correction_by_which_the_validation_fell_is_not_found(models: Models) -> None:
    audited = await Audited.built(models)
    audited.clock(day(60))
    await audited.hospital.assess("HBB", day(60))
    audited.clock(day(80))
    await audited.send("competencyAttemptCorrect", 80, **_said_again(audited, 0))
    assert await audited.found(Kind.CORRECTED_AFTER_VALIDATION) == []


async def test_a_correction_that_itself_validates_is_not_found(models: Models) -> None:
    audited = await Audited.built(models)
    low = [{"item": "prepare", "points": 0}, {"item": "ventilate", "points": 60}]
    audited.clock(day(60))
    await audited.hospital.assess("HBB", day(60), items=low)
    audited.clock(day(80))
    await audited.send("competencyAttemptCorrect", 80, **_said_again(audited, 40))
    assert await audited.found(Kind.CORRECTED_AFTER_VALIDATION) == []


# ── certificates of one's own ─────────────────────────────────────────────────────────────────


STEPS = (ApprovalStep(code="district", name="D"), ApprovalStep(code="ministry", name="M"))
CERTIFICATE = Certificate(
    name="Certificate", prefix="TEST", basis=Basis.VALIDATION, approvals=STEPS
)


async def _approved(audited: Audited, *by: str) -> UUID:
    """Have the mentee earn a certificate, and each of these approve a step; return its id."""
    for subject in dict.fromkeys(by):
        await audited.send(
            "accessGrantGive",
            0,
            subjectName=subject,
            role="ADMINISTRATOR",
            orgUnitId=audited.hospital.unit,
        )
    for competency in ("HBB", "PPH"):
        await audited.hospital.assess(competency, day(60))
    (row,) = audited.hospital.house.rows(CERTIFICATES)
    for step, subject in zip(("district", "ministry"), by, strict=False):
        await audited.send(
            "certificateApprove", 70, as_=subject, certificateId=row["id"], step=step
        )
    certificate: UUID = row["id"]
    return certificate


async def _is(audited: Audited, subject: str, person: UUID) -> None:
    """Have it be told, later, who holds a token."""
    who = {"subjectName": subject, "healthWorkerId": person, "role": "MENTOR"}
    unit = audited.hospital.unit
    await audited.send("accessGrantGive", 80, orgUnitId=unit, **who)


async def test_a_certificate_approved_by_whom_it_certifies_is_found(models: Models) -> None:
    audited = await Audited.built(models, certificate=CERTIFICATE)
    certificate = await _approved(audited, "amina", "juma")
    assert await audited.found(Kind.CERTIFICATE_OF_ONES_OWN) == []
    await _is(audited, "juma", audited.hospital.mentee)
    (found,) = await audited.found(Kind.CERTIFICATE_OF_ONES_OWN)
    assert found.certificate_id == certificate
    assert found.actors == ("juma",)
    assert "whom it certifies" in said(found)


async def test_two_steps_of_one_persons_two_tokens_are_found(models: Models) -> None:
    audited = await Audited.built(models, certificate=CERTIFICATE)
    await _approved(audited, "amina", "juma")
    await _is(audited, "amina", audited.hospital.mentor)
    assert await audited.found(Kind.CERTIFICATE_OF_ONES_OWN) == [], "a mentor may approve one"
    await _is(audited, "juma", audited.hospital.mentor)
    (found,) = await audited.found(Kind.CERTIFICATE_OF_ONES_OWN)
    assert found.actors == ("amina", "juma")
    assert "Two steps" in said(found)


async def test_a_certificate_that_was_revoked_is_settled(models: Models) -> None:
    audited = await Audited.built(models, certificate=CERTIFICATE)
    certificate = await _approved(audited, "amina", "juma")
    await _is(audited, "juma", audited.hospital.mentee)
    await audited.send("certificateRevoke", 90, certificateId=certificate, **WHY)
    assert await audited.found(Kind.CERTIFICATE_OF_ONES_OWN) == []


async def test_who_recommends_and_approves_is_found_and_not_who_did_so_anew(models: Models) -> None:
    for by_hand, found in ((True, 1), (False, 0)):
        audited = await Audited.built(models, certificate=CERTIFICATE)
        certificate = await _approved(audited, "amina")
        declined = {"certificateId": certificate, "step": "ministry", **WHY}
        await audited.send(
            "accessGrantGive", 0, subjectName="juma", role="ADMINISTRATOR",
            orgUnitId=audited.hospital.unit,
        )  # fmt: skip
        await audited.send(
            "accessGrantGive", 0, subjectName="amina", role="COORDINATOR",
            orgUnitId=audited.hospital.unit,
        )  # fmt: skip
        await audited.send("certificateDecline", 71, as_="juma", **declined)
        again = {"enrolmentId": audited.hospital.enrolment}
        await audited.send(
            "certificateRecommend", 72, as_="amina" if by_hand else "operator", **again
        )
        # Anew, every step is taken again: hers is another one this time.
        steps = {"amina": "district"} if by_hand else {"juma": "district", "amina": "ministry"}
        for subject, step in steps.items():
            this = {"certificateId": certificate, "step": step}
            await audited.send("certificateApprove", 73, as_=subject, **this)
        assert len(await audited.found(Kind.CERTIFICATE_OF_ONES_OWN)) == found
