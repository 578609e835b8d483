"""Notices: who must be told that somebody left, by when, and when they were."""

from collections.abc import Iterator

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    RECORD,
    TEXT,
    maybe,
    record,
)
from shared.contracts.sessions.notice import NoticeGiven, NoticeRaised
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

NOTICE = Table(
    name="notice",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "mentorship_id": ID,
        "mentor_id": maybe(ID),
        "enrolment_id": maybe(ID),
        "programme": TEXT,
        "org_unit_id": ID,
        "role": TEXT,
        "due": DATE,
        "open_due": maybe(DATE),
        "given_to": maybe(TEXT),
        "given_on": maybe(DATE),
        "late": maybe(BOOLEAN),
        **RECORD,
    },
    indexes=(
        ("due", "id"),
        ("mentorship_id", "due", "id"),
        ("programme", "due", "id"),
        ("org_unit_id", "due", "id"),
        ("role", "due", "id"),
        ("open_due", "id"),
        ("given_on",),
    ),
)
"""Of a mentor who left, or of a mentee who withdrew. `open_due` is `due` until it is given, then
empty: what lies before today there is overdue."""

NOTICES = Projection("notices", NOTICE)


@NOTICES.on(NoticeRaised)
def raised(event: NoticeRaised, happening: Happening) -> Iterator[Change]:
    """Show who is to be told."""
    yield Upsert(
        NOTICE,
        (happening.stream,),
        {
            "mentorship_id": event.mentorship_id,
            "mentor_id": event.mentor_id,
            "enrolment_id": event.enrolment_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "role": event.role,
            "due": event.due,
            "open_due": event.due,
            **record(happening),
        },
    )


@NOTICES.on(NoticeGiven)
def given(event: NoticeGiven, happening: Happening) -> Iterator[Change]:
    """Show that they were told."""
    yield Patch(
        NOTICE,
        (happening.stream,),
        {
            "open_due": None,
            "given_to": event.given_to,
            "given_on": event.given_on,
            "late": event.late,
            **record(happening),
        },
    )
