"""The master key: wraps every person's key, so that the database alone opens nothing."""

import base64
import binascii
from hashlib import sha256
from uuid import UUID

from shared.privacy.sealing import DataKey, SealBroken


class WrongMasterKey(Exception):
    """A key was wrapped with another master key than this process was given."""

    def __init__(self, used: str, given: str) -> None:
        super().__init__(
            f"subject keys are wrapped with master key {used}, and this process was given {given}: "
            "set MSHAURI_MASTER_KEY to the one that was used before"
        )


class MasterKey:
    """Wraps data keys, each bound to its person, with AES-256-GCM.

    Attributes:
        id: tells master keys apart, and nothing about this one: the first 16 hex digits of the
            SHA-256 of a label and the key. Stored beside what it wrapped, for later rotation.
    """

    def __init__(self, secret: bytes) -> None:
        """Take 32 bytes, as MSHAURI_MASTER_KEY holds them in base64."""
        self._key = DataKey(secret)
        self.id = sha256(b"mshauri master key" + secret).hexdigest()[:16]

    @classmethod
    def from_base64(cls, text: str) -> "MasterKey":
        """Take the key as settings say it.

        Raises:
            ValueError: it is not 32 bytes of base64; the text is not repeated.
        """
        try:
            return cls(base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError):
            raise ValueError("the master key must be 32 bytes in base64") from None

    def wrap(self, subject: UUID, key: DataKey) -> bytes:
        """Return what may be stored."""
        return self._key.encrypt(key.secret, subject.bytes)

    def unwrap(self, subject: UUID, wrapped: bytes, master_id: str) -> DataKey:
        """Return the person's key.

        Raises:
            WrongMasterKey: it was wrapped by the master key `master_id`, which is not this one.
            SealBroken: it was altered, or is another person's.
        """
        if master_id != self.id:
            raise WrongMasterKey(master_id, self.id)
        try:
            return DataKey(self._key.decrypt(wrapped, subject.bytes))
        except SealBroken:
            raise SealBroken(f"the stored key of subject {subject} does not open") from None
