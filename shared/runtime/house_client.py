"""The HTTP client by which the house's own processes ask each other."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx

_DEFAULT_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=50)


class _Transport(httpx.AsyncHTTPTransport):
    """A transport that tells of a connection's end in one way.

    Where a peer is killed, uvloop may answer whoever still closes or reads that connection with
    `RuntimeError: … the handler is closed`, which httpcore lets through (uvloop #506, uvicorn
    #1251; seen with uvloop 0.23, httpcore 1.0).
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with _ended(request):
            response = await super().handle_async_request(request)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Body(response.stream, request)
        return response


class _Body(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, request: httpx.Request) -> None:
        self._stream = stream
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _ended(self._request):
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        with _ended(self._request):
            await self._stream.aclose()


@contextmanager
def _ended(request: httpx.Request) -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        if "closed" not in str(error):
            raise
        raise httpx.ReadError(str(error), request=request) from error


def house_client(
    timeout: "float | httpx.Timeout", limits: httpx.Limits = _DEFAULT_LIMITS
) -> httpx.AsyncClient:
    """Return a client for the house's own services: no proxy of the environment stands between.

    Args:
        timeout: seconds for each part of a request.
    """
    return httpx.AsyncClient(
        timeout=timeout, trust_env=False, transport=_Transport(limits=limits, trust_env=False)
    )
