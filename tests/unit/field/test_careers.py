"""Whoever works in health goes on leave, leaves and dies: what they have in programmes follows, is
shown beforehand, and comes back where it was not so.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from services.gateway.figures.consequences import Change
from services.gateway.projections import (
    ASSESSMENT,
    COMPETENCY_PROGRESS,
    DISENGAGEMENT,
    EMPLOYMENT,
    EMPLOYMENT_OUTCOME,
    GRANT,
    HEALTH_WORKER,
    MENTEE,
    MENTOR,
    MENTORSHIP,
    PAUSE,
    SESSION,
    VACANCY,
)
from services.registry.views.enrolments import ENROLMENT
from shared.access.facts import ACCESS_GRANT
from shared.contracts.definition import Ratio
from shared.contracts.definition.conduct import Conduct
from shared.contracts.registry.employment import Employment
from tests.support.careers import became, done, shown, to_happen
from tests.support.hospital import Hospital
from tests.support.mentoring import Country, day, rules
from tests.support.tables import Row
from tests.unit.field.test_mentorships import Team, gentle


@dataclass(slots=True)
class Pair:
    """A mentor and her mentee, agreed since day 0, and a second mentor who mentors nobody."""

    country: Country
    mentor_person: UUID
    mentee_person: UUID
    mentor: UUID
    enrolment: UUID
    mentorship: UUID

    async def send(self, name: str, /, **content: Any) -> UUID:
        return await self.country.send(name, **content)

    async def employ(self, what: str, person: UUID, on: int, **more: Any) -> None:
        """Tell of somebody's employment."""
        await self.send(f"healthWorker{what}", healthWorkerId=person, on=on, **more)

    async def correct(self, person: UUID, *line: tuple[str, int]) -> None:
        """Say somebody's employment anew."""
        told = [{"employment": state, "since": str(day(since))} for state, since in line]
        await self.employ("CorrectEmployment", person, 99, employment=told, reason="It was not so")

    def row(self, table: Any, **equals: Any) -> Row:
        (row,) = self.country.house.rows(table, **equals)
        return row

    def mentor_row(self) -> Row:
        return self.row(MENTOR, id=self.mentor)

    def mentorship_row(self) -> Row:
        return self.row(MENTORSHIP, id=self.mentorship)

    def mentee_row(self) -> Row:
        return self.row(MENTEE, id=self.enrolment)


@pytest.fixture
async def pair() -> Pair:
    country = await Country.under(rules(ratio=Ratio(mentors=(1, 2), mentees=(1, 2), load=2)))
    mentor_person, mentee_person = await country.person(), await country.person()
    mentor = await country.mentor(mentor_person)
    enrolment = await country.enrolment(mentee_person)
    mentorship = await country.propose([mentor], [enrolment])
    await country.sign(mentorship, mentor_person, mentee_person)
    return Pair(country, mentor_person, mentee_person, mentor, enrolment, mentorship)


async def test_a_mentor_on_leave_takes_on_nothing_and_her_pair_pauses(pair: Pair) -> None:
    await pair.employ("GoOnLeave", pair.mentor_person, 10, expectedReturn=str(day(90)))
    worker = pair.row(HEALTH_WORKER, id=pair.mentor_person)
    assert (worker["employment"], worker["employment_since"]) == ("ON_LEAVE", day(10))
    assert worker["expected_return"] == day(90)
    assert (pair.mentor_row()["status"], pair.mentor_row()["suspended_for"]) == (
        "SUSPENDED",
        "LEAVE",
    )
    assert pair.mentorship_row()["paused_on"] == day(10)
    assert pair.row(PAUSE, record_id=pair.mentorship)["cause"] == "LEAVE"
    assert pair.mentorship_row()["status"] == "AGREED", "she comes back to it"

    await pair.employ("Return", pair.mentor_person, 70)
    assert pair.mentor_row()["status"] == "CERTIFIED"
    assert pair.mentorship_row()["paused_on"] is None
    assert pair.row(PAUSE, record_id=pair.mentorship)["until"] == day(70)
    assert await done(pair.country.house, pair.mentor_person)


async def test_a_mentee_on_parental_leave_lets_her_pair_pause_and_stays_enrolled(
    pair: Pair,
) -> None:
    await pair.employ("GoOnLeave", pair.mentee_person, 10)
    assert pair.mentee_row()["status"] == "ENROLLED"
    assert pair.mentorship_row()["paused_on"] == day(10)
    await pair.employ("Return", pair.mentee_person, 60)
    assert pair.mentorship_row()["paused_on"] is None


async def test_where_others_remain_a_team_goes_on(pair: Pair) -> None:
    country = pair.country
    second = await country.mentor()
    other = await country.enrolment()
    team = await country.propose([pair.mentor, second], [other])
    await pair.employ("GoOnLeave", pair.mentor_person, 10)
    assert pair.row(MENTORSHIP, id=team)["paused_on"] is None
    assert pair.mentorship_row()["paused_on"] == day(10)


async def test_a_mentor_who_died_leaves_a_vacancy_with_its_cause(pair: Pair) -> None:
    await pair.employ("Leave", pair.mentor_person, 10, cause="DECEASED")
    vacancy = pair.row(VACANCY, mentorship_id=pair.mentorship)
    assert (vacancy["since"], vacancy["filled_on"], vacancy["team"]) == (day(10), None, 0)
    assert pair.row(DISENGAGEMENT, mentorship_id=pair.mentorship)["cause"] == "DECEASED"
    assert pair.mentor_row()["suspended_for"] == "LEFT_SERVICE"
    assert pair.mentee_row()["status"] == "ENROLLED", "her mentee is mentored by another"


async def test_a_mentee_who_retired_is_withdrawn_with_the_cause_and_the_pair_ends(
    pair: Pair,
) -> None:
    await pair.employ("Leave", pair.mentee_person, 10, cause="RETIRED")
    mentee = pair.mentee_row()
    assert (mentee["status"], mentee["withdrawn_on"]) == ("WITHDRAWN", day(10))
    assert mentee["withdrawal_cause"] == "LEFT_SERVICE"
    assert pair.mentorship_row()["status"] == "CONCLUDED"
    assert pair.row(EMPLOYMENT, health_worker_id=pair.mentee_person)["employment"] == "RETIRED"
    assert became((await done(pair.country.house, pair.mentee_person))[0]) == [
        ("MENTEE", "WITHDRAWN", day(10)),
        ("MENTORSHIP", "CONCLUDED", day(10)),
    ]


async def test_what_only_the_matching_proposed_comes_to_nothing(pair: Pair) -> None:
    country = pair.country
    await country.enrolment()
    await country.send("cohortMatch", cohortId=country.cohort, on=5)
    proposed = [row for row in country.house.rows(MENTORSHIP) if row["status"] == "PROPOSED"]
    assert proposed
    await pair.employ("Leave", pair.mentor_person, 10, cause="RESIGNED")
    assert pair.row(MENTORSHIP, id=proposed[0]["id"])["status"] == "DECLINED"


async def test_a_grant_that_names_them_ends_and_comes_back_where_it_was_not_so(pair: Pair) -> None:
    grant = await pair.send(
        "accessGrantGive",
        subjectName="plainly-invented",
        role="MENTOR",
        orgUnitId=pair.country.facility,
        healthWorkerId=pair.mentor_person,
    )
    await pair.employ("Leave", pair.mentor_person, 10, cause="STRUCK_OFF")
    assert pair.row(ACCESS_GRANT, grant_id=grant)["revoked"] == day(10)
    assert pair.row(GRANT, id=grant)["revoked_on"] == day(10)
    await pair.correct(pair.mentor_person)
    assert pair.row(ACCESS_GRANT, grant_id=grant)["revoked"] is None
    assert pair.row(GRANT, id=grant)["revoked_on"] is None


async def test_a_leaving_that_was_none_is_undone_whole(pair: Pair) -> None:
    before = _standing(pair)
    await pair.employ("Leave", pair.mentor_person, 10, cause="DECEASED")
    await pair.employ("Leave", pair.mentee_person, 12, cause="RESIGNED")
    assert _standing(pair) != before
    await pair.correct(pair.mentor_person)
    await pair.correct(pair.mentee_person)
    assert _standing(pair) == before
    assert not pair.country.house.rows(VACANCY)
    assert not pair.country.house.rows(DISENGAGEMENT)
    assert all(row["undone"] for row in pair.country.house.rows(EMPLOYMENT_OUTCOME))
    await pair.country.session(pair.mentorship, pair.mentor_person, pair.mentee_person, on=20)


def _standing(pair: Pair) -> Any:
    mentorship, mentor, mentee = pair.mentorship_row(), pair.mentor_row(), pair.mentee_row()
    return (
        [mentorship[name] for name in ("status", "agreed_on", "paused_on", "concluded_on")],
        [mentor[name] for name in ("status", "suspended_on", "certified_on")],
        [mentee[name] for name in ("status", "withdrawn_on", "withdrawal_cause")],
        [row["active"] for row in pair.country.house.rows(ENROLMENT)],
    )


async def test_a_leaving_of_another_day_is_of_that_day_in_everything(pair: Pair) -> None:
    await pair.employ("Leave", pair.mentee_person, 40, cause="RESIGNED")
    await pair.correct(pair.mentee_person, ("RESIGNED", 20))
    assert pair.mentee_row()["withdrawn_on"] == day(20)
    assert pair.mentorship_row()["concluded_on"] == day(20)
    await pair.correct(pair.mentee_person, ("DECEASED", 60))
    assert pair.mentee_row()["withdrawn_on"] == day(60)
    assert pair.mentee_row()["withdrawal_cause"] == "DECEASED"


async def test_a_place_that_another_took_is_not_given_back(pair: Pair) -> None:
    country = pair.country
    await pair.employ("Leave", pair.mentor_person, 10, cause="RESIGNED")
    second = await country.mentor()
    await pair.send(
        "mentorshipReassign",
        mentorshipId=pair.mentorship,
        replacesId=pair.mentor,
        mentorId=second,
        on=15,
    )
    await pair.correct(pair.mentor_person)
    assert pair.mentor_row()["status"] == "CERTIFIED"
    assert [row["mentor_id"] for row in country.house.rows(VACANCY)] == [pair.mentor]


async def test_a_leave_that_is_told_when_it_is_over_pauses_the_time_it_lasted(pair: Pair) -> None:
    await pair.correct(pair.mentor_person, ("ON_LEAVE", 10), ("ACTIVE", 30))
    pause = pair.row(PAUSE, record_id=pair.mentorship)
    assert (pause["since"], pause["until"]) == (day(10), day(30))
    assert pair.mentor_row()["status"] == "CERTIFIED"
    await pair.correct(pair.mentor_person)
    pause = pair.row(PAUSE, record_id=pair.mentorship)
    assert (pause["since"], pause["until"]) == (day(10), day(10)), "it paused no day"
    await pair.employ("GoOnLeave", pair.mentor_person, 10)
    assert pair.row(PAUSE, record_id=pair.mentorship)["until"] is None


async def test_who_left_takes_up_nothing_and_mentors_again_once_she_is_back(pair: Pair) -> None:
    country = pair.country
    await pair.employ("Leave", pair.mentor_person, 10, cause="END_OF_CONTRACT")
    gone = {"healthWorkerId": pair.mentor_person}
    enrol = {**gone, "cohortId": country.cohort, "area": "LAW"}
    nominate = {**gone, "programmeVersionId": country.version, "area": "LAW"}
    grant = {**gone, "subjectName": "invented", "role": "MENTEE", "orgUnitId": country.facility}
    refused = ("NOT_IN_SERVICE", "healthWorkerId")
    assert await country.refused("menteeEnrol", **enrol, on=10) == refused
    assert await country.refused("mentorNominate", **nominate, on=20) == refused
    assert await country.refused("accessGrantGive", **grant, on=20) == refused
    reinstate = {"mentorId": pair.mentor, "reason": "Please"}
    assert await country.refused("mentorReinstate", **reinstate, on=20) == (
        "NOT_IN_SERVICE",
        "mentorId",
    )
    await pair.employ("Return", pair.mentor_person, 30)
    assert pair.mentor_row()["status"] == "CERTIFIED"
    assert country.house.rows(VACANCY), "what had ended has ended"
    await country.send("menteeEnrol", **enrol, on=30)


async def test_who_is_enrolled_late_for_a_day_before_she_left_is_withdrawn_with_it(
    pair: Pair,
) -> None:
    await pair.employ("Leave", pair.mentee_person, 40, cause="RETIRED")
    late = await pair.country.enrolment(pair.mentee_person, "LAW", on=20)
    assert pair.row(MENTEE, id=late)["withdrawn_on"] == day(40)
    nominated = await pair.country.nominee(pair.mentee_person, "LAW", on=21)
    assert pair.row(MENTOR, id=nominated)["suspended_for"] == "LEFT_SERVICE"


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ([("ACTIVE", 5)], "EMPLOYMENT_ORDER"),
        ([("ON_LEAVE", 5), ("ON_LEAVE", 9)], "EMPLOYMENT_ORDER"),
        ([("RETIRED", 5), ("RESIGNED", 9)], "EMPLOYMENT_ORDER"),
        ([("RETIRED", 5), ("ON_LEAVE", 9)], "EMPLOYMENT_ORDER"),
        ([("DECEASED", 5), ("ACTIVE", 9)], "EMPLOYMENT_ORDER"),
        ([("ON_LEAVE", 5), ("RESIGNED", 5)], "DATED_TWICE"),
        ([], "LINE_UNCHANGED"),
        ([("RETIRED", 101)], "OCCURRED_IN_FUTURE"),
    ],
)
async def test_states_that_cannot_follow_each_other_are_refused(
    pair: Pair, line: list[tuple[str, int]], refused: str
) -> None:
    told = [{"employment": state, "since": str(day(since))} for state, since in line]
    code, _ = await pair.country.refused(
        "healthWorkerCorrectEmployment",
        healthWorkerId=pair.mentor_person,
        employment=told,
        reason="So it was",
        on=99,
    )
    assert code == refused


async def test_the_retired_die_and_the_dead_do_not_return(pair: Pair) -> None:
    await pair.employ("Leave", pair.mentor_person, 10, cause="RETIRED")
    await pair.employ("Leave", pair.mentor_person, 50, cause="DECEASED")
    back = {"healthWorkerId": pair.mentor_person, "on": 60}
    assert (await pair.country.refused("healthWorkerReturn", **back))[0] == "EMPLOYMENT_ORDER"
    assert pair.row(DISENGAGEMENT, mentorship_id=pair.mentorship)["cause"] == "LEFT_SERVICE"


async def test_a_leave_ends_after_it_began(pair: Pair) -> None:
    content = {"healthWorkerId": pair.mentor_person, "expectedReturn": str(day(10)), "on": 10}
    assert await pair.country.refused("healthWorkerGoOnLeave", **content) == (
        "RETURN_BEFORE_LEAVE",
        "expectedReturn",
    )


async def test_to_correct_an_employment_takes_a_reason(pair: Pair) -> None:
    content = {"healthWorkerId": pair.mentor_person, "employment": []}
    assert await pair.country.refused("healthWorkerCorrectEmployment", **content) == (
        "REASON_MISSING",
        "reason",
    )


async def test_what_is_in_line_is_not_weighed_again(pair: Pair) -> None:
    content = {"healthWorkerId": pair.mentor_person}
    assert (await pair.country.refused("healthWorkerWeighEmployment", **content))[0] == (
        "NOTHING_FOLLOWS"
    )


async def test_it_is_shown_beforehand_with_what_stays(pair: Pair) -> None:
    house = pair.country.house
    beforehand = await shown(
        house, pair.mentor_person, Change(employment=Employment.DECEASED, on=day(10))
    )
    assert became(to_happen(beforehand)) == [
        ("MENTORSHIP", "DISENGAGED", day(10)),
        ("MENTOR", "SUSPENDED", day(10)),
    ]
    assert beforehand[0].mentors_left == 0
    await pair.employ("Leave", pair.mentor_person, 10, cause="DECEASED")
    assert to_happen(beforehand) == (await done(house, pair.mentor_person))[-1]

    beforehand = await shown(house, pair.mentor_person, Change(line=()))
    assert {one.becomes.value for one in to_happen(beforehand)} == {"REINSTATED", "REJOINED"}
    await pair.correct(pair.mentor_person)
    assert to_happen(beforehand) == (await done(house, pair.mentor_person))[-1]


async def test_the_matching_leaves_out_who_is_on_leave(pair: Pair) -> None:
    country = pair.country
    await country.enrolment()
    await pair.employ("GoOnLeave", pair.mentor_person, 10)
    match = {"cohortId": country.cohort}
    assert (await country.refused("cohortMatch", **match, on=12))[0] == "MATCHING_INFEASIBLE"
    await pair.employ("Return", pair.mentor_person, 20)
    await country.send("cohortMatch", **match, on=21)
    assert len(country.house.rows(MENTORSHIP)) == 2


async def test_who_is_gone_is_put_into_no_mentorship_after_that_day(pair: Pair) -> None:
    country = pair.country
    other = await country.enrolment()
    await pair.employ("Leave", pair.mentor_person, 10, cause="DECEASED")
    wish = country.pair([pair.mentor], [other])
    assert await country.refused("mentorshipPropose", **wish, on=10) == (
        "NOT_IN_SERVICE",
        "mentorIds",
    )
    before = await country.propose([pair.mentor], [other], on=5)
    assert pair.row(VACANCY, mentorship_id=before)["since"] == day(10), "told to its end"


async def test_a_struck_off_mentor_mentors_no_more_and_what_was_told_before_stays() -> None:
    team = await (await Team(await Country.under(gentle())).proposed(mentors=2)).signed()
    session = (await team.log(*team.mentors, *team.mentees, on=20))["id"]
    gone = {"healthWorkerId": team.mentors[0]}
    await team.country.send("healthWorkerLeave", **gone, cause="STRUCK_OFF", on=15)
    (held,) = team.country.house.rows(SESSION, id=session)
    assert (held["status"], held["counts"]) == ("HELD", True), "it stays as it was told"
    since = {"mode": "PHONE", "minutes": 60, "present": [*team.mentors, *team.mentees], "on": 21}
    refused = await team.country.refused("sessionLog", mentorshipId=team.id, **since)
    assert refused[0] == "ATTENDEE_NOT_A_PARTY"
    correct = {**gone, "employment": [], "reason": "A namesake"}
    await team.country.send("healthWorkerCorrectEmployment", **correct, on=99)
    assert (await team.log(*team.mentors, *team.mentees, on=21))["counts"]


async def test_a_struck_off_assessor_proves_nothing_since_and_what_was_proved_stays() -> None:
    here = await Hospital.built(gates=(), conduct=Conduct())
    await here.assess("HBB", "2018-12-01")
    await here.send(
        "healthWorkerLeave", "2018-12-10", healthWorkerId=here.mentor, cause="STRUCK_OFF"
    )
    (proved,) = here.house.rows(COMPETENCY_PROGRESS)
    assert proved["validated_on"] is not None, "what was proved before stays"
    await here.assess("PPH", "2018-12-05")
    await here.assess("PPH", "2018-12-12")
    first, second = sorted(
        (row for row in here.house.rows(ASSESSMENT) if row["competency"] == "PPH"),
        key=lambda row: row["assessed_on"],
    )
    assert (first["counts"], second["counts"]) == (True, False)
