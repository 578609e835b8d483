"""How much a client may send at once: bytes are counted as they come, and never gathered beyond.

A `Content-Length` is what a client says; a chunked body says nothing, and a WebSocket's messages
have no heading at all. So an application is wrapped in `Capped`, which counts what really arrives.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.domain.errors import Malformed

MESSAGE_TOO_BIG = 1009
"""The close code of a WebSocket for a message that is too large (RFC 6455, 7.4.1)."""


class RequestTooLarge(Malformed):
    """More bytes than a request may have."""

    code = "REQUEST_TOO_LARGE"
    status = 413
    template = "The request is larger than {most} bytes."
    remedy_template = "Send less at once."


class Capped:
    """An ASGI application none of whose requests or messages has more than so many bytes.

    Whoever reads the body meets `RequestTooLarge` where it would grow beyond; a WebSocket is closed
    with 1009. What a client goes on sending after that, the server throws away as it comes.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        """Wrap `app`; `most` is in bytes."""
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one socket."""
        if scope["type"] == "http":
            await self._app(scope, self._counting(receive), send)
        elif scope["type"] == "websocket":
            await self._app(scope, self._measuring(receive, send), send)
        else:
            await self._app(scope, receive, send)

    def _counting(self, receive: Receive) -> Receive:
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body") or b"")
            if came > self._most:
                raise RequestTooLarge(most=self._most)
            return message

        return counted

    def _measuring(self, receive: Receive, send: Send) -> Receive:
        async def measured() -> Message:
            message = await receive()
            # A character of text is a byte or more: whatever is too long in characters is too long.
            if len(message.get("text") or message.get("bytes") or "") <= self._most:
                return message
            await send({"type": "websocket.close", "code": MESSAGE_TOO_BIG, "reason": "too large"})
            return {"type": "websocket.disconnect", "code": MESSAGE_TOO_BIG}

        return measured
