"""The cascade: whose validations give the right to mentor which tier below. A pure function."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeAlias

from msgspec import Struct

from services.validation.aggregates.proof import Proof
from shared.contracts.definition import CascadeStep

Right: TypeAlias = tuple[str, str]
"""The right to mentor: in the programme of that code, in that area."""


class Held(Struct, frozen=True, kw_only=True):
    """A right to mentor as it was told last: since when, and by which validations."""

    right: Right
    since: date
    because: tuple[str, ...]


def rights_given(
    steps: Iterable[CascadeStep], area: str, proofs: Mapping[str, Proof], competencies: int
) -> dict[Right, tuple[str, ...]]:
    """Return the rights that a mentee's validations give them, each with those it rests on.

    A step counts the validations whose best score is at least its `least_percent`, exactly, so
    that one more validation, however poor, never takes a right away.

    Args:
        area: the mentee's own.
        proofs: what they are validated on, of the area's `competencies`.
    """
    due = rights_due(steps, area, proofs, competencies)
    return {right: because for right, (because, _) in due.items()}


def rights_due(
    steps: Iterable[CascadeStep], area: str, proofs: Mapping[str, Proof], competencies: int
) -> dict[Right, tuple[tuple[str, ...], date]]:
    """Return the same, each also with the day since which it is due, whatever came late."""
    due: dict[Right, tuple[tuple[str, ...], date]] = {}
    for step in steps:
        if step.areas and area not in step.areas:
            continue
        since = {
            code: day
            for code, proof in proofs.items()
            if (day := proof.first_with(step.least_percent)) is not None
        }
        least = competencies if step.validated == "all" else step.validated
        if len(since) >= least and since:
            # It rests on those that gave it: the first, by their days.
            first = sorted(since, key=lambda code: (since[code], code))[:least]
            because = tuple(code for code in since if code in first)
            due.setdefault((step.programme, step.area), (because, since[first[-1]]))
    return due
