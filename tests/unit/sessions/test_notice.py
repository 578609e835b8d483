"""Notices: who must be told that a mentor has left, by when, and whether they were in time."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from services.sessions.aggregates.notice import (
    AlreadyGiven,
    DueBeforeRaised,
    GivenBeforeRaised,
    Notice,
    RoleNotToldHere,
    notice_id,
)
from shared.contracts.definition import Definition
from shared.contracts.definition.people import Disengagement
from shared.contracts.sessions.notice import NoticeGiven, NoticeRaised
from shared.domain import new_id
from tests.support.agreements import agreement
from tests.support.definitions import definition

LEFT, DUE = date(2018, 12, 1), date(2018, 12, 8)
MENTOR_ID = new_id()


def telling(*roles: str) -> Definition:
    return replace(definition(), disengagement=Disengagement(notify=roles, within_days=7))


def notice(**changes: Any) -> Notice:
    told: dict[str, Any] = {
        "agreement": agreement(rules=telling("FOCAL-PERSON", "SECRETARIAT")),
        "mentor_id": MENTOR_ID,
        "role": "SECRETARIAT",
        "raised_on": LEFT,
        "due": DUE,
    } | changes
    id = notice_id(told["agreement"].mentorship_id, MENTOR_ID, told["role"])
    return Notice.raised(id, **told)


def test_there_is_one_notice_for_a_role_a_mentor_and_a_mentorship() -> None:
    under = agreement(rules=telling("FOCAL-PERSON", "SECRETARIAT"))
    first, second = notice(agreement=under), notice(agreement=under)
    other = notice(agreement=under, role="FOCAL-PERSON")
    assert first.id == second.id == notice_id(under.mentorship_id, MENTOR_ID, "SECRETARIAT")
    assert other.id != first.id
    assert first.key == under.mentorship_id


def test_only_those_are_told_whom_the_programme_names() -> None:
    with pytest.raises(RoleNotToldHere) as refused:
        notice(role="NEIGHBOUR")
    assert "FOCAL-PERSON, SECRETARIAT" in refused.value.remedy
    with pytest.raises(RoleNotToldHere):
        notice(agreement=agreement(rules=definition()))


def test_a_notice_is_due_once_the_mentor_has_left() -> None:
    (raised,) = notice(due=LEFT).recorded
    assert isinstance(raised, NoticeRaised)
    with pytest.raises(DueBeforeRaised):
        notice(due=date(2018, 11, 30))


@pytest.mark.parametrize(("day", "late"), [(DUE, False), (date(2018, 12, 9), True)])
def test_a_notice_given_after_the_day_it_was_due_is_late(day: date, late: bool) -> None:
    told = notice()
    told.give("The secretariat", day)
    given = told.recorded[-1]
    assert isinstance(given, NoticeGiven)
    assert given.late is late


def test_a_notice_is_given_once() -> None:
    told = notice()
    told.give("The secretariat", LEFT)
    with pytest.raises(AlreadyGiven, match="2018-12-01"):
        told.give("The secretariat", DUE)


def test_nobody_is_told_of_a_leaving_before_it_came_to_that() -> None:
    with pytest.raises(GivenBeforeRaised):
        notice().give("The secretariat", date(2018, 11, 30))
