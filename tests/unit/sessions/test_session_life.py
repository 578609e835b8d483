"""What becomes of a session: planned, put off, cancelled, held, corrected, voided, reinstated."""

from collections.abc import Callable
from dataclasses import replace as but
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from services.sessions.aggregates.agreement import (
    Agreement,
    BeforeAgreement,
    MentorMissing,
    MentorshipOver,
)
from services.sessions.aggregates.meeting import (
    AttendeeNotAParty,
    Meeting,
    ModeNotAllowed,
    PlaceNotAllowed,
    TooShort,
)
from services.sessions.aggregates.session import Session
from services.sessions.aggregates.standing import (
    Cancelled,
    CountsAlready,
    HeldAlready,
    NotHeld,
    PlannedForThatDay,
    PlannedForThePast,
    PlannedInAnother,
    Voided,
)
from shared.contracts.definition import Mode, Phase, Ratio
from shared.contracts.definition.visits import Place, SessionFormat
from shared.contracts.sessions.session import (
    SessionCorrected,
    SessionHeld,
    SessionReinstated,
    SessionVoided,
)
from shared.deciding.repository import open_snapshot, take_snapshot
from shared.domain import new_id
from shared.domain.errors import Refusal
from tests.support.agreements import MENTEE, MENTOR, SECOND_MENTEE, UNSIGNED, agreement, weighed
from tests.support.definitions import definition

DAY, LATER = date(2018, 11, 20), date(2018, 11, 27)
PAIR = replace(definition(), ratio=Ratio(mentors=1, mentees=(1, 2), load=2))
UNDER = agreement(rules=PAIR, mentors=frozenset({MENTOR}))


def meeting(**changes: Any) -> Meeting:
    return Meeting(
        **{
            "held_on": DAY,
            "mode": Mode.IN_PERSON,
            "minutes": 480,
            "present": (MENTOR, MENTEE),
            **changes,
        }
    )


def planned(under: Agreement = UNDER, **changes: Any) -> Session:
    return Session.planned(
        **{
            "id": new_id(),
            "agreement": under,
            "planned_for": DAY,
            "planned_on": date(2018, 11, 13),
            "mode": Mode.IN_PERSON,
            "org_unit_id": None,
            "findings": weighed(under),
            **changes,
        }
    )


def held(under: Agreement = UNDER, **changes: Any) -> Session:
    return Session.held(
        id=new_id(), agreement=under, meeting=meeting(**changes), findings=weighed(under)
    )


def cancelled() -> Session:
    session = planned()
    session.cancel()
    return session


def voided() -> Session:
    session = held()
    session.void(LATER)
    return session


def test_what_was_planned_is_held_under_its_own_id() -> None:
    session = planned()
    session.hold(UNDER, meeting(), weighed(UNDER))
    assert [type(event).__name__ for event in session.recorded] == ["SessionPlanned", "SessionHeld"]
    assert set(session.attendance()) == {MENTOR, MENTEE}


def test_a_session_can_be_planned_before_everybody_has_signed() -> None:
    planned(but(UNDER, signed_on=UNSIGNED))


@pytest.mark.parametrize(
    ("under", "changes", "refused"),
    [
        (but(UNDER, live=False), {}, MentorshipOver),
        (UNDER, {"planned_for": date(2018, 11, 12)}, PlannedForThePast),
        (UNDER, {"mode": Mode.VIDEO}, ModeNotAllowed),
        (
            but(UNDER, rules=replace(PAIR, place=Place.MENTEE_WORKPLACE)),
            {"org_unit_id": new_id()},
            PlaceNotAllowed,
        ),
    ],
)
def test_what_cannot_be_held_is_not_planned(
    under: Agreement, changes: dict[str, Any], refused: type[Refusal]
) -> None:
    with pytest.raises(refused):
        planned(under, **changes)


def test_a_session_is_put_on_another_day_that_is_still_to_come() -> None:
    session = planned()
    with pytest.raises(PlannedForThatDay):
        session.reschedule(DAY, date(2018, 11, 14))
    with pytest.raises(PlannedForThePast):
        session.reschedule(date(2018, 11, 13), date(2018, 11, 14))
    session.reschedule(LATER, date(2018, 11, 14))
    assert session.planned_for == LATER


def test_a_planned_session_is_held_in_its_own_mentorship() -> None:
    with pytest.raises(PlannedInAnother):
        planned().hold(but(UNDER, mentorship_id=new_id()), meeting(), weighed(UNDER))


ACTS: dict[str, Callable[[Session], None]] = {
    "reschedule": lambda session: session.reschedule(LATER, DAY),
    "cancel": lambda session: session.cancel(),
    "hold": lambda session: session.hold(UNDER, meeting(), weighed(UNDER)),
    "correct": lambda session: session.correct(UNDER, meeting(), weighed(UNDER)),
    "void": lambda session: session.void(LATER),
    "reinstate": lambda session: session.reinstate(UNDER, weighed(UNDER), LATER),
}


@pytest.mark.parametrize(
    ("session", "act", "refused"),
    [
        (planned, "correct", NotHeld),
        (planned, "void", NotHeld),
        (planned, "reinstate", NotHeld),
        (cancelled, "reschedule", Cancelled),
        (cancelled, "cancel", Cancelled),
        (cancelled, "hold", Cancelled),
        (cancelled, "correct", NotHeld),
        (cancelled, "void", NotHeld),
        (cancelled, "reinstate", NotHeld),
        (held, "reschedule", HeldAlready),
        (held, "cancel", HeldAlready),
        (held, "hold", HeldAlready),
        (held, "reinstate", CountsAlready),
        (voided, "reschedule", HeldAlready),
        (voided, "cancel", HeldAlready),
        (voided, "hold", HeldAlready),
        (voided, "correct", Voided),
        (voided, "void", Voided),
    ],
)
def test_nothing_happens_twice_or_out_of_order(
    session: Callable[[], Session], act: str, refused: type[Refusal]
) -> None:
    made = session()
    before = len(made.recorded)
    with pytest.raises(refused):
        ACTS[act](made)
    assert len(made.recorded) == before


def test_a_correction_says_everything_anew() -> None:
    session = held()
    session.correct(UNDER, meeting(minutes=240, present=(MENTOR, SECOND_MENTEE)), weighed(UNDER))
    corrected = session.recorded[-1]
    assert isinstance(corrected, SessionCorrected)
    assert (corrected.minutes, corrected.mentees, corrected.absent) == (
        240,
        (SECOND_MENTEE,),
        (MENTEE,),
    )


def test_a_correction_is_held_against_every_rule() -> None:
    session = held()
    with pytest.raises(TooShort):
        session.correct(UNDER, meeting(minutes=59), weighed(UNDER))
    with pytest.raises(AttendeeNotAParty):
        session.correct(UNDER, meeting(present=(MENTOR, new_id())), weighed(UNDER))
    with pytest.raises(BeforeAgreement) as refused:
        session.correct(UNDER, meeting(held_on=date(2018, 11, 1)), weighed(UNDER))
    assert refused.value.field == "heldOn"


def test_a_mentor_who_has_left_stays_in_the_sessions_they_held() -> None:
    alone = but(UNDER, mentors=frozenset())
    session = held()
    session.correct(alone, meeting(minutes=240), weighed(alone))
    with pytest.raises(MentorMissing):
        session.correct(alone, meeting(held_on=LATER), weighed(alone))


def test_a_correction_is_judged_by_the_phase_the_session_was_held_in() -> None:
    rules = replace(
        PAIR,
        phases=(
            Phase(code="open", name="Open", formats=(SessionFormat.INDIVIDUAL,)),
            Phase(code="close", name="Close", formats=(SessionFormat.GROUP,)),
        ),
    )
    session = held(but(UNDER, rules=rules, phase="open"))
    later = but(UNDER, rules=rules, phase="close")
    session.correct(later, meeting(minutes=240), weighed(later))


def test_a_voided_session_does_not_count_until_it_is_reinstated() -> None:
    session = held()
    session.void(LATER)
    assert session.attendance() == {}
    session.reinstate(UNDER, weighed(UNDER), LATER)
    assert set(session.attendance()) == {MENTOR, MENTEE}
    first, second, third = session.recorded
    assert isinstance(first, SessionHeld)
    assert isinstance(second, SessionVoided)
    assert isinstance(third, SessionReinstated)
    assert first.enrolments == second.enrolments == third.enrolments != ()


@pytest.mark.parametrize("session", [planned, cancelled, held, voided])
def test_a_session_out_of_its_snapshot_decides_as_before(session: Callable[[], Session]) -> None:
    made = session()
    again = open_snapshot(Session, take_snapshot(made))
    assert again is not None
    assert (again.state, again.planned_for) == (made.state, made.planned_for)
    assert again.attendance() == made.attendance()
