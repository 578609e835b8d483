"""Reforms of the hierarchy: what each is meant to change, and how far it has come.

A reform that is drafted anew has another list; `reform.draft_id` leads to the one that counts.
"""

from collections.abc import Iterator

from services.gateway.projections.columns import (
    DATE,
    ID,
    IDS,
    INTEGER,
    JSON,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from shared.contracts.registry.reform import (
    ReformApproved,
    ReformCarriedOut,
    ReformDrafted,
    ReformHeldUp,
    ReformWithdrawn,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

REFORM = Table(
    name="reform",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "name": TEXT,
        "org_unit_id": ID,
        "effective_on": DATE,
        "state": TEXT,
        "draft_id": ID,
        "changes": INTEGER,
        "drafted_by": TEXT,
        "approved_by": maybe(TEXT),
        "carried_out_on": maybe(DATE),
        "faults": JSON,
        **RECORD,
    },
    indexes=(
        ("effective_on", "id"),
        ("state", "effective_on", "id"),
        ("org_unit_id", "effective_on", "id"),
    ),
)
"""`faults` are those of `shared.contracts.registry.reform.ReformFault`: what held it up last."""

REFORM_CHANGE = Table(
    name="reform_change",
    version=1,
    key=("draft_id", "place"),
    columns={
        "draft_id": ID,
        "place": INTEGER,
        "reform_id": ID,
        "change_kind": TEXT,
        "org_unit_id": maybe(ID),
        "code": maybe(TEXT),
        "name": maybe(TEXT),
        "unit_kind": maybe(TEXT),
        "parent_id": maybe(ID),
        "into_id": maybe(ID),
        "successors": IDS,
        "successor_codes": TEXTS,
        "children": IDS,
        "children_parents": IDS,
        "children_to": maybe(ID),
    },
)
"""One change, by its place in the list. `org_unit_id` is the unit that it changes or establishes;
the unit at a place of `children` goes under the one at the same place of `children_parents`."""

REFORMS = Projection("reforms", REFORM, REFORM_CHANGE)


@REFORMS.on(ReformDrafted)
def drafted(event: ReformDrafted, happening: Happening) -> Iterator[Change]:
    """Show what is meant now."""
    yield Upsert(
        REFORM,
        (happening.stream,),
        {
            "name": event.name,
            "org_unit_id": event.org_unit_id,
            "effective_on": event.effective_on,
            "state": "DRAFTED",
            "draft_id": happening.id,
            "changes": len(event.changes),
            "drafted_by": event.drafted_by,
            "approved_by": None,
            "faults": [],
            **record(happening),
        },
    )
    for place, change in enumerate(event.changes):
        yield Upsert(
            REFORM_CHANGE,
            (happening.id, place),
            {
                "reform_id": happening.stream,
                "change_kind": change.kind.value,
                "org_unit_id": change.org_unit_id or change.id,
                "code": change.code,
                "name": change.name,
                "unit_kind": change.unit_kind and change.unit_kind.value,
                "parent_id": change.parent_id,
                "into_id": change.into_id,
                "successors": [part.id for part in change.successors],
                "successor_codes": [part.code for part in change.successors],
                "children": [child.org_unit_id for child in change.children],
                "children_parents": [child.parent_id for child in change.children],
                "children_to": change.children_to,
            },
        )


@REFORMS.on(ReformApproved)
def approved(event: ReformApproved, happening: Happening) -> Iterator[Change]:
    """Show who agreed to it."""
    columns = {"state": "APPROVED", "approved_by": event.approved_by}
    yield Patch(REFORM, (happening.stream,), {**columns, **record(happening)})


@REFORMS.on(ReformCarriedOut)
def carried_out(event: ReformCarriedOut, happening: Happening) -> Iterator[Change]:
    """Show that it is."""
    columns = {"state": "CARRIED_OUT", "carried_out_on": event.carried_out_on, "faults": []}
    yield Patch(REFORM, (happening.stream,), {**columns, **record(happening)})


@REFORMS.on(ReformHeldUp)
def held_up(event: ReformHeldUp, happening: Happening) -> Iterator[Change]:
    """Show why it is not."""
    faults = [{"code": fault.code, "field": fault.field} for fault in event.faults]
    columns = {"state": "HELD_UP", "faults": faults}
    yield Patch(REFORM, (happening.stream,), {**columns, **record(happening)})


@REFORMS.on(ReformWithdrawn)
def withdrawn(_event: ReformWithdrawn, happening: Happening) -> Iterator[Change]:
    """Show that it will not be."""
    yield Patch(REFORM, (happening.stream,), {"state": "WITHDRAWN", **record(happening)})
