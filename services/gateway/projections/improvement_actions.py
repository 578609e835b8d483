"""Improvement actions: who does what by when, and what became of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    INTEGER,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from shared.contracts.sessions.improvement_action import (
    ActionAgreed,
    ActionCompleted,
    ActionDropped,
    ActionEscalated,
    ActionProgressed,
    ActionRescheduled,
    ActionResolved,
    ActionReturned,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

IMPROVEMENT_ACTION = Table(
    name="improvement_action",
    version=3,
    key=("id",),
    columns={
        "id": ID,
        "arose_from": TEXT,
        "mentorship_id": maybe(ID),
        "supervision_visit_id": maybe(ID),
        "finding": maybe(INTEGER),
        "coordination_meeting_id": maybe(ID),
        "decision": maybe(INTEGER),
        "programme": TEXT,
        "org_unit_id": ID,
        "session_id": maybe(ID),
        "title": TEXT,
        "root_causes": TEXTS,
        "owner_id": maybe(ID),
        "owner_office": maybe(TEXT),
        "owner_unit_id": maybe(ID),
        "status": TEXT,
        "agreed_on": DATE,
        "due": DATE,
        "open_due": maybe(DATE),
        "escalated_to": maybe(ID),
        "escalated_to_office": maybe(TEXT),
        "escalated_on": maybe(DATE),
        "result": maybe(TEXT),
        "done_on": maybe(DATE),
        "late": maybe(BOOLEAN),
        **RECORD,
    },
    indexes=(
        ("due", "id"),
        ("mentorship_id", "due", "id"),
        ("programme", "due", "id"),
        ("org_unit_id", "due", "id"),
        ("owner_id", "due", "id"),
        ("status", "due", "id"),
        ("open_due", "id"),
        ("arose_from", "due", "id"),
        ("session_id",),
        ("supervision_visit_id", "due", "id"),
        ("coordination_meeting_id", "due", "id"),
        ("escalated_to", "due", "id"),
    ),
)
"""`arose_from` is MENTORSHIP, SUPERVISION_VISIT or COORDINATION_MEETING; `finding` and `decision`
are places in its list, from 1. `status` is OPEN, ESCALATED, DONE or DROPPED. `open_due` is `due`
until it ends, then empty: what lies before today there is overdue. `late` is empty for what was
resolved above."""

ACTION_STEP = Table(
    name="improvement_action_step",
    version=1,
    key=("action_id", "number"),
    columns={
        "action_id": ID,
        "number": INTEGER,
        "kind": TEXT,
        "day": DATE,
        "note": maybe(TEXT),
        "reason": maybe(TEXT),
        "due": maybe(DATE),
        "org_unit_id": maybe(ID),
        "office": maybe(TEXT),
    },
)
"""What became of an action on its way, by the record's version that it made. `kind` is PROGRESSED,
RESCHEDULED, ESCALATED, RETURNED or DROPPED; a unit or an office is whom it went to."""

IMPROVEMENT_ACTIONS = Projection("improvement_actions", IMPROVEMENT_ACTION, ACTION_STEP)


@IMPROVEMENT_ACTIONS.on(ActionAgreed)
def agreed(event: ActionAgreed, happening: Happening) -> Iterator[Change]:
    """Show what is to be done."""
    yield Upsert(
        IMPROVEMENT_ACTION,
        (happening.stream,),
        {
            "arose_from": _origin(event),
            "mentorship_id": event.mentorship_id,
            "supervision_visit_id": event.supervision_visit_id,
            "finding": event.finding,
            "coordination_meeting_id": event.coordination_meeting_id,
            "decision": event.decision,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "session_id": event.session_id,
            "title": event.title,
            "root_causes": event.root_causes,
            "owner_id": event.owner_id,
            "owner_office": event.owner_office,
            "owner_unit_id": event.owner_unit_id,
            "status": "OPEN",
            "agreed_on": event.agreed_on,
            "due": event.due,
            "open_due": event.due,
            **record(happening),
        },
    )


def _origin(event: ActionAgreed) -> str:
    if event.supervision_visit_id is not None:
        return "SUPERVISION_VISIT"
    return "MENTORSHIP" if event.coordination_meeting_id is None else "COORDINATION_MEETING"


@IMPROVEMENT_ACTIONS.on(ActionCompleted)
def completed(event: ActionCompleted, happening: Happening) -> Iterator[Change]:
    """Show that it is done, and what came of it."""
    yield Patch(
        IMPROVEMENT_ACTION,
        (happening.stream,),
        {
            "status": "DONE",
            "open_due": None,
            "result": event.result,
            "done_on": event.completed_on,
            "late": event.late,
            **record(happening),
        },
    )


@IMPROVEMENT_ACTIONS.on(ActionEscalated)
def escalated(event: ActionEscalated, happening: Happening) -> Iterator[Change]:
    """Show who has it now."""
    yield Patch(
        IMPROVEMENT_ACTION,
        (happening.stream,),
        {
            "status": "ESCALATED",
            "escalated_to": event.to_org_unit_id,
            "escalated_to_office": event.to_office,
            "escalated_on": event.escalated_on,
            **record(happening),
        },
    )
    yield _step(
        happening,
        "ESCALATED",
        event.escalated_on,
        org_unit_id=event.to_org_unit_id,
        office=event.to_office,
    )


@IMPROVEMENT_ACTIONS.on(ActionReturned)
def returned(event: ActionReturned, happening: Happening) -> Iterator[Change]:
    """Show that who had it before has it again."""
    back = event.to_org_unit_id is None and event.to_office is None
    columns: dict[str, Any] = {
        "status": "OPEN" if back else "ESCALATED",
        "escalated_to": event.to_org_unit_id,
        "escalated_to_office": event.to_office,
    }
    if back:
        columns["escalated_on"] = None
    yield Patch(IMPROVEMENT_ACTION, (happening.stream,), {**columns, **record(happening)})
    yield _step(
        happening,
        "RETURNED",
        event.returned_on,
        org_unit_id=event.to_org_unit_id,
        office=event.to_office,
    )


@IMPROVEMENT_ACTIONS.on(ActionRescheduled)
def rescheduled(event: ActionRescheduled, happening: Happening) -> Iterator[Change]:
    """Show its new day."""
    yield Patch(
        IMPROVEMENT_ACTION,
        (happening.stream,),
        {"due": event.due, "open_due": event.due, **record(happening)},
    )
    yield _step(happening, "RESCHEDULED", event.rescheduled_on, due=event.due)


@IMPROVEMENT_ACTIONS.on(ActionProgressed)
def progressed(event: ActionProgressed, happening: Happening) -> Iterator[Change]:
    """Show what was done so far."""
    yield Patch(IMPROVEMENT_ACTION, (happening.stream,), record(happening))
    yield _step(happening, "PROGRESSED", event.progressed_on, note=event.note)


@IMPROVEMENT_ACTIONS.on(ActionDropped)
def dropped(event: ActionDropped, happening: Happening) -> Iterator[Change]:
    """Show that it will not be done."""
    yield Patch(
        IMPROVEMENT_ACTION,
        (happening.stream,),
        {
            "status": "DROPPED",
            "open_due": None,
            **record(happening),
        },
    )
    yield _step(happening, "DROPPED", event.dropped_on)


def _step(happening: Happening, kind: str, day: date, **columns: Any) -> Change:
    return Upsert(
        ACTION_STEP,
        (happening.stream, happening.version),
        {"kind": kind, "day": day, "reason": happening.meta.reason, **columns},
    )


@IMPROVEMENT_ACTIONS.on(ActionResolved)
def resolved(event: ActionResolved, happening: Happening) -> Iterator[Change]:
    """Show how the unit above solved it."""
    yield Patch(
        IMPROVEMENT_ACTION,
        (happening.stream,),
        {
            "status": "DONE",
            "open_due": None,
            "result": event.result,
            "done_on": event.resolved_on,
            **record(happening),
        },
    )
