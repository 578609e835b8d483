"""Encounters: how often mentors and mentees met, and how.

An encounter is a session that was held, whether or not it counts for anything (`counted` says how
many do), or a contact. What was voided is none. It is counted where it took place.
"""

import strawberry

from services.gateway.figures.frame.declared import Figure
from services.gateway.figures.small_cells import Measure
from services.gateway.figures.viewers import Counted
from services.gateway.graphql.types.suppression import Suppressible


@strawberry.type(description="How often mentors and mentees met.")
class EncounterCounts(Suppressible):
    """Counts of some encounters."""

    encounters: int | None = strawberry.field(description="Sessions and contacts together.")
    sessions: int | None = strawberry.field(description="Sessions held.")
    counted: int | None = strawberry.field(
        description="Of them, those that count for points, ends and rights."
    )
    contacts: int | None = strawberry.field(description="Contacts that were no sessions.")
    in_person: int | None = strawberry.field(description="Sessions and contacts in person.")
    virtual: int | None = strawberry.field(
        description="Sessions and contacts by phone, video or message."
    )
    units: int | None = strawberry.field(description="Org units at which they met, each once.")
    minutes: int | None = strawberry.field(
        description="How long they took together, as far as that is known."
    )


ENCOUNTERS = Figure(
    name="encounter_figure",
    counts=frozenset({Counted.SESSIONS}),
    rows="""
      SELECT s.programme, s.held_on AS day, s.org_unit_id, s.mode, s.minutes, true AS session,
             s.counts FROM "{session}" s WHERE s.status = 'HELD'
       UNION ALL
      SELECT c.programme, c.made_on, c.org_unit_id, c.mode, c.minutes, false, false
        FROM "{contact}" c WHERE NOT c.voided""",
    has=frozenset({"mode"}),
    values={
        "encounters": "count(*)::integer",
        "sessions": "(count(*) FILTER (WHERE x.session))::integer",
        "counted": "(count(*) FILTER (WHERE x.counts))::integer",
        "contacts": "(count(*) FILTER (WHERE NOT x.session))::integer",
        "in_person": "(count(*) FILTER (WHERE x.mode = 'IN_PERSON'))::integer",
        "virtual": "(count(*) FILTER (WHERE x.mode <> 'IN_PERSON'))::integer",
        "units": "count(DISTINCT x.org_unit_id)::integer",
        "minutes": "COALESCE(sum(x.minutes), 0)::integer",
    },
    # Sessions and contacts are as many as what was in person and what was virtual.
    measures=(
        Measure("encounters", shows=("units", "minutes")),
        Measure("sessions", within=("encounters",), shows=("contacts",)),
        Measure("in_person", within=("encounters",), shows=("virtual",)),
        Measure("counted", within=("sessions",)),
    ),
    shape=EncounterCounts,
)
