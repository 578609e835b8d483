"""The validation table, counted: cells by SQL, rows by what the cells stand for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from services.gateway.figures.places import Places, places_of
from services.gateway.figures.scoped import counted
from services.gateway.graphql.types.validation_table import (
    HierarchyView,
    ValidationCount,
    ValidationRow,
    ValidationTable,
    ValidationTableBy,
)
from services.gateway.projections import (
    MENTEE,
    MENTOR,
    MENTORSHIP,
    MENTORSHIP_MENTEE,
    MENTORSHIP_PARTY,
    PROGRAMME_VERSION,
    VALIDATION_FACT,
)
from services.gateway.read.loader import Reader
from services.gateway.read.scope import Hierarchy
from services.gateway.read.sql import Statement
from shared.access.grants import Read


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What table is asked for.

    Attributes:
        fiscal_year: None: every year.
        as_of: what was so on that day; None: what is so now, by all that is recorded.
        level: the kind of org unit that rows are rolled up to; None: the unit itself.
    """

    programme: str
    by: ValidationTableBy
    fiscal_year: int | None = None
    as_of: date | None = None
    hierarchy: HierarchyView = HierarchyView.AS_WAS
    level: str | None = None


_MENTEES = """
SELECT t.id, t.area, t.{column}::text AS cell, {day} AS day,
       {validated} AS validated, {fully} AS fully_validated
  FROM "{mentee}" t{proved}
 WHERE t.programme = {programme} AND t.since IS NOT NULL
   AND t.status IS DISTINCT FROM 'SET_ASIDE'{narrowed} AND {scope}
"""

_PROVED = """
 CROSS JOIN LATERAL (
   SELECT count(*) AS validated FROM (
     SELECT DISTINCT ON (f.competency) f.counts
       FROM "{fact}" f WHERE f.mentee_id = t.id AND f.day <= {as_of}
      ORDER BY f.competency, f.day DESC, f.record_version DESC) last
    WHERE last.counts) v
"""

_COUNTS = """
SELECT cell, day, count(*)::integer AS mentees,
       count(*) FILTER (WHERE validated)::integer AS validated,
       count(*) FILTER (WHERE fully_validated)::integer AS fully_validated
  FROM ({mentees}) counted GROUP BY 1, 2
"""

_MENTORS = """
SELECT DISTINCT counted.cell, counted.day, p.health_worker_id AS mentor
  FROM ({mentees}) counted
  JOIN "{care}" c ON c.mentee_id = counted.id
  JOIN "{mentorship}" s ON s.id = c.mentorship_id AND s.agreed_on IS NOT NULL
  JOIN "{party}" p ON p.mentorship_id = s.id AND p.side = 'MENTOR' AND p.signed_on <= {until}
  JOIN "{mentor}" r ON r.id = p.mentor_id AND r.area = counted.area
   AND r.certified_on <= {until}
"""

_ASSOCIATIONS = """
SELECT area ->> 'association' AS code, area ->> 'associationName' AS name
  FROM "{version}" v, jsonb_array_elements(v.definition -> 'areas') area
 WHERE v.programme = $1
 ORDER BY v.version
"""


@dataclass(slots=True)
class Cells:
    """What is counted of one row, and of all rows together."""

    mentees: int = 0
    validated: int = 0
    fully_validated: int = 0
    mentors: set[UUID] = field(default_factory=set)

    def add(self, record: Any) -> None:
        """Count a cell in."""
        self.mentees += record["mentees"]
        self.validated += record["validated"]
        self.fully_validated += record["fully_validated"]

    @property
    def counts(self) -> dict[str, int]:
        """What is shown of it."""
        return {
            "mentees": self.mentees,
            "validated": self.validated,
            "fully_validated": self.fully_validated,
            "mentors": len(self.mentors),
        }


Name = tuple[str | None, str | None]
"""A row's key, and what that is called."""


async def validation_table(
    reader: Reader, hierarchy: Hierarchy, asked: Asked, today: date
) -> ValidationTable:
    """Count the mentees in the reader's scope."""
    cells = await _fetch(reader, asked, _COUNTS)
    mentors = await _fetch(reader, asked, _MENTORS, until=asked.as_of or today)
    name = await _naming(reader, hierarchy, asked, cells, today)
    rows: dict[Name, Cells] = {}
    total = Cells()
    for record in cells:
        rows.setdefault(name(record), Cells()).add(record)
        total.add(record)
    for record in mentors:
        rows[name(record)].mentors.add(record["mentor"])
        total.mentors.add(record["mentor"])
    return ValidationTable(
        rows=[
            ValidationRow(key=key, label=label, **rows[key, label].counts)
            for key, label in sorted(rows, key=_nulls_last)
        ],
        total=ValidationCount(**total.counts),
    )


async def _fetch(reader: Reader, asked: Asked, text: str, until: date | None = None) -> list[Any]:
    s = Statement()
    mentees = _mentees(reader, asked, s)
    bound = {} if until is None else {"until": s.bind(until, "date")}
    statement = text.format(
        mentees=mentees,
        care=MENTORSHIP_MENTEE.physical,
        mentorship=MENTORSHIP.physical,
        party=MENTORSHIP_PARTY.physical,
        mentor=MENTOR.physical,
        **bound,
    )
    return await reader.fetch(statement, *s.binds)


def _mentees(reader: Reader, asked: Asked, s: Statement) -> str:
    narrowed, proved = "", ""
    validated, fully = "t.first_validated_on IS NOT NULL", "t.fully_validated_on IS NOT NULL"
    if asked.fiscal_year is not None:
        narrowed += f" AND t.fiscal_year = {s.bind(asked.fiscal_year, 'integer')}"
    if asked.as_of is not None:
        as_of = s.bind(asked.as_of, "date")
        narrowed += f" AND t.since <= {as_of}"
        proved = _PROVED.format(fact=VALIDATION_FACT.physical, as_of=as_of)
        validated, fully = "v.validated > 0", "COALESCE(v.validated >= t.competencies, false)"
    return _MENTEES.format(
        column=asked.by.value,
        # Where a unit stood is asked day by day; nothing else depends on the day.
        day="t.since" if asked.by is ValidationTableBy.ORG_UNIT else "NULL::date",
        validated=validated,
        fully=fully,
        mentee=MENTEE.physical,
        proved=proved,
        programme=s.bind(asked.programme, "text"),
        narrowed=narrowed,
        scope=counted("Mentee", reader, s, "t"),
    )


async def _naming(
    reader: Reader, hierarchy: Hierarchy, asked: Asked, cells: list[Any], today: date
) -> Callable[[Any], Name]:
    """Return what says which row a cell belongs to."""
    if asked.by is ValidationTableBy.ORG_UNIT:
        facts = {(UUID(record["cell"]), record["day"]) for record in cells}
        places = await places_of(reader, hierarchy, facts, today)
        return lambda record: _unit_name(places, asked, UUID(record["cell"]), record["day"])
    names: dict[str, str] = {}
    if asked.by is ValidationTableBy.ASSOCIATION and reader.scopes[Read.CATALOGUE].parts:
        names = await _association_names(reader, asked.programme)
    return lambda record: (record["cell"], names.get(record["cell"]))


def _unit_name(places: Places, asked: Asked, unit: UUID, on: date) -> Name:
    as_is = asked.hierarchy is HierarchyView.AS_IS
    place = places.place(unit, on, as_is=as_is, level=asked.level)
    known = None if place is None else places.units.get(place)
    return (None, None) if known is None else (known.code, known.name)


async def _association_names(reader: Reader, programme: str) -> dict[str, str]:
    text = _ASSOCIATIONS.format(version=PROGRAMME_VERSION.physical)
    # Later versions overwrite the names of earlier ones.
    return {row["code"]: row["name"] for row in await reader.fetch(text, programme) if row["name"]}


def _nulls_last(name: Name) -> tuple[bool, str]:
    key, _ = name
    return key is None, key or ""
