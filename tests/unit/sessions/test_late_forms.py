"""Forms that come late, or in another order than they were written: each is of its own day."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import SESSION, SESSION_ATTENDANCE
from shared.contracts.definition import Phase
from shared.domain import new_id
from tests.support.paired import AREA, Paired, days_ago, paired, rules


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules())


def held(pair: Paired, session: UUID, day: int, *present: UUID) -> dict[str, Any]:
    return {
        "id": str(session),
        "mentorshipId": str(pair.mentorship),
        "occurredOn": str(days_ago(day)),
        "mode": "IN_PERSON",
        "minutes": 60,
        "present": [str(one) for one in present],
    }


async def new_mentor(pair: Paired) -> UUID:
    """Put somebody else in the first mentor's place, six days ago; return their health worker."""
    began = {"occurredOn": days_ago(40)}
    person, mentor = new_id(), new_id()
    await pair.send(
        "healthWorkerRegister",
        id=person,
        givenNames="Ingabire",
        familyName="Ingabire",
        cadre="NURSE",
        orgUnitId=pair.facility,
        **began,
    )
    await pair.send(
        "mentorNominate",
        id=mentor,
        healthWorkerId=person,
        programmeVersionId=pair.version,
        area=AREA,
        **began,
    )
    await pair.send("mentorOrient", mentorId=mentor, **began)
    await pair.send("mentorCertify", mentorId=mentor, **began)
    await pair.send(
        "mentorshipDisengage",
        mentorshipId=pair.mentorship,
        mentorId=pair.mentor_ids[0],
        reason="They were posted elsewhere.",
        occurredOn=days_ago(8),
    )
    six = {"mentorshipId": pair.mentorship, "occurredOn": days_ago(6)}
    await pair.send("mentorshipReassign", replacesId=pair.mentor_ids[0], mentorId=mentor, **six)
    await pair.send("mentorshipSign", healthWorkerId=person, **six)
    return person


async def test_a_late_session_shows_the_mentor_and_the_unit_of_its_day(pair: Paired) -> None:
    mentee, before = pair.mentees[0], pair.mentors[0]
    after = await new_mentor(pair)
    (enrolment,) = (
        one.enrolment_id
        for one in (await pair.house.events(pair.mentorship))[0].mentees  # type: ignore[attr-defined]
        if one.health_worker_id == mentee
    )
    four = {"occurredOn": days_ago(4)}
    await pair.send("healthWorkerTransfer", healthWorkerId=mentee, orgUnitId=pair.elsewhere, **four)
    await pair.send("menteeTransfer", enrolmentId=enrolment, **four)
    late, since = new_id(), new_id()
    await pair.send("sessionLog", **held(pair, since, 3, after, mentee))
    await pair.send("sessionLog", **held(pair, late, 10, before, mentee))
    for session, mentor in ((late, before), (since, after)):
        (row,) = pair.house.rows(SESSION, id=session)
        assert row["org_unit_id"] == pair.facility
        there = [
            one["health_worker_id"]
            for one in pair.house.rows(SESSION_ATTENDANCE, facts_id=row["facts_id"])
            if one["present"] and one["side"] == "MENTOR"
        ]
        assert there == [mentor]


async def test_a_void_that_overtook_its_session_in_a_batch_voids_it(pair: Paired) -> None:
    session = new_id()
    void = {"sessionId": str(session), "reason": "It was logged twice."}
    log = held(pair, session, 3, pair.mentors[0], pair.mentees[0])
    outcomes = await pair.house.batch([("sessionVoid", void), ("sessionLog", log)])
    assert [one.problem for one in outcomes] == [None, None]
    (row,) = pair.house.rows(SESSION, id=session)
    assert row["status"] == "VOIDED"


async def test_what_overtook_a_refused_session_is_refused(pair: Paired) -> None:
    session = new_id()
    void = {"sessionId": str(session), "reason": "It was logged twice."}
    log = held(pair, session, 3, pair.mentors[0])
    outcomes = await pair.house.batch([("sessionVoid", void), ("sessionLog", log)])
    codes = [one.problem and one.problem.code for one in outcomes]
    assert codes == ["NOT_FOUND", "NOBODY_PRESENT"]


async def test_a_late_session_is_of_the_phase_of_its_day() -> None:
    phases = tuple(Phase(code=code, name=code) for code in ("first", "second", "third"))
    pair = await paired(rules(phases=phases))
    for phase, day in (("second", 20), ("third", 10)):
        await pair.send(
            "mentorshipChangePhase",
            mentorshipId=pair.mentorship,
            phase=phase,
            reason="They are ready.",
            occurredOn=days_ago(day),
        )
    for day, phase in ((25, "first"), (20, "second"), (11, "second"), (10, "third"), (2, "third")):
        session = new_id()
        await pair.send("sessionLog", **held(pair, session, day, pair.mentors[0], pair.mentees[0]))
        (row,) = pair.house.rows(SESSION, id=session)
        assert row["phase"] == phase, day
