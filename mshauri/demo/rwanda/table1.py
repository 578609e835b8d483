"""The brief's Table 1, as printed, and how it compares with what the API counts.

Numerators and denominators are compared, never percentages: the table's own percentages are
rounded, and one of them is misprinted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

YEARS = (2019, 2020, 2021)
AREAS = {"RPA": "PAEDIATRICS", "RAM": "MIDWIFERY", "RSOG": "OBSTETRICS"}
"""The associations in the table's order, and the area each one mentors in."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Mentees of an association in a year, and how many of them were validated."""

    mentees: int
    validated: int

    @property
    def percent(self) -> Fraction:
        """The exact percentage."""
        return Fraction(100 * self.validated, self.mentees) if self.mentees else Fraction(0)


@dataclass(frozen=True, slots=True)
class Printed:
    """A cell as the brief prints it."""

    cell: Cell
    percent: int


Key = tuple[str, int]

PRINTED: Mapping[Key, Printed] = {
    ("RPA", 2019): Printed(Cell(137, 80), 58),
    ("RPA", 2020): Printed(Cell(84, 71), 85),
    ("RPA", 2021): Printed(Cell(201, 174), 87),
    ("RAM", 2019): Printed(Cell(155, 143), 92),
    ("RAM", 2020): Printed(Cell(139, 124), 89),
    ("RAM", 2021): Printed(Cell(266, 79), 27),
    ("RSOG", 2019): Printed(Cell(85, 47), 55),
    ("RSOG", 2020): Printed(Cell(73, 39), 53),
    ("RSOG", 2021): Printed(Cell(130, 70), 54),
}


def differing(counted: Mapping[Key, Cell]) -> list[Key]:
    """Return the cells whose counts are not the printed ones."""
    return [key for key, printed in PRINTED.items() if counted.get(key) != printed.cell]


def notes() -> list[str]:
    """Return what a reader of the printed percentages must know."""
    said = []
    for (association, year), printed in PRINTED.items():
        cell, exact = printed.cell, printed.cell.percent
        counts = f"{association} FY{year % 100}: {cell.validated} of {cell.mentees}"
        if round(exact) != printed.percent:
            said.append(
                f"{counts} is {float(exact):.1f} %; the printed {printed.percent} % is a misprint."
            )
        elif exact < 85 <= printed.percent:
            said.append(
                f"{counts} is {float(exact):.2f} %, printed as {printed.percent} %: "
                "below 85 until it is rounded. Compare first, round last."
            )
    return said
