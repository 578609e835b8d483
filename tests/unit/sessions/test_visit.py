"""Visits: which sessions they can hold."""

from datetime import date

import pytest

from services.sessions.aggregates.visit import OutsideVisit, Visit, VisitOfAnotherProgramme
from shared.contracts.sessions.visit import VisitMade
from shared.domain import new_id

FIRST, LAST = date(2018, 11, 19), date(2018, 11, 21)


def made() -> Visit:
    told = VisitMade(
        programme_version_id=new_id(),
        programme="hospital",
        org_unit_id=new_id(),
        starts=FIRST,
        ends=LAST,
    )
    return Visit.made(id=new_id(), told=told, on=FIRST)


def test_a_visits_sessions_are_held_on_its_days() -> None:
    for day in (FIRST, LAST):
        made().must_hold(day, "hospital")
    for day in (date(2018, 11, 18), date(2018, 11, 22)):
        with pytest.raises(OutsideVisit):
            made().must_hold(day, "hospital")


def test_a_visits_sessions_are_of_its_programme() -> None:
    with pytest.raises(VisitOfAnotherProgramme):
        made().must_hold(FIRST, "community")
