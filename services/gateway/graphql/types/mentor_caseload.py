"""The caseload of mentors: how much each of them carries, and how long nothing has happened."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import Asked, within
from services.gateway.graphql.types.mentor import Mentor
from services.gateway.projections import (
    MENTOR,
    MENTORSHIP,
    MENTORSHIP_MENTEE,
    MENTORSHIP_MENTOR,
    PROGRAMME_VERSION,
    SESSION,
    SESSION_ATTENDANCE,
)
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read


def _ratio(root: Any) -> Decimal | None:
    return Decimal(root.mentorships) / Decimal(root.places) if root.places else None


@strawberry.type(description="What one mentor carries in one area, as of a day.")
class MentorCaseload:
    """One mentor's load."""

    c_mentor_id: strawberry.Private[UUID]
    area: str = strawberry.field(description="The area they answer for.")
    places: int | None = strawberry.field(
        description="Mentorships they would carry at a time: what they declared, or else what the "
        "programme allows."
    )
    mentorships: int = strawberry.field(
        description="Live mentorships they are in, of all their areas where the programme counts a "
        "person's load together."
    )
    mentees: int = strawberry.field(description="People mentored in those.")
    last_session: date | None = strawberry.field(
        description="The last day they mentored at a session."
    )
    idle_days: int | None = strawberry.field(
        description="Days since then, or since the agreement of their newest live mentorship, if "
        "that was later; null without one."
    )
    ratio: Decimal | None = strawberry.field(
        resolver=_ratio,
        description="mentorships / places, to 28 digits; null where there are no places.",
    )
    mentor: Mentor | None = one("Mentor", by="mentor_id", description="The mentor.")


# Of each version the rules are looked at once, for a definition is long; and of the mentorships
# those alone that a mentor has, each by its id.
_CASELOAD = """
WITH rules AS MATERIALIZED (
     SELECT v.id, (v.definition -> 'ratio' ->> 'load')::integer AS load,
            v.definition -> 'ratio' ->> 'loadPer' AS per
       FROM "{version}" v WHERE v.programme = {programme}
)
SELECT t.id, t.area, s.places,
       care.mentorships::integer, care.mentees::integer, held.last_session,
       {day} - GREATEST(held.last_session, care.agreed_on) AS idle_since
  FROM "{mentor}" t
  LEFT JOIN rules v ON v.id = t.programme_version_id
 CROSS JOIN LATERAL (
       SELECT COALESCE(t.places, v.load) AS places
       ) s
 CROSS JOIN LATERAL (
       SELECT CASE WHEN v.per = 'PERSON'
                   THEN ARRAY(SELECT o.id FROM "{mentor}" o
                               WHERE o.health_worker_id = t.health_worker_id
                                 AND o.programme = t.programme)
                   ELSE ARRAY[t.id] END AS ids
       ) own
 CROSS JOIN LATERAL (
       SELECT count(DISTINCT m.id) AS mentorships,
              count(DISTINCT c.health_worker_id) AS mentees,
              max(m.agreed_on) AS agreed_on
         FROM "{post}" p
        CROSS JOIN LATERAL (
              SELECT * FROM "{mentorship}" m WHERE m.id = p.mentorship_id OFFSET 0
              ) m
         LEFT JOIN "{mentee}" c ON c.mentorship_id = m.id AND c.joined_on <= {day}
          AND (c.left_on IS NULL OR c.left_on >= {day})
        WHERE p.mentor_id = ANY(own.ids) AND (p.left_on IS NULL OR p.left_on > {day})
          AND m.agreed_on <= {day} AND (m.concluded_on IS NULL OR m.concluded_on > {day})
       ) care
 CROSS JOIN LATERAL (
       SELECT max(last.held_on) AS last_session FROM (
       SELECT x.held_on
         FROM "{attendance}" a
         JOIN "{session}" x ON x.id = a.session_id AND x.facts_id = a.facts_id
        WHERE a.health_worker_id = t.health_worker_id AND a.side = 'MENTOR'
          AND x.programme = t.programme AND x.status = 'HELD' AND x.held_on <= {day}
        ORDER BY a.held_on DESC LIMIT 1) last
       ) held
 WHERE t.programme = {programme} AND t.certified_on <= {day} AND {scope}{narrowed}
 ORDER BY (care.mentorships = 0), idle_since DESC NULLS LAST, t.id
 {page}
"""


async def mentor_caseload(
    reader: Reader, asked: Asked, *, area: str | None = None, room_for: int | None = None
) -> list[MentorCaseload]:
    """List certified mentors in the reader's scope: who was idle longest with a mentorship first,
    who has none last.

    Args:
        area: those of this area alone.
        room_for: those alone who would carry so many mentorships more, and are not suspended.
    """
    s = Statement()
    narrowed = "" if area is None else f" AND t.area = {s.bind(area, 'text')}"
    if room_for is not None:
        more = s.bind(room_for, "integer")
        narrowed += (
            f" AND (s.places IS NULL OR s.places - care.mentorships >= {more})"
            " AND t.status = 'CERTIFIED'"
        )
    text = _CASELOAD.format(
        mentor=MENTOR.physical,
        version=PROGRAMME_VERSION.physical,
        post=MENTORSHIP_MENTOR.physical,
        mentorship=MENTORSHIP.physical,
        mentee=MENTORSHIP_MENTEE.physical,
        attendance=SESSION_ATTENDANCE.physical,
        session=SESSION.physical,
        day=s.bind(asked.day, "date"),
        programme=s.bind(asked.programme, "text"),
        scope=within(asked.under, reader.scopes[Read.RECORDS], s, "t"),
        narrowed=narrowed,
        page=asked.page(),
    )
    return [
        MentorCaseload(
            c_mentor_id=row["id"],
            area=row["area"],
            places=row["places"],
            mentorships=row["mentorships"],
            mentees=row["mentees"],
            last_session=row["last_session"],
            idle_days=row["idle_since"] if row["mentorships"] else None,
        )
        for row in await reader.fetch(text, *s.binds)
    ]
