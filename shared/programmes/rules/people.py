"""Rules of the people: how many care for how many, how they are chosen, trained, matched, told."""

from collections.abc import Iterator

import msgspec

from shared.contracts.definition import Definition, Gate
from shared.programmes.rules.broken import Broken, missing, repeated


def people(definition: Definition) -> Iterator[Broken]:
    """Yield what is wrong with what the programme asks of its people."""
    yield from _ratio(definition)
    yield from repeated(("languages",), definition.languages)
    yield from repeated(("selection",), (one.code for one in definition.selection), "code")
    if Gate.TRAINING in definition.gates and definition.training is None:
        yield missing(
            ("gates", definition.gates.index(Gate.TRAINING)), "The gate TRAINING", "training"
        )
    if definition.training:
        yield from repeated(("training", "topics"), definition.training.topics)
    if definition.disengagement:
        yield from repeated(("disengagement", "notify"), definition.disengagement.notify)
    if not any(msgspec.structs.astuple(definition.matching.weights)):
        yield (
            ("matching", "weights"),
            "Nothing counts: every weight is 0",
            "Give at least one of them more than 0, or leave `weights` out.",
        )


def _ratio(definition: Definition) -> Iterator[Broken]:
    ratio, areas = definition.ratio, len(definition.areas)
    for name, (least, most) in (("mentors", ratio.team), ("mentees", ratio.mentees)):
        if least > most:
            yield (
                ("ratio", name),
                f"The least, {least}, is more than the most, {most}",
                "Give the least first: [least, most].",
            )
    if ratio.one_of_each_area and ratio.team != (areas, areas):
        yield (
            ("ratio", "mentors"),
            f"One mentor of each of {areas} areas does not make a team of {ratio.mentors}",
            "Make `mentors` the number of areas, or set `oneOfEachArea` to false.",
        )
