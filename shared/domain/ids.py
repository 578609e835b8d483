"""Identifiers: made where the fact is made, unique without asking anyone."""

from uuid import NAMESPACE_URL, UUID

from uuid_utils.compat import uuid5, uuid7

_MSHAURI = uuid5(NAMESPACE_URL, "urn:mshauri")


def new_id() -> UUID:
    """Make a new id, version 7 of RFC 9562: sortable by the time it was made."""
    return uuid7()


def derived_id(kind: str, *parts: object) -> UUID:
    """Make the one id that `kind` and `parts` always lead to, whoever asks.

    A record that exists once for something else (a competency record for an enrolment) takes
    its id from it, so that two writers meet in the same stream instead of making two.
    """
    return uuid5(_MSHAURI, "/".join([kind, *(str(part) for part in parts)]))
