"""A mentee has completed on the day they came to the end, whichever form of it is told last."""

from datetime import date

from services.gateway.projections import MENTEE
from shared.contracts.definition import Conduct
from shared.contracts.definition.assessment import End
from tests.support.hospital import Hospital
from tests.support.mentoring import day
from tests.unit.field.test_mentorships import WHY, gentle, team


async def test_a_session_that_is_told_late_completes_on_the_day_of_the_last_session() -> None:
    hers = await team(gentle(end=End(sessions=2)))
    await hers.log(hers.mentors[0], hers.mentees[0], on=20)
    session = await hers.log(hers.mentors[0], hers.mentees[0], on=5)
    (row,) = hers.country.house.rows(MENTEE)
    assert (row["status"], row["completed_on"]) == ("COMPLETED", day(20))
    assert session["counts"]
    assert hers.departs(session["id"]) == set(), "both were before the end"
    assert (await hers.log(hers.mentors[0], hers.mentees[0], on=10))["counts"], "so was another"


async def test_a_validation_that_is_told_late_completes_on_the_day_of_the_last_one() -> None:
    here = await Hospital.built(gates=(), conduct=Conduct(), end=End(validated="all"))
    await here.assess("PPH", "2019-03-12")
    await here.assess("HBB", "2019-02-03")
    (row,) = here.house.rows(MENTEE)
    assert row["completed_on"] == date(2019, 3, 12)


async def test_who_goes_on_as_somebody_says_comes_to_the_end_after_that() -> None:
    hers = await team(gentle(end=End(sessions=1)))
    await hers.log(hers.mentors[0], hers.mentees[0], on=5)
    reopened = {"enrolmentId": hers.enrolments[0], "reason": WHY}
    await hers.country.send("menteeReopen", on=15, **reopened)
    await hers.log(hers.mentors[0], hers.mentees[0], on=20)
    (row,) = hers.country.house.rows(MENTEE)
    assert row["completed_on"] == day(20)
