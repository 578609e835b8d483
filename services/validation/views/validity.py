"""Validity: which validation holds until when, so that it is noticed when it does no more."""

from collections.abc import Iterable
from typing import Any

from shared.contracts.validation.competency_record import (
    CompetencyLapsed,
    CompetencyRevoked,
    CompetencyValidated,
)
from shared.projection import Change, Column, Delete, Happening, Projection, Table, Upsert

VALID_UNTIL = Table(
    name="known_validity",
    version=1,
    key=("enrolment_id", "competency"),
    columns={
        "enrolment_id": Column(type="uuid"),
        "competency": Column(type="text"),
        "valid_until": Column(type="date"),
    },
    indexes=(("valid_until",),),
)
"""Validations that have a last day, and which it is; those that hold for good are not in it."""

VALIDITY = Projection("validity", VALID_UNTIL)


@VALIDITY.on(CompetencyValidated)
def validated(body: CompetencyValidated, _at: Happening) -> Iterable[Change]:
    """Know its last day."""
    key = (body.enrolment_id, body.competency)
    if body.valid_until is None:
        yield Delete(VALID_UNTIL, key)
    else:
        yield Upsert(VALID_UNTIL, key, {"valid_until": body.valid_until})


@VALIDITY.on(CompetencyRevoked, CompetencyLapsed)
def ended(body: Any, _at: Happening) -> Iterable[Change]:
    """Know that it counts no more."""
    yield Delete(VALID_UNTIL, (body.enrolment_id, body.competency))
