"""Small cells: counts so low that they would tell of somebody, hidden before figures leave.

The rule is cell suppression, with a threshold, as statistical offices publish tables of counts
(L. H. Cox, "Suppression Methodology and Statistical Disclosure Control", Journal of the American
Statistical Association 75, 1980; A. Hundepool and others, "Statistical Disclosure Control", Wiley
2012, chapters 4 and 5):

- *Primary*: a count from 1 to below `least` is hidden. So is one whose difference from another
  that it is part of is as low: 9 of 10 validated tell of the one who was not. A zero tells of
  nobody, and stays.
- *Secondary*: what is hidden of the rows of a total could be had by subtraction, so the smallest
  others are hidden with it, until all that is hidden together is no small count itself. Where that
  takes all of them, the total was small too, and is hidden. What adds up to a hidden count is
  hidden with it.

Thus of all that can be had from an answer by adding and subtracting its counts, none is a small
one: hidden rows are known only together. What it does not keep from being narrowed down is how
large a hidden count may be (the interval that its total and its neighbours leave to it), nor what
comes of answers to several questions side by side (`viewers` refuses those of one operation).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """A count that every row of a figure has.

    Attributes:
        within: the counts that it is part of: what is left of them without it is a count, too.
        shows: what is told only where it is: values worked out over those counted, and counts that
            are what is left.
    """

    name: str
    within: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()


def hide(
    least: int, measures: Sequence[Measure], total: Row | None, *groupings: Sequence[Row]
) -> None:
    """Hide the small cells of a total and of the rows it is the sum of, by each grouping.

    What is hidden becomes None, and `suppressed` says of each row whether anything is.

    Args:
        least: the lowest count that is shown; 0 hides nothing.
        total: of all rows of any grouping; where it is hidden itself, they all are. None: rows have
            none, and are no part of anything.
        groupings: rows that the total is the sum of, each time; those left out of a list that was
            cut are known as what is left of the total.
    """
    found = [_hidden(least, measures, total, rows) for rows in groupings]
    for hidden, rows in zip(found, groupings, strict=True):
        for row, names in zip(rows, hidden, strict=True):
            _blank(row, names, measures)
    if total is not None:
        _blank(total, _small(least, measures, total), measures)


def hide_overlapping(
    least: int, measures: Sequence[Measure], total: Row, rows: Sequence[Row]
) -> None:
    """Hide also what would tell of few by what all have without it, where the same people may be in
    several rows: 12 were trained, 9 of them in one course, so 3 were in others alone.
    """
    for measure in measures:
        if total[measure.name] is None:
            continue
        for row in rows:
            if row[measure.name] is not None and _few_elsewhere(least, measure, total, row):
                for column in _columns({measure.name}, measures):
                    row[column] = None
                row["suppressed"] = True


def _few_elsewhere(least: int, measure: Measure, total: Row, row: Row) -> bool:
    whole = [name for name in measure.within if None not in (total[name], row[name])]
    without = {name: total[name] - row[name] for name in (measure.name, *whole)}
    elsewhere = without.pop(measure.name)
    return any(0 < n < least for n in (elsewhere, *(n - elsewhere for n in without.values())))


def _hidden(
    least: int, measures: Sequence[Measure], total: Row | None, rows: Sequence[Row]
) -> list[set[str]]:
    """Return what is hidden of each row."""
    hidden = [_small(least, measures, row) for row in rows]
    if total is None or not least:
        return hidden
    rest = {measure.name: _left(total, rows, measure.name) for measure in measures}
    cells, hidden = [*rows, rest], [*hidden, _small(least, measures, rest)]
    of_total = _small(least, measures, total)
    for measure in measures:
        if total[measure.name] is None:
            for names in hidden:
                names.add(measure.name)
        elif measure.name not in of_total:
            _complement(least, measure, cells, hidden)
    return hidden[:-1]


def _complement(
    least: int, measure: Measure, cells: Sequence[Row], hidden: Sequence[set[str]]
) -> None:
    """Hide more of one measure, until what is hidden of it together is not small.

    The last of the cells is what no row shows: it goes first, for to hide it takes nothing from
    anybody; else the cell goes that adds the least.
    """
    parts = [_parts(measure, cell) for cell in cells]
    of_hidden = [part for part, names in zip(parts, hidden, strict=True) if measure.name in names]
    together = [sum(part) for part in zip(*of_hidden, strict=True)]
    while (few := next((i for i, n in enumerate(together) if 0 < n < least), None)) is not None:
        others = [
            (place != len(cells) - 1, parts[place][few], place)
            for place, names in enumerate(hidden)
            if measure.name not in names and parts[place][few] > 0
        ]
        if not others:
            return
        place = min(others)[-1]
        hidden[place].add(measure.name)
        together = [n + more for n, more in zip(together, parts[place], strict=True)]


def _small(least: int, measures: Iterable[Measure], row: Row) -> set[str]:
    """Return the measures of a row that tell of few, or that are hidden already."""
    return {
        measure.name
        for measure in measures
        if row[measure.name] is None or any(0 < n < least for n in _parts(measure, row))
    }


def _parts(measure: Measure, row: Row) -> tuple[int, ...]:
    """Return a count, and what is left without it of each that it is part of and that is shown."""
    count = row[measure.name]
    return (count, *(row[name] - count for name in measure.within if row[name] is not None))


def _left(total: Row, rows: Sequence[Row], name: str) -> int:
    # People who are counted in several rows are fewer than the sum of them.
    left: int = (total[name] or 0) - sum(row[name] for row in rows)
    return max(0, left)


def _blank(row: Row, names: set[str], measures: Iterable[Measure]) -> None:
    row["suppressed"] = bool(names)
    for column in _columns(names, measures):
        row[column] = None


def _columns(names: set[str], measures: Iterable[Measure]) -> Iterator[str]:
    for measure in measures:
        if measure.name in names:
            yield measure.name
            yield from measure.shows
