"""GraphQL over HTTP: as what an answer goes out, and with which status.

By the draft of the GraphQL foundation (https://graphql.github.io/graphql-over-http/draft/): who
accepts `application/graphql-response+json` is told by the status whether the request was one that
could be carried out; whoever knows `application/json` alone gets 200, and reads the errors.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

RESPONSE: Final = "application/graphql-response+json"
PLAIN: Final = "application/json"

_STATUS: Final[Mapping[str, HTTPStatus]] = {
    "RATE_LIMITED": HTTPStatus.TOO_MANY_REQUESTS,
    "UNAVAILABLE": HTTPStatus.SERVICE_UNAVAILABLE,
    "OVERLOADED": HTTPStatus.SERVICE_UNAVAILABLE,
    "INTERNAL": HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""By the code of what a request as a whole was refused with; the rest is the client's to mend."""


class Accepting(Response):
    """What goes with an answer while it is made: the media type that its asker wants."""

    def __init__(self, request: Request) -> None:
        """Read what is accepted."""
        super().__init__()
        del self.headers["content-length"]
        self.status_code: int | None = None  # type: ignore[assignment]
        self.request = request
        self.wanted = wanted(request.headers.get("accept", ""))


def wanted(accept: str) -> str:
    """Return the media type that an `Accept` header prefers; else the one that everybody reads."""
    weights = dict.fromkeys((RESPONSE, PLAIN), 0.0)
    for part in accept.split(","):
        name, *parameters = (each.strip() for each in part.lower().split(";"))
        if name in weights:
            weights[name] = max(weights[name], _quality(parameters))
    return RESPONSE if weights[RESPONSE] and weights[RESPONSE] >= weights[PLAIN] else PLAIN


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def settled(answer: dict[str, Any], media_type: str) -> tuple[dict[str, Any], int]:
    """Return an answer as it goes out, and its status.

    A request that was not carried out has no `data`: its errors are about no field.
    """
    errors: Sequence[dict[str, Any]] = answer.get("errors") or []
    carried_out = answer.get("data") is not None or not errors
    if media_type == PLAIN or carried_out or any("path" in error for error in errors):
        return answer, HTTPStatus.OK
    code = (errors[0].get("extensions") or {}).get("code", "")
    told = {name: value for name, value in answer.items() if name != "data"}
    return told, _STATUS.get(code, HTTPStatus.BAD_REQUEST)


def later(answer: Mapping[str, Any]) -> dict[str, str]:
    """Return the header that says in how many seconds to ask again, where an answer asks for it."""
    for error in answer.get("errors") or ():
        said = error.get("extensions") or {}
        if said.get("code") == "RATE_LIMITED":
            return {"Retry-After": str(said["params"]["wait"])}
    return {}
