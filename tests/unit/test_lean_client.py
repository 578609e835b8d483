"""The lean client keeps connections that are good, and tells of those that are not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import uvloop

from shared.runtime.lean_client import LeanClient, Lost

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[str]:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


def client(seconds: float = 5.0, connections: int = 100) -> LeanClient:
    return LeanClient(seconds=seconds, connect_s=1.0, connections=connections)


async def asked(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
    return head + await reader.readexactly(length)


async def test_a_connection_is_kept_and_each_question_has_its_answer() -> None:
    connections = 0

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while True:
            head, _, body = (await asked(reader)).partition(b"\r\n\r\n")
            assert b"\r\nx-name: value" in head
            chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
            writer.write(b"HTTP/1.1 201 Made\r\ntransfer-encoding: chunked\r\n\r\n" + chunks)
            writer.write(b"0\r\n\r\n")

    async with server(echo) as url, client() as lean:
        for body in (b"one", b"two", b""):
            answer = await lean.post(url + "/path", body, {"x-name": "value"})
            assert (answer.status, answer.content, answer.is_success) == (201, body, True)
        assert connections == 1
        answers = await asyncio.gather(
            *(lean.post(url, b"%d" % each, {"x-name": "value"}) for each in range(20))
        )
        assert [each.content for each in answers] == [b"%d" % each for each in range(20)]


def test_so_it_is_on_the_loop_that_processes_run_on() -> None:
    uvloop.run(test_a_connection_is_kept_and_each_question_has_its_answer())
    uvloop.run(test_nobody_there_is_lost_too())


async def test_no_more_connections_than_there_may_be() -> None:
    here = most = 0

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal here, most
        while True:
            await asked(reader)
            here += 1
            most = max(most, here)
            await asyncio.sleep(0.01)
            here -= 1
            writer.write(OK)

    async with server(slow) as url, client(connections=3) as lean:
        await asyncio.gather(*(lean.post(url, b"", {}) for _ in range(12)))
    assert most == 3


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", b"?\r\n"]
)
async def test_who_ends_before_the_answer_does_is_lost(said: bytes) -> None:
    async def ends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(said)

    async with server(ends) as url, client() as lean:
        with pytest.raises(Lost):
            await lean.post(url, b"", {})


async def test_nobody_there_is_lost_too() -> None:
    async with server(lambda *_: asyncio.sleep(0)) as url:
        pass
    async with client() as lean:
        with pytest.raises(Lost):
            await lean.get(url, seconds=1)


async def test_a_late_answer_is_no_other_questions() -> None:
    async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            if b"late" in await asked(reader):
                await asyncio.sleep(0.2)
            writer.write(OK)

    async with server(late) as url, client(seconds=0.1) as lean:
        with pytest.raises(TimeoutError):
            await lean.post(url, b"late", {})
        assert (await lean.post(url, b"", {})).content == b"ok"


async def test_a_connection_that_ended_while_it_was_kept_is_not_used() -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(OK)

    async with server(once) as url, client() as lean:
        for _ in range(3):
            assert (await lean.post(url, b"", {})).content == b"ok"
            await asyncio.sleep(0.02)


async def test_a_handler_that_is_closed_is_a_connection_that_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Gone:
        def write(self, _data: bytes = b"") -> None:
            message = (
                "unable to perform operation on <TCPTransport closed=True>; the handler is closed"
            )
            raise RuntimeError(message)

        abort = write

    async def ok(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(OK)
        await asked(reader)

    async with server(ok) as url, client() as lean:
        await lean.post(url, b"", {})
        (kept,) = next(iter(lean._servers.values()))._idle
        with monkeypatch.context() as gone:
            gone.setattr(kept, "_transport", Gone())
            with pytest.raises(Lost):
                await lean.post(url, b"", {})
        kept.close()
