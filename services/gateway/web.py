"""The web's manners: which pages may call from elsewhere, and how answers are made smaller.

No page of another origin may call unless the settings name it. Tokens come in a header and never by
themselves, as cookies do: so none is allowed credentials.
"""

from collections.abc import Sequence
from typing import Final

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette_compress import CompressMiddleware

WORTH_IT: Final = 1_000
"""Bytes below which compressing an answer costs more than it spares."""

_SENT: Final = ("Authorization", "Content-Type", "Accept-Language", "Traceparent")
_READ: Final = ("X-Request-Id", "Retry-After", "Content-Language", "ETag")
_REMEMBERED_S: Final = 600


def manners(origins: Sequence[str]) -> list[Middleware]:
    """Return what stands around the gateway's routes.

    Args:
        origins: of pages that may call: `https://dashboard.example`, without a path.
    """
    compressing = Middleware(CompressMiddleware, minimum_size=WORTH_IT)
    if not origins:
        return [compressing]
    calling = Middleware(
        CORSMiddleware,
        allow_origins=tuple(origins),
        allow_methods=("GET", "POST"),
        allow_headers=_SENT,
        expose_headers=_READ,
        max_age=_REMEMBERED_S,
    )
    return [calling, compressing]
