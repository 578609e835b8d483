"""Free ports of the loopback interface."""

import socket
import sys

LOOPBACK = "127.0.0.1"
"""Nothing of the embedded stack listens anywhere else unless it is told to."""


def free_port() -> int:
    """Return a port that nobody listens on, and that nobody else is given while we live.

    Between the choice and the listening, and while a server is started again, the kernel would
    give it to whoever asks for any port next: one service would answer for another. On Linux a
    bound socket that does not listen keeps it, and lets those pass who name it and set
    `SO_REUSEADDR`, as servers do. Elsewhere another process may still be faster.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((LOOPBACK, 0))
    port: int = held.getsockname()[1]
    if sys.platform.startswith("linux"):
        held.detach()  # open until the process ends, whatever it ends by
    else:
        held.close()
    return port


def accepts(port: int, host: str = LOOPBACK, timeout: float = 0.5) -> bool:
    """Say whether somebody accepts connections on a port."""
    try:
        with socket.create_connection((host, port), timeout=timeout):
            return True
    except OSError:
        return False
