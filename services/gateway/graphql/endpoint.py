"""`/graphql`: how operations come in over HTTP, server-sent events and WebSocket.

POST with JSON, or a query by GET; without one, a GET serves the console, in development alone. Who
asks is settled before anything is read: without a good token there is no operation. Over WebSocket
the token comes with `connection_init`, and the connection ends when it expires.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from random import getrandbits
from typing import Any

import msgspec
from cross_web import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter, GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.types.unset import UNSET, UnsetType

from services.gateway.crowd import Crowded, TooManySockets, TooManySubscriptions, Visit
from services.gateway.graphql.context import Context, Parts
from services.gateway.graphql.errors import problem_of
from services.gateway.graphql.over_http import Accepting, later, settled
from services.gateway.graphql.revalidating import is_kept, kept
from services.gateway.graphql.schema import MshauriSchema
from services.gateway.pacing import Paced
from shared.access.tokens import Principal, Verifier, bearer
from shared.contracts.access.operation import AccessPurpose
from shared.domain.errors import Malformed, MshauriError, Unauthenticated
from shared.language import Speaking
from shared.runtime.bodies import Capped, RequestTooLarge

LARGEST = 2_000_000
"""Bytes of a request: 500 commands of a batch, and room to spare."""

INIT_WITHIN = timedelta(seconds=10)
PURPOSE = "x-mshauri-purpose"
"""The header that says why somebody reads; on a socket, `purpose` of `connection_init` does."""

FORBIDDEN = 4403
"""The close code of graphql-transport-ws for who may not, or may no longer, be here."""
TOO_MANY = 4429
"""Ours, for who has too many sockets open already."""
TRY_AGAIN_LATER = 1013
"""The registered close code of a server that is full."""

_SOCKET = "mshauri.socket"
"""The key of a socket's context in its ASGI scope."""

_ASKS = frozenset({"query", "documentId", "extensions"})
"""The parameters of a GET that asks something, rather than for the console."""

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_NOBODY = Principal(subject="", expires=datetime.min.replace(tzinfo=UTC), token="")


class MethodNotAllowed(Malformed):
    """An operation came some other way than by POST or GET."""

    code = "METHOD_NOT_ALLOWED"
    status = 405
    template = "{method} carries no operation here."
    remedy_template = 'Send it by POST, as JSON: {{"query": …, "variables": …}}.'


class UnknownPurpose(Malformed):
    """Why somebody reads is said by a code."""

    code = "UNKNOWN_PURPOSE"
    template = "The purpose that the request gives is none that is known."
    remedy_template = "Leave it out, or give one of {known}: a sentence might name somebody."


class _Socket(ASGIWebSocketAdapter):
    async def close(self, code: int, reason: str) -> None:
        """Close it, unless it was closed with a better reason."""
        if self.ws.application_state is WebSocketState.CONNECTED:
            await super().close(code, reason)


class _Operations(BaseGraphQLTransportWSHandler[Context, None]):
    """The operations on one socket: no more than it carries."""

    async def handle_subscribe(self, message: Any) -> None:
        """Begin one, or refuse it with a code."""
        most = self.context.parts.crowd.subscriptions
        try:
            if len(self.operations) >= most and message["id"] not in self.operations:
                raise TooManySubscriptions(most=most)
            asked = self.context.parts.persisted.resolved(message["payload"])
        except MshauriError as error:
            refused = problem_of(error, self.context.trace_id)["errors"]
            await self.send_message({"id": message["id"], "type": "error", "payload": refused})
        else:
            begun: Any = {**message, "payload": {"query": "", **asked}}
            await super().handle_subscribe(begun)


class Endpoint(GraphQL[Context, None]):
    """Strawberry's ASGI application with our authentication, errors and walls."""

    websocket_adapter_class = _Socket
    graphql_transport_ws_handler_class = _Operations

    def __init__(
        self,
        schema: MshauriSchema,
        parts: Parts,
        verifier: Verifier,
        *,
        console: bool,
        origins: Sequence[str] = (),
    ) -> None:
        """Put it together.

        Args:
            console: serve GraphiQL to a GET.
            origins: of pages that may open a WebSocket, besides our own; nobody by default.
        """
        super().__init__(
            schema,
            graphql_ide="graphiql" if console else None,
            allow_queries_via_get=True,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=INIT_WITHIN,
            max_subscriptions_per_connection=None,
            allowed_origins=origins,
        )
        self._parts = parts
        self._verifier = verifier
        self._console = console
        self._speaking = Speaking(Capped(self._serve, LARGEST))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request in the language it asks for, or serve one socket."""
        await self._speaking(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self._socket(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Every refusal is a GraphQL answer with a code.
        request = Request(scope, receive)
        trace_id = trace_id_of(request)
        with ExitStack() as visiting:
            response: Response
            try:
                response = await self._answer(request, visiting)
            except MshauriError as error:
                response = _refusal(error, trace_id)
            except HTTPException as error:
                fault = Malformed(problem=error.reason.rstrip("."), expected="GraphQL over HTTP")
                response = _refusal(fault, trace_id, status=error.status_code)
            except ClientDisconnect:
                return  # nobody waits for an answer
            response.headers["X-Request-Id"] = trace_id
            asker = getattr(request.state, "principal", None)
            if asker is not None:
                response.headers.update(self._parts.buckets.told(asker.subject))
            # A stream of events is a visit until its end.
            await response(scope, receive, send)

    async def _answer(self, request: Request, visiting: ExitStack) -> Response:
        asks = request.method == "GET" and not _ASKS.isdisjoint(request.query_params)
        if request.method == "GET" and self._console and not asks:
            return await self.render_graphql_ide(request)
        if request.method != "POST" and not asks:
            raise MethodNotAllowed(method=request.method)
        if int(request.headers.get("content-length") or 0) > LARGEST:
            raise RequestTooLarge(most=LARGEST)
        token = bearer(request.headers.get("authorization"))
        principal = request.state.principal = await self._verifier.verify(token)
        request.state.purpose = purpose_of(request.headers.get(PURPOSE))
        visit = visiting.enter_context(self._parts.crowd.operation(principal.subject))
        visiting.callback(self._settle, visit)
        await request.body()
        response: Response = await Paced(self.run(request), visit)
        return response

    def _settle(self, visit: Visit) -> None:
        """Debit what was not yet: of operations that were refused, and of writing the answer."""
        self._parts.buckets.debit(visit.present.subject, visit.settle())

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._parts.crowd.door():
                try:
                    await super().__call__(scope, receive, send)
                finally:
                    context = scope.get(_SOCKET)
                    if isinstance(context, SocketContext):
                        context.hung_up()
        except Crowded:
            # Before it is accepted: the handshake is answered with 403.
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER, "reason": ""})

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """Return an operation's surroundings; who asks was settled before it was read."""
        trace_id = trace_id_of(request)
        if isinstance(request, WebSocket):
            # Browsers cannot send headers here: the token comes with `connection_init`.
            context = SocketContext(self._parts, _NOBODY, trace_id, socket=request)
            request.scope[_SOCKET] = context
            return context
        return Context(
            self._parts, request.state.principal, trace_id, purpose=request.state.purpose
        )

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Settle who speaks on a WebSocket, and hang up when their token expires."""
        assert isinstance(context, SocketContext)
        given = (context.connection_params or {}).get("authorization") or (
            context.connection_params or {}
        ).get("Authorization")
        try:
            token = bearer(given if isinstance(given, str) else None)
            context.principal = await self._verifier.verify(token)
            said = (context.connection_params or {}).get("purpose")
            context.purpose = purpose_of(said or context.socket.headers.get(PURPOSE))
            context.sit_down()
        except TooManySockets as error:
            await context.socket.close(TOO_MANY, f"{error.code}: {error.message}")
            raise ConnectionRejectionError({"code": error.code}) from None
        except MshauriError as error:
            raise ConnectionRejectionError({"code": error.code}) from None
        left = (context.principal.expires - datetime.now(UTC)).total_seconds()
        context.hang_up = asyncio.create_task(_hang_up(context.socket, left))
        accepted: UnsetType = UNSET
        return accepted

    def decode_json(self, data: str | bytes) -> object:
        """Decode strictly and fast."""
        try:
            body = msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise HTTPException(400, "Unable to parse request body as JSON") from None
        if not isinstance(body, dict):
            raise HTTPException(400, "A request is one JSON object; operations go one by one")
        return body

    def parse_json(self, data: str | bytes) -> Any:
        """Decode a request, whose document may be said by its hash."""
        body = self.decode_json(data)
        assert isinstance(body, dict)
        return self._parts.persisted.resolved(body)

    def parse_query_params(self, params: Any) -> dict[str, Any]:
        """Read a request that came by GET, likewise."""
        asked: dict[str, Any] = dict(params)
        for name in ("variables", "extensions"):
            if asked.get(name):
                asked[name] = self.decode_json(asked[name])
        return self._parts.persisted.resolved(asked)

    def should_render_graphql_ide(self, request: Any) -> bool:
        """Say no: who wants the console was shown it before."""
        return False

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """Return what goes with an answer while it is made."""
        if isinstance(request, Request):
            return Accepting(request)
        response: Response = await super().get_sub_response(request)
        return response

    def create_response(self, response_data: Any, sub_response: Response) -> Response:
        """Write an answer as the bytes that go out: as a text first, it was copied three times."""
        assert isinstance(sub_response, Accepting)
        answer, status = settled(response_data, sub_response.wanted)
        response = Response(
            msgspec.json.encode(answer),
            status_code=sub_response.status_code or status,
            headers={**sub_response.headers, **later(answer), "Vary": "Accept"},
            media_type=sub_response.wanted,
        )
        request = sub_response.request
        if not is_kept(request) or response.status_code != HTTPStatus.OK or "errors" in answer:
            return response
        return kept(request, response, msgspec.json.encode(answer["data"]))

    def encode_json(self, data: object) -> str:
        """Encode fast; text, for WebSocket frames of text."""
        return msgspec.json.encode(data).decode()


class SocketContext(Context):
    """The surroundings of all operations on one WebSocket.

    Its reader is never kept: operations on a socket are minutes apart.
    """

    def __init__(
        self, parts: Parts, principal: Principal, trace_id: str, *, socket: WebSocket
    ) -> None:
        """Remember the socket, to hang up."""
        super().__init__(parts, principal, trace_id)
        self.socket = socket
        self.hang_up: asyncio.Task[None] | None = None
        self.visit: Visit | None = None

    def sit_down(self) -> None:
        """Have the socket be its principal's.

        Raises:
            TooManySockets: they have so many already.
        """
        self.visit = self.parts.crowd.sit_down(self.principal.subject)

    def hung_up(self) -> None:
        """Let go of all that the socket held: it is closed."""
        if self.hang_up is not None:
            self.hang_up.cancel()
        if self.visit is not None:
            self.parts.buckets.debit(self.principal.subject, self.visit.settle())
            self.parts.crowd.leave(self.visit)


async def _hang_up(socket: WebSocket, after: float) -> None:
    await asyncio.sleep(max(after, 0))
    if socket.application_state is WebSocketState.CONNECTED:
        await socket.close(FORBIDDEN, Unauthenticated(problem="it has expired").message)


def purpose_of(given: Any) -> AccessPurpose | None:
    """Return why somebody reads, as they say in a header, or when they open a socket.

    Raises:
        UnknownPurpose: it is none of the codes.
    """
    if not given:
        return None
    try:
        return AccessPurpose(given)
    except ValueError:
        raise UnknownPurpose(known=", ".join(AccessPurpose)) from None


def _refusal(error: MshauriError, trace_id: str, status: int | None = None) -> Response:
    status = status or error.status
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = "GET, POST"
    return Response(
        msgspec.json.encode(problem_of(error, trace_id)),
        status_code=status,
        media_type="application/json",
        headers=headers,
    )


def trace_id_of(request: Request | WebSocket) -> str:
    """Return the trace id that the request came with (W3C Trace Context), or a new one."""
    given = _TRACEPARENT.fullmatch(request.headers.get("traceparent", ""))
    return given[1] if given and given[1] != "0" * 32 else f"{getrandbits(128):032x}"
