"""What is said of people, and why, stands in no ledger in clear; with its key it goes from all that
is read.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from services.gateway.projections import AUDIT_EVENT, OUTCOME_STORY, SUPPORT_REQUEST
from shared.contracts.base import events, personal_fields
from shared.contracts.envelope import decode_meta, encode_meta
from shared.domain.errors import MshauriError
from shared.following.decoding import EventDecoder
from shared.ledger import Entry
from shared.privacy.payload import ERASED, subject_in
from shared.privacy.reasons import opened_meta, reason_subject_in
from shared.privacy.sealing import DataKey, SealBroken
from shared.runtime.logs import withhold
from tests.support import far_stories
from tests.support.house import House
from tests.support.paired import Paired, paired
from tests.unit.sessions.test_support_request_commands import PHASED, ask

STORIES = {
    "team": far_stories.team,
    "following": far_stories.following,
    "hospital": far_stories.hospital,
    "amended": far_stories.amended,
}


def words(value: Any) -> Iterator[str]:
    """Yield what is said in words in a value: not its codes, ids and days."""
    if isinstance(value, str):
        if re.search(r"[a-z] [a-zA-Z]", value):
            yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from words(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from words(each)


async def said_in(house: House, history: list[tuple[str, Entry]]) -> set[str]:
    """Return all words of a house's ledgers that are personal, and all its reasons."""
    decoder = EventDecoder(dict(house.keys))
    entries = [entry for _, entry in history]
    await decoder.prepare(entries)
    said: set[str] = set()
    for entry in entries:
        body, reason = decoder.decode(entry), decoder.meta(entry).reason
        said |= set(words(reason))
        for name in personal_fields(type(body)):
            said |= set(words(msgspec.to_builtins(getattr(body, name))))
    return said


async def forget_all(house: House, history: list[tuple[str, Entry]]) -> None:
    """Destroy the key of whoever anything was said of."""
    for service, entry in history:
        subjects = {subject_in(entry.topic, entry.payload, entry.stream)}
        subjects.add(reason_subject_in(entry))
        for subject in subjects - {None}:
            assert subject is not None
            await house.keys[service].erase(subject)


@pytest.mark.parametrize("story", STORIES)
async def test_no_ledger_has_a_word_in_clear_and_no_reader_has_one_without_its_key(
    story: str,
) -> None:
    house = await STORIES[story]()
    history = await house.history()
    said = await said_in(house, history)
    assert said
    for _, entry in history:
        clear = (entry.payload + entry.meta).decode()
        assert not [each for each in said if each in clear], entry.topic
    before = repr(await house.rebuilt(history))
    assert any(each in before for each in said)
    await forget_all(house, history)
    after = repr(await house.rebuilt(history))
    assert not [each for each in said if each in after]


@pytest.fixture
async def pair() -> Paired:
    return await paired(PHASED)


async def reread(pair: Paired, table: Any) -> list[dict[str, Any]]:
    """Return a read model's rows, made anew."""
    rows = await pair.house.rebuilt(await pair.house.history())
    return [dict(row) for row in rows["gateway"][table.physical]]


async def test_who_is_forgotten_takes_their_own_words_and_nobody_elses(pair: Paired) -> None:
    request = await ask(pair)
    said = {"supportRequestId": request, "healthWorkerId": pair.mentors[0]}
    await pair.send("supportRequestAnswer", **said, answer="In a cool box.")
    await pair.house.keys["sessions"].erase(pair.mentees[0])
    (row,) = await reread(pair, SUPPORT_REQUEST)
    assert (row["topic"], row["question"], row["answer"]) == (ERASED, ERASED, "In a cool box.")


async def test_what_is_about_many_goes_with_a_key_of_its_own(pair: Paired) -> None:
    story = {"mentorshipId": pair.mentorship, "title": "The fridge", "story": "It runs."}
    first, second = [(await pair.send("outcomeStoryTell", **story)).id for _ in range(2)]
    await pair.house.keys["sessions"].erase(first)
    told = {row["id"]: row["story"] for row in await reread(pair, OUTCOME_STORY)}
    assert told == {first: ERASED, second: "It runs."}


async def of_enrolment(pair: Paired) -> tuple[UUID, dict[str, Any]]:
    """Withdraw a mentee, and return their enrolment, and what that is recorded under."""
    enrolment = next(
        entry.stream
        for _, entry in await pair.house.history()
        if entry.topic == "registry.enrolment.enrolled"
    )
    return enrolment, {"enrolmentId": enrolment, "reason": "She is not well."}


async def withdrawn(pair: Paired) -> Entry:
    """Return what was recorded last of a withdrawal."""
    history = await pair.house.history()
    return [entry for _, entry in history if entry.topic.endswith("withdrawn")][-1]


async def test_a_reason_is_sealed_with_the_key_of_whom_it_is_about(pair: Paired) -> None:
    _, withdraw = await of_enrolment(pair)
    await pair.send("menteeWithdraw", **withdraw)
    meta = decode_meta((await withdrawn(pair)).meta)
    assert meta.reason is None
    assert meta.sealed_reason is not None
    assert meta.sealed_reason.by == pair.mentees[0]
    (row,) = [r for r in pair.house.rows(AUDIT_EVENT) if r["topic"].endswith("withdrawn")]
    assert row["reason"] == "She is not well."
    await pair.house.keys["registry"].erase(pair.mentees[0])
    (row,) = [r for r in await reread(pair, AUDIT_EVENT) if r["topic"].endswith("withdrawn")]
    assert row["reason"] == ERASED


async def test_who_is_forgotten_is_withdrawn_all_the_same(pair: Paired) -> None:
    """What was erased stays so, and the register goes on: the record's own key seals why."""
    enrolment, withdraw = await of_enrolment(pair)
    await pair.house.keys["registry"].erase(pair.mentees[0])
    await pair.send("menteeWithdraw", **withdraw)
    meta = decode_meta((await withdrawn(pair)).meta)
    assert meta.sealed_reason is not None
    assert meta.sealed_reason.by == enrolment


async def test_a_reason_moved_to_another_event_does_not_open(pair: Paired) -> None:
    _, withdraw = await of_enrolment(pair)
    await pair.send("menteeWithdraw", **withdraw)
    entry = await withdrawn(pair)
    keys = await pair.house.keys["registry"].keys_for([pair.mentees[0]])
    assert opened_meta(entry, keys).reason == "She is not well."
    with pytest.raises(SealBroken):
        opened_meta(replace(entry, id=UUID(int=1)), keys)


async def test_a_reason_of_before_is_read_as_it_was_said_until_its_key_is_destroyed(
    pair: Paired,
) -> None:
    _, withdraw = await of_enrolment(pair)
    await pair.send("menteeWithdraw", **withdraw)
    entry = await withdrawn(pair)
    said = replace(decode_meta(entry.meta), sealed_reason=None, reason="She moved.")
    before = replace(entry, meta=encode_meta(said))
    for keys in ({}, {pair.mentees[0]: DataKey.generate()}):
        assert opened_meta(before, keys).reason == "She moved."
    assert opened_meta(before, {pair.mentees[0]: None}).reason == ERASED


async def test_no_log_line_has_a_word_of_it(
    pair: Paired, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    request = await ask(pair, question="Why was I not told?", reason="She is not well.")
    again = {"supportRequestId": request, "toOrgUnitId": pair.elsewhere, "reason": "It is hers."}
    with pytest.raises(MshauriError) as refused:
        await pair.send("supportRequestEscalate", **again)
    told = "".join((*capsys.readouterr(), caplog.text, str(refused.value), refused.value.message))
    assert not [each for each in ("not told", "not well", "It is hers") if each in told]
    line = {"event": "x"} | {
        name: "Why was I not told?" for kind in events.values() for name in personal_fields(kind)
    }
    assert "told" not in str(withhold(None, "info", line))
