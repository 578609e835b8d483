"""Global ids: opaque to clients, typed, and made by a documented rule.

The rule: `Kind:uuid` in URL-safe base64 (RFC 4648, section 5) without padding, where `Kind` is the
GraphQL type's name and `uuid` is in lower case with dashes. A client that made the UUID itself
(offline, say) may make the id itself. Padding is accepted, never sent.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from uuid import UUID

from strawberry import ID

from shared.domain.errors import WrongIdKind


def global_id(kind: str, id: UUID) -> ID:
    """Return the id under which the `kind` with that UUID is known outside."""
    return ID(urlsafe_b64encode(f"{kind}:{id}".encode()).decode().rstrip("="))


def split_id(value: str) -> tuple[str, UUID] | None:
    """Take a global id apart into kind and UUID; None if it is none."""
    try:
        decoded = urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
        kind, _, text = decoded.partition(":")
        return (kind, UUID(text)) if kind.isalpha() else None
    except (Error, ValueError):
        return None


def uuid_of(value: str, kind: str, field: str | None = None) -> UUID:
    """Return the UUID in a global id.

    Raises:
        WrongIdKind: it is no global id, or one of another kind of thing.
    """
    parts = split_id(value)
    if parts is None or parts[0] != kind:
        raise WrongIdKind(field, value=value[:100], expected=kind)
    return parts[1]


def uuid_or_id(value: str, kind: str, field: str | None = None) -> UUID:
    """Return the UUID in a global id, or the UUID that stands there plainly.

    For what a client makes itself, and for commands in the form the recording services take.

    Raises:
        WrongIdKind: it is neither, or the id of another kind of thing.
    """
    try:
        return UUID(value) if len(value) == 36 else uuid_of(value, kind, field)
    except ValueError:
        return uuid_of(value, kind, field)
