"""The brief's Table 2, as printed: fiscal year 2021 at the health centres, by technical area.

Its columns count within each technical area. A nurse who is mentored in two of them stands in both,
so the columns do not add up to people.
"""

from collections.abc import Mapping
from dataclasses import dataclass

YEAR = 2021


@dataclass(frozen=True, slots=True)
class Line:
    """Mentors, mentees reached, and those validated in at least one competency."""

    mentors: int
    mentees: int
    validated: int


PRINTED: Mapping[str, tuple[Line, int]] = {
    "MNH": (Line(183, 1008, 739), 73),
    "IMCI": (Line(164, 2392, 1277), 53),
    "FP": (Line(214, 1239, 1007), 81),
    "NEONATAL": (Line(173, 2057, 1057), 51),
}
"""Each line, and the percentage printed beside it."""


def differing(counted: Mapping[str, Line]) -> list[str]:
    """Return the technical areas whose counts are not the printed ones."""
    return [area for area, (printed, _) in PRINTED.items() if counted.get(area) != printed]
