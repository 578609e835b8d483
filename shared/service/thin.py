"""The straight way of one command: `POST /commands/{name}`, past the web framework.

Nearly all that a decider is asked is one command at a time, and the layers of the framework would
cost as much as deciding it. So it is met before them: whose token, which bytes, what answer. What
is refused is told as everywhere else (RFC 9457), in the language that the request asks for; an
answer has no words, and asks nobody for a language.
"""

from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.access.tokens import bearer
from shared.deciding.patience import one_patience
from shared.domain.errors import MshauriError
from shared.language import Speaking
from shared.runtime.problems import on_error
from shared.service.served import Served

COMMANDS = "/commands/"

_encode = msgspec.json.Encoder().encode


class _Gone(Exception):
    """The client left before it had said all: nobody is there to be answered."""


class OneCommand:
    """An ASGI application that decides one command, named by the end of its path."""

    def __init__(self, parts: Callable[[], Served]) -> None:
        """Ask `parts` for what runs."""
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self._answer(scope, receive)
        except MshauriError as error:
            await Speaking(_telling(error))(scope, receive, send)
        except _Gone:
            return
        else:
            headers = [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(answer)).encode()),
            ]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": answer})

    async def _answer(self, scope: Scope, receive: Receive) -> bytes:
        parts = self._parts()
        principal = await parts.verifier.verify(bearer(_header(scope, b"authorization")))
        body = await self._body(receive)
        name = scope["path"].removeprefix(COMMANDS)
        with one_patience():
            return _encode(await parts.deciding.commander.execute(name, body, principal))

    async def _body(self, receive: Receive) -> bytes:
        parts: list[bytes] = []
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        return b"".join(parts)


class Straight:
    """ASGI middleware: hands single commands over at once, and everything else on."""

    def __init__(self, app: ASGIApp, one: ASGIApp) -> None:
        """Wrap `app`; `one` gets the commands."""
        self._app = app
        self._one = one

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] == "POST" and _names_one(scope["path"]):
            await self._one(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _names_one(path: str) -> bool:
    return path.startswith(COMMANDS) and len(path) > len(COMMANDS) and path.count("/") == 2


def _header(scope: Scope, name: bytes) -> str | None:
    for key, value in scope["headers"]:
        if key == name:
            found: bytes = value
            return found.decode("latin-1")
    return None


def _telling(error: MshauriError) -> ASGIApp:
    async def tell(scope: Scope, receive: Receive, send: Send) -> None:
        response = await on_error(Request(scope), error)
        await response(scope, receive, send)
        # One error may be many commands' (an outage): it must not gather all their traces.
        error.__traceback__ = None

    return tell
