"""Of every field of every command: what nothing could hold is refused, and the field is named."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

import services.gateway.graphql.schema  # noqa: F401 - imports every contract
from shared.contracts.base import commands
from shared.deciding.values import LONGEST, MOST, UnfitValue, must_hold
from tests.support.extremes import leaves, noted

CONTROLS = ("a\x00b", "a\x1bb", "a\x7fb", "a\x85b")
LINES = ("line\n", "tab\tbed", "carriage\r\nreturn", "a\u2028b")
BLANKS = (" ", "\u00a0 \u3000", "\u200b", "\ufeff", "\u2060\u00ad", "\u3164")


def unfit(kind: Any, notes: list[Any]) -> Iterator[Any]:
    """Yield values that have the shape, and that nothing could hold."""
    if kind is str:
        yield from CONTROLS
        yield from () if noted(notes, "lines") else LINES
        yield from BLANKS
        yield "x" * (noted(notes, "max_length", LONGEST) + 1)
    elif kind is int:
        yield noted(notes, "most", MOST) + 1
    elif kind is Decimal:
        yield from ("NaN", "-Infinity", "1E+140000", "1_000", "٥", "1e400", "0.1234567", "9" * 13)
    elif kind in (date, datetime):
        yield from ("0001-01-01T00:00:00Z", "1899-12-31", "3000-01-01", "9999-12-31T23:59:59Z")


FIELDS = [(name, path, *leaf, put) for name, c in commands.items() for path, leaf, put in leaves(c)]


@pytest.mark.parametrize("name", sorted(commands))
def test_every_value_that_nothing_could_hold_is_refused_by_its_field(name: str) -> None:
    seen = 0
    for command, path, kind, notes, put in FIELDS:
        if command != name or (kind is str and path == "after.0"):
            continue
        for value in unfit(kind, notes):
            with pytest.raises(UnfitValue) as refused:
                must_hold(commands[command], put(value))
            assert refused.value.field == path, value
            seen += 1
    assert seen, "a command has a day, at the least"


@pytest.mark.parametrize(
    "fine",
    [
        "Ntarama",
        "N'Djamena",
        "Nyirahabimana-Uwase",
        "Ünal",
        "ኢትዮጵያ",
        "محمد",
        "ა",
        "👩🏾‍⚕️",
        "a\u200db",
    ],
)
def test_names_of_every_script_may_be_said(fine: str) -> None:
    must_hold(commands["orgUnitEstablish"], {"name": fine})


def test_a_long_text_has_lines() -> None:
    must_hold(commands["journalWrite"], {"text": "First.\r\n\tSecond.\n"})
