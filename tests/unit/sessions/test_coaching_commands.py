"""Initiatives, exchanges and outcome stories, by command: whose they are, and until when."""

import pytest

from services.sessions.aggregates.agreement import MentorshipOver
from shared.contracts.sessions.initiative import InitiativeMeasured
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.paired import Paired, days_ago, paired, rules

MEASURES = [
    {"code": "rounds", "name": "Rounds held", "kind": "LEADING", "unit": "rounds", "target": "4"},
    {"code": "outs", "name": "Days without", "kind": "LAGGING", "unit": "days", "target": "0"},
]


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules())


async def refused(pair: Paired, name: str, **content: object) -> str:
    with pytest.raises(MshauriError) as error:
        await pair.send(name, **content)
    return error.value.code


async def test_an_initiative_is_chosen_and_measured_by_its_mentee(pair: Paired) -> None:
    chosen = {
        "mentorshipId": pair.mentorship,
        "title": "No day without oxytocin",
        "rootCauses": ["Orders leave late"],
        "measures": MEASURES,
        "occurredOn": days_ago(20),
    }
    name = "initiativeChoose"
    other = await refused(pair, name, **chosen, healthWorkerId=pair.mentees[1], as_="person-2")
    assert other == "ACCESS_DENIED"
    mine = await pair.send(name, **chosen, healthWorkerId=pair.mentees[0], as_="person-2")
    value = {"initiativeId": mine.id, "measure": "rounds", "value": "3.5"}
    assert await refused(pair, "initiativeMeasure", **value, as_="person-3") == "ACCESS_DENIED"
    await pair.send("initiativeMeasure", **value, as_="person-2")
    *_, measured = await pair.house.events(mine.id)
    assert isinstance(measured, InitiativeMeasured)
    assert str(measured.value) == "3.5"
    assert (
        await refused(pair, "initiativeMeasure", **(value | {"initiativeId": new_id()}))
        == "NOT_FOUND"
    )


async def test_an_initiative_goes_down_to_a_root_cause(pair: Paired) -> None:
    chosen = {
        "mentorshipId": pair.mentorship,
        "healthWorkerId": pair.mentees[0],
        "title": "No day without oxytocin",
        "rootCauses": [],
        "measures": MEASURES,
    }
    assert await refused(pair, "initiativeChoose", **chosen) == "MALFORMED"


async def test_an_offer_of_one_mentee_is_taken_up_by_another(pair: Paired) -> None:
    posted = await pair.send(
        "exchangePost",
        mentorshipId=pair.mentorship,
        healthWorkerId=pair.mentees[0],
        exchangeKind="OFFER",
        text="My ward has a spare manikin.",
        as_="person-2",
    )
    take_up = {"exchangeId": posted.id, "healthWorkerId": pair.mentees[1]}
    assert await refused(pair, "exchangeTakeUp", **take_up, as_="person-2") == "ACCESS_DENIED"
    own = {**take_up, "healthWorkerId": pair.mentees[0]}
    assert await refused(pair, "exchangeTakeUp", **own, as_="person-2") == "OWN_EXCHANGE"
    await pair.send("exchangeTakeUp", **take_up, as_="person-3")
    assert await refused(pair, "exchangeTakeUp", **take_up) == "ALREADY_TAKEN_UP"


async def test_after_the_end_there_are_stories_and_no_new_initiatives(pair: Paired) -> None:
    await pair.send(
        "mentorshipConclude",
        mentorshipId=pair.mentorship,
        reason="All goals are reached.",
        occurredOn=days_ago(5),
    )
    offer = {
        "mentorshipId": pair.mentorship,
        "healthWorkerId": pair.mentees[0],
        "exchangeKind": "OFFER",
        "text": "My ward has a spare manikin.",
    }
    assert await refused(pair, "exchangePost", **offer) == MentorshipOver.code
    story = {
        "mentorshipId": pair.mentorship,
        "title": "The fridge runs at night",
        "story": "Since the key hangs in the ward, no dose was lost.",
    }
    await pair.send("outcomeStoryTell", **story, as_="person-2")
    early = {**story, "occurredOn": days_ago(31)}
    assert await refused(pair, "outcomeStoryTell", **early) == "BEFORE_AGREEMENT"
    nowhere = {**story, "mentorshipId": new_id()}
    assert await refused(pair, "outcomeStoryTell", **nowhere) == "NOT_FOUND"
