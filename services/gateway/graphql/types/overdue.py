"""What is overdue by the rules of a programme: sessions by its rhythm, artefacts by its periods."""

from datetime import date
from uuid import UUID

import strawberry

from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import Asked, within
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.mentorship import Mentorship
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import (
    JOURNAL_ENTRY,
    MENTORSHIP,
    MENTORSHIP_PARTY,
    PAUSE,
    PLAN,
    PROGRAMME_VERSION,
    RELATIONSHIP_EVALUATION,
    SESSION,
    SESSION_ATTENDANCE,
)
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read
from shared.contracts.definition.visits import ArtefactKind, Period

graphql_enum(ArtefactKind)


@strawberry.type(description="A live mentorship that met less often than its programme's rhythm.")
class OverdueVisit:
    """Too few sessions for too long."""

    c_mentorship_id: strawberry.Private[UUID]
    c_org_unit_id: strawberry.Private[UUID]
    asked: int = strawberry.field(description="Sessions that the rhythm asks for in a period.")
    held: int = strawberry.field(description="Sessions that count, held in a period up to the day.")
    last_session: date | None = strawberry.field(
        description="The day of the last one that counts, if any."
    )
    due: date = strawberry.field(description="The day by which the next one was due.")
    days_overdue: int = strawberry.field(description="Days since then.")
    mentorship: Mentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship."
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Where it is.")


@strawberry.type(description="Artefacts that a live mentorship owes for one period that is over.")
class OverdueArtefacts:
    """What a mentor did not submit."""

    c_mentorship_id: strawberry.Private[UUID]
    c_org_unit_id: strawberry.Private[UUID]
    c_mentor: strawberry.Private[UUID | None]
    begins: date = strawberry.field(description="The first day of the period.")
    ends: date = strawberry.field(description="Its last day.")
    missing: list[ArtefactKind] = strawberry.field(description="What is missing of it.")
    mentor: HealthWorker | None = one(
        "HealthWorker",
        by="mentor",
        description="Who owes it, where each mentor is asked, if in your scope.",
    )
    mentorship: Mentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship."
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Where it is.")


_DAYS = "CASE {per} " + " ".join(f"WHEN '{p.value}' THEN {p.days}" for p in Period) + " END"

# Of each mentorship's sessions the last few are looked at, by the index, and not its whole history.
# Whoever met as often as asked within the last so many days is in rhythm: counted back from the
# day, not by the calendar, so that three visits on end once a month are as good as three weekly
# ones. The clock starts with the agreement, and stands still in a pause of the mentorship or of its
# cohort; while one lasts, nothing is overdue.
#
# A definition is long, and unpacked whenever it is looked at: of each version, once. What the clock
# begins with is worked out once a mentorship, and not wherever it is named.
_VISITS = """
WITH rhythm AS MATERIALIZED (
     SELECT v.id, (v.definition -> 'rhythm' ->> 'sessions')::integer AS asked, {days} AS days
       FROM "{version}" v WHERE v.programme = {programme}
)
SELECT t.id, t.org_unit_id, r.asked, held.held::integer, held.last_session,
       due.due, {day} - due.due AS days_overdue
  FROM "{mentorship}" t
  JOIN rhythm r ON r.id = t.programme_version_id
 CROSS JOIN LATERAL (
       SELECT (SELECT count(*) FROM "{session}" x
                WHERE x.mentorship_id = t.id AND x.status = 'HELD' AND x.counts
                  AND x.held_on BETWEEN {day} - r.days AND {day}) AS held,
              (SELECT x.held_on FROM "{session}" x
                WHERE x.mentorship_id = t.id AND x.status = 'HELD' AND x.counts
                  AND x.held_on <= {day}
                ORDER BY x.held_on DESC LIMIT 1) AS last_session,
              (SELECT x.held_on FROM "{session}" x
                WHERE x.mentorship_id = t.id AND x.status = 'HELD' AND x.counts
                  AND x.held_on <= {day}
                ORDER BY x.held_on DESC LIMIT 1 OFFSET GREATEST(r.asked, 1) - 1) AS turn
       ) held
 CROSS JOIN LATERAL (SELECT GREATEST(held.turn, t.agreed_on) AS begins OFFSET 0) clock
 CROSS JOIN LATERAL (
       SELECT COALESCE(sum(upper(rest) - lower(rest)), 0)::integer AS days FROM (
       SELECT unnest(range_agg(daterange(GREATEST(p.since, clock.begins),
                                         LEAST(COALESCE(p.until, {day}), {day})))) AS rest
         FROM "{pause}" p
        WHERE p.record_id IN (t.id, t.cohort_id) AND p.since < {day}
          AND COALESCE(p.until, {day}) > clock.begins) rests
       ) paused
 CROSS JOIN LATERAL (SELECT clock.begins + r.days + paused.days AS due) due
 WHERE t.programme = {programme} AND {live} AND {day} > due.due AND {scope}
   AND NOT EXISTS (
       SELECT 1 FROM "{pause}" p
        WHERE p.record_id IN (t.id, t.cohort_id) AND p.since <= {day}
          AND (p.until IS NULL OR p.until > {day}))
 ORDER BY due.due, t.id
 {page}
"""

_LIVE = "t.agreed_on <= {day} AND (t.concluded_on IS NULL OR t.concluded_on > {day})"

# Period by period, the newest first, and in each the first few mentorships in the order of their
# ids: a page is full after a period or two, whatever lies before them. The first period of a
# mentorship is the first one that began on the day of the agreement or later: of what was half
# over, nothing is owed; nor for a period that a pause touches.
_ARTEFACTS = """
WITH rules AS MATERIALIZED (
     SELECT v.id, lower(v.definition -> 'artefacts' ->> 'per') AS per,
            CASE v.definition -> 'artefacts' ->> 'per'
                 WHEN 'DAY' THEN interval '1 day' WHEN 'WEEK' THEN interval '1 week'
                 WHEN 'MONTH' THEN interval '1 month' WHEN 'QUARTER' THEN interval '3 months'
            END AS step,
            v.definition -> 'artefacts' -> 'kinds' AS kinds
       FROM "{version}" v
      WHERE v.programme = {programme} AND jsonb_typeof(v.definition -> 'artefacts') = 'object'
), first AS MATERIALIZED (
     SELECT min(t.agreed_on) AS day FROM "{mentorship}" t WHERE t.programme = {programme}
), period AS MATERIALIZED (
     SELECT r.id, r.kinds, g::date AS begins, (g + r.step)::date - 1 AS ends
       FROM rules r, first f, generate_series(
            date_trunc(r.per, f.day::timestamp), {day}::timestamp - r.step, r.step) g
      ORDER BY g DESC, r.id
)
SELECT owing.id, owing.org_unit_id, owing.mentor, p.begins, p.ends, owing.missing
  FROM (SELECT * FROM period ORDER BY begins DESC) p
 CROSS JOIN LATERAL (
       SELECT t.id, t.org_unit_id, {mentor} AS mentor, m.missing
         FROM "{mentorship}" t {each}
        CROSS JOIN LATERAL (
              SELECT array_agg(k.kind ORDER BY k.place) AS missing
                FROM jsonb_array_elements_text(p.kinds) WITH ORDINALITY AS k(kind, place)
               WHERE NOT CASE k.kind
                     WHEN 'PLAN' THEN EXISTS (
                          SELECT 1 FROM "{plan}" x
                           WHERE x.mentorship_id = t.id AND x.agreed_on <= {day}
                             AND x.starts <= p.ends AND x.ends >= p.begins)
                     WHEN 'SESSION_LOG' THEN EXISTS (
                          SELECT 1 FROM "{session}" x
                           WHERE x.mentorship_id = t.id AND x.status = 'HELD'
                             AND x.held_on BETWEEN p.begins AND p.ends AND {there})
                     WHEN 'JOURNAL' THEN EXISTS (
                          SELECT 1 FROM "{journal}" x
                            JOIN "{party}" w ON w.mentorship_id = t.id AND w.side = 'MENTOR'
                             AND w.health_worker_id = x.health_worker_id
                           WHERE x.mentorship_id = t.id AND x.voided_on IS NULL AND {own}
                             AND x.written_on BETWEEN p.begins AND p.ends)
                     WHEN 'RELATIONSHIP_EVALUATION' THEN EXISTS (
                          SELECT 1 FROM "{evaluation}" x
                           WHERE x.mentorship_id = t.id AND x.side = 'MENTOR' AND {own}
                             AND x.voided_on IS NULL AND x.evaluated_on BETWEEN p.begins AND p.ends)
                     END
              ) m
        WHERE t.programme = {programme} AND t.programme_version_id = p.id
          AND t.agreed_on <= p.begins AND {live} AND {scope} AND m.missing IS NOT NULL
          AND NOT EXISTS (
              SELECT 1 FROM "{pause}" x
               WHERE x.record_id IN (t.id, t.cohort_id) AND x.since <= p.ends
                 AND (x.until IS NULL OR x.until > p.begins))
        ORDER BY t.id, {mentor} LIMIT {most}
       ) owing
 ORDER BY p.begins DESC, owing.id, owing.mentor
 {page}
"""

# A mentor owes for the periods that they were in the team for, from the first day on.
_EACH = """
         JOIN "{party}" o ON o.mentorship_id = t.id AND o.side = 'MENTOR'
          AND (o.joined_on IS NULL OR o.joined_on <= p.begins)
          AND (o.left_on IS NULL OR o.left_on > {day})"""

_THERE = """EXISTS (
                          SELECT 1 FROM "{attendance}" a
                           WHERE a.session_id = x.id AND a.facts_id = x.facts_id
                             AND a.health_worker_id = o.health_worker_id AND a.side = 'MENTOR')"""


async def overdue_visits(reader: Reader, asked: Asked) -> list[OverdueVisit]:
    """List live mentorships out of their rhythm in the reader's scope, the longest overdue first.

    A programme without a rhythm has none.
    """
    s = Statement()
    day = s.bind(asked.day, "date")
    text = _VISITS.format(
        mentorship=MENTORSHIP.physical,
        version=PROGRAMME_VERSION.physical,
        session=SESSION.physical,
        pause=PAUSE.physical,
        days=_DAYS.format(per="v.definition -> 'rhythm' ->> 'per'"),
        day=day,
        live=_LIVE.format(day=day),
        programme=s.bind(asked.programme, "text"),
        scope=within(asked.under, reader.scopes[Read.RECORDS], s, "t"),
        page=asked.page(),
    )
    return [
        OverdueVisit(
            c_mentorship_id=row["id"],
            c_org_unit_id=row["org_unit_id"],
            asked=row["asked"],
            held=row["held"],
            last_session=row["last_session"],
            due=row["due"],
            days_overdue=row["days_overdue"],
        )
        for row in await reader.fetch(text, *s.binds)
    ]


async def overdue_artefacts(
    reader: Reader, asked: Asked, *, by_mentor: bool = False
) -> list[OverdueArtefacts]:
    """List what live mentorships in the reader's scope owe, the newest periods first.

    What is asked for is a mentor's: a mentee's journal does not stand in for theirs. A plan counts
    for every period that it touches.

    Args:
        by_mentor: each mentor of a team owes a journal entry, an evaluation and the record of a
            session that they mentored at, of their own; a plan is the mentorship's. Otherwise what
            one of them submits is submitted.
    """
    s = Statement()
    day = s.bind(asked.day, "date")
    text = _ARTEFACTS.format(
        mentorship=MENTORSHIP.physical,
        version=PROGRAMME_VERSION.physical,
        plan=PLAN.physical,
        session=SESSION.physical,
        mentor="o.health_worker_id" if by_mentor else "NULL::uuid",
        each=_EACH.format(party=MENTORSHIP_PARTY.physical, day=day) if by_mentor else "",
        own="x.health_worker_id = o.health_worker_id" if by_mentor else "true",
        there=_THERE.format(attendance=SESSION_ATTENDANCE.physical) if by_mentor else "true",
        journal=JOURNAL_ENTRY.physical,
        party=MENTORSHIP_PARTY.physical,
        evaluation=RELATIONSHIP_EVALUATION.physical,
        pause=PAUSE.physical,
        day=day,
        live=_LIVE.format(day=day),
        programme=s.bind(asked.programme, "text"),
        scope=within(asked.under, reader.scopes[Read.RECORDS], s, "t"),
        most=asked.first + max(asked.skip, 0),
        page=asked.page(),
    )
    return [
        OverdueArtefacts(
            c_mentorship_id=row["id"],
            c_org_unit_id=row["org_unit_id"],
            c_mentor=row["mentor"],
            begins=row["begins"],
            ends=row["ends"],
            missing=[ArtefactKind(kind) for kind in row["missing"]],
        )
        for row in await reader.fetch(text, *s.binds)
    ]
