"""A deviation: what was recorded although it departs from a rule of its programme."""

from typing import Annotated

from msgspec import Meta, Struct

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
    """

    rule: ConductRule
    counts: bool = False
    params: tuple[DeviationValue, ...] = ()


Deviations = Annotated[
    tuple[Deviation, ...], Meta(max_length=100, description="What it departs from, a rule each.")
]


def all_count(deviations: tuple[Deviation, ...]) -> bool:
    """Say whether a record with these deviations counts, for whomever it counts."""
    return all(each.counts or each.rule in OF_SOMEBODY for each in deviations)
