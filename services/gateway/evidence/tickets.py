"""Links to evidence: who asked for what, signed and short-lived, so that a browser may follow them.

A browser that follows a link shows no bearer token. The link says on whose behalf it was made; what
they may read is looked up when it is followed, as at any other moment.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct

from services.gateway.evidence.errors import BadTicket
from shared.contracts.access.operation import AccessPurpose

LASTS = timedelta(minutes=5)
_DIGEST = 32


class Ticket(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a link stands for.

    Attributes:
        subject: on whose behalf.
        mentee: whose evidence; None: a certificate's.
        number: the certificate's.
        since: checkpoints that the logs are to be shown to continue.
        trace_id, purpose: of the operation that made the link, as it is recorded who looked.
    """

    subject: str
    expires: datetime
    mentee: UUID | None = None
    number: str | None = None
    first: date | None = None
    last: date | None = None
    since: list[str] = []
    pdf: bool = False
    trace_id: str = ""
    purpose: AccessPurpose | None = None


class Tickets:
    """Makes the links and reads them."""

    def __init__(self, secret: bytes) -> None:
        """Take the secret that every gateway of the installation shares."""
        self._key = hashlib.blake2b(b"evidence", key=secret[:64], digest_size=32).digest()

    def link(self, ticket: Ticket) -> str:
        """Return the path that a ticket is redeemed at."""
        body = msgspec.json.encode(ticket)
        return "/evidence/" + urlsafe_b64encode(self._sign(body) + body).decode().rstrip("=")

    def read(self, token: str) -> Ticket:
        """Return what a link stands for.

        Raises:
            BadTicket: it was not made here, or is over.
        """
        minutes = LASTS // timedelta(minutes=1)
        try:
            raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            raise BadTicket(minutes=minutes) from None
        signature, body = raw[:_DIGEST], raw[_DIGEST:]
        if not hmac.compare_digest(signature, self._sign(body)):
            raise BadTicket(minutes=minutes)
        ticket = msgspec.json.decode(body, type=Ticket)
        if ticket.expires < datetime.now(UTC):
            raise BadTicket(minutes=minutes)
        return ticket

    def _sign(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, key=self._key, digest_size=_DIGEST).digest()
