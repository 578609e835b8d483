"""Deciding on journals."""

from msgspec.structs import replace

from services.sessions.aggregates.journal import JournalEntry
from services.sessions.commands.agreement import agreement_of, must_be_its_session
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import party_named
from shared.contracts.sessions.journal import JournalWrite
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
