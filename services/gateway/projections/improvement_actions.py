"""Improvement actions: who does what by when, and what became of it."""

from collections.abc import Iterator

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from shared.contracts.sessions.improvement_action import (
    ActionAgreed,
    ActionCompleted,
    ActionEscalated,
    ActionResolved,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

IMPROVEMENT_ACTION = Table(
    name="improvement_action",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "mentorship_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "session_id": maybe(ID),
        "title": TEXT,
        "root_causes": TEXTS,
        "owner_id": ID,
        "status": TEXT,
        "agreed_on": DATE,
        "due": DATE,
        "open_due": maybe(DATE),
        "escalated_to": maybe(ID),
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
        ("session_id",),
    ),
)
"""`status` is OPEN, ESCALATED or DONE. `open_due` is `due` until it is done, then empty: what lies
before today there is overdue. `late` is empty for what was resolved above."""

IMPROVEMENT_ACTIONS = Projection("improvement_actions", IMPROVEMENT_ACTION)


@IMPROVEMENT_ACTIONS.on(ActionAgreed)
def agreed(event: ActionAgreed, happening: Happening) -> Iterator[Change]:
    """Show what is to be done."""
    yield Upsert(
        IMPROVEMENT_ACTION,
        (happening.stream,),
        {
            "mentorship_id": event.mentorship_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "session_id": event.session_id,
            "title": event.title,
            "root_causes": event.root_causes,
            "owner_id": event.owner_id,
            "status": "OPEN",
            "agreed_on": event.agreed_on,
            "due": event.due,
            "open_due": event.due,
            **record(happening),
        },
    )


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
    """Show which unit has it now."""
    yield Patch(
        IMPROVEMENT_ACTION,
        (happening.stream,),
        {
            "status": "ESCALATED",
            "escalated_to": event.to_org_unit_id,
            "escalated_on": event.escalated_on,
            **record(happening),
        },
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
