"""A certification was written down with the wrong day, or for somebody who was not certified: it is
of another day, or none, and whatever asks goes by the day as it is said now.
"""

from typing import Any

import pytest

from services.gateway.projections import ASSESSMENT, DEVIATION, MENTOR
from tests.support.mentoring import Country, day
from tests.unit.field.test_mentorships import WHY, Team, gentle, team
from tests.unit.field.test_validation import hospital


def shown(hers: Team) -> dict[str, Any]:
    (row,) = hers.country.house.rows(MENTOR, id=hers.mentor_ids[0])
    return {name: row[name] for name in row if name not in ("record_version", "position")}


async def certified(hers: Team, on: int, **more: Any) -> None:
    content = {"mentorId": hers.mentor_ids[0], "certifiedOn": day(on), "reason": WHY} | more
    await hers.country.send("mentorCorrectCertification", **content, on=90)


async def voided(hers: Team) -> None:
    content = {"mentorId": hers.mentor_ids[0], "reason": WHY}
    await hers.country.send("mentorVoidCertification", **content, on=90)


async def test_a_correction_followed_by_its_undoing_restores_every_row() -> None:
    hers = await team()
    before = shown(hers)
    await certified(hers, 30)
    assert shown(hers) == before | {"certified_on": day(30)}
    await certified(hers, 0)
    assert shown(hers) == before


async def test_who_is_certified_anew_after_all_is_shown_as_before() -> None:
    hers = await team()
    before = shown(hers)
    await voided(hers)
    assert shown(hers) == before | {"certified_on": None, "status": "NOMINATED"}
    await hers.country.send("mentorCertify", mentorId=hers.mentor_ids[0], on=0)
    assert shown(hers) == before


async def test_a_session_is_weighed_by_the_certification_as_it_is_said_now() -> None:
    hers = await team()
    people = (hers.mentors[0], hers.mentees[0])
    await certified(hers, 20)
    early = await hers.log(*people, on=19)
    assert hers.departs(early["id"]) == {"UNCERTIFIED_MENTOR_PRESENT"}
    assert (await hers.log(*people, on=20))["counts"]
    await voided(hers)
    never = await hers.log(*people, on=21)
    assert hers.departs(never["id"]) == {"UNCERTIFIED_MENTOR_PRESENT"}
    await hers.country.send("mentorCertify", mentorId=hers.mentor_ids[0], on=0)
    assert (await hers.log(*people, on=18))["counts"]


async def test_whoever_was_not_certified_takes_on_nobody() -> None:
    hers = await team()
    country = hers.country
    await certified(hers, 20)
    early = country.pair(hers.mentor_ids, [await country.enrolment()])
    id = await country.send("mentorshipPropose", **early, on=19)
    assert "MENTOR_NOT_CERTIFIED" in hers.departs(id)
    later = country.pair(hers.mentor_ids, [await country.enrolment()])
    assert "MENTOR_NOT_CERTIFIED" not in hers.departs(
        await country.send("mentorshipPropose", **later, on=20)
    )


async def test_what_was_mentored_uncertified_is_told_before() -> None:
    hers = await team()
    for name, more in (
        ("mentorCorrectCertification", {"certifiedOn": str(day(9))}),
        ("mentorVoidCertification", {}),
    ):
        plain: dict[str, Any] = {"mentorId": str(hers.mentor_ids[0]), "dryRun": True}
        plain |= {"reason": WHY, **more}
        answer = await hers.country.house.send(name, **plain)
        assert [(each.code, each.params) for each in answer.findings] == [
            ("MENTORED_UNCERTIFIED", {"mentorships": 1})
        ]
    assert shown(hers)["certified_on"] == day(0)


async def test_only_a_certification_that_was_given_is_corrected() -> None:
    country = await Country.under(gentle())
    nominee = await country.nominee()
    wish: dict[str, Any] = {"mentorId": nominee, "reason": WHY, "on": 50}
    name, day_said = "mentorCorrectCertification", {"certifiedOn": day(9)}
    assert await country.refused(name, **wish, **day_said) == ("NOTHING_CERTIFIED", "mentorId")
    void = await country.refused("mentorVoidCertification", **wish)
    assert void == ("NOTHING_CERTIFIED", "mentorId")
    await country.send("mentorCertify", mentorId=nominee, on=9)
    same = await country.refused(name, **wish, **day_said)
    assert same == ("ALREADY_CERTIFIED", "certifiedOn")
    to_come = await country.refused(name, **wish, certifiedOn=day(51))
    assert to_come == ("OCCURRED_IN_FUTURE", "certifiedOn")
    silent = await country.refused(name, **wish | {"reason": None}, certifiedOn=day(8))
    assert silent == ("REASON_MISSING", "reason")


async def test_nobody_was_certified_while_they_were_suspended() -> None:
    country = await Country.under(gentle())
    mentor = await country.mentor()
    await country.send("mentorSuspend", mentorId=mentor, reason=WHY, on=10)
    await country.send("mentorReinstate", mentorId=mentor, reason=WHY, on=20)
    wish = {"mentorId": mentor, "reason": WHY, "certifiedOn": day(15), "on": 50}
    refused = await country.refused("mentorCorrectCertification", **wish)
    assert refused == ("MENTOR_SUSPENDED", "certifiedOn")


@pytest.mark.parametrize("take_back", ["mentorCorrectCertification", "mentorVoidCertification"])
async def test_whoever_was_not_certified_by_then_did_not_assess_as_one_who_was(
    take_back: str,
) -> None:
    here = await hospital()
    content = {"mentorId": here.mentor_record, "reason": WHY}
    if take_back == "mentorCorrectCertification":
        content |= {"certifiedOn": "2018-12-15"}
    await here.send(take_back, "2019-01-15", **content)
    await here.assess("HBB", "2018-12-10")
    (attempt,) = here.house.rows(ASSESSMENT)
    (deviation,) = here.house.rows(DEVIATION)
    assert (deviation["rule"], attempt["counts"]) == ("ASSESSOR_NOT_CERTIFIED", False)
