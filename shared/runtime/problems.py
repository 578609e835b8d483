"""Errors as they travel over HTTP: Problem Details (RFC 9457), with our code, remedy and field."""

from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from shared.contracts.definition.conduct import Judgement
from shared.domain.errors import Finding, MshauriError
from shared.language import message_of, remedy_of

MEDIA_TYPE = "application/problem+json"


class Found(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A rule that a command breaks, and what becomes of that; see `Problem` for the rest.

    Attributes:
        severity: REFUSE: it is not recorded; RECORD: it is, and does not count; COUNT: it does.
    """

    code: str
    severity: Judgement
    detail: str
    remedy: str = ""
    field: str | None = None
    params: dict[str, Any] = {}


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
        findings: all that was found, this problem too, where all was looked at.
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
    findings: list[Found] = []


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
        params=_params(error),
        trace_id=trace_id,
        findings=[found_of(each) for each in error.found],
    )


def found_of(finding: Finding) -> Found:
    """Describe what was found for its sender."""
    broken, severity = finding
    return Found(
        code=broken.code,
        severity=severity,
        detail=message_of(broken),
        remedy=remedy_of(broken),
        field=broken.field,
        params=_params(broken),
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


def _params(error: MshauriError) -> dict[str, Any]:
    return {name: _plain(value) for name, value in error.params.items()}


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | bool | None) else str(value)
