"""Pre-tests: where mentoring begins, in one competency or in the whole area."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct

from services.validation.aggregates.assessor import Assessor
from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.scoring import ScoreBeyondMaximum
from shared.contracts.deviation import all_count
from shared.contracts.validation.competency_record import BaselineFacts
from shared.domain.findings import Findings

WHOLE = ""
"""What a pre-test was in that no competency is named for: the whole area."""


class PreTest(Struct, frozen=True, kw_only=True):
    """When a pre-test was taken, by whom, and whether it opens the gate."""

    on: date
    counts: bool
    assessor_id: UUID


def pre_test(event: BaselineFacts) -> PreTest:
    """Return a pre-test as it is remembered."""
    return PreTest(on=event.assessed_on, counts=event.counts, assessor_id=event.assessor_id)


def said_of_pre_test(
    mentee: Mentee,
    assessor: Assessor,
    raw: int,
    max: int,
    findings: Findings,
    competency: str | None,
) -> dict[str, Any]:
    """Return what is to be said of a pre-test.

    Raises:
        ScoreBeyondMaximum, and what `Assessor.weigh` finds and is refused.
    """
    assessor.weigh(mentee, findings)
    with findings.weighing():
        if raw > max:
            raise ScoreBeyondMaximum("raw", points=raw, most=max)
    deviations = findings.must_be_recorded()
    return {
        **mentee.circumstances(),
        "assessor_id": assessor.health_worker_id,
        "assessed_on": assessor.day,
        "raw": raw,
        "max": max,
        "competency": competency,
        "counts": all_count(deviations),
        "deviations": deviations,
    }
