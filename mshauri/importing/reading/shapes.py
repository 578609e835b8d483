"""What a line is by the look of it: a total of others, or a note beside the list."""

import re
from collections.abc import Sequence
from functools import lru_cache

from mshauri.importing.reading.text import folded

_TOTAL = re.compile(
    r"(grand|sub|overall)?[ -]*(totals?|sum|somme|jumla|igiteranyo|soma)"
    r"( général| general| kuu| geral)?( (number )?(of )?(all )?(facilities|units|rows|records))?"
    r"[ :=]*[\d., ]*"
)
_ZERO = re.compile(r"0+([.,]0+)?")
_NUMBER = re.compile(r"[-+−]?\d[\d.,  ]*%?")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


@lru_cache(maxsize=50_000)
def is_a_sum(cell: str) -> bool:
    """Say whether a code or a name is of a row that counts the others, or a nought."""
    return bool(_ZERO.fullmatch(cell) or _TOTAL.fullmatch(folded(cell)))


def is_a_number(cell: str) -> bool:
    """Say whether a cell holds digits as a person groups them, and nothing else."""
    return bool(_NUMBER.fullmatch(cell))


def is_a_total(said: Sequence[str]) -> bool:
    """Say whether what a line says is a word for a total and numbers alone."""
    words = [cell for cell in said if not is_a_number(cell)]
    return len(words) == 1 and bool(_TOTAL.fullmatch(folded(words[0])))


def is_a_note(cell: str) -> bool:
    """Say whether the only cell of a line is a sentence or a heading, and no code."""
    return not _CODE.fullmatch(cell) and not is_a_number(cell)
