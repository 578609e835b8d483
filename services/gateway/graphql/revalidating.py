"""Answers that a client keeps and asks about again: `ETag`, and 304 where it has the same already.

A read that comes by GET and names its document is one that a browser keeps under its address. Its
tag is of what was answered, the reader and the language: not of the position it was read at, which
moves with every event of a country, and with it the tag of every answer, whether or not anything in
it changed. What an operation cost is no part of it.
"""

import hashlib
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from shared.language import spoken

KEEPING: Final = "private, no-cache"
"""A shared cache keeps nothing; a client's own asks before it shows what it has."""

VARIES: Final = "Accept, Accept-Encoding, Accept-Language, Authorization"


def is_kept(request: Request) -> bool:
    """Say whether a client keeps the answer under its address: a GET that names its document."""
    asked = request.query_params
    named = "documentId" in asked or "persistedQuery" in asked.get("extensions", "")
    return request.method == "GET" and named


def kept(request: Request, response: Response, data: bytes) -> Response:
    """Return an answer under its tag, or that nothing changed, if its client has that one.

    Args:
        data: what was answered, without what it cost.
    """
    tag = _tag(data, request.state.principal.subject, spoken())
    headers = {"ETag": tag, "Cache-Control": KEEPING, "Vary": VARIES}
    had = {each.strip() for each in request.headers.get("if-none-match", "").split(",")}
    if had & {tag, tag.removeprefix("W/"), "*"}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return response


def _tag(data: bytes, subject: str, language: str) -> str:
    # Weak: the answer tells its cost beside, and may be compressed.
    digest = hashlib.blake2b(digest_size=16)
    for part in (subject.encode(), language.encode(), data):
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return f'W/"{digest.hexdigest()}"'
