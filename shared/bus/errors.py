"""What can be wrong with the bus, beyond its being away (`shared.domain.errors.Unavailable`)."""

from shared.domain.errors import MshauriError, Unavailable


class MalformedRecord(MshauriError):
    """A record is no CloudEvent of ours; `field` names the header that says so."""

    code = "MALFORMED_RECORD"
    template = "The record {where} is none of ours: its header {header} {problem}."
    remedy_template = "Find out who else writes to this topic; only the service's relay may."

    def __init__(self, header: str, problem: str, *, where: str) -> None:
        super().__init__(header, header=header, problem=problem, where=where)


class WrongPartitions(MshauriError):
    """Somebody else made the topic, with a number of partitions that is not ours."""

    code = "WRONG_PARTITIONS"
    template = "The topic {topic} has {actual} partitions, not {expected}."
    remedy_template = (
        "Delete the topic: the relay makes it anew and publishes the whole ledger into it again."
    )


class HistoryLost(MshauriError):
    """A topic is still the same, and shorter than it was: its broker lost what it acknowledged.

    `params["gone"]` has the places, by service and partition.
    """

    code = "BUS_HISTORY_LOST"
    template = "The broker no longer has what was read from it before: {places}."
    remedy_template = (
        "Delete the topic: the relay makes it anew and publishes the whole ledger into it again."
    )


class TopicRecreated(Unavailable):
    """The topic is not the one whose offsets a reader holds: those offsets mean nothing now.

    A reader asks for the topic ids again and begins at zero where its own id differs. What it has
    seen before comes again, and is passed over.
    """

    code = "TOPIC_RECREATED"
    template = "{part} is not the one any more that the offsets were taken in."


class LeadLost(Unavailable):
    """Another relay has moved the checkpoint: it leads now, and this one must not go on."""

    code = "LEAD_LOST"
    template = "{part} is led by another process by now."
    remedy_template = "Nothing is to be done: the other one publishes, and this one stands by."
