"""Deciding on contacts."""

from services.sessions.aggregates.contact import Contact
from services.sessions.commands.agreement import agreement_of
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import party_named
from shared.contracts.sessions.contact import ContactLog, ContactVoid
from shared.deciding.work import Work


@handlers.decides(ContactLog)
async def log(command: ContactLog, work: Work[ContactLog]) -> Contact:
    """Log a contact: either of the two, or who coordinates."""
    agreement = await agreement_of(command.mentorship_id, work)
    mentor = await party_named(command.mentor, agreement, work)
    mentee = await party_named(command.mentee, agreement, work)
    await work.allow(
        at=agreement.org_unit_id,
        programme=agreement.rules.programme,
        people=agreement.people & {mentor, mentee},
    )
    contact = Contact.made(
        id=work.new_id(command.id, "contact"),
        agreement=agreement,
        mentor=mentor,
        mentee=mentee,
        mode=command.mode,
        minutes=command.minutes,
        reached_by=command.reached_by,
        about=command.about,
        on=work.day,
    )
    work.add(contact)
    return contact


@handlers.decides(ContactVoid)
async def void(command: ContactVoid, work: Work[ContactVoid]) -> Contact:
    """Say that one was not made: either of the two, or who coordinates, and no colleague."""
    contact = await work.get(Contact, command.contact_id, field="contactId")
    agreement = await agreement_of(contact.mentorship_id, work, field="contactId")
    await work.allow(
        at=agreement.org_unit_id, programme=agreement.rules.programme, people=contact.people
    )
    work.reason()
    contact.void(work.day)
    return contact
