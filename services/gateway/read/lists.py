"""How long a list may be that is no page, and how it is told that there was more.

A list that nobody asked for by number is as long as life made it: the members of a group, the
attempts of a mentee. It is read up to a limit, and is a `Cut` where that was not all; whoever
writes the answer says so under `extensions.cut`, by the list's path. All of it is had by pages.
"""

from typing import Any

LISTED = 1_000
"""Rows of one list. The longest of a programme's are a mentee's attempts: some sixty."""

LISTED_TOGETHER = 10_000
"""Rows of the lists of one kind behind all rows of a page, together: a hundred of each."""


class Cut(list[Any]):
    """A list that there is more of; its length is the limit it was cut at."""


def cut_at(rows: list[Any], most: int) -> list[Any]:
    """Return up to so many of the rows, and say whether these are all."""
    return Cut(rows[:most]) if len(rows) > most else rows
