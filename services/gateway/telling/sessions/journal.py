"""What is told of journals: that they were written, never what."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.journal import (
    JournalEntryCorrected,
    JournalEntryReinstated,
    JournalEntryVoided,
    JournalEntryWritten,
)

tells(JournalEntryWritten, Words("{health_worker_id} wrote in the journal on {written_on}."))
tells(JournalEntryCorrected, Words("An entry of {health_worker_id} in the journal was corrected."))
tells(
    JournalEntryVoided,
    Words("An entry of {health_worker_id} in the journal was voided on {voided_on}."),
)
tells(
    JournalEntryReinstated,
    Words(
        "An entry of {health_worker_id} in the journal that was voided stands again, "
        "since {reinstated_on}."
    ),
)
