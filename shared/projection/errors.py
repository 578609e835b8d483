"""What can be wrong between the bus and the read models.

StreamBroken           a stream, as the bus delivers it, is not what the ledger wrote
├── MissingEvent       an event before this one was never delivered
└── AlteredEvent       the event, or one before it, is not what was hashed
ImpossibleChange       a fold asked for a row that its table cannot hold
TableDiffers           the database holds a table of that name and version in another shape
ProjectorStopped       too many people's events fail in the same way: our bug, not theirs
Superseded             readers were turned to another build, and this one is not kept up any more
Outlived               a build holds events that a restored ledger has not: another must be made
"""

from shared.domain.errors import MshauriError


class StreamBroken(MshauriError):
    """A stream, as the bus delivers it, is not what the ledger wrote."""

    code = "STREAM_BROKEN"


class MissingEvent(StreamBroken):
    """An event of the stream was never delivered: the one that follows it came instead."""

    code = "MISSING_EVENT"
    template = "{service}: version {version} of stream {stream} came where {expected} was due."
    remedy_template = "Let the service's relay publish its ledger again; the person's events wait."


class AlteredEvent(StreamBroken):
    """An event is not the one whose hash it carries, or does not follow from the one before it."""

    code = "ALTERED_EVENT"
    template = "{service}: version {version} of stream {stream} does not match its hash."
    remedy_template = (
        "Compare it with the service's ledger and find out who else writes to the topic; then let "
        "the relay publish the ledger again."
    )


class ImpossibleChange(MshauriError):
    """A fold asked for a row that its table cannot hold."""

    code = "IMPOSSIBLE_CHANGE"
    template = "{table}: {problem}."
    remedy_template = "Correct the fold, or the table's declaration and its version."


class TableDiffers(MshauriError):
    """The database holds a table of that name and version in another shape."""

    code = "TABLE_DIFFERS"
    template = "{table} is declared as {declared}, but stored as {stored}."
    remedy_template = "Raise the table's version: the new one is built beside the old one."


class ProjectorStopped(MshauriError):
    """Too many people's events fail in the same way, one after the other."""

    code = "PROJECTOR_STOPPED"
    template = (
        "{keys} people's events fail in a row at {where}; the last one with {problem}. "
        "Nothing of the last poll was written."
    )
    remedy_template = "Correct the fold and start again: everything that waits is taken up then."


class Superseded(MshauriError):
    """Readers were turned to another build of these tables; this one is not kept up any more."""

    code = "BUILD_SUPERSEDED"
    template = "Another build of these read models is in use."
    remedy_template = "Nothing is to be done: the other one is kept up."


class Outlived(MshauriError):
    """A build holds events that a restored ledger has not."""

    code = "BUILD_OUTLIVED"
    template = "The read models hold events of {services} that were lost when it was restored."
    remedy_template = "Nothing is to be done: they are built anew, and read until that is level."
