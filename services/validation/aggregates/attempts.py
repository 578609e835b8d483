"""Attempts as they are remembered: each by its number, and what was told to stand of them."""

from msgspec import Struct

from services.validation.aggregates.proof import Attempt
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.validation.competency_record import AttemptFacts

ASKED_LATER = frozenset({ConductRule.FACILITY_BASELINE_MISSING})
"""Rules that attempts were held against before they said that they are held against them again."""


class Shown(Struct, frozen=True, kw_only=True):
    """What was told to stand of a competency's attempts: how many, and which is the last."""

    attempts: int = 0
    last: int = 0


UNTOLD = Shown(attempts=-1)
"""What stands is not what was told: an attempt is another, or none any more."""


def attempt(event: AttemptFacts) -> Attempt:
    """Return an attempt as it is remembered."""
    # Told before it was asked of attempts: what departs from it is held against it anew.
    asked = {each.rule: each for each in event.deviations if each.rule in ASKED_LATER}
    asked |= {each.rule: each for each in event.asked}
    return Attempt(
        number=event.attempt,
        on=event.assessed_on,
        assessor_id=event.assessor_id,
        framework=(event.framework, event.framework_version),
        name=event.competency_name,
        raw=event.raw,
        max=event.max,
        technique=event.technique,
        reached=event.reached,
        until=event.valid_until,
        failed_retest=event.failed_retest,
        formative=event.formative,
        unsigned=event.unsigned,
        org_unit_id=event.org_unit_id,
        asked=tuple(asked.values()),
        deviations=event.deviations,
    )
