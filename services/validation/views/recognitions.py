"""Recognitions: which validations were recognised in other enrolments, found by where they were
proved.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from shared.contracts.validation.competency_correction import CompetencyRecognised
from shared.deciding.facts import Row
from shared.deciding.work import Work
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

RECOGNISED = Table(
    name="known_recognition",
    version=2,
    key=("from_enrolment_id", "from_competency", "enrolment_id", "attempt"),
    columns={
        "from_enrolment_id": Column(type="uuid"),
        "from_competency": Column(type="text"),
        "enrolment_id": Column(type="uuid"),
        "attempt": Column(type="integer"),
        "competency": Column(type="text"),
        "recognised_on": Column(type="date"),
        "added_up": Column(type="boolean"),
    },
)
"""What was recognised: of which enrolment, as what, and in which; `attempt` is its number there."""

RECOGNITIONS = Projection("recognitions", RECOGNISED)


@RECOGNITIONS.on(CompetencyRecognised)
def recognised(body: CompetencyRecognised, _at: Happening) -> Iterable[Change]:
    """Know what rests on it."""
    yield Upsert(
        RECOGNISED,
        (body.from_enrolment_id, body.from_competency, body.enrolment_id, body.attempt),
        {
            "competency": body.competency,
            "recognised_on": body.recognised_on,
            "added_up": body.added_up,
        },
    )


async def recognised_of(enrolment_id: UUID, competency: str, work: Work[Any]) -> list[Row]:
    """Return what was recognised elsewhere of a competency that was proved in an enrolment."""
    return await work.facts.rows(
        RECOGNISED, from_enrolment_id=enrolment_id, from_competency=competency
    )


async def all_recognised_of(enrolment_id: UUID, work: Work[Any]) -> list[Row]:
    """Return what was recognised elsewhere of all that was proved in an enrolment."""
    return await work.facts.rows(RECOGNISED, from_enrolment_id=enrolment_id)
