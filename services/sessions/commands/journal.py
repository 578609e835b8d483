"""Deciding on journals."""

from typing import Any

from msgspec.structs import replace

from services.sessions.aggregates.journal import JournalEntry
from services.sessions.commands.agreement import agreement_of, must_be_its_session
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import party_named
from services.sessions.commands.taking_back import can_be_taken_back
from shared.contracts.sessions.journal import (
    JournalCorrect,
    JournalReinstate,
    JournalVoid,
    JournalWrite,
)
from shared.deciding.work import Work


@handlers.decides(JournalWrite)
async def write(command: JournalWrite, work: Work[JournalWrite]) -> JournalEntry:
    """Write an entry into the sender's own journal."""
    agreement = await agreement_of(command.mentorship_id, work)
    await work.allow(
        at=agreement.org_unit_id,
        programme=agreement.rules.programme,
        people=(command.health_worker_id,),
    )
    person = await party_named(command.health_worker_id, agreement, work)
    writers = work.actor.people_on(work.today)
    if command.health_worker_id in writers:
        writers |= {person}  # it is their own, by whichever of their records
    entry = JournalEntry.written(
        id=work.new_id(command.id, "journal"),
        agreement=agreement,
        asked=replace(command, health_worker_id=person),
        writers=writers,
        on=work.day,
    )
    await must_be_its_session(agreement, command.session_id, work)
    work.add(entry)
    return entry


@handlers.decides(JournalCorrect)
async def correct(command: JournalCorrect, work: Work[JournalCorrect]) -> JournalEntry:
    """Put one's own entry otherwise."""
    entry = await work.get(JournalEntry, command.journal_entry_id, field="journalEntryId")
    await _allow(entry, work)
    work.reason()
    work.must_have_come(command.written_on, "writtenOn")
    agreement = await agreement_of(
        entry.mentorship_id, work, field="journalEntryId", on=command.written_on
    )
    await must_be_its_session(agreement, command.session_id, work)
    entry.correct(agreement, command)
    return entry


async def _allow(entry: JournalEntry, work: Work[Any]) -> None:
    """Ask the policy, and whether the sender wrote it, by whichever of their records."""
    agreement = await agreement_of(entry.mentorship_id, work, field="journalEntryId")
    records = sorted(work.actor.people_on(work.today))
    own = [
        one
        for one in records
        if await party_named(one, agreement, work, also=(entry.health_worker_id,))
        == entry.health_worker_id
    ]
    await work.allow(
        at=agreement.org_unit_id,
        programme=agreement.rules.programme,
        people=(entry.health_worker_id, *own),
    )
    entry.must_be_of({entry.health_worker_id} if own else ())


can_be_taken_back(
    JournalEntry, void=JournalVoid, reinstate=JournalReinstate, by="journal_entry_id", allow=_allow
)
