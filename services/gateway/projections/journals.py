"""Journal entries: whose, when, about which session; and the text, for the pair alone."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, RECORD, TEXT, maybe, record
from services.gateway.projections.taken_back import VOIDED, taken_back
from shared.contracts.sessions.journal import (
    JournalEntryCorrected,
    JournalEntryReinstated,
    JournalEntryVoided,
    JournalEntryWritten,
    JournalFacts,
)
from shared.projection import Change, Happening, Projection, Table, Upsert

JOURNAL_ENTRY = Table(
    name="journal_entry",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "health_worker_id": ID,
        "recorded_by": TEXT,
        "mentorship_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "session_id": maybe(ID),
        "written_on": DATE,
        "text": maybe(TEXT),
        **VOIDED,
        **RECORD,
    },
    indexes=(
        ("written_on", "id"),
        ("mentorship_id", "written_on", "id"),
        ("health_worker_id", "written_on", "id"),
        ("programme", "written_on", "id"),
        ("org_unit_id", "written_on", "id"),
        ("voided_on",),
    ),
)
"""`text` is empty once the person's key is gone. The parties of the mentorship alone are shown it:
see `Leaf.confided`."""

JOURNALS = Projection("journals", JOURNAL_ENTRY)


taken_back(JOURNALS, JOURNAL_ENTRY, JournalEntryVoided, JournalEntryReinstated)


@JOURNALS.on(JournalEntryWritten, JournalEntryCorrected)
def written(event: JournalFacts, happening: Happening) -> Iterator[Change]:
    """Show that an entry exists, and keep what it says for those who may read it."""
    yield Upsert(
        JOURNAL_ENTRY,
        (happening.stream,),
        {
            "health_worker_id": event.health_worker_id,
            "recorded_by": happening.meta.actor,
            "mentorship_id": event.mentorship_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "session_id": event.session_id,
            "written_on": event.written_on,
            "text": event.text,
            **record(happening),
        },
    )
