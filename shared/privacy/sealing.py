"""Sealing one value with one person's key: AES-256-GCM, bound to the place where it stands."""

import base64
import os
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16


class SealBroken(Exception):
    """A sealed value is not what was sealed: altered, moved from elsewhere, or another's key."""


class DataKey:
    """The key of one person's personal data. It shows itself to nobody by accident.

    The cipher is made anew for each use: that costs 3 µs, and keeping it 2.5 KB, of which a process
    with 50,000 keys at hand would have 120 MB.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            msg = f"a data key has {KEY_BYTES} bytes, not {len(secret)}"
            raise ValueError(msg)
        self._secret = secret

    @classmethod
    def generate(cls) -> "DataKey":
        """Make a new one from the system's randomness."""
        return cls(AESGCM.generate_key(KEY_BYTES * 8))

    @property
    def secret(self) -> bytes:
        """The key itself: to be wrapped, or told to a process of the house."""
        return self._secret

    def encrypt(self, clear: bytes, aad: bytes) -> bytes:
        """Return nonce and ciphertext. Random nonces are safe for the thousands one person has."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._secret).encrypt(nonce, clear, aad)

    def decrypt(self, sealed: bytes, aad: bytes) -> bytes:
        """Return what was encrypted.

        Raises:
            SealBroken: not with this key, not with this `aad`, or not these bytes.
        """
        if len(sealed) < _NONCE_BYTES + _TAG_BYTES:
            raise SealBroken("it is too short")
        try:
            return AESGCM(self._secret).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], aad)
        except InvalidTag:
            raise SealBroken("it does not open") from None


def bound_to(event_id: UUID, field: str) -> bytes:
    """Return the `aad` of a field (by its wire name) of an event.

    A ciphertext copied into another event, or another field of the same one, does not open there.
    """
    return event_id.bytes + b"/" + field.encode()


def seal(value: Any, key: DataKey, aad: bytes) -> dict[str, str]:
    """Return `{"sealed": "<base64>"}` for a value that JSON can say."""
    sealed = key.encrypt(msgspec.json.encode(value), aad)
    return {"sealed": base64.b64encode(sealed).decode()}


def is_sealed(value: Any) -> bool:
    """Say whether a decoded JSON value has the shape that `seal` returns."""
    return isinstance(value, dict) and value.keys() == {"sealed"} and type(value["sealed"]) is str


def unseal(sealed: dict[str, str], key: DataKey, aad: bytes) -> Any:
    """Return the value as JSON says it: texts, numbers, lists and dicts.

    Raises:
        SealBroken: see `DataKey.decrypt`.
    """
    try:
        data = base64.b64decode(sealed["sealed"], validate=True)
    except ValueError:
        raise SealBroken("it is no base64") from None
    return msgspec.json.decode(key.decrypt(data, aad))
