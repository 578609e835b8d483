"""Deciding on journals."""

from services.sessions.aggregates.journal import JournalEntry
from services.sessions.commands.agreement import agreement_of, must_be_its_session
from services.sessions.commands.handlers import handlers
from shared.contracts.sessions.journal import JournalWrite
from shared.runtime.work import Work


@handlers.decides(JournalWrite)
async def write(command: JournalWrite, work: Work[JournalWrite]) -> JournalEntry:
    """Write an entry into the sender's own journal."""
    agreement = await agreement_of(command.mentorship_id, work)
    await work.allow(
        at=agreement.org_unit_id,
        programme=agreement.rules.programme,
        people=(command.health_worker_id,),
    )
    entry = JournalEntry.written(
        id=work.new_id(command.id, "journal"),
        agreement=agreement,
        asked=command,
        writers=work.actor.people_on(work.today),
        on=work.day,
    )
    await must_be_its_session(agreement, command.session_id, work)
    work.add(entry)
    return entry
