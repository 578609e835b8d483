"""Free ports of the loopback interface."""

import socket

LOOPBACK = "127.0.0.1"
"""Nothing of the embedded stack listens anywhere else unless it is told to."""


def free_port() -> int:
    """Return a port that nobody listens on now; another process may still be faster."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def accepts(port: int, host: str = LOOPBACK, timeout: float = 0.5) -> bool:
    """Say whether somebody accepts connections on a port."""
    try:
        with socket.create_connection((host, port), timeout=timeout):
            return True
    except OSError:
        return False
