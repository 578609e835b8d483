"""A deviation: what was recorded although it departs from a rule of its programme."""

from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import Text, later
from shared.contracts.definition.conduct import OF_SOMEBODY, ConductRule


class DeviationValue(Struct, frozen=True, kw_only=True, rename="camel"):
    """A value in a rule's sentence, by its name there: `least` is 60."""

    name: str
    value: int | str


class Deviation(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A rule of the programme's version that a record departs from; the event's reason says why.

    Attributes:
        rule: the rule, by its code.
        counts: whether the record counts in spite of it, as the version had set.
        params: the values of the rule's sentence, to say it in any language.
        waived_by: the office that waived the rule for this record, if one did.
    """

    rule: ConductRule
    counts: bool = False
    params: tuple[DeviationValue, ...] = ()
    waived_by: Text | None = None


Deviations = Annotated[
    tuple[Deviation, ...], Meta(max_length=100, description="What it departs from, a rule each.")
]


class Waiver(Struct, frozen=True, kw_only=True, rename="camel"):
    """A programme's rule is waived for one record: it is recorded with its deviation, and counts.

    The command's `reason` says why.

    Attributes:
        approved_by: the office that waived it.
    """

    rule: ConductRule
    approved_by: Text


Waivers = Annotated[
    tuple[Waiver, ...], Meta(max_length=20, description="Rules that an office waived for it.")
]
LaterWaivers = Annotated[Waivers, later("Rules that an office waived for it; `reason` says why.")]


def all_count(deviations: tuple[Deviation, ...]) -> bool:
    """Say whether a record with these deviations counts, for whomever it counts."""
    return all(each.counts or each.rule in OF_SOMEBODY for each in deviations)
