"""An indicator's change from baseline, by the formula that it names; exact, never rounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from shared.contracts.definition.assessment import Formula


@dataclass(frozen=True, slots=True)
class Change:
    """How much an indicator changed.

    Attributes:
        n: the people the value is worked out over.
        undefined: the people measured twice who have no change by this formula: what began at
            zero grew by no share of it.
        value: a share of the baseline (0.65 for +65 %), or points for a difference; None: nobody
            has a change.
    """

    n: int
    undefined: int
    value: Fraction | None


def change(formula: Formula, pairs: Sequence[tuple[int, int]]) -> Change:
    """Return the change over people scored twice: each pair is a baseline and the last score."""
    match formula:
        case Formula.CHANGE_OF_MEANS:
            return _of_means(pairs)
        case Formula.MEAN_OF_CHANGES:
            return _of_each([(first, last) for first, last in pairs if first], len(pairs))
        case Formula.DIFFERENCE:
            return _difference(pairs)


def _of_means(pairs: Sequence[tuple[int, int]]) -> Change:
    # The means have one denominator, so their ratio is that of the sums.
    first, last = _sums(pairs)
    if first == 0:
        return Change(n=0, undefined=len(pairs), value=None)
    return Change(n=len(pairs), undefined=0, value=Fraction(last - first, first))


def _of_each(defined: Sequence[tuple[int, int]], measured: int) -> Change:
    n = len(defined)
    changes = sum((Fraction(last - first, first) for first, last in defined), Fraction())
    return Change(n=n, undefined=measured - n, value=changes / n if n else None)


def _difference(pairs: Sequence[tuple[int, int]]) -> Change:
    first, last = _sums(pairs)
    n = len(pairs)
    return Change(n=n, undefined=0, value=Fraction(last - first, n) if n else None)


def _sums(pairs: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(first for first, _ in pairs), sum(last for _, last in pairs)
