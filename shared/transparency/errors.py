"""Why a log is not sealed, or not what it says that it is. A sentence each, with a code."""

from shared.domain.errors import MshauriError, NotFound


class LogBroken(MshauriError):
    """What is kept of a log, or of its ledger, does not hold together: nothing more is signed."""

    code = "LOG_BROKEN"
    template = "The log cannot go on: {problem}."
    remedy_template = "Keep the database as it is; `mshauri verify` names the first wrong entry."


class AnotherOrigin(MshauriError):
    """A log bears another name than the one that its process is given."""

    code = "LOG_ORIGIN_CHANGED"
    template = "The log of epoch {epoch} was not called {origin} before."
    remedy_template = "Set MSHAURI_LOG_ORIGIN to what it was: a log keeps its name."


class BehindWitness(MshauriError):
    """A witness saw more of a log than its ledger holds: a backup was restored, and nobody said."""

    code = "LOG_BEHIND_WITNESS"
    template = "A witness saw {size} entries of {origin}; the ledger holds {head}."
    remedy_template = (
        "If a backup was restored, say so: `mshauri resume SERVICE --reason …` begins a new epoch."
    )


class Forked(MshauriError):
    """A witness saw another tree: entries were altered, or another ledger goes on here."""

    code = "LOG_FORKED"
    template = "What a witness saw of the first {size} entries of {origin} is not what stands here."
    remedy_template = "Stop recording, keep the database, and compare it with a backup and the bus."


class RetiredHere(MshauriError):
    """A process is given a key that another one took the place of."""

    code = "LOG_KEY_WAS_RETIRED"
    template = "The key that this process is to seal the {service} log with was retired on {day}."
    remedy_template = (
        "Give every process the newest MSHAURI_LOG_KEY; a retired one does not return."
    )


class NoSuchPart(NotFound):
    """A log has no such checkpoint, tile or bundle, or not yet."""

    code = "NO_SUCH_PART_OF_LOG"
    template = "There is no {part} in this log."
    remedy_template = "Read the checkpoint first: a log of its size has the parts that it implies."
