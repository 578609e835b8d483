"""Who is asking: bearer tokens (JWT, RFC 7519), verified once and remembered until they expire."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
from cachetools import TLRUCache
from jwt.exceptions import (
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAlgorithmError,
    InvalidAudienceError,
    InvalidIssuerError,
    InvalidSignatureError,
    InvalidTokenError,
    MissingRequiredClaimError,
)
from msgspec import Struct

from shared.access.signing_keys import ALGORITHMS, SigningKeys
from shared.domain.errors import Unauthenticated
from shared.domain.phrases import Phrase

LEEWAY = timedelta(seconds=30)
"""How far the issuer's clock and ours may be apart."""

LONGEST = 8192
"""Characters: longer ones are refused unread."""

REMEMBERED = 10_000
"""Tokens. Verifying one cost 410 µs of a busy core, looking it up 4 µs; remembering it, 0.8 KB."""

MALFORMED = Phrase("it is malformed")

_PROBLEMS: tuple[tuple[type[InvalidTokenError], Phrase], ...] = (
    (ExpiredSignatureError, Phrase("it has expired")),
    (ImmatureSignatureError, Phrase("it is not valid yet")),
    (InvalidIssuerError, Phrase("it is from the wrong issuer")),
    (InvalidAudienceError, Phrase("it is for the wrong audience")),
    (InvalidSignatureError, Phrase("it has a bad signature")),
    (InvalidAlgorithmError, Phrase("its algorithm is not accepted")),
)


class Principal(Struct, frozen=True, kw_only=True):
    """Somebody an issuer we trust vouches for, until then.

    Attributes:
        subject: the token's `sub`: what grants name their holder by.
        expires: UTC; a connection that outlives it must authenticate again.
        token: to be passed on to the service that decides, and to nobody else.
    """

    subject: str
    expires: datetime
    token: str

    def __repr__(self) -> str:
        """Show who, never the token: reprs end in logs."""
        return f"Principal(subject={self.subject!r}, expires={self.expires.isoformat()})"


def bearer(authorization: str | None) -> str:
    """Return the token of an `Authorization` header's value.

    Raises:
        Unauthenticated: there is none, or not by the Bearer scheme.
    """
    if not authorization:
        raise Unauthenticated(problem=Phrase("it is missing"))
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(problem=MALFORMED)
    return token.strip()


class Verifier:
    """Turns tokens of one issuer, made for us, into principals."""

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        jwks_url: str,
        client: httpx.AsyncClient | None = None,
        leeway: timedelta = LEEWAY,
        remembered: int = REMEMBERED,
    ) -> None:
        """Say whom to trust. See `SigningKeys` for `jwks_url` and `client`."""
        self._issuer = issuer
        self._audience = audience
        self._leeway = leeway.total_seconds()
        self.keys = SigningKeys(jwks_url, client=client)
        self._generation = self.keys.generation
        self._known: TLRUCache[str, Principal] = TLRUCache(
            remembered,
            ttu=lambda _token, principal, _now: principal.expires.timestamp() + self._leeway,
            timer=time.time,
        )

    async def verify(self, token: str | None) -> Principal:
        """Return whom the token stands for.

        Raises:
            Unauthenticated: nobody, and `problem` says why; the token itself is never repeated.
            Unavailable: the issuer's keys are not known, or too old, and cannot be read now.
        """
        if not token:
            raise Unauthenticated(problem=Phrase("it is missing"))
        if len(token) > LONGEST:
            raise Unauthenticated(problem=MALFORMED)
        self._forget_if_keys_changed()
        # Where keys are too old to believe a token by, they are for one that was believed, too.
        known = self._known.get(token) if self.keys.serve else None
        if known is not None:
            return known
        principal = await self._check(token)
        self._forget_if_keys_changed()
        self._known[token] = principal
        return principal

    def _forget_if_keys_changed(self) -> None:
        # What a key now withdrawn has signed must not live on in memory.
        if self._generation != self.keys.generation:
            self._known.clear()
            self._generation = self.keys.generation

    async def _check(self, token: str) -> Principal:
        try:
            header = jwt.get_unverified_header(token)
            key = await self.keys.key(header.get("kid"))
            if key is None:
                raise Unauthenticated(problem=Phrase("it has a bad signature: its key is unknown"))
            claims = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self._audience,
                issuer=self._issuer,
                leeway=self._leeway,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
            return _principal(token, claims)
        except MissingRequiredClaimError as problem:
            missing = Phrase("it has no `{claim}` claim", claim=problem.claim)
            raise Unauthenticated(problem=missing) from None
        except InvalidTokenError as problem:
            raise Unauthenticated(problem=_said(problem)) from None
        except (ValueError, TypeError, OverflowError, OSError):
            # Claims of impossible values, text that is no UTF-8: all come from the sender.
            raise Unauthenticated(problem=MALFORMED) from None


def _principal(token: str, claims: dict[str, Any]) -> Principal:
    subject = claims["sub"]
    if not isinstance(subject, str) or not subject.strip():
        raise ValueError("sub")
    return Principal(
        subject=subject, expires=datetime.fromtimestamp(int(claims["exp"]), UTC), token=token
    )


def _said(problem: InvalidTokenError) -> Phrase:
    return next((said for kind, said in _PROBLEMS if isinstance(problem, kind)), MALFORMED)
