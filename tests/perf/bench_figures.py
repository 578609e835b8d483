"""How long every figure takes over a country, and over a district of it.

    python -m tests.perf.bench_figures [figure …]

12,331 units (a country, 30 districts, 300 sectors, 12,000 facilities) in nine clusters, 50,000
people, 43,000 mentees, 200,000 sessions of two mentees, 50,000 contacts, 120,000 attempts at ten
items over four years. Each is the median of three, in milliseconds, planned anew each time as the
gateway has it.
"""

import asyncio
import statistics
import sys
import time
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

import services.gateway.graphql.schema
from services.gateway.figures.frame.asked import Asked, FigureBy
from services.gateway.figures.frame.declared import DECLARED, Figure
from services.gateway.figures.frame.dimensions import ALONE
from services.gateway.figures.frame.statement import statement
from services.gateway.projections import PROJECTIONS, TABLES
from services.gateway.read.pool import FIGURES
from services.gateway.read.scope import Part, Scope
from shared.projection.schema import ensure
from tests.support.servers import a_postgres

assert services.gateway.graphql.schema, "it declares every figure"

TODAY = date(2024, 6, 1)
TIMES = 3

_HELP = """
CREATE FUNCTION unit(g bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
  $$ SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(g), 12, '0'))::uuid $$;
CREATE FUNCTION one(kind text, g bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
  $$ SELECT md5(kind || g)::uuid $$
"""
_ROWS = {
    "org_unit": """(id, code, name, name_folded, unit_kind, since, state, predecessors, successors,
      facility_level, facility_ownership, record_version, position)
    SELECT unit(g), 'U' || g, 'U' || g, 'u' || g, CASE WHEN g = 1 THEN 'COUNTRY' WHEN g <= 31 THEN
      'DISTRICT' WHEN g <= 331 THEN 'SUBDISTRICT' ELSE 'FACILITY' END, '2000-01-01', 'ACTIVE', '{}',
      '{}', (g % 5)::text, CASE g % 3 WHEN 0 THEN 'PUBLIC' ELSE 'FAITH' END, 1, 1
      FROM generate_series(1, 12331) g""",
    "org_unit_parent": """(org_unit_id, since, parent_id)
    SELECT unit(g), '2000-01-01', CASE WHEN g = 1 THEN NULL WHEN g <= 31 THEN unit(1)
      WHEN g <= 331 THEN unit(2 + g % 30) ELSE unit(32 + g % 300) END
      FROM generate_series(1, 12331) g""",
    "group": """(id, code, name, name_folded, group_kind, since, record_version, position)
    SELECT one('group', g), 'G' || g, 'G', 'g', 'CLUSTER', '2000-01-01', 1, 1
      FROM generate_series(1, 9) g""",
    "group_member": """(group_id, member_id, org_unit_id, since)
    SELECT one('group', 1 + g % 9), unit(1 + g), unit(1 + g), '2000-01-01'
      FROM generate_series(1, 30) g""",
    "health_worker": """(id, given_names, family_name, cadre, languages, sex, birth_year,
      org_unit_id, since, employment, record_version, position)
    SELECT one('person', g), 'A', 'B', 'C' || g % 8, '{}', CASE g % 3 WHEN 0 THEN 'MALE' ELSE
      'FEMALE' END, 1955 + g % 45, unit(332 + g % 12000), '2019-01-01', 'ACTIVE', 1, 1
      FROM generate_series(1, 50000) g""",
    "posting": """(health_worker_id, since, slot, org_unit_id, kind)
    SELECT one('person', g), '2019-01-01', one('slot', 1), unit(332 + g % 12000), 'PRIMARY'
      FROM generate_series(1, 50000) g""",
    "mentee": """(id, health_worker_id, programme, area, technical_area, org_unit_id,
      org_unit_now_id, since, status, withdrawn_on, withdrawal_cause, counts, validated,
      competencies, first_validated_on, baseline_raw, baseline_max, baseline_on)
    SELECT one('mentee', g), one('person', 1 + g % 40000), 'P', 'A' || g % 6, 'T' || g % 3,
      unit(332 + g % 12000), unit(332 + g % 12000), date '2020-01-01' + (g % 1400)::integer,
      CASE WHEN g % 12 = 0 THEN 'WITHDRAWN' ELSE 'ENROLLED' END,
      CASE WHEN g % 12 = 0 THEN date '2020-03-01' + (g % 1400)::integer END,
      CASE WHEN g % 12 = 0 THEN 'WORKLOAD' END, true, 1, 10,
      CASE WHEN g % 3 = 0 THEN date '2020-04-01' + (g % 1400)::integer END, 30, 60,
      date '2020-01-01' + (g % 1400)::integer
      FROM generate_series(1, 43000) g""",
    "validation_fact": """(mentee_id, competency, record_version, day, counts)
    SELECT one('mentee', g), 'K' || n, n, date '2020-04-01' + (g % 1400)::integer, true
      FROM generate_series(3, 43000, 3) g, generate_series(1, 5) n""",
    "mentorship": """(id, cohort_id, programme_version_id, programme, org_unit_id, proposed_on,
      status, matched, reasons, letters, counts, record_version, position)
    SELECT one('mentorship', g), one('cohort', 1), one('version', 1), 'P', unit(332 + g % 12000),
      '2020-01-01', 'AGREED', false, '{}', false, true, 1, 1 FROM generate_series(1, 20000) g""",
    "mentorship_mentee": """(mentorship_id, mentee_id, health_worker_id, area, joined_on)
    SELECT one('mentorship', 1 + g % 20000), one('mentee', g), one('person', 1 + g % 40000), 'A',
      '2020-01-01' FROM generate_series(1, 43000) g""",
    "session": """(id, mentorship_id, programme, org_unit_id, status, day, held_on, mode, minutes,
      counts, corrected, enrolments, record_version, position)
    SELECT one('session', g), one('mentorship', 1 + g % 20000), 'P', unit(332 + g % 12000), 'HELD',
      date '2020-02-01' + (g % 1400)::integer, date '2020-02-01' + (g % 1400)::integer,
      CASE g % 4 WHEN 0 THEN 'PHONE' ELSE 'IN_PERSON' END, 90, true, false,
      ARRAY[one('mentee', 1 + g % 43000), one('mentee', 1 + (g + 20000) % 43000)], 1, 1
      FROM generate_series(1, 200000) g""",
    "contact": """(id, mentorship_id, programme, org_unit_id, mentee, mentor, mode, made_on,
      reached_by, recorded_by, voided, record_version, position)
    SELECT one('contact', g), one('mentorship', 1 + g % 20000), 'P', unit(332 + g % 12000),
      one('person', 1 + g % 20000), one('person', 45000), 'PHONE',
      date '2020-02-01' + (g % 1400)::integer, 'MENTOR', 'she', false, 1, 1
      FROM generate_series(1, 50000) g""",
    "framework": """(id, code, framework_version, name, competencies, record_version, position)
    SELECT one('framework', 1), 'F', 1, 'F', jsonb_agg(jsonb_build_object('code', 'K' || n, 'name',
      'K', 'checklist', (SELECT jsonb_agg(jsonb_build_object('code', 'I' || i, 'text', 'T',
      'points', 2)) FROM generate_series(1, 10) i))), 1, 1 FROM generate_series(1, 10) n""",
    "assessment": """(mentee_id, competency, attempt, framework, framework_version,
      health_worker_id, assessor_id, org_unit_id, assessed_on, items, raw, max, technique,
      post_test_raw, post_test_max, formative, counts, unsigned, recorded_by, position)
    SELECT one('mentee', 1 + g % 43000), 'K' || 1 + g % 10, g, 'F', 1,
      one('person', 1 + (1 + g % 43000) % 40000), one('person', 45000), unit(332 + g % 12000),
      date '2020-04-01' + (g % 1400)::integer, (SELECT jsonb_agg(jsonb_build_object('item',
      'I' || i, 'points', (g + i) % 3)) FROM generate_series(1, 10) i), 10, 20, true, 12, 20, false,
      true, false, 'she', 1 FROM generate_series(1, 120000) g""",
    "competency_baseline": """(mentee_id, competency, assessor_id, assessed_on, raw, max,
      recorded_by, counts)
    SELECT one('mentee', g), 'K' || 1 + g % 10, one('person', 45000), '2020-01-01', 5, 20, 'she',
      true FROM generate_series(1, 43000) g""",
    "indicator_score": """(mentee_id, indicator, round, occasion, score, most, scored_on, scorer_id,
      recorded_by, programme)
    SELECT one('mentee', g), 'N' || n % 4, n / 4, CASE n / 4 WHEN 0 THEN 'BASELINE' ELSE 'FOLLOW_UP'
      END, 5 + n, 20, date '2020-04-01' + (g % 700)::integer + n * 20, one('person', 45000), 'she',
      'P' FROM generate_series(1, 20000) g, generate_series(0, 7) n""",
    "disengagement": """(mentorship_id, mentor_id, left_on, health_worker_id, notified, due, team,
      cause)
    SELECT one('mentorship', g), one('mentor', g), date '2021-01-01' + (g % 700)::integer,
      one('person', g), '[]', '{}', 1, 'LEAVE' FROM generate_series(1, 2000) g""",
}
ASKED = Asked(
    programme="P",
    since=date(2022, 7, 1),
    last=date(2023, 6, 30),
    as_of=TODAY,
    dated=False,
    year_starts=(7, 1),
    as_is=False,
    today=TODAY,
)
WAYS: dict[str, tuple[FigureBy, ...]] = {
    "total": (),
    "month": (FigureBy.MONTH,),
    "sex": (FigureBy.SEX,),
    "level": (FigureBy.LEVEL,),
    "group": (FigureBy.GROUP,),
    "district": (FigureBy.ORG_UNIT,),
    "area, month": (FigureBy.AREA, FigureBy.MONTH),
}


def unit(number: int) -> UUID:
    """Return the id of a unit."""
    return UUID(f"00000000-0000-4000-8000-{number:012x}")


COUNTRY = Scope((Part(None, None),), "country", TODAY)
DISTRICT = Scope((Part((unit(2),), None),), "district", TODAY)


async def took(connection: Any, declared: Figure, of: Asked, scope: Scope) -> float:
    """Return the median milliseconds of a figure."""
    taken = []
    for _ in range(TIMES):
        text, binds = statement(declared, of, scope, 10_000)
        began = time.perf_counter()
        await connection.fetch(text, *binds)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


async def main() -> None:
    """Fill, measure and print."""
    async with a_postgres() as server:
        url = await server.create_database("bench_figures")
        connection = await asyncpg.connect(url, server_settings=FIGURES.settings)
        await connection.execute("SET statement_timeout = 0")
        await ensure(connection, PROJECTIONS)
        await connection.execute(_HELP)
        for name, rows in _ROWS.items():
            await connection.execute(f'INSERT INTO "{TABLES[name].physical}" {rows}')
        await connection.execute("ANALYZE")
        print(f"{'milliseconds':24}" + "".join(f"{way:>13}" for way in WAYS))
        for where, scope, year in (
            ("country, a year", COUNTRY, ASKED),
            ("country, four years", COUNTRY, replace(ASKED, since=None, last=None)),
            ("district, a year", DISTRICT, ASKED),
            ("as of a day", COUNTRY, replace(ASKED, dated=True, as_of=date(2023, 6, 30))),
        ):
            print(where)
            for name, declared in DECLARED.items():
                if sys.argv[1:] and name not in sys.argv[1:]:
                    continue
                cells = []
                for way in WAYS.values():
                    needs = {ALONE[by].needs for by in way} - {None}
                    level = "DISTRICT" if FigureBy.ORG_UNIT in way else None
                    of = replace(year, by=way, level=level)
                    fits = needs <= declared.has
                    ms = await took(connection, declared, of, scope) if fits else None
                    cells.append(f"{'–' if ms is None else f'{ms:.0f}':>13}")
                print(f"  {name:22}" + "".join(cells), flush=True)
        await connection.close()
        await server.drop_database("bench_figures")


if __name__ == "__main__":
    asyncio.run(main())
