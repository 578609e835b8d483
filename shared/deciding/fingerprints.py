"""The fingerprint of a command: by it, one that is sent again is told from another of the same id.

A phone may send today what was recorded before a release that gave its command another field. So
a field that is younger than its command, marked `later`, has no part in it where it says nothing.
"""

from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple, get_type_hints

import msgspec
from msgspec import NODEFAULT
from msgspec.structs import fields

from shared.contracts.base import Command, marks, wire_name

_encode = msgspec.json.Encoder().encode


class _Field(NamedTuple):
    """A field: its names, and what it says of nothing; NODEFAULT: it always has its part."""

    name: str
    wire: str
    silent: Any


def fingerprint_of(command: Command, subject: str) -> bytes:
    """Return the SHA-256 of what is asked, and by whom.

    `after` says what the sender had seen, not what is asked: a repetition may have seen more.
    """
    asked = {}
    for name, wire, silent in _fields(type(command)):
        value = getattr(command, name)
        if silent is NODEFAULT or value != silent:
            asked[wire] = value
    asked["after"] = None
    named = wire_name(type(command)).encode()
    return sha256(b"\0".join((named, subject.encode(), _encode(asked)))).digest()


@cache
def _fields(kind: type[Command]) -> tuple[_Field, ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        _Field(
            info.name,
            info.encode_name,
            info.default if marks(hints[info.name]).get("later") else NODEFAULT,
        )
        for info in fields(kind)
    )
