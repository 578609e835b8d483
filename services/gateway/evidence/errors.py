"""Why there is no evidence. A sentence each, with a code."""

from shared.domain.errors import Malformed, MshauriError, NotFound


class TooMuchEvidence(Malformed):
    """More events than one bundle holds."""

    code = "TOO_MUCH_EVIDENCE"
    template = "{most} events are the most that one bundle holds, and there are more."
    remedy_template = "Ask for a shorter period, with `from` and `to`; several bundles tell all."


class PeriodBackwards(Malformed):
    """A period that ends before it begins."""

    code = "PERIOD_BACKWARDS"
    template = "The period would end on {to}, before it begins on {since}."
    remedy_template = "Give a `to` that is not earlier than `from`."


class BadTicket(MshauriError):
    """A link to a bundle that was not made here, or is over."""

    code = "EVIDENCE_LINK_OVER"
    status = 403
    template = "This link to evidence is over, or was not made here."
    remedy_template = "Ask for evidence once more: a link lasts {minutes} minutes."


class NoCertificate(NotFound):
    """A number that no certificate was ever issued under."""

    code = "NO_SUCH_CERTIFICATE"
    template = "No certificate was ever issued under the number {number}."
    remedy_template = "Compare the number with the paper, letter by letter."
