"""Sessions: held under a signed agreement, by its parties, as the programme's rules allow."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from services.sessions.aggregates.session import (
    Agreement,
    AttendeeNotAParty,
    BeforeAgreement,
    ConsentMissing,
    ModeNotAllowed,
    NobodyPresent,
    NotSigned,
    Session,
    StepUnknown,
    TooShort,
)
from shared.contracts.definition import Mode
from shared.contracts.sessions.session import SessionHeld
from shared.domain import new_id
from tests.support.definitions import definition

MENTOR, MENTEE, ABSENT = new_id(), new_id(), new_id()


def agreement(**changes: Any) -> Agreement:
    return Agreement(
        **{
            "mentorship_id": new_id(),
            "programme_version_id": new_id(),
            "org_unit_id": new_id(),
            "mentors": frozenset({MENTOR}),
            "mentees": frozenset({MENTEE, ABSENT}),
            "awaited": 0,
            "agreed_on": date(2018, 11, 5),
            "rules": definition(),
            **changes,
        }
    )


def hold(under: Agreement | None = None, **changes: Any) -> Session:
    return Session.held(
        **{
            "id": new_id(),
            "agreement": under or agreement(),
            "held_on": date(2018, 11, 20),
            "mode": Mode.IN_PERSON,
            "minutes": 480,
            "steps": ("entry",),
            "present": (MENTOR, MENTEE),
            "consent_recorded": False,
            **changes,
        }
    )


def test_who_was_there_is_told_apart_by_side() -> None:
    (held,) = hold().recorded
    assert isinstance(held, SessionHeld)
    assert (held.mentors, held.mentees) == ((MENTOR,), (MENTEE,))


def test_sessions_of_a_mentorship_stay_in_its_partition() -> None:
    under = agreement()
    assert hold(under).key == under.mentorship_id


def test_no_session_before_everybody_has_signed() -> None:
    with pytest.raises(NotSigned, match="lacks 2 signatures"):
        hold(agreement(agreed_on=None, awaited=2))


def test_no_session_before_the_day_of_the_last_signature() -> None:
    with pytest.raises(BeforeAgreement):
        hold(held_on=date(2018, 11, 4))
    hold(held_on=date(2018, 11, 5))


def test_a_session_is_as_long_as_the_programme_counts() -> None:
    with pytest.raises(TooShort):
        hold(minutes=59)
    hold(minutes=60)


def test_a_session_is_held_in_a_mode_of_the_programme() -> None:
    with pytest.raises(ModeNotAllowed):
        hold(mode=Mode.VIDEO)


def test_steps_are_the_programmes_own() -> None:
    with pytest.raises(StepUnknown):
        hold(steps=("entry", "tea"))


def test_no_patient_is_observed_without_consent() -> None:
    with pytest.raises(ConsentMissing):
        hold(steps=("observation",))
    hold(steps=("observation",), consent_recorded=True)


def test_strangers_do_not_attend() -> None:
    with pytest.raises(AttendeeNotAParty):
        hold(present=(MENTOR, MENTEE, new_id()))


@pytest.mark.parametrize(("present", "missing"), [((MENTOR,), "mentee"), ((MENTEE,), "mentor")])
def test_a_session_needs_both_sides(present: Any, missing: str) -> None:
    with pytest.raises(NobodyPresent, match=missing):
        hold(present=present)


def test_the_same_session_is_judged_by_the_rules_of_its_own_version() -> None:
    shorter = replace(definition(), minutes=replace(definition().minutes, min=30))
    hold(agreement(rules=shorter), minutes=30)
