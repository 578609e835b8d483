"""The straight way of one command: `POST /commands/{name}`, past the web framework.

Nearly all that a decider is asked is one command at a time, and the layers of the framework would
cost as much as deciding it. So it is met before them: whose token, which bytes, what answer. What
is refused is told as everywhere else (RFC 9457), in the language that the request asks for, and so
is what a command that is only tried would depart from; any other answer has no words, and asks
nobody for a language.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import msgspec
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.access.tokens import Principal, bearer
from shared.deciding.patience import one_patience
from shared.domain.errors import MshauriError
from shared.language import Speaking
from shared.runtime.problems import on_error
from shared.service.served import Served

COMMANDS = "/commands/"
_TRIED = b'"dryRun"'

_encode = msgspec.json.Encoder().encode


class _Gone(Exception):
    """The client left before it had said all: nobody is there to be answered."""


class _Asked(NamedTuple):
    """What is asked: by whom, which command, its content."""

    principal: Principal
    name: str
    body: bytes


class OneCommand:
    """An ASGI application that decides one command, named by the end of its path."""

    def __init__(self, parts: Callable[[], Served]) -> None:
        """Ask `parts` for what runs."""
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            asked = await self._asked(scope, receive)
        except MshauriError as error:
            await Speaking(_telling(error))(scope, receive, send)
        except _Gone:
            return
        else:
            decide = partial(self._decide, asked)
            await (Speaking(decide) if _TRIED in asked.body else decide)(scope, receive, send)

    async def _decide(self, asked: _Asked, scope: Scope, receive: Receive, send: Send) -> None:
        commander = self._parts().deciding.commander
        try:
            with one_patience():
                answer = _encode(await commander.execute(asked.name, asked.body, asked.principal))
        except MshauriError as error:
            await Speaking(_telling(error))(scope, receive, send)
        else:
            headers = [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(answer)).encode()),
            ]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": answer})

    async def _asked(self, scope: Scope, receive: Receive) -> _Asked:
        principal = await self._parts().verifier.verify(bearer(_header(scope, b"authorization")))
        name = scope["path"].removeprefix(COMMANDS)
        return _Asked(principal, name, await self._body(receive))

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
