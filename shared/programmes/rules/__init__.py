"""What the parts of a definition must be to each other, beyond each having its right shape.

calendar     the days it reckons by
people       who is chosen, trained, matched, told
visits       how they meet, and what is due with it
frameworks   what is assessed, by which checklists
outcomes     what follows from it: end, cascade, indicators, certificate
"""

from collections.abc import Iterator

from shared.contracts.definition import Definition
from shared.programmes.rules.broken import Broken, Path
from shared.programmes.rules.calendar import calendar
from shared.programmes.rules.frameworks import frameworks
from shared.programmes.rules.outcomes import outcomes
from shared.programmes.rules.people import people
from shared.programmes.rules.visits import visits

__all__ = ["Broken", "Path", "broken_rules"]


def broken_rules(definition: Definition) -> Iterator[Broken]:
    """Yield every rule that the definition breaks; none: it can be published."""
    yield from calendar(definition)
    yield from people(definition)
    yield from visits(definition)
    yield from frameworks(definition)
    yield from outcomes(definition)
