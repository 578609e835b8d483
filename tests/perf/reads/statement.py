"""The page as one statement: what a bare route passes through, and pgbench asks."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.gateway.projections import COMPETENCY_PROGRESS, MENTEE
from services.gateway.read.below import below
from tests.perf.reads.country import id_of
from tests.perf.reads.page import BEHIND, LEAVES

_COLUMNS = {
    "technicalArea": "technical_area",
    "fiscalYear": "fiscal_year",
    "baselineRaw": "baseline_raw",
    "baselineMax": "baseline_max",
    "competencyCount": "competencies",
    "lastAssessedOn": "last_assessed_on",
    "assessedOn": "assessed_on",
    "validatedOn": "validated_on",
}


class _Written:
    """Writes what is bound into the text: the reader is always the same one."""

    def once(self, value: Any, type: str) -> str:
        """Return it as SQL has it."""
        said = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
        return f"'{{{said}}}'::{type}" if isinstance(value, tuple) else f"'{said}'::{type}"


def _shown(table: str, leaves: tuple[str, ...]) -> str:
    return ", ".join(f'{table}.{_COLUMNS.get(leaf, leaf)} AS "{leaf}"' for leaf in leaves)


def page() -> str:
    """Return a page of mentees as who may read the country sees it: `$1` rows of JSON, each with
    what the next page goes on after, which is `$2`; null: from the first one.
    """
    day = datetime.now(UTC).date()
    seen = below("m.org_unit_id", (id_of("country"),), day, _Written())
    return f"""
SELECT row_to_json(n)::text, concat(n.since, ' ', n.id)
  FROM (SELECT {_shown("m", LEAVES)},
               array(SELECT row_to_json(c)
                       FROM (SELECT {_shown("p", BEHIND)}
                               FROM "{COMPETENCY_PROGRESS.physical}" p
                              WHERE p.mentee_id = m.id ORDER BY p.competency LIMIT 1001) c
                    ) AS competencies
          FROM "{MENTEE.physical}" m
         WHERE m.since IS NOT NULL AND {seen}
           AND (m.since, m.id) > (coalesce(split_part($2::text, ' ', 1)::date, '-infinity'),
               coalesce(split_part($2::text, ' ', 2)::uuid, '{UUID(int=0)}'))
         ORDER BY m.since, m.id LIMIT $1::integer) n"""
