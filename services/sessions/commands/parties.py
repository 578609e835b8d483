"""Which party of a mentorship is meant, by whichever of their records they are named."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.deciding.people import person_of
from shared.deciding.work import Work


async def party_named(
    record: UUID, agreement: Agreement, work: Work[Any], *, also: Collection[UUID] = ()
) -> UUID:
    """Return the record under which somebody is a party: it, or another of the same person.

    Where they are no party by any, the one that stands for them; a refusal calls it by its number.

    Args:
        also: others who count as parties: those who were there on the day.
    """
    if record in agreement.people or record in also:
        return record
    person = await person_of(work.facts, record)
    party = person.among({*agreement.people, *also})
    if party is not None:
        return party
    agreement.called[person.id] = person.called
    return person.id
