"""SQL that kinds of findings share."""

from services.gateway.figures.findings.declared import Asking
from services.gateway.projections import HEALTH_WORKER, SESSION, SESSION_ATTENDANCE

BY_HAND = "uuid_extract_version({id}) IS DISTINCT FROM 5"
"""The condition that a command was not made of a list: an import derives the ids of its commands
from what the list says (version 5 of RFC 9562), so that the same line is recorded once; a client
that records what just happened makes them at random."""


def present(asking: Asking, conditions: str = "true") -> str:
    """Return SQL of who was at sessions that stand: a row for each, under the name recorded then
    (`who`), and that of the person today (`person`); `x` is the session, `a` the attendance.

    They are joined by the telling alone, which is one session's: by two columns the planner would
    expect one row of them all, and go through every pair.
    """
    return f"""
    SELECT COALESCE(w.merged_into_id, a.health_worker_id) AS person, a.health_worker_id AS who,
           a.side, a.minutes AS there, x.id, x.org_unit_id, x.programme, x.held_on, x.mode,
           x.minutes, x.begins, x.ends, x.mentorship_id, x.programme_version_id
      FROM "{SESSION.physical}" x
      JOIN "{SESSION_ATTENDANCE.physical}" a
        ON a.facts_id = x.facts_id AND a.present
      LEFT JOIN "{HEALTH_WORKER.physical}" w ON w.id = a.health_worker_id
     WHERE x.status = 'HELD' AND {asking.within("x.held_on")} AND {asking.of("x.programme")}
       AND {conditions}"""
