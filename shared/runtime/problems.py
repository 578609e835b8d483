"""Errors as they travel over HTTP: Problem Details (RFC 9457), with our code, remedy and field."""

from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from shared.domain.errors import MshauriError
from shared.language import message_of, remedy_of

MEDIA_TYPE = "application/problem+json"


class Problem(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One problem.

    Attributes:
        type: `urn:mshauri:error:VERSION_CONFLICT`, to look up in the documentation.
        title: the status in words.
        code: stable, for programs.
        detail: what was wrong, in the language the request asked for.
        remedy: what would be right, likewise.
        field: the camelCase path of the input that caused it.
        params: the values in the sentences, for programs, and for catalogues of their own.
        trace_id: to name in a report of the problem.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str
    remedy: str = ""
    field: str | None = None
    params: dict[str, Any] = {}
    trace_id: str = ""


def problem_of(error: MshauriError, trace_id: str = "") -> Problem:
    """Describe an error for its sender."""
    return Problem(
        type=f"urn:mshauri:error:{error.code}",
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        code=error.code,
        detail=message_of(error),
        remedy=remedy_of(error),
        field=error.field,
        params={name: _plain(value) for name, value in error.params.items()},
        trace_id=trace_id,
    )


def problem_response(error: MshauriError, trace_id: str = "") -> Response:
    """Answer a request with an error."""
    headers = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    elif error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "1"
    return Response(
        msgspec.json.encode(problem_of(error, trace_id)),
        status_code=error.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


async def on_error(request: Request, error: Exception) -> Response:
    """Answer what a route raised: Starlette's handler for `MshauriError`."""
    assert isinstance(error, MshauriError)
    return problem_response(error, trace_id_of(request))


def trace_id_of(request: Request) -> str:
    """Return the trace id of the `traceparent` header (W3C), or nothing."""
    parts = request.headers.get("traceparent", "").split("-")
    return parts[1] if len(parts) == 4 else ""


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | bool | None) else str(value)
