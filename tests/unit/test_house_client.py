"""A peer that ends in the middle is told as such, whatever the event loop calls it."""

import httpx
import pytest

from shared.runtime.house_client import house_client

CLOSED = "unable to perform operation on <TCPTransport closed=True>; the handler is closed"


@pytest.mark.parametrize("said", [CLOSED, "something else"])
async def test_a_handler_that_is_closed_is_a_connection_that_ended(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ended(*_: object) -> httpx.Response:
        raise RuntimeError(said)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", ended)
    expected = httpx.ReadError if said == CLOSED else RuntimeError
    async with house_client(1.0) as client:
        with pytest.raises(expected):
            await client.get("http://127.0.0.1:1/")


async def test_in_the_middle_of_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Half(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            yield b"half"
            raise RuntimeError(CLOSED)

    async def half(*_: object) -> httpx.Response:
        return httpx.Response(200, stream=Half())

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", half)
    async with house_client(1.0) as client:
        with pytest.raises(httpx.ReadError):
            await client.get("http://127.0.0.1:1/")
