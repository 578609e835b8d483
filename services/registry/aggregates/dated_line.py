"""A dated line: what somebody was or had since when, each until the next began.

Facts come late and in any order. One that is found on paper is put between those that are known;
what was said wrongly is said anew, the whole line, so that the record keeps both.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import TypeVar

from shared.domain.errors import Refusal

Value = TypeVar("Value")
Line = list[tuple[date, Value]]


class DatedTwice(Refusal):
    """Something begins once a day."""

    code = "DATED_TWICE"
    template = "Two begin on {since}."
    remedy_template = "Let one of them begin on another day."


class NothingOnTheLine(Refusal):
    """A line has a beginning."""

    code = "LINE_EMPTY"
    template = "Nothing would be left."
    remedy_template = "Say all that is right, from the first one on."


class SameAsBefore(Refusal):
    """A correction changes something."""

    code = "LINE_UNCHANGED"
    template = "That is what is on record."
    remedy_template = (
        "Say all that is right, from the first one on; it takes the place of the rest."
    )


def with_late(line: Sequence[tuple[date, Value]], since: date, value: Value) -> Line[Value]:
    """Return the line with something that became known late, where it belongs."""
    return sorted([*line, (since, value)], key=lambda one: one[0])


def value_on(line: Sequence[tuple[date, Value]], day: date) -> Value | None:
    """Return what held on a day; None: nothing yet."""
    return next((value for since, value in reversed(line) if since <= day), None)


def said_anew(
    line: Iterable[tuple[date, Value]], before: Sequence[tuple[date, Value]], *, field: str
) -> Line[Value]:
    """Return a line as it is said now, in order.

    Raises:
        NothingOnTheLine, DatedTwice, SameAsBefore: as they say.
    """
    told = sorted(line, key=lambda one: one[0])
    if not told:
        raise NothingOnTheLine(field)
    for (since, _), (following, _) in pairwise(told):
        if since == following:
            raise DatedTwice(field, since=since)
    if told == list(before):
        raise SameAsBefore(field)
    return told


def no_longer_begun(
    before: Iterable[tuple[date, Value]], after: Iterable[tuple[date, Value]]
) -> tuple[date, ...]:
    """Return the days on which something began and nothing does any more."""
    kept = {since for since, _ in after}
    return tuple(since for since, _ in before if since not in kept)
