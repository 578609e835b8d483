"""A port that was chosen is nobody else's until its server listens, and while it starts again."""

import socket
import sys

import pytest

from mshauri.stack.ports import LOOPBACK, accepts, free_port

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux lets a bound socket keep a port"
)

ASKED = 60_000
"""More often than there are ports to give: one that is free comes among them."""


def given() -> int:
    """Return the port that the kernel gives to one who asks for any."""
    with socket.socket() as anybody:
        anybody.bind((LOOPBACK, 0))
        port: int = anybody.getsockname()[1]
        return port


def listening(port: int) -> socket.socket:
    """Listen as servers do."""
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((LOOPBACK, port))
    server.listen()
    return server


def test_its_server_alone_listens_on_it_again_and_again() -> None:
    port = free_port()
    for _ in range(3):
        assert not accepts(port)
        with listening(port):
            assert accepts(port)
            with pytest.raises(OSError, match="in use"):
                listening(port)


def test_the_kernel_gives_it_to_nobody() -> None:
    port = free_port()
    assert port not in {given() for _ in range(ASKED)}
