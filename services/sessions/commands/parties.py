"""Who is meant, by whichever of their records they are named: a party of a mentorship, or anybody
who is known.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.deciding.people import NAME, person_of
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


async def somebody_named(
    record: UUID, agreement: Agreement, work: Work[Any], *, field: str = "healthWorkerId"
) -> UUID:
    """Return the record that stands for a person; of a party, the one they are a party under.

    Raises:
        NotFound: nobody has heard of the record; the error names `field`.
    """
    await work.facts.get(NAME, record, field=field, kind="HealthWorker")
    return await party_named(record, agreement, work)


async def anybody_named(record: UUID, work: Work[Any], *, field: str) -> UUID:
    """Return the record that stands for a person, whoever they are.

    Raises:
        NotFound: nobody has heard of the record; the error names `field`.
    """
    await work.facts.get(NAME, record, field=field, kind="HealthWorker")
    return (await person_of(work.facts, record)).id


async def each_named(records: Collection[UUID], work: Work[Any], *, field: str) -> tuple[UUID, ...]:
    """Return the records that stand for some people, each person once.

    Raises:
        NotFound: nobody has heard of one of them; the error names `field`.
    """
    found = [await anybody_named(record, work, field=field) for record in records]
    return tuple(dict.fromkeys(found))
