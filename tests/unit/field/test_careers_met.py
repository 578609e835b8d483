"""Employment where it meets grants over groups, and people under two names: what follows of it is
theirs alone, and all that is theirs.
"""

from uuid import UUID

from services.gateway.figures.consequences import Change
from services.gateway.projections import GRANT, MENTEE
from shared.contracts.registry.employment import Employment
from tests.support.careers import done, shown, to_happen
from tests.support.mentoring import day
from tests.unit.field.test_careers import Pair, pair

__all__ = ["pair"]


async def merged(pair: Pair, alias: UUID, on: int = 15) -> UUID:
    """Register somebody else, and find that a record is another name of theirs."""
    other = await pair.country.person()
    one = {"healthWorkerId": alias, "intoId": other, "reason": "It is one person"}
    await pair.send("healthWorkerMerge", on=on, **one)
    return other


async def part(pair: Pair, alias: UUID, on: int = 30) -> None:
    """Find that the two are two people."""
    await pair.send("healthWorkerUnmerge", healthWorkerId=alias, reason="They are two", on=on)


async def granted(pair: Pair, person: UUID) -> UUID:
    """Give somebody a role at the facility."""
    over = {"subjectName": "ann", "role": "COORDINATOR", "orgUnitId": pair.country.facility}
    return await pair.send("accessGrantGive", healthWorkerId=person, **over)


async def test_a_grant_over_a_group_ends_when_its_holder_leaves(pair: Pair) -> None:
    made = {"code": "NORTH", "name": "North", "groupKind": "CLUSTER"}
    group = await pair.send("groupEstablish", **made)
    await pair.send("groupMemberAdd", groupId=group, orgUnitId=pair.country.facility)
    over = {"subjectName": "ann", "role": "COORDINATOR", "groupId": group}
    grant = await pair.send("accessGrantGive", healthWorkerId=pair.mentor_person, **over)

    change = Change(employment=Employment.RETIRED, on=day(20))
    foreseen = to_happen(await shown(pair.country.house, pair.mentor_person, change))
    await pair.employ("Leave", pair.mentor_person, 20, cause="RETIRED")
    assert pair.row(GRANT, id=grant)["revoked_on"] == day(20)
    assert await done(pair.country.house, pair.mentor_person) == [foreseen]


async def test_who_left_has_left_under_a_name_that_is_found_to_be_theirs(pair: Pair) -> None:
    other = await pair.country.person()
    await pair.employ("Leave", other, 10, cause="RETIRED")
    one = {"healthWorkerId": pair.mentor_person, "intoId": other, "reason": "It is one person"}
    await pair.send("healthWorkerMerge", on=15, **one)
    assert pair.mentor_row()["suspended_for"] == "LEFT_SERVICE"


async def test_the_leave_of_somebody_else_is_over_with_the_merge(pair: Pair) -> None:
    other = await merged(pair, pair.mentor_person)
    await pair.employ("GoOnLeave", other, 20)
    assert pair.mentor_row()["status"] == "SUSPENDED"
    await part(pair, pair.mentor_person)
    assert pair.mentor_row()["status"] == "CERTIFIED"
    assert pair.mentorship_row()["paused_on"] is None


async def test_who_never_left_goes_on_once_they_are_parted_from_who_did(pair: Pair) -> None:
    grant = await granted(pair, pair.mentor_person)
    other = await merged(pair, pair.mentor_person)
    await pair.employ("Leave", other, 20, cause="RETIRED")
    assert pair.row(GRANT, id=grant)["revoked_on"] == day(20)
    await part(pair, pair.mentor_person)
    assert pair.row(GRANT, id=grant)["revoked_on"] is None
    assert pair.mentor_row()["status"] == "CERTIFIED"
    assert pair.mentorship_row()["status"] == "AGREED"


async def test_a_mentee_who_never_left_is_enrolled_once_they_are_parted(pair: Pair) -> None:
    other = await merged(pair, pair.mentee_person)
    await pair.employ("Leave", other, 20, cause="DECEASED")
    assert pair.mentee_row()["status"] == "WITHDRAWN"
    await part(pair, pair.mentee_person)
    assert pair.mentee_row()["status"] == "ENROLLED"
    assert pair.mentorship_row()["status"] == "AGREED"


async def test_a_leave_that_was_over_and_was_none_is_undone_after_the_two_were_parted(
    pair: Pair,
) -> None:
    grant = await granted(pair, pair.mentor_person)
    other = await merged(pair, pair.mentor_person)
    await pair.employ("GoOnLeave", other, 20)
    await pair.employ("Return", other, 25)
    await part(pair, pair.mentor_person)
    await pair.correct(other)
    assert pair.mentor_row()["status"] == "CERTIFIED"
    assert pair.row(GRANT, id=grant)["revoked_on"] is None
    assert await done(pair.country.house, other), "it was hers, as far as anybody knew"


async def test_who_left_themselves_stays_away_when_they_are_parted(pair: Pair) -> None:
    await pair.employ("Leave", pair.mentor_person, 10, cause="RETIRED")
    other = await merged(pair, pair.mentor_person)
    await pair.employ("Leave", other, 20, cause="RETIRED")
    await part(pair, pair.mentor_person)
    assert pair.mentor_row()["suspended_for"] == "LEFT_SERVICE"
    assert pair.mentor_row()["suspended_on"] == day(10)


async def test_who_was_enrolled_late_and_had_left_is_enrolled_anew_when_they_are_back(
    pair: Pair,
) -> None:
    person = await pair.country.person()
    await pair.employ("Leave", person, 20, cause="RESIGNED")
    late = await pair.country.enrolment(person, on=5)
    assert pair.row(MENTEE, id=late)["status"] == "WITHDRAWN"
    await pair.employ("Return", person, 40)
    anew = await pair.country.enrolment(person, on=50)
    assert pair.row(MENTEE, id=anew)["status"] == "ENROLLED"


async def test_who_was_enrolled_late_goes_on_if_they_had_not_left_after_all(pair: Pair) -> None:
    person = await pair.country.person()
    await pair.employ("Leave", person, 20, cause="RESIGNED")
    late = await pair.country.enrolment(person, on=5)
    await pair.correct(person)
    assert pair.row(MENTEE, id=late)["status"] == "ENROLLED"


async def test_of_two_enrolments_in_an_area_one_goes_on_where_nothing_was_so(pair: Pair) -> None:
    await pair.employ("Leave", pair.mentee_person, 20, cause="RESIGNED")
    await pair.employ("Return", pair.mentee_person, 40)
    anew = await pair.country.enrolment(pair.mentee_person, on=50)
    await pair.employ("Leave", pair.mentee_person, 60, cause="RESIGNED")
    foreseen = to_happen(await shown(pair.country.house, pair.mentee_person, Change(line=())))
    await pair.correct(pair.mentee_person)
    assert pair.row(MENTEE, id=anew)["status"] == "ENROLLED"
    assert pair.mentee_row()["status"] == "WITHDRAWN"
    assert (await done(pair.country.house, pair.mentee_person))[-1] == foreseen


async def test_nobody_who_is_gone_takes_an_office_in_a_group(pair: Pair) -> None:
    made = {"code": "NORTH", "name": "North", "groupKind": "CLUSTER"}
    group = await pair.send("groupEstablish", **made)
    await pair.employ("Leave", pair.mentor_person, 20, cause="DECEASED")
    office = {"groupId": group, "healthWorkerId": pair.mentor_person, "office": "MANAGER"}
    refused = await pair.country.refused("groupOfficeTake", on=21, **office)
    assert refused == ("NOT_IN_SERVICE", "healthWorkerId")
    await pair.send("groupOfficeTake", on=10, **office)


async def test_a_grant_that_is_told_late_is_held_no_longer_than_its_holder_was_there(
    pair: Pair,
) -> None:
    await pair.employ("Leave", pair.mentor_person, 20, cause="RESIGNED")
    over = {"subjectName": "ann", "role": "COORDINATOR", "orgUnitId": pair.country.facility}
    late = await pair.send("accessGrantGive", healthWorkerId=pair.mentor_person, on=5, **over)
    assert pair.row(GRANT, id=late)["revoked_on"] == day(20)


async def test_who_is_reinstated_late_mentors_no_longer_than_they_were_there(pair: Pair) -> None:
    await pair.send("mentorSuspend", mentorId=pair.mentor, reason="A complaint", on=5)
    await pair.employ("Leave", pair.mentor_person, 20, cause="RESIGNED")
    await pair.send("mentorReinstate", mentorId=pair.mentor, reason="It was settled", on=10)
    mentor = pair.mentor_row()
    assert (mentor["suspended_for"], mentor["suspended_on"]) == ("LEFT_SERVICE", day(20))
