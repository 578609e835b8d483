"""The cascade: whose validations give the right to mentor which tier below. A pure function."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from services.validation.aggregates.proof import Proof
from shared.contracts.definition import CascadeStep

Right: TypeAlias = tuple[str, str]
"""The right to mentor: in the programme of that code, in that area."""


def rights_given(
    steps: Iterable[CascadeStep], area: str, proofs: Mapping[str, Proof], competencies: int
) -> dict[Right, tuple[str, ...]]:
    """Return the rights that a mentee's validations give them, each with those it rests on.

    A step counts the validations whose score is at least its `least_percent`, exactly, so that
    one more validation, however poor, never takes a right away.

    Args:
        area: the mentee's own.
        proofs: what they are validated on, of the area's `competencies`.
    """
    earned: dict[Right, tuple[str, ...]] = {}
    for step in steps:
        if step.areas and area not in step.areas:
            continue
        because = tuple(
            code
            for code, proof in proofs.items()
            if proof.raw * 100 >= step.least_percent * proof.max
        )
        if len(because) >= (competencies if step.validated == "all" else step.validated):
            earned.setdefault((step.programme, step.area), because)
    return earned
