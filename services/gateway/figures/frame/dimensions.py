"""By what the rows of a figure are told apart: for each dimension, its key in SQL.

Rows are called `x`. Where they have a `person`, there are `human` and what is known of them; where
a dimension looks at units, `x.here` is the unit that the row counts at, `x.here_on` the day on
which that is looked at, and `x.groups` what it belongs to.
"""

from dataclasses import dataclass, replace

from services.gateway.figures.frame.asked import Asked, FigureBy
from services.gateway.figures.places import facility_on
from services.gateway.projections import GROUP, HEALTH_WORKER, ORG_UNIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One way of telling rows apart.

    Attributes:
        kind: dimensions of one kind add up to each other, as months do to quarters: two answers to
            a viewer are of different kinds.
        key: SQL of the code.
        label: SQL of what that is called.
        joins: what both need beside `x`.
        needs: the column that the figure's rows must have.
        placed: whether units are looked at.
    """

    kind: str
    key: str
    label: str = "NULL::text"
    joins: str = ""
    needs: str | None = None
    placed: bool = False


_HUMAN = f'LEFT JOIN "{HEALTH_WORKER.physical}" human ON human.id = x.person'
_AGE = "extract(year FROM x.seen_on) - human.birth_year"
_BAND = f"""CASE WHEN human.birth_year IS NULL THEN NULL WHEN {_AGE} < 25 THEN '<25'
  WHEN {_AGE} < 35 THEN '25-34' WHEN {_AGE} < 45 THEN '35-44' WHEN {_AGE} < 55 THEN '45-54'
  WHEN {_AGE} < 65 THEN '55-64' ELSE '65+' END"""
_FACILITY = facility_on("x.here", "x.here_on", "facility")
_UNIT = f'LEFT JOIN "{ORG_UNIT.physical}" unit ON unit.id = x.here'
_GROUP = f"""LEFT JOIN LATERAL (
  SELECT g.code, g.name FROM "{GROUP.physical}" g WHERE g.id = ANY (x.groups)) belongs ON true"""

# From the first of a month on, whatever day the year begins on.
_SHIFTED = "(x.day - {days})"
_YEAR = f"(extract(year FROM {_SHIFTED})::integer + {{later}})"
_QUARTER = f"(extract(month FROM {_SHIFTED})::integer + 12 - {{month}}) % 12 / 3 + 1"

ALONE: dict[FigureBy, Dimension] = {
    FigureBy.MONTH: Dimension(kind="time", key="to_char(x.day, 'YYYY-MM')"),
    FigureBy.QUARTER: Dimension(kind="time", key=f"{_YEAR} || '-Q' || {_QUARTER}"),
    FigureBy.FISCAL_YEAR: Dimension(kind="time", key=f"{_YEAR}::text"),
    FigureBy.PROGRAMME: Dimension(kind="programme", key="x.programme"),
    FigureBy.SEX: Dimension(kind="sex", key="human.sex", joins=_HUMAN, needs="worker"),
    FigureBy.AGE_BAND: Dimension(kind="age", key=_BAND, joins=_HUMAN, needs="worker"),
    FigureBy.CADRE: Dimension(kind="cadre", key="human.cadre", joins=_HUMAN, needs="worker"),
    FigureBy.LEVEL: Dimension(kind="unit", key="facility.level", joins=_FACILITY, placed=True),
    FigureBy.OWNERSHIP: Dimension(
        kind="unit", key="facility.ownership", joins=_FACILITY, placed=True
    ),
    FigureBy.GROUP: Dimension(
        kind="unit", key="belongs.code", label="belongs.name", joins=_GROUP, placed=True
    ),
    FigureBy.ORG_UNIT: Dimension(
        kind="unit", key="unit.code", label="unit.name", joins=_UNIT, placed=True
    ),
    FigureBy.AREA: Dimension(kind="area", key="x.area", needs="area"),
    FigureBy.ASSOCIATION: Dimension(kind="area", key="x.association", needs="association"),
    FigureBy.TECHNICAL_AREA: Dimension(kind="area", key="x.technical_area", needs="technical_area"),
    FigureBy.COMPETENCY: Dimension(kind="area", key="x.competency", needs="competency"),
    FigureBy.ITEM: Dimension(kind="area", key="x.competency || '/' || x.item", needs="item"),
    FigureBy.INDICATOR: Dimension(kind="indicator", key="x.indicator", needs="indicator"),
    FigureBy.MODE: Dimension(kind="mode", key="x.mode", needs="mode"),
    FigureBy.CAUSE: Dimension(kind="cause", key="x.cause", needs="cause"),
}


def dimension(by: FigureBy, asked: Asked) -> Dimension:
    """Return a dimension with what is asked for put into it."""
    one = ALONE[by]
    month, first = asked.year_starts
    shifted = _SHIFTED.format(days=first - 1)
    later = f"(CASE WHEN extract(month FROM {shifted}) >= {month} THEN 1 ELSE 0 END)"
    key = one.key.format(
        days=first - 1, month=month, later="0" if (month, first) == (1, 1) else later
    )
    if by is FigureBy.ORG_UNIT and asked.level is not None:
        return replace(one, key="x.above_code", label="x.above_name", joins="")
    return replace(one, key=key)
