"""Supervision visits to units, and coordination meetings of those responsible for them."""

from collections.abc import Iterator
from uuid import UUID

import msgspec

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    INTEGER,
    JSON,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from services.gateway.projections.taken_back import VOIDED, taken_back
from shared.contracts.sessions.oversight import (
    CoordinationMeetingCorrected,
    CoordinationMeetingHeld,
    CoordinationMeetingReinstated,
    CoordinationMeetingVoided,
    SupervisionVisitCorrected,
    SupervisionVisitHeld,
    SupervisionVisitReinstated,
    SupervisionVisitVoided,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

_INDEXES = (
    ("held_on", "id"),
    ("programme", "held_on", "id"),
    ("org_unit_id", "held_on", "id"),
    ("voided_on",),
)

SUPERVISION_VISIT = Table(
    name="supervision_visit",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "held_on": DATE,
        "joint": BOOLEAN,
        "supervisors": TEXTS,
        "findings": TEXTS,
        "recommendations": TEXTS,
        "scores": JSON,
        "next_visit_on": maybe(DATE),
        **VOIDED,
        **RECORD,
    },
    indexes=(*_INDEXES, ("joint", "held_on", "id")),
)
"""`supervisors` are offices, not names; `scores` a list of a checklist's name, the points given and
the most there are."""

COORDINATION_MEETING = Table(
    name="coordination_meeting",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "held_on": DATE,
        "participants": INTEGER,
        "decisions": TEXTS,
        "agenda": TEXTS,
        "offices": TEXTS,
        "reports": TEXTS,
        **VOIDED,
        **RECORD,
    },
    indexes=_INDEXES,
)

OVERSIGHT_PERSON = Table(
    name="oversight_person",
    version=1,
    key=("record_id", "place"),
    columns={
        "record_id": ID,
        "place": INTEGER,
        "programme": TEXT,
        "org_unit_id": ID,
        "health_worker_id": ID,
    },
    indexes=(("health_worker_id",),),
)
"""A mentor who was supervised at a visit, or somebody who took part in a meeting, by their place in
the list."""

OVERSIGHT = Projection("oversight", SUPERVISION_VISIT, COORDINATION_MEETING, OVERSIGHT_PERSON)


@OVERSIGHT.on(SupervisionVisitHeld)
def visited(event: SupervisionVisitHeld, happening: Happening) -> Iterator[Change]:
    """Show what supervisors found, and what they recommend."""
    yield Upsert(
        SUPERVISION_VISIT,
        (happening.stream,),
        {
            "programme_version_id": event.programme_version_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "held_on": event.held_on,
            "joint": event.joint,
            "supervisors": event.supervisors,
            "findings": event.findings,
            "recommendations": event.recommendations,
            "scores": msgspec.to_builtins(event.scores),
            "next_visit_on": event.next_visit_on,
            **record(happening),
        },
    )
    yield from _people(event, event.mentors, happening)


@OVERSIGHT.on(CoordinationMeetingHeld)
def met(event: CoordinationMeetingHeld, happening: Happening) -> Iterator[Change]:
    """Show what was decided."""
    yield Upsert(
        COORDINATION_MEETING,
        (happening.stream,),
        {
            "programme_version_id": event.programme_version_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "held_on": event.held_on,
            "participants": event.participants,
            "decisions": event.decisions,
            "agenda": event.agenda,
            "offices": event.offices,
            "reports": event.reports,
            **record(happening),
        },
    )
    yield from _people(event, event.attendees, happening)


def _people(
    event: SupervisionVisitHeld | CoordinationMeetingHeld,
    people: tuple[UUID, ...],
    happening: Happening,
) -> Iterator[Change]:
    for place, person in enumerate(people):
        yield Upsert(
            OVERSIGHT_PERSON,
            (happening.stream, place),
            {
                "programme": event.programme,
                "org_unit_id": event.org_unit_id,
                "health_worker_id": person,
            },
        )


@OVERSIGHT.on(SupervisionVisitCorrected)
def visit_corrected(event: SupervisionVisitCorrected, happening: Happening) -> Iterator[Change]:
    """Show when they came, and who, after all."""
    yield Patch(
        SUPERVISION_VISIT,
        (happening.stream,),
        {
            "held_on": event.held_on,
            "joint": event.joint,
            "supervisors": event.supervisors,
            **record(happening),
        },
    )


@OVERSIGHT.on(CoordinationMeetingCorrected)
def meeting_corrected(
    event: CoordinationMeetingCorrected, happening: Happening
) -> Iterator[Change]:
    """Show when they met, and how many, after all."""
    yield Patch(
        COORDINATION_MEETING,
        (happening.stream,),
        {"held_on": event.held_on, "participants": event.participants, **record(happening)},
    )


taken_back(OVERSIGHT, SUPERVISION_VISIT, SupervisionVisitVoided, SupervisionVisitReinstated)
taken_back(
    OVERSIGHT, COORDINATION_MEETING, CoordinationMeetingVoided, CoordinationMeetingReinstated
)
