"""Journals: everybody writes their own, and nobody else's."""

from dataclasses import replace as but
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.sessions.aggregates.agreement import MentorshipOver, NotOfThisMentorship
from services.sessions.aggregates.journal import JournalEntry, NotYourJournal
from shared.contracts.base import personal_fields
from shared.contracts.sessions.journal import JournalEntryWritten, JournalWrite
from shared.domain import new_id
from tests.support.agreements import MENTEE, MENTOR, agreement

UNDER = agreement()
DAY = date(2018, 11, 20)


def write(whose: UUID = MENTEE, writers: frozenset[UUID] | None = None, **under: Any) -> Any:
    asked = JournalWrite(
        command_id=new_id(),
        health_worker_id=whose,
        mentorship_id=UNDER.mentorship_id,
        text="Today I managed it alone.",
    )
    entry = JournalEntry.written(
        id=new_id(),
        agreement=but(UNDER, **under),
        asked=asked,
        writers=frozenset({whose}) if writers is None else writers,
        on=DAY,
    )
    assert entry.key == whose
    return entry.recorded[0]


@pytest.mark.parametrize("whose", [MENTOR, MENTEE])
def test_both_sides_write_their_own(whose: UUID) -> None:
    written = write(whose)
    assert isinstance(written, JournalEntryWritten)
    assert (written.health_worker_id, written.written_on) == (whose, DAY)


def test_what_an_entry_says_is_personal() -> None:
    assert list(personal_fields(JournalEntryWritten)) == ["text"]
    assert JournalEntryWritten.subject == "health_worker_id"


@pytest.mark.parametrize("writers", [frozenset(), frozenset({MENTOR})], ids=["nobody", "another"])
def test_nobody_writes_the_journal_of_another(writers: frozenset[UUID]) -> None:
    with pytest.raises(NotYourJournal):
        write(MENTEE, writers)


def test_a_stranger_keeps_no_journal_of_a_mentorship() -> None:
    with pytest.raises(NotOfThisMentorship):
        write(new_id())


def test_a_last_entry_can_follow_the_end_but_nothing_follows_a_proposal_turned_down() -> None:
    write(live=False)
    with pytest.raises(MentorshipOver):
        write(live=False, declined=True)
