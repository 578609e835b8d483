"""What a proof, a note or a checkpoint is told that does not hold. A sentence each, with a code."""

from shared.domain.errors import MshauriError


class NotProven(MshauriError):
    """A proof leads to another root than the one that it is meant to lead to."""

    code = "NOT_PROVEN"
    status = 422
    template = "{what} is not proven: {why}."
    remedy_template = (
        "Fetch it again from its log; if that says the same, one of the two was altered."
    )


class NoteMalformed(MshauriError):
    """Bytes that are no signed note, or a note that is no checkpoint."""

    code = "NOTE_MALFORMED"
    status = 422
    template = "This is no signed note of a checkpoint: {problem}."
    remedy_template = "Give the note as it was fetched, whole, with its last newline."


class NotSigned(MshauriError):
    """No key that is known for a log signed its checkpoint, or a known one's signature is wrong."""

    code = "NOT_SIGNED"
    status = 422
    template = (
        "The checkpoint of {origin} does not bear the signature of a key known for it: {why}."
    )
    remedy_template = (
        "Take the log's keys from `/log/keys`, or from whoever gave them to you before."
    )


class KeyRetired(MshauriError):
    """A checkpoint bears the signature of a retired key, and no witness says that it is older."""

    code = "LOG_KEY_RETIRED"
    status = 422
    template = (
        "The checkpoint of {origin} at {size} is signed by a key that was retired on {retired}, "
        "and no witness saw it before that day."
    )
    remedy_template = "Ask for one that is signed today, and prove this one's tree to be its past."


class AnotherLog(MshauriError):
    """A checkpoint is of another log than the one that is asked about."""

    code = "ANOTHER_LOG"
    status = 422
    template = "The checkpoint is of {origin}, not of {expected}."
    remedy_template = "Give a checkpoint of the same service and epoch."


class BeforeRestore(MshauriError):
    """A checkpoint tells of entries that a restore took back: they are of an epoch that ended."""

    code = "BEFORE_RESTORE"
    status = 422
    template = (
        "The checkpoint of {origin} tells of {size} entries; its ledger was restored since, and "
        "only the first {cut} of them are still its past."
    )
    remedy_template = "Prove up to the cut alone; `mshauri lost` lists what was recorded beyond it."
