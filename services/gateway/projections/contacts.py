"""Contacts between mentors and mentees that were no sessions."""

from collections.abc import Iterator

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    INTEGER,
    RECORD,
    TEXT,
    maybe,
    record,
)
from shared.contracts.sessions.contact import ContactMade, ContactVoided
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

CONTACT = Table(
    name="contact",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "mentorship_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "mentee": ID,
        "mentor": ID,
        "mode": TEXT,
        "made_on": DATE,
        "minutes": maybe(INTEGER),
        "reached_by": TEXT,
        "about": maybe(TEXT),
        "recorded_by": TEXT,
        "voided": BOOLEAN,
        **RECORD,
    },
    indexes=(
        ("made_on", "id"),
        ("mentorship_id", "made_on", "id"),
        ("programme", "made_on", "id"),
        ("org_unit_id", "made_on", "id"),
        ("mentee", "made_on", "id"),
        ("mentor", "made_on", "id"),
    ),
)
"""`about` is personal. `reached_by` is MENTOR or MENTEE."""

CONTACTS = Projection("contacts", CONTACT)


@CONTACTS.on(ContactMade)
def made(event: ContactMade, happening: Happening) -> Iterator[Change]:
    """Show a contact."""
    yield Upsert(
        CONTACT,
        (happening.stream,),
        {
            "mentorship_id": event.mentorship_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "mentee": event.health_worker_id,
            "mentor": event.mentor,
            "mode": event.mode.value,
            "made_on": event.made_on,
            "minutes": event.minutes,
            "reached_by": event.reached_by.value,
            "about": event.about,
            "recorded_by": happening.meta.actor,
            "voided": False,
            **record(happening),
        },
    )


@CONTACTS.on(ContactVoided)
def voided(_event: ContactVoided, happening: Happening) -> Iterator[Change]:
    """Show that it was not made."""
    yield Patch(CONTACT, (happening.stream,), {"voided": True, **record(happening)})
