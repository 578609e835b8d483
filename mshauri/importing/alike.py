"""Rows of one code, and rows whose codes are one code written in two ways."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mshauri.importing.errors import RowError, row_error, rows_that_have
from mshauri.importing.reading.text import code_alike, folded, without_point

Of = TypeVar("Of")


@dataclass(frozen=True, slots=True)
class Coded:
    """A row's code, and where its mistakes and warnings are noted."""

    row: int
    code: str
    errors: list[RowError]
    warnings: list[RowError]


def grouped(rows: Iterable[Of], key: Callable[[Of], Hashable]) -> list[list[Of]]:
    """Return the rows that have their key in common with another row."""
    groups: dict[Hashable, list[Of]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return [group for group in groups.values() if len(group) > 1]


def note_alike(rows: Sequence[Coded], heading: str) -> None:
    """Note in each row which others have its code, written in another way.

    A code in another case, or with `.0` behind it, is a mistake; one that only lacks leading zeros
    may be another code after all, and is a warning.
    """
    for alike in grouped(rows, lambda one: code_alike(one.code)):
        for one in alike:
            others = [other for other in alike if other.code != one.code]
            if not others:
                continue
            have = rows_that_have(sorted({other.row for other in others}))
            certain = any(is_written_otherwise(one.code, other.code) for other in others)
            (one.errors if certain else one.warnings).append(
                row_error("CODE_ALIKE", one.row, heading, one.code, others=have)
            )


def is_written_otherwise(code: str, other: str) -> bool:
    """Say whether two codes are one, in another case or taken for a number."""
    return without_point(folded(code)) == without_point(folded(other))
