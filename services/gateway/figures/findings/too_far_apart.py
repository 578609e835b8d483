"""Two sessions in person of one day, in places between which nobody could have travelled in time.

The distance is that of the great circle between the facilities as the master list had them that
day. The time between is known where both say when they were; else it is all of the day that the two
sessions leave. Whoever was there for a part of one may have left earlier, or come later.
"""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.figures.findings.parts import present
from services.gateway.figures.findings.thresholds import NEAREST_KM
from services.gateway.figures.findings.two_places import APART
from services.gateway.projections import ORG_UNIT_FACILITY
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase

_EARTH_KM = 6371

_WHERE = f"""
  SELECT s.*, f.latitude, f.longitude FROM there s
   CROSS JOIN LATERAL (
         SELECT f.latitude, f.longitude FROM "{ORG_UNIT_FACILITY.physical}" f
          WHERE f.org_unit_id = s.org_unit_id AND f.since <= s.held_on
          ORDER BY f.since DESC LIMIT 1) f
   WHERE f.latitude IS NOT NULL AND f.longitude IS NOT NULL"""


def _sql(asking: Asking) -> str:
    speed = asking.limit(asking.wanted.thresholds.kilometres_per_hour)
    in_person = "x.mode = 'IN_PERSON' AND x.minutes <= 1440"
    return f"""
WITH there AS ({present(asking, in_person)}),
placed AS MATERIALIZED ({_WHERE})
SELECT x.id || '/' || y.id AS about, x.held_on AS day, 'HIGH' AS severity, x.org_unit_id,
       y.org_unit_id AS beside_id, x.programme,
       (SELECT array_agg(DISTINCT one ORDER BY one)
          FROM unnest(ARRAY[x.who, y.who]) one) AS people,
       {NOTHING["actors"]} AS actors, ARRAY[x.id, y.id] AS sessions,
       {NOTHING["mentorship_id"]} AS mentorship_id, {NOTHING["certificate_id"]} AS certificate_id,
       ARRAY[x.id, y.id] AS records,
       jsonb_build_object('kilometres', round(away.km), 'minutes', round(time.minutes),
                          'speed', {speed}) AS figures
  FROM placed x
  JOIN placed y ON y.person = x.person AND y.held_on = x.held_on AND y.id > x.id
               AND y.org_unit_id <> x.org_unit_id
 CROSS JOIN LATERAL (
       SELECT (2 * {_EARTH_KM} * asin(LEAST(1, sqrt(
              sin(radians(y.latitude - x.latitude) / 2) ^ 2
              + cos(radians(x.latitude)) * cos(radians(y.latitude))
                * sin(radians(y.longitude - x.longitude) / 2) ^ 2))))::numeric AS km) away
 CROSS JOIN LATERAL (
       SELECT CASE WHEN x.begins IS NOT NULL AND x.ends IS NOT NULL
                    AND y.begins IS NOT NULL AND y.ends IS NOT NULL
                   THEN extract(epoch FROM GREATEST(x.begins, y.begins) - LEAST(x.ends, y.ends))
                        / 60 + (x.minutes - x.there) + (y.minutes - y.there)
                   ELSE 1440 - x.there - y.there END AS minutes) time
 WHERE away.km >= {NEAREST_KM} AND time.minutes >= 0 AND away.km / {speed} * 60 > time.minutes
   AND {APART}"""


TOO_FAR_APART = Kind(
    kind=AuditFindingKind.TOO_FAR_APART,
    sql=_sql,
    topics=("sessions.session.held", "sessions.session.corrected"),
    explained=lambda f: Phrase(
        "Two sessions in person of one day are {kilometres} km apart as the crow flies, with "
        "{minutes} minutes to travel; at {speed} km/h that is not enough.",
        **f,
    ),
    innocent=Phrase(
        "Innocent where a facility's coordinates are wrong, a session was held elsewhere than at "
        "its facility, or somebody flew: look at the coordinates first."
    ),
)
