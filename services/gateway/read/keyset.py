"""Cursors: where a page ended, in the values of its sort keys; signed, so that nobody makes one up.

A cursor is good for the list, the order and the scope it was made for, and for no other: with
another order its values would mean another place, with another scope it would tell something.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from shared.domain.errors import Malformed

_DIGEST = 16
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[Any])

_PARSERS: dict[str, Callable[[Any], Any]] = {
    "uuid": UUID,
    "date": date.fromisoformat,
    "timestamptz": datetime.fromisoformat,
    "numeric": Decimal,
}


class BadCursor(Malformed):
    """A cursor that we did not make, or made for another list, order or scope."""

    code = "BAD_CURSOR"
    template = "This cursor does not belong to this list, in this order, as you may see it."
    remedy_template = "Give an `endCursor` of the same field, order and token; or begin anew."


class Keyset:
    """Makes and reads the cursors of all lists."""

    def __init__(self, secret: bytes) -> None:
        """Take the secret that every gateway of the installation shares."""
        self._key = hashlib.blake2b(b"cursor", key=secret[:64], digest_size=32).digest()

    def cursor(self, purpose: str, values: Sequence[Any]) -> str:
        """Return the cursor of the row with those sort keys.

        Args:
            purpose: list, order and scope; a cursor is only read for the purpose it was made for.
        """
        body = _encoder.encode([_plain(value) for value in values])
        return urlsafe_b64encode(self._sign(purpose, body) + body).decode().rstrip("=")

    def values(self, purpose: str, cursor: str, types: Sequence[str]) -> list[Any]:
        """Return the sort keys in a cursor, as values of those column types.

        Raises:
            BadCursor: it was not made here for that purpose.
        """
        try:
            raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (Error, ValueError):
            raise BadCursor("after") from None
        signature, body = raw[:_DIGEST], raw[_DIGEST:]
        if not hmac.compare_digest(signature, self._sign(purpose, body)):
            raise BadCursor("after")
        values = _decoder.decode(body)
        return [_PARSERS.get(t, _same)(v) for t, v in zip(types, values, strict=True)]

    def _sign(self, purpose: str, body: bytes) -> bytes:
        text = purpose.encode() + b"\0" + body
        return hashlib.blake2b(text, key=self._key, digest_size=_DIGEST).digest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _same(value: Any) -> Any:
    return value
