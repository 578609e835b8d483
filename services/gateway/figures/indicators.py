"""The indicator report, worked out."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import msgspec

from services.gateway.figures.scoped import counted
from services.gateway.figures.small_cells import Measure, hide
from services.gateway.graphql.types.indicator_report import IndicatorAverage, IndicatorChange
from services.gateway.projections import INDICATOR_SCORE, MENTEE, PROGRAMME_VERSION
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read
from shared.contracts.definition.assessment import Formula, Indicator
from shared.programmes.change import change

_PAIRS = """
SELECT b.indicator, b.score AS first, l.score AS last
  FROM "{mentee}" t
  JOIN "{score}" b ON b.mentee_id = t.id AND b.occasion = 'BASELINE' AND b.voided_on IS NULL
 CROSS JOIN LATERAL (
   SELECT s.score FROM "{score}" s
    WHERE s.mentee_id = t.id AND s.indicator = b.indicator AND s.occasion = 'FOLLOW_UP'
      AND s.voided_on IS NULL
    ORDER BY s.scored_on DESC, s.round DESC LIMIT 1) l
 WHERE t.programme = {programme} AND t.since IS NOT NULL
   AND t.status IS DISTINCT FROM 'SET_ASIDE'{narrowed} AND {scope}
"""

_INDICATORS = """
SELECT v.definition -> 'indicators' AS indicators
  FROM "{version}" v WHERE v.programme = $1 ORDER BY v.version DESC LIMIT 1
"""

_MEASURES = (
    Measure("measured", shows=("baseline_mean", "last_mean")),
    Measure("n", within=("measured",), shows=("undefined", "change")),
)

Pairs = list[tuple[int, int]]
"""A baseline and the last score, of each mentee who has both."""


async def indicator_report(
    reader: Reader, programme: str, cohort: UUID | None, least: int
) -> list[IndicatorChange]:
    """Work out every indicator of the programme's newest version, over the reader's scope.

    Args:
        least: the lowest count that is shown.
    """
    if not reader.scopes[Read.CATALOGUE].parts:
        return []
    indicators = await _indicators(reader, programme)
    pairs = await _pairs(reader, programme, cohort)
    return [worked_out(each, pairs[each.code], least) for each in indicators]


def averaged(changes: Sequence[IndicatorChange]) -> IndicatorAverage:
    """Return what the lines of a report come to on average."""
    known = [one.change for one in changes if one.change is not None]
    points = {one.formula is Formula.DIFFERENCE for one in changes}
    whole = changes and len(known) == len(changes) and len(points) == 1
    return IndicatorAverage(
        indicators=len(changes), change=sum(known, Decimal(0)) / len(known) if whole else None
    )


def worked_out(indicator: Indicator, pairs: Pairs, least: int = 0) -> IndicatorChange:
    """Return the line of one indicator."""
    changed = change(indicator.formula, pairs)
    counts: dict[str, Any] = {
        "measured": len(pairs),
        "n": changed.n,
        "undefined": changed.undefined,
        "baseline_mean": _mean([first for first, _ in pairs]),
        "last_mean": _mean([last for _, last in pairs]),
        "change": None if changed.value is None else _decimal(changed.value),
    }
    hide(least, _MEASURES, None, [counts])
    return IndicatorChange(
        indicator=indicator.code,
        name=indicator.name,
        formula=indicator.formula,
        decimals=indicator.decimals,
        **counts,
    )


def _mean(scores: list[int]) -> Decimal | None:
    return _decimal(Fraction(sum(scores), len(scores))) if scores else None


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


async def _indicators(reader: Reader, programme: str) -> tuple[Indicator, ...]:
    text = _INDICATORS.format(version=PROGRAMME_VERSION.physical)
    for row in await reader.fetch(text, programme):
        if row["indicators"] is not None:
            return msgspec.json.decode(row["indicators"], type=tuple[Indicator, ...])
    return ()


async def _pairs(reader: Reader, programme: str, cohort: UUID | None) -> dict[str, Pairs]:
    s = Statement()
    text = _PAIRS.format(
        mentee=MENTEE.physical,
        score=INDICATOR_SCORE.physical,
        programme=s.bind(programme, "text"),
        narrowed="" if cohort is None else f" AND t.cohort_id = {s.bind(cohort, 'uuid')}",
        scope=counted("Mentee", reader, s, "t"),
    )
    pairs: dict[str, Pairs] = defaultdict(list)
    record: Any
    for record in await reader.fetch(text, *s.binds):
        pairs[record["indicator"]].append((record["first"], record["last"]))
    return pairs
