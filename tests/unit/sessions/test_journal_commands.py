"""Journals and relationship evaluations, by command: their owner writes them, nobody else."""

from typing import Any
from uuid import UUID

import pytest

from shared.contracts.definition.visits import RelationshipItem, RelationshipScale
from shared.contracts.sessions.journal import JournalEntryWritten
from shared.contracts.sessions.relationship import RelationshipEvaluated
from shared.domain import new_id
from shared.domain.errors import MshauriError
from shared.privacy.payload import ERASED
from tests.support.paired import Paired, days_ago, paired, rules

MENTOR_0, MENTEE_0, MENTEE_1 = "person-0", "person-2", "person-3"


@pytest.fixture
async def pair() -> Paired:
    scale = RelationshipScale(items=(RelationshipItem(code="trust", text="I can ask anything."),))
    return await paired(rules(relationship=scale))


async def refused(pair: Paired, name: str, /, **content: Any) -> tuple[str, str | None]:
    with pytest.raises(MshauriError) as error:
        await pair.send(name, **content)
    return error.value.code, error.value.field


def entry(pair: Paired, whose: UUID, **changes: Any) -> dict[str, Any]:
    return {
        "mentorshipId": pair.mentorship,
        "healthWorkerId": whose,
        "text": "Today I managed it alone.",
        **changes,
    }


async def test_an_entry_is_written_by_its_owner_and_sealed(pair: Paired) -> None:
    written = await pair.send("journalWrite", **entry(pair, pair.mentees[0]), as_=MENTEE_0)
    (event,) = await pair.house.events(written.id)
    assert isinstance(event, JournalEntryWritten)
    assert event.health_worker_id == pair.mentees[0]
    assert event.text == ERASED, "nobody reads it without the person's key"


@pytest.mark.parametrize("who", ["operator", MENTOR_0, MENTEE_1])
async def test_nobody_writes_for_another_not_even_the_operator(pair: Paired, who: str) -> None:
    wish = entry(pair, pair.mentees[0], as_=who)
    code, _ = await refused(pair, "journalWrite", **wish)
    assert code in ("NOT_YOUR_JOURNAL", "ACCESS_DENIED")
    if who == "operator":
        assert code == "NOT_YOUR_JOURNAL"


async def test_an_entry_is_about_a_session_of_the_same_mentorship(pair: Paired) -> None:
    session = await pair.send(
        "sessionLog",
        mentorshipId=pair.mentorship,
        occurredOn=days_ago(10),
        mode="IN_PERSON",
        minutes=120,
        present=[pair.mentors[0], pair.mentees[0]],
    )
    mine = entry(pair, pair.mentees[0], as_=MENTEE_0)
    assert await refused(pair, "journalWrite", **mine, sessionId=new_id()) == (
        "NOT_FOUND",
        "sessionId",
    )
    await pair.send("journalWrite", **mine, sessionId=session.id)


def rating(pair: Paired, whose: UUID, **changes: Any) -> dict[str, Any]:
    return {
        "mentorshipId": pair.mentorship,
        "healthWorkerId": whose,
        "ratings": [{"item": "trust", "rating": 4}],
        "comment": "We laugh a lot.",
        **changes,
    }


async def test_either_side_evaluates_again_and_again(pair: Paired) -> None:
    for whose, who in ((pair.mentees[0], MENTEE_0), (pair.mentors[0], MENTOR_0)) * 2:
        answer = await pair.send("relationshipEvaluate", **rating(pair, whose, as_=who))
        (event,) = await pair.house.events(answer.id)
        assert isinstance(event, RelationshipEvaluated)
        assert (event.total, event.most, event.comment) == (4, 5, ERASED)


async def test_one_mentee_does_not_evaluate_for_another(pair: Paired) -> None:
    wish = rating(pair, pair.mentees[0], as_=MENTEE_1)
    assert (await refused(pair, "relationshipEvaluate", **wish))[0] == "ACCESS_DENIED"


async def test_a_grant_that_was_revoked_does_not_say_any_more_who_one_is(pair: Paired) -> None:
    """They may still write, by another grant, but no longer as the person of the first one."""
    former = await pair.send(
        "accessGrantGive",
        subjectName="two hats",
        role="MENTOR",
        orgUnitId=pair.facility,
        healthWorkerId=pair.mentors[0],
        occurredOn=days_ago(40),
    )
    await pair.send(
        "accessGrantGive",
        subjectName="two hats",
        role="MENTOR",
        orgUnitId=pair.facility,
        healthWorkerId=pair.mentors[1],
        standsIn=True,
        occurredOn=days_ago(40),
    )
    wish = entry(pair, pair.mentors[0], as_="two hats")
    await pair.send("journalWrite", **wish)
    await pair.send("accessGrantRevoke", accessGrantId=former.id, occurredOn=days_ago(1))
    assert (await refused(pair, "journalWrite", **wish))[0] == "NOT_YOUR_JOURNAL"
