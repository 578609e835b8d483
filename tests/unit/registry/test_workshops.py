"""What workshops open: who was at a training is trained, who was at an orientation is oriented, as
long as the workshop is told so.
"""

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from msgspec import to_builtins

from services.gateway.projections import MENTEE, MENTEE_TRAINING, MENTOR
from services.registry.aggregates.readiness import NotTrained
from shared.contracts.definition import Gate, Orientation
from shared.contracts.definition.people import Training
from shared.contracts.registry.enrolment import TrainingCorrected, TrainingVoided
from tests.support.mentoring import Country, day, rules

HRM = Training(name="Human resources", days=5, code="HRM")
WHY = {"reason": "As the attendance list says."}


@pytest.fixture
async def country() -> Country:
    return await Country.under(rules(gates=(Gate.TRAINING,), training=HRM))


def told(*people: UUID, first: int = 10, last: int = 14, **more: Any) -> dict[str, Any]:
    """Return what is told of a training of these people."""
    return {
        "workshopKind": "TRAINING",
        "title": "Human resource management",
        "starts": day(first),
        "ends": day(last),
        "course": "HRM",
        "attendees": [{"healthWorkerId": person} for person in people],
        "on": last,
    } | more


async def log(country: Country, *people: UUID, unit: UUID | None = None, **more: Any) -> UUID:
    """Log a training."""
    where = {"programmeVersionId": country.version, "orgUnitId": unit or country.facility}
    return await country.send("workshopLog", **where | told(*people, **more))


async def correct(country: Country, workshop: UUID, *people: UUID, **more: Any) -> None:
    """Tell a training anew."""
    await country.send("workshopCorrect", workshopId=workshop, **WHY, **told(*people, **more))


async def is_ready(country: Country, mentee: UUID, mentor: UUID, on: int = 20) -> bool:
    """Say whether the gate would let a mentee through, as of a day."""
    content = country.pair([mentor], [mentee], on=on, dryRun=True)
    try:
        await country.send("mentorshipPropose", **content)
    except NotTrained:
        return False
    return True


def trainings(country: Country, mentee: UUID) -> list[tuple[int, bool]]:
    """Return the days of a mentee's trainings, and whether each is voided."""
    rows = country.house.rows(MENTEE_TRAINING, mentee_id=mentee)
    return [(row["days"], row["voided"]) for row in rows]


def oriented(country: Country, mentor: UUID) -> tuple[str, Any]:
    """Return how far a mentor has come, and the day of the orientation."""
    (row,) = country.house.rows(MENTOR, id=mentor)
    return row["status"], row["oriented_on"]


async def test_who_was_at_the_training_is_trained_from_its_last_day_on(country: Country) -> None:
    person = await country.person()
    mentee, mentor = await country.enrolment(person), await country.mentor()
    assert not await is_ready(country, mentee, mentor)
    await log(country, person)
    assert await is_ready(country, mentee, mentor)
    assert await is_ready(country, mentee, mentor, on=14)
    assert not await is_ready(country, mentee, mentor, on=13), "four days by then"
    (row,) = country.house.rows(MENTEE, id=mentee)
    assert row["trained_on"] == day(14)


async def test_modules_at_several_workshops_add_up_by_course(country: Country) -> None:
    person = await country.person()
    mentee, mentor = await country.enrolment(person), await country.mentor()
    await log(country, person, first=3, last=5)
    await log(country, person, first=7, last=8, course="EXCEL")
    assert not await is_ready(country, mentee, mentor)
    module = {"topic": "LAW", "days": [day(10), day(11)], "methods": ["ROLE_PLAY", "FILM"]}
    attended = [{"healthWorkerId": person, "modules": ["LAW"]}]
    await log(country, modules=[module], attendees=attended)
    assert await is_ready(country, mentee, mentor), "three days, and the two of the module"
    assert not await is_ready(country, mentee, mentor, on=10)


async def test_who_was_there_on_some_days_took_those(country: Country) -> None:
    person = await country.person()
    mentee, mentor = await country.enrolment(person), await country.mentor()
    workshop = await log(
        country, attendees=[{"healthWorkerId": person, "days": [day(10), day(12)]}]
    )
    assert trainings(country, mentee) == [(2, False)]
    assert not await is_ready(country, mentee, mentor)
    await correct(country, workshop, person)
    assert trainings(country, mentee) == [(5, False)]
    assert await is_ready(country, mentee, mentor)


async def test_what_is_corrected_or_voided_is_taken_back_and_comes_back(country: Country) -> None:
    person, other = await country.person(), await country.person()
    mentee, mentor = await country.enrolment(person), await country.mentor()
    workshop = await log(country, person)
    before = country.house.rows(MENTEE, id=mentee)
    await correct(country, workshop, other)
    assert not await is_ready(country, mentee, mentor), "it was somebody else"
    assert country.house.rows(MENTEE, id=mentee)[0]["trained_on"] is None
    await correct(country, workshop, person)
    assert await is_ready(country, mentee, mentor)
    await country.send("workshopVoid", workshopId=workshop, on=15, **WHY)
    assert not await is_ready(country, mentee, mentor), "there was none"
    await country.send("workshopReinstate", workshopId=workshop, on=16, **WHY)
    assert await is_ready(country, mentee, mentor)
    await correct(country, workshop, person, workshopKind="CLOSING")
    assert not await is_ready(country, mentee, mentor), "it trained nobody"
    await correct(country, workshop, person)
    assert trainings(country, mentee) == [(5, False)]
    after = country.house.rows(MENTEE, id=mentee)
    moves = {"record_version", "registry_position"}
    assert [{**row, **dict.fromkeys(moves)} for row in before] == [
        {**row, **dict.fromkeys(moves)} for row in after
    ]


async def test_what_was_told_by_hand_of_the_same_days_counts_once(country: Country) -> None:
    person = await country.person()
    mentee, mentor = await country.enrolment(person), await country.mentor()
    by_hand = {"enrolmentId": mentee, "training": "Human resources", "course": "HRM"}
    await country.send("menteeTrain", days=3, on=12, **by_hand)
    await log(country, person, first=10, last=12)
    assert not await is_ready(country, mentee, mentor), "three days, told twice"
    await log(country, person, first=12, last=13)
    assert not await is_ready(country, mentee, mentor), "and one more"
    await country.send("menteeTrain", days=1, on=17, **by_hand)
    assert await is_ready(country, mentee, mentor)


async def test_one_workshop_logged_by_two_counts_once(country: Country) -> None:
    person = await country.person()
    mentee, mentor = await country.enrolment(person), await country.mentor()
    for _ in range(2):
        await log(country, person, first=10, last=12)
    assert not await is_ready(country, mentee, mentor)


async def test_who_enrols_after_a_training_has_taken_it(country: Country) -> None:
    person = await country.person()
    await log(country, person, first=1, last=5)
    mentee, mentor = await country.enrolment(person, on=6), await country.mentor()
    assert await is_ready(country, mentee, mentor)


async def test_who_logs_it_speaks_for_their_own_unit_alone(country: Country) -> None:
    district, elsewhere = [
        await country.send(
            "orgUnitEstablish",
            code=code,
            name=code,
            unitKind="DISTRICT",
            parentId=country.facility,
        )
        for code in ("D1", "D2")
    ]
    here, there = await country.person(district), await country.person(elsewhere)
    mentor = await country.mentor()
    ours, theirs = await country.enrolment(here), await country.enrolment(there)
    await log(country, here, there, unit=district)
    assert await is_ready(country, ours, mentor)
    assert not await is_ready(country, theirs, mentor)


async def test_another_programmes_workshop_trains_nobody(country: Country) -> None:
    person = await country.person()
    mentee, mentor = await country.enrolment(person), await country.mentor()
    other = await country.publish(rules(programme="another", gates=()))
    await log(country, person, programmeVersionId=other)
    assert not await is_ready(country, mentee, mentor)


async def test_who_is_one_person_after_a_merge_took_what_both_took(country: Country) -> None:
    person, alias = await country.person(), await country.person()
    mentee, mentor = await country.enrolment(person), await country.mentor()
    await log(country, alias)
    assert not await is_ready(country, mentee, mentor)
    await country.send("healthWorkerMerge", healthWorkerId=alias, intoId=person, **WHY)
    assert await is_ready(country, mentee, mentor)
    await country.send("healthWorkerUnmerge", healthWorkerId=alias, **WHY)
    assert not await is_ready(country, mentee, mentor)


async def test_who_was_nominated_under_another_record_of_theirs_is_oriented_as_well(
    country: Country,
) -> None:
    alias, person = await country.person(), await country.person()
    mentor = {"mentorId": await country.nominee(alias)}
    await country.send("mentorOrient", on=5, **mentor)
    await country.send("healthWorkerMerge", healthWorkerId=alias, intoId=person, **WHY)
    await log(country, person, workshopKind="ORIENTATION", course=None)
    assert oriented(country, mentor["mentorId"]) == ("ORIENTED", day(5)), "by hand goes before"
    await country.send("mentorOrientationVoid", **mentor, **WHY)
    assert oriented(country, mentor["mentorId"]) == ("ORIENTED", day(14))


@pytest.mark.parametrize("kind", ["SENSITISATION", "ORIENTATION"])
async def test_who_was_at_an_orientation_is_oriented_until_it_is_voided(
    country: Country, kind: str
) -> None:
    person = await country.person()
    nominee = await country.nominee(person)
    assert oriented(country, nominee) == ("NOMINATED", None)
    workshop = await log(country, person, workshopKind=kind)
    assert oriented(country, nominee) == ("ORIENTED", day(14))
    await country.send("workshopVoid", workshopId=workshop, on=15, **WHY)
    assert oriented(country, nominee) == ("NOMINATED", None)
    await country.send("workshopReinstate", workshopId=workshop, on=16, **WHY)
    assert oriented(country, nominee) == ("ORIENTED", day(14))
    assert oriented(country, await country.nominee(person, "LAW", on=17)) == ("ORIENTED", day(14))


async def test_the_first_workshop_orients_whichever_was_told_first(country: Country) -> None:
    person = await country.person()
    nominee = await country.nominee(person)
    await log(country, person, workshopKind="ORIENTATION")
    first = await log(country, person, workshopKind="ORIENTATION", first=3, last=4)
    assert oriented(country, nominee) == ("ORIENTED", day(4))
    await country.send("workshopVoid", workshopId=first, on=15, **WHY)
    assert oriented(country, nominee) == ("ORIENTED", day(14))


async def test_an_orientation_told_by_hand_goes_before(country: Country) -> None:
    person = await country.person()
    nominee = await country.nominee(person)
    await country.send("mentorOrient", mentorId=nominee, on=2)
    workshop = await log(country, person, workshopKind="ORIENTATION")
    assert oriented(country, nominee) == ("ORIENTED", day(2))
    await country.send("mentorOrientationVoid", mentorId=nominee, on=15, **WHY)
    assert oriented(country, nominee) == ("ORIENTED", day(14)), "they were at the workshop"
    refused = await country.refused("mentorOrientationVoid", mentorId=nominee, on=15, **WHY)
    assert refused == ("ORIENTATION_OF_WORKSHOP", "mentorId")
    await country.send("mentorOrient", mentorId=nominee, on=3)
    await country.send("workshopVoid", workshopId=workshop, on=15, **WHY)
    assert oriented(country, nominee) == ("ORIENTED", day(3))


async def test_where_the_orientation_is_scored_being_there_is_not_enough() -> None:
    country = await Country.under(rules(orientation=Orientation(theory=80, practical=80)))
    person = await country.person()
    nominee = await country.nominee(person)
    await log(country, person, workshopKind="ORIENTATION")
    assert oriented(country, nominee) == ("NOMINATED", None)


async def test_who_is_suspended_is_oriented_and_stays_suspended(country: Country) -> None:
    person = await country.person()
    nominee = await country.nominee(person)
    await country.send("mentorSuspend", mentorId=nominee, on=5, **WHY)
    await log(country, person, workshopKind="ORIENTATION")
    assert oriented(country, nominee) == ("SUSPENDED", day(14))
    await country.send("mentorReinstate", mentorId=nominee, on=20, **WHY)
    assert oriented(country, nominee) == ("ORIENTED", day(14)), "they had come so far"


async def test_nothing_new_is_an_ordinary_answer(country: Country) -> None:
    person = await country.person()
    await country.enrolment(person)
    await log(country, person)
    refused = await country.refused("healthWorkerWeighWorkshops", healthWorkerId=person)
    assert refused == ("NOTHING_OPENED", "healthWorkerId")


async def test_a_training_told_by_hand_is_corrected_voided_and_reinstated(
    country: Country,
) -> None:
    mentee, mentor = await country.enrolment(), await country.mentor()
    course = {"training": "Human resources", "course": "HRM"}
    await country.send("menteeTrain", enrolmentId=mentee, days=3, on=5, **course)
    which = {"enrolmentId": mentee, "factsVersion": 2, "on": 30}
    anew = {**which, **course, "days": 5, "completedOn": day(7)}
    assert (await country.refused("menteeTrainingCorrect", **anew))[0] == "REASON_MISSING"
    late = {**anew, "completedOn": day(31)}
    assert (await country.refused("menteeTrainingCorrect", **late, **WHY))[
        0
    ] == "OCCURRED_IN_FUTURE"
    await country.send("menteeTrainingCorrect", **anew, **WHY)
    assert await is_ready(country, mentee, mentor)
    assert await country.refused("menteeTrainingReinstate", **which, **WHY) == (
        "TRAINING_STANDS",
        "factsVersion",
    )
    await country.send("menteeTrainingVoid", **which, **WHY)
    assert not await is_ready(country, mentee, mentor)
    assert country.house.rows(MENTEE, id=mentee)[0]["trained_on"] is None
    for name, content in (("menteeTrainingVoid", which), ("menteeTrainingCorrect", anew)):
        assert (await country.refused(name, **content, **WHY))[0] == "TRAINING_VOIDED"
    await country.send("menteeTrainingReinstate", **which, **WHY)
    assert await is_ready(country, mentee, mentor)
    assert country.house.rows(MENTEE, id=mentee)[0]["trained_on"] == day(7)
    unknown = {**which, "factsVersion": 3}
    assert await country.refused("menteeTrainingVoid", **unknown, **WHY) == (
        "TRAINING_UNKNOWN",
        "factsVersion",
    )
    kept = [type(one) for one in await country.house.events(mentee)]
    assert kept.count(TrainingCorrected) == kept.count(TrainingVoided) == 1


async def tried(country: Country, name: str, **content: Any) -> list[str]:
    """Return what would follow from a command."""
    plain = {key: to_builtins(value) for key, value in content.items()}
    answer = await country.house.send(name, dryRun=True, **plain)
    return [found.code for found in answer.findings]


async def test_a_trial_tells_what_would_fall(country: Country) -> None:
    person = await country.person()
    mentee, mentor = await country.enrolment(), await country.mentor()
    course = {"training": "Human resources", "days": 5, "course": "HRM"}
    await country.send("menteeTrain", enrolmentId=mentee, **course)
    which = {"enrolmentId": mentee, "factsVersion": 2, **WHY}
    assert await tried(country, "menteeTrainingVoid", **which) == [], "nobody mentors them yet"
    await country.propose([mentor], [mentee])
    assert await tried(country, "menteeTrainingVoid", **which) == ["TRAINING_FALLS"]
    fewer = {**which, **course, "days": 4, "completedOn": day(0)}
    assert await tried(country, "menteeTrainingCorrect", **fewer) == ["TRAINING_FALLS"]
    more = {**which, **course, "days": 6, "completedOn": day(0)}
    assert await tried(country, "menteeTrainingCorrect", **more) == []
    training, closing = await log(country, person), await log(country, person, workshopKind="OTHER")
    assert await tried(country, "workshopVoid", workshopId=training, **WHY) == ["OPENINGS_FALL"]
    assert await tried(country, "workshopVoid", workshopId=closing, **WHY) == []
    other = await country.person()
    anew = told(other, person)
    anew.pop("on")
    assert await tried(country, "workshopCorrect", workshopId=training, **anew, **WHY) == []
    anew["attendees"] = [{"healthWorkerId": other}]
    fallen = await tried(country, "workshopCorrect", workshopId=training, **anew, **WHY)
    assert fallen == ["OPENINGS_FALL"]


async def test_what_was_taken_at_a_workshop_is_corrected_with_it(country: Country) -> None:
    person = await country.person()
    mentee = await country.enrolment(person)
    await log(country, person)
    which = {"enrolmentId": mentee, "factsVersion": 2}
    refused = await country.refused("menteeTrainingVoid", **which, **WHY)
    assert refused == ("TRAINING_OF_WORKSHOP", "factsVersion")


async def test_an_orientation_told_by_hand_is_voided_until_they_are_certified(
    country: Country,
) -> None:
    mentor = {"mentorId": await country.nominee()}
    assert await country.refused("mentorOrientationVoid", **mentor, **WHY) == (
        "NOT_ORIENTED",
        "mentorId",
    )
    await country.send("mentorOrient", on=2, **mentor)
    await country.send("mentorOrient", on=4, **mentor)
    assert (await country.refused("mentorOrientationVoid", **mentor))[0] == "REASON_MISSING"
    await country.send("mentorOrientationVoid", on=5, **mentor, **WHY)
    assert oriented(country, mentor["mentorId"]) == ("ORIENTED", day(2)), "the one before it"
    await country.send("mentorOrientationVoid", on=5, **mentor, **WHY)
    assert oriented(country, mentor["mentorId"]) == ("NOMINATED", None)
    await country.send("mentorOrient", on=2, **mentor)
    await country.send("mentorCertify", on=6, **mentor)
    assert (await country.refused("mentorOrientationVoid", **mentor, **WHY))[0] == (
        "ALREADY_CERTIFIED"
    )


async def test_a_score_is_gone_with_the_orientation_that_gave_it() -> None:
    country = await Country.under(rules(orientation=Orientation(theory=80, practical=80)))
    mentor = {"mentorId": await country.nominee()}
    await country.send("mentorOrient", theory=90, practical=90, **mentor)
    await country.send("mentorOrientationVoid", **mentor, **WHY)
    assert (await country.refused("mentorCertify", **mentor))[0] == "NOT_ORIENTED"


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_in_whichever_order_it_is_told_it_comes_to_the_same(
    country: Country, order: tuple[int, ...]
) -> None:
    person = await country.person()
    mentee, mentor = await country.enrolment(person), await country.mentor()

    async def by_hand() -> None:
        course = {"training": "Human resources", "course": "HRM"}
        await country.send("menteeTrain", enrolmentId=mentee, days=2, on=12, **course)

    async def first() -> None:
        id = await log(country, person, first=9, last=12)
        await country.send("workshopVoid", workshopId=id, on=13, **WHY)
        await country.send("workshopReinstate", workshopId=id, on=13, **WHY)

    async def last() -> None:
        id = await log(country, first=12, last=14, others=3)
        await correct(country, id, person, first=12, last=13)

    for number in order:
        await (by_hand, first, last)[number]()
    assert not await is_ready(country, mentee, mentor, on=12)
    assert await is_ready(country, mentee, mentor, on=13), "from the 9th to the 13th"
    (row,) = country.house.rows(MENTEE, id=mentee)
    assert row["trained_on"] == day(13)
