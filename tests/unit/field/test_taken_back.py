"""What tells one thing of a day is said anew, voided and reinstated, all alike: an evaluation, a
story, a meeting, a supervision visit, an entry in a journal, an offer.

Nothing said before is lost, and what is undone is as if it had never been.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import (
    COORDINATION_MEETING,
    EXCHANGE,
    JOURNAL_ENTRY,
    OUTCOME_STORY,
    RELATIONSHIP_EVALUATION,
    SUPERVISION_VISIT,
)
from shared.contracts.definition.visits import RelationshipItem, RelationshipScale
from shared.projection import Table
from tests.support.paired import Paired, days_ago, paired, rules
from tests.unit.sessions.test_session_commands import refused

WHY = "The form was read wrongly."
SCALE = RelationshipScale(
    items=(
        RelationshipItem(code="trust", text="I can ask anything."),
        RelationshipItem(code="time", text="We have the time we need."),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of record: how one is told, said anew, taken back, and who may.

    Attributes:
        told: what is said of it; `otherwise`, what it is said to have been instead.
        on: the field with its day, where it is said anew.
        by: whoever may, but for those who coordinate; `stranger`, who may not.
        owned: only `by` may, whoever else coordinates.
    """

    tell: str
    told: dict[str, Any]
    table: Table
    record: str
    void: str
    reinstate: str
    correct: str | None = None
    on: str = ""
    otherwise: dict[str, Any]
    by: str = "operator"
    stranger: str = "person-0"
    owned: bool = False


def ratings(trust: int, time: int) -> list[dict[str, Any]]:
    return [{"item": "trust", "rating": trust}, {"item": "time", "rating": time}]


KINDS = {
    "evaluation": Kind(
        tell="relationshipEvaluate",
        told={"ratings": ratings(4, 3), "comment": "She listens."},
        table=RELATIONSHIP_EVALUATION,
        record="relationshipEvaluationId",
        void="relationshipEvaluationVoid",
        reinstate="relationshipEvaluationReinstate",
        correct="relationshipEvaluationCorrect",
        on="evaluatedOn",
        otherwise={"ratings": ratings(2, 1)},
        by="person-2",
    ),
    "visit": Kind(
        tell="supervisionVisitLog",
        told={"supervisors": ["District hospital"], "joint": True},
        table=SUPERVISION_VISIT,
        record="supervisionVisitId",
        void="supervisionVisitVoid",
        reinstate="supervisionVisitReinstate",
        correct="supervisionVisitCorrect",
        on="heldOn",
        otherwise={"supervisors": ["District hospital", "The Ministry"]},
    ),
    "meeting": Kind(
        tell="coordinationMeetingLog",
        told={"participants": 12},
        table=COORDINATION_MEETING,
        record="coordinationMeetingId",
        void="coordinationMeetingVoid",
        reinstate="coordinationMeetingReinstate",
        correct="coordinationMeetingCorrect",
        on="heldOn",
        otherwise={"participants": 21},
    ),
    "entry": Kind(
        tell="journalWrite",
        told={"text": "Today I managed it alone."},
        table=JOURNAL_ENTRY,
        record="journalEntryId",
        void="journalVoid",
        reinstate="journalReinstate",
        correct="journalCorrect",
        on="writtenOn",
        otherwise={"text": "Today I nearly managed it alone."},
        by="person-2",
        owned=True,
    ),
    "story": Kind(
        tell="outcomeStoryTell",
        told={"title": "A warm corner", "story": "The maternity has one now."},
        table=OUTCOME_STORY,
        record="outcomeStoryId",
        void="outcomeStoryVoid",
        reinstate="outcomeStoryReinstate",
        correct="outcomeStoryCorrect",
        on="toldOn",
        otherwise={"title": "A corner", "story": "The maternity has one, without a heater."},
        by="person-2",
        stranger="stranger",
    ),
    "offer": Kind(
        tell="exchangePost",
        told={"exchangeKind": "OFFER", "text": "I read charts with you."},
        table=EXCHANGE,
        record="exchangeId",
        void="exchangeWithdraw",
        reinstate="exchangeReinstate",
        otherwise={},
        by="person-2",
        stranger="person-3",
    ),
}
every = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
corrected = pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if kind.correct], ids=lambda kind: kind.record
)


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules(relationship=SCALE))


async def tell(pair: Paired, kind: Kind, **changes: Any) -> UUID:
    """Tell one, ten days ago."""
    where: dict[str, Any] = {
        "supervisionVisitLog": {"programmeVersionId": pair.version, "orgUnitId": pair.facility},
        "coordinationMeetingLog": {"programmeVersionId": pair.version, "orgUnitId": pair.district},
    }.get(kind.tell, {"mentorshipId": pair.mentorship, "healthWorkerId": pair.mentees[0]})
    if kind.tell == "outcomeStoryTell":
        del where["healthWorkerId"]
    content = {**where, **kind.told, "occurredOn": days_ago(10), "as_": kind.by} | changes
    return (await pair.send(kind.tell, **content)).id


async def said_anew(pair: Paired, kind: Kind, id: UUID, on: date, **changes: Any) -> None:
    """Correct it, to what it is `otherwise`."""
    assert kind.correct
    content = {kind.record: id, kind.on: on, "reason": WHY, "as_": kind.by}
    await pair.send(kind.correct, **content | kind.otherwise | changes)


def taking_back(kind: Kind, id: UUID, **changes: Any) -> dict[str, Any]:
    return {kind.record: id, "reason": WHY, "as_": kind.by} | changes


def shown(pair: Paired, kind: Kind) -> dict[str, Any]:
    """Return the one row of a kind, without the place in the log that it was brought up to."""
    (row,) = pair.house.rows(kind.table)
    return {name: row[name] for name in row if name not in ("record_version", "position")}


@every
async def test_what_is_voided_is_seen_to_be_and_stands_again_as_it_was(
    pair: Paired, kind: Kind
) -> None:
    id = await tell(pair, kind)
    before = shown(pair, kind)
    await pair.send(kind.void, **taking_back(kind, id, occurredOn=days_ago(1)))
    assert shown(pair, kind) == before | {"voided_on": days_ago(1)}
    await pair.send(kind.reinstate, **taking_back(kind, id))
    assert shown(pair, kind) == before
    assert len(await pair.house.events(id)) == 3, "nothing said before is lost"


@every
async def test_it_is_voided_once_and_reinstated_once(pair: Paired, kind: Kind) -> None:
    id = await tell(pair, kind)
    wish = taking_back(kind, id)
    assert await refused(pair, kind.reinstate, **wish) == ("RECORD_STANDS", kind.record)
    await pair.send(kind.void, **wish)
    assert await refused(pair, kind.void, **wish) == ("RECORD_VOIDED", kind.record)


@every
async def test_whoever_takes_something_back_says_why(pair: Paired, kind: Kind) -> None:
    id = await tell(pair, kind)
    silent = taking_back(kind, id, reason=None)
    assert await refused(pair, kind.void, **silent) == ("REASON_MISSING", "reason")
    await pair.send(kind.void, **taking_back(kind, id))
    assert await refused(pair, kind.reinstate, **silent) == ("REASON_MISSING", "reason")


@every
async def test_nobody_takes_back_what_is_anothers(pair: Paired, kind: Kind) -> None:
    id = await tell(pair, kind)
    code, _ = await refused(pair, kind.void, **taking_back(kind, id, as_=kind.stranger))
    assert code == "ACCESS_DENIED"
    if kind.owned:
        code, _ = await refused(pair, kind.void, **taking_back(kind, id, as_="operator"))
        assert code == "NOT_YOUR_JOURNAL"


@corrected
async def test_a_correction_followed_by_its_undoing_restores_every_row(
    pair: Paired, kind: Kind
) -> None:
    id = await tell(pair, kind)
    before = shown(pair, kind)
    await said_anew(pair, kind, id, days_ago(12))
    after = shown(pair, kind)
    assert after != before
    assert days_ago(12) in after.values()
    await said_anew(pair, kind, id, days_ago(10), **kind.told)
    assert shown(pair, kind) == before


@corrected
async def test_what_is_voided_is_not_said_anew(pair: Paired, kind: Kind) -> None:
    id = await tell(pair, kind)
    await pair.send(kind.void, **taking_back(kind, id))
    assert kind.correct
    wish = taking_back(kind, id) | kind.otherwise | {kind.on: days_ago(12)}
    assert await refused(pair, kind.correct, **wish) == ("RECORD_VOIDED", kind.record)


@corrected
async def test_nothing_was_said_on_a_day_that_is_to_come(pair: Paired, kind: Kind) -> None:
    id = await tell(pair, kind)
    assert kind.correct
    wish = taking_back(kind, id) | kind.otherwise | {kind.on: days_ago(-1)}
    assert await refused(pair, kind.correct, **wish) == ("OCCURRED_IN_FUTURE", kind.on)


@corrected
async def test_whoever_says_something_anew_says_why(pair: Paired, kind: Kind) -> None:
    id = await tell(pair, kind)
    assert kind.correct
    wish = taking_back(kind, id, reason=None) | kind.otherwise | {kind.on: days_ago(12)}
    assert await refused(pair, kind.correct, **wish) == ("REASON_MISSING", "reason")


async def test_an_evaluation_is_weighed_by_the_scale_when_it_is_said_anew(pair: Paired) -> None:
    kind = KINDS["evaluation"]
    id = await tell(pair, kind)
    half = taking_back(kind, id) | {"evaluatedOn": days_ago(10), "ratings": ratings(4, 3)[:1]}
    name = "relationshipEvaluationCorrect"
    assert await refused(pair, name, **half) == ("STATEMENT_MISSING", "ratings")
    await said_anew(pair, kind, id, days_ago(10))
    assert shown(pair, kind)["total"] == 3


async def test_nobody_was_supervised_where_there_was_no_unit_any_more(pair: Paired) -> None:
    kind = KINDS["visit"]
    id = await tell(pair, kind, orgUnitId=pair.elsewhere)
    await pair.send(
        "orgUnitClose", orgUnitId=pair.elsewhere, reason="It was flooded.", occurredOn=days_ago(5)
    )
    wish = taking_back(kind, id) | kind.otherwise
    late = wish | {"heldOn": days_ago(4)}
    assert await refused(pair, "supervisionVisitCorrect", **late) == (
        "UNIT_NO_MORE",
        "supervisionVisitId",
    )
    await pair.send("supervisionVisitCorrect", **wish | {"heldOn": days_ago(6)})


async def test_supervisors_come_to_a_unit_that_was_not_closed_after_all(pair: Paired) -> None:
    wish = {"orgUnitId": pair.elsewhere, "reason": "It was flooded.", "occurredOn": days_ago(20)}
    await pair.send("orgUnitClose", **wish)
    await pair.send("orgUnitReopen", **wish | {"reason": "Another one was."})
    await tell(pair, KINDS["visit"], orgUnitId=pair.elsewhere)


async def test_nobody_takes_up_what_was_withdrawn(pair: Paired) -> None:
    kind = KINDS["offer"]
    id = await tell(pair, kind)
    await pair.send("exchangeWithdraw", **taking_back(kind, id))
    take = {"exchangeId": id, "healthWorkerId": pair.mentees[1]}
    assert await refused(pair, "exchangeTakeUp", **take) == ("RECORD_VOIDED", "exchangeId")
    await pair.send("exchangeReinstate", **taking_back(kind, id))
    await pair.send("exchangeTakeUp", **take)


async def test_a_story_is_not_of_a_day_before_the_mentorship_was_agreed(pair: Paired) -> None:
    kind = KINDS["story"]
    id = await tell(pair, kind)
    early = taking_back(kind, id) | kind.otherwise | {"toldOn": days_ago(31)}
    assert await refused(pair, "outcomeStoryCorrect", **early) == ("BEFORE_AGREEMENT", "toldOn")
