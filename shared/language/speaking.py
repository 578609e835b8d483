"""The language of the request in hand, known to everything that is done for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.language.catalogue import catalogues
from shared.language.negotiation import ENGLISH, negotiated

_language = ContextVar("language", default=ENGLISH)


def spoken() -> str:
    """Return the language being spoken: the request's, or English outside of any."""
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language within the block, and in the tasks that are started there."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


class Speaking:
    """ASGI middleware: what it wraps answers in the language the request asks for, and says so."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application; the catalogues are read here, so that no request waits for them."""
        self._app = app
        catalogues()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or speak over one socket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        language = negotiated(",".join(Headers(scope=scope).getlist("accept-language")))

        async def saying_so(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Language"] = language
                headers.add_vary_header("Accept-Language")
            await send(message)

        with speaking(language):
            await self._app(scope, receive, saying_so)
