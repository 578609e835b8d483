"""Who is who, for any service: which records are of one person, and the number of each record.

After a merge, paper and phones go on naming the record that became another name. Such a form is
about the person, whom another record stands for.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from shared.contracts.registry.health_worker import (
    HealthWorkerMergedInto,
    HealthWorkerMergeReversed,
    HealthWorkerRegistered,
)
from shared.deciding.facts import Facts
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

NAME = Table(
    name="known_name",
    version=1,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "number": Column(type="text", nullable=True),
        "into_id": Column(type="uuid", nullable=True),
    },
    indexes=(("into_id",),),
)
"""A health worker's record: the number it is known by, and the one it was merged into. Nothing of
it is personal."""

NAMES = Projection("names", NAME)


@NAMES.on(HealthWorkerRegistered)
def registered(body: HealthWorkerRegistered, at: Happening) -> Iterable[Change]:
    """Know the record's number."""
    yield Upsert(NAME, (at.stream,), {"number": body.number})


@NAMES.on(HealthWorkerMergedInto)
def merged(body: HealthWorkerMergedInto, at: Happening) -> Iterable[Change]:
    """Know the record that stands for the person."""
    yield Upsert(NAME, (at.stream,), {"into_id": body.into_id})


@NAMES.on(HealthWorkerMergeReversed)
def reversed_(_body: HealthWorkerMergeReversed, at: Happening) -> Iterable[Change]:
    """Know that the two are two people."""
    yield Upsert(NAME, (at.stream,), {"into_id": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person, by all of their records.

    Attributes:
        id: the record that stands for them.
        number: of that record, if it has any.
        records: all of theirs, the one that stands for them first.
    """

    id: UUID
    number: str | None
    records: tuple[UUID, ...]

    @property
    def called(self) -> str:
        """How to name them to people: by the number, or the id where there is none."""
        return self.number or str(self.id)

    def among(self, people: Collection[UUID]) -> UUID | None:
        """Return the record of theirs that is one of these; None: none is."""
        return next((record for record in self.records if record in people), None)


async def person_of(facts: Facts, record: UUID) -> Person:
    """Return whose record it is, as has been heard; a record never heard of is somebody's own."""
    named = await facts.find(NAME, record)
    id = record if named is None or named["into_id"] is None else named["into_id"]
    stands = named if id == record else await facts.find(NAME, id)
    others = sorted(row["id"] for row in await facts.rows(NAME, into_id=id))
    number = None if stands is None else stands["number"]
    return Person(id=id, number=number, records=(id, *others))
