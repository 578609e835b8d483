"""How long each kind of audit finding takes over a country, a year of it and all of it.

    python -m tests.perf.bench_audit_findings [KIND …]

The country of `bench_figures` (200,000 sessions over four years), with who was at them and when
(600,000), where facilities lie, what was recorded (520,000 events), 400,000 bookings of points and
10,000 certificates. Of each kind a few are to be found. The median of three, in milliseconds,
planned anew each time as the gateway has it, and how many there are.
"""

import asyncio
import statistics
import sys
import time
from datetime import date, timedelta
from typing import Any

import asyncpg

from services.gateway.figures.findings import KINDS
from services.gateway.figures.findings.asked import Asked, statement
from services.gateway.figures.findings.declared import Wanted
from services.gateway.projections import PROJECTIONS, TABLES
from services.gateway.read.pool import FIGURES
from services.gateway.read.scope import Scope
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.projection.schema import ensure
from tests.perf.bench_figures import _HELP, _ROWS, COUNTRY, DISTRICT
from tests.support.servers import a_postgres

TIMES = 3
TO = date(2024, 1, 1)

_DEFINITION = (
    '{"calendar": {"zone": "Africa/Kigali", "fiscalYearStart": "07-01"},'
    ' "validation": {"threshold": 85, "operator": "AT_LEAST"}}'
)
_AUDIT = """(event_id, service, epoch, position, stream, kind, version, topic, occurred_on,
      recorded, actor, org_unit_id, command_id, correlation_id, details)"""
_MORE = {
    "programme_version": f"""(id, programme, version, name, digest, published_on, definition,
      record_version, position)
    SELECT one('version', 1), 'P', 1, 'P', 'd', '2019-01-01', '{_DEFINITION}', 1, 1""",
    "session_attendance": """(facts_id, health_worker_id, session_id, side, present, minutes,
      credited, held_on)
    SELECT one('session', g), one('person', CASE n WHEN 0 THEN 45000 + g % 3000
      ELSE 1 + (g + n * 20000) % 40000 END), one('session', g), CASE n WHEN 0 THEN 'MENTOR' ELSE
      'MENTEE' END, true, 90, 90, date '2020-02-01' + (g % 1400)::integer
      FROM generate_series(1, 200000) g, generate_series(0, 2) n""",
    "org_unit_facility": """(org_unit_id, since, latitude, longitude, operational, services)
    SELECT unit(331 + g), '2000-01-01', -2 + (g % 110) / 100.0, 29 + (g % 130) / 100.0, true, '{}'
      FROM generate_series(1, 12000) g""",
    "cpd_booking": """(account_id, number, health_worker_id, programme, rule, source, settled_for,
      booked, minutes, points, withheld, balance, fiscal_year, booked_on)
    SELECT one('account', 1 + (g + n * 20000) % 40000), g * 2 + n,
      one('person', 1 + (g + n * 20000) % 40000), 'P', 'HOUR', one('session', g), one('session', g),
      'AWARDED', CASE WHEN g % 20000 = 0 THEN 180 ELSE 90 END, 1.5, 0, 1, 2022,
      date '2020-02-01' + (g % 1400)::integer
      FROM generate_series(1, 200000) g, generate_series(1, 2) n""",
    "audit_event": f"""{_AUDIT}
    SELECT gen_random_uuid(), 'sessions', 1, g, one('session', g), 'session', 1,
      'sessions.session.held', date '2020-02-01' + (g % 1400)::integer,
      timestamptz '2020-02-01 08:00Z' + make_interval(days => g % 1400 + CASE WHEN g % 12000 < 40
        THEN 60 ELSE 1 END, secs => g / 1400), 'someone-' || g % 3000, unit(332 + g % 12000),
      gen_random_uuid(), gen_random_uuid(), jsonb_build_object('heldOn',
        date '2020-02-01' + (g % 1400)::integer, 'orgUnitId', unit(332 + g % 12000), 'minutes', 90,
        'mode', 'IN_PERSON', 'programme', 'P')
      FROM generate_series(1, 200000) g
     UNION ALL
    SELECT gen_random_uuid(), 'validation', 1, g, one('record', 1 + g % 43000), 'competency_record',
      g * 2 + k, CASE WHEN k = 0 THEN 'validation.competency_record.assessment_recorded'
        WHEN g % 120 <> 0 THEN 'validation.competency_record.competency_validated'
        ELSE 'validation.competency_record.attempt_corrected' END,
      date '2020-04-01' + (g % 1400)::integer,
      timestamptz '2020-04-01 08:00Z' + make_interval(days => g % 1400, secs => k),
      'someone-' || g % 3000, unit(332 + g % 12000), gen_random_uuid(), gen_random_uuid(),
      jsonb_build_object('competency', 'K' || 1 + g % 10, 'attempt', 1, 'programme', 'P', 'raw', 10,
        'max', 20, 'assessorId', one('person', 45000 + g % 3000), 'enrolmentId',
        one('mentee', 1 + g % 43000), 'validatedOn', date '2020-04-01' + (g % 1400)::integer)
      FROM generate_series(1, 120000) g, generate_series(0, 1) k
     UNION ALL
    SELECT gen_random_uuid(), 'validation', 1, g, one('certificate', g), 'certificate', k + 1,
      CASE k WHEN 0 THEN 'validation.certificate.recommended' ELSE 'validation.certificate.approved'
      END, date '2020-04-01' + (g % 1300)::integer + k,
      timestamptz '2020-04-01 08:00Z' + make_interval(days => g % 1300 + k),
      'someone-' || (g * 7 + k * CASE WHEN g % 2000 = 0 THEN 0 ELSE 1 END) % 3000,
      unit(332 + g % 12000), gen_random_uuid(), gen_random_uuid(), jsonb_build_object('step',
        'S' || k) FROM generate_series(1, 10000) g, generate_series(0, 3) k""",
    "certificate": """(id, mentee_id, health_worker_id, programme_version_id, programme, area,
      org_unit_id, name, steps, awaited, status, recommended_on, record_version, position)
    SELECT one('certificate', g), one('mentee', g), one('person', g), one('version', 1), 'P', 'A',
      unit(332 + g % 12000), 'C', '{}', 0, 'ISSUED', date '2020-04-01' + (g % 1300)::integer, 1, 1
      FROM generate_series(1, 10000) g""",
    "grant": """(id, subject, role, org_unit_id, health_worker_id, own_mentorships, since, given_by,
      given_at, record_version, position)
    SELECT one('grant', g), 'someone-' || g, 'MENTOR', unit(332 + g), one('person', 45000 + g),
      true, '2019-01-01', 'x', '2019-01-01', 1, 1 FROM generate_series(0, 2999) g""",
    "mentor": """(id, health_worker_id, programme_version_id, programme, area, org_unit_id, status,
      nominated_on, certified_on, nominated_by, criteria, skills, languages, earned_in,
      record_version, position)
    SELECT one('mentor', g), one('person', 45000 + g), one('version', 1), 'P', 'A' || g % 6,
      unit(332 + g % 12000), 'CERTIFIED', '2019-01-01', '2019-01-02', 'CASCADE', '{}', '{}', '{}',
      one('mentee', g + 1), 1, 1 FROM generate_series(0, 2999) g""",
    "right_to_mentor": """(mentee_id, tier, tier_area, health_worker_id, programme, area,
      org_unit_id, mentor_id, status, because, earned_on, lost_on)
    SELECT one('mentee', g + 1), 'P', 'A' || g % 6, one('person', 45000 + g), 'P', 'A',
      unit(332 + g % 12000), one('mentor', g), CASE WHEN g % 100 = 0 THEN 'LOST' ELSE 'HELD' END,
      '{}', '2019-01-01', CASE WHEN g % 100 = 0 THEN date '2023-06-01' END
      FROM generate_series(0, 2999) g""",
    "mentorship_mentor": """(mentorship_id, mentor_id, health_worker_id, area, joined_on)
    SELECT one('mentorship', g), one('mentor', g % 3000), one('person', 45000 + g % 3000), 'A',
      '2020-01-01' FROM generate_series(1, 20000) g""",
}
_ALTERED = (
    """UPDATE "{session}" SET facts_id = id, begins = held_on + time '06:00'
         + make_interval(hours => get_byte(uuid_send(id), 0) % 10)""",
    """UPDATE "{session}" SET ends = begins + interval '90 minutes'""",
    """UPDATE "{mentorship}" SET agreed_on = '2020-01-02'""",
    """UPDATE "{mentee}" SET programme_version_id = one('version', 1)""",
    """UPDATE "{assessment}" SET raw = 12 + get_byte(uuid_send(mentee_id), 0) % 9, reached = true,
         assessor_id = one('person', 45000 + get_byte(uuid_send(mentee_id), 1)
                                    + get_byte(uuid_send(mentee_id), 2) * 10)""",
    """DELETE FROM "{session}"
        WHERE mentorship_id IN (one('mentorship', 5), one('mentorship', 9))""",
)


async def took(
    connection: Any, wanted: Wanted, kind: AuditFindingKind, scope: Scope
) -> tuple[float, int]:
    """Return the median milliseconds of a page, and how many rows it has."""
    taken, rows = [], []
    for _ in range(TIMES):
        text, binds = statement(Asked(wanted=wanted), KINDS[kind], scope)
        began = time.perf_counter()
        rows = await connection.fetch(text, *binds)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000, len(rows)


async def main() -> None:
    """Fill, measure and print."""
    wanted = [AuditFindingKind(name) for name in sys.argv[1:]] or list(KINDS)
    async with a_postgres() as server:
        url = await server.create_database("bench_audit_findings")
        connection = await asyncpg.connect(url, server_settings=FIGURES.settings)
        await connection.execute("SET statement_timeout = 0")
        await ensure(connection, PROJECTIONS)
        await connection.execute(_HELP)
        for name, rows in (_ROWS | _MORE).items():
            await connection.execute(f'INSERT INTO "{TABLES[name].physical}" {rows}')
        physical = {name: table.physical for name, table in TABLES.items()}
        for text in _ALTERED:
            await connection.execute(text.format(**physical))
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("SET statement_timeout = '20s'")
        year = Wanted(since=TO - timedelta(days=365), before=TO)
        for where, scope, asked in (
            ("country, a year", COUNTRY, year),
            ("district, a year", DISTRICT, year),
            ("country, three years", COUNTRY, Wanted(since=date(2021, 1, 1), before=TO)),
        ):
            print(where)
            for kind in wanted:
                ms, many = await took(connection, asked, kind, scope)
                print(f"  {kind:28}{ms:>8.0f} ms{many:>6}", flush=True)
        await connection.close()


if __name__ == "__main__":
    asyncio.run(main())
