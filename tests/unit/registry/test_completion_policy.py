"""Completion: whoever comes to the end by the programme's rule is completed, unasked."""

from uuid import UUID

from shared.contracts.definition.assessment import End
from shared.contracts.registry.enrolment import MenteeCompleted
from tests.support.mentoring import Country, day, rules


async def completed(country: Country, enrolment: UUID) -> MenteeCompleted | None:
    last = (await country.house.events(enrolment))[-1]
    return last if isinstance(last, MenteeCompleted) else None


async def agreed(country: Country) -> tuple[UUID, UUID, UUID, UUID]:
    herself, himself = await country.person(), await country.person()
    enrolment = await country.enrolment(himself)
    mentorship = await country.propose([await country.mentor(herself)], [enrolment])
    await country.sign(mentorship, herself, himself)
    return mentorship, enrolment, herself, himself


async def test_the_last_session_of_the_end_rule_completes_and_no_earlier_one() -> None:
    country = await Country.under(rules(end=End(sessions=2)))
    mentorship, enrolment, herself, himself = await agreed(country)
    await country.session(mentorship, herself, himself, on=7)
    assert await completed(country, enrolment) is None
    await country.session(mentorship, herself, himself, on=14)
    done = await completed(country, enrolment)
    assert done is not None
    assert (done.sessions, done.completed_on) == (2, day(14))
    assert done.programme == "pairs"


async def test_a_session_that_was_voided_does_not_count_until_it_is_reinstated() -> None:
    country = await Country.under(rules(end=End(sessions=2)))
    mentorship, enrolment, herself, himself = await agreed(country)
    first = {"sessionId": await country.session(mentorship, herself, himself, on=7)}
    await country.send("sessionVoid", reason="It was logged twice", on=8, **first)
    await country.session(mentorship, herself, himself, on=14)
    assert await completed(country, enrolment) is None
    await country.send("sessionReinstate", reason="It was not", on=15, **first)
    assert await completed(country, enrolment) is not None


async def test_who_was_not_there_after_all_is_not_counted() -> None:
    country = await Country.under(rules(end=End(sessions=2)))
    herself, himself, colleague = [await country.person() for _ in range(3)]
    enrolment, other = await country.enrolment(himself), await country.enrolment(colleague)
    mentorship = await country.propose([await country.mentor(herself)], [enrolment, other])
    await country.sign(mentorship, herself, himself, colleague)
    session = await country.session(mentorship, herself, himself, colleague, on=7)
    await country.send(
        "sessionCorrect",
        sessionId=session,
        heldOn=day(7),
        mode="PHONE",
        minutes=60,
        present=[herself, colleague],
        reason="He was ill",
        on=8,
    )
    await country.session(mentorship, herself, himself, colleague, on=14)
    assert await completed(country, enrolment) is None
    assert await completed(country, other) is not None


async def test_the_last_goal_completes() -> None:
    country = await Country.under(rules(end=End(goals=True)))
    mentee = {"enrolmentId": await country.enrolment()}
    for goal in ("G1", "G2"):
        await country.send("menteeSetGoal", goal=goal, text="Reach it", **mentee)
    await country.send("menteeReachGoal", goal="G1", on=1, **mentee)
    refused = await country.refused("menteeComplete", on=2, **mentee)
    assert refused == ("END_RULE_NOT_REACHED", "enrolmentId")
    await country.send("menteeReachGoal", goal="G2", on=3, **mentee)
    assert await completed(country, mentee["enrolmentId"]) is not None


async def test_without_an_end_rule_only_a_coordinator_completes() -> None:
    country = await Country.under()
    mentorship, enrolment, herself, himself = await agreed(country)
    await country.session(mentorship, herself, himself, on=7)
    assert "menteeComplete" not in {command for _, command, _ in country.house.outcomes}
    assert (await country.complete_as_policy(enrolment)) == "NO_END_RULE"
    await country.send("menteeComplete", enrolmentId=enrolment, on=8)
    assert await completed(country, enrolment) is not None


async def test_whoever_moved_to_a_version_is_judged_by_its_end() -> None:
    country = await Country.under(rules(end=End(sessions=7)))
    shorter = await country.publish(rules(version=2, end=End(sessions=1)))
    mentorship, enrolment, herself, himself = await agreed(country)
    await country.send(
        "menteeMoveToVersion",
        enrolmentId=enrolment,
        programmeVersionId=shorter,
        reason="Phase 2 begins",
    )
    await country.session(mentorship, herself, himself, on=7)
    done = await completed(country, enrolment)
    assert done is not None
    assert done.programme_version_id == shorter
