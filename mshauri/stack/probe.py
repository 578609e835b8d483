"""Asks the process of this container whether it is ready: a container's health check."""

import os
import sys
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from mshauri.stack.topology import HEALTH


def main() -> int:
    """Return 0 if it is ready, 1 if it is not, with what it said on stderr."""
    url = f"http://127.0.0.1:{os.environ.get('MSHAURI_PORT', '8000')}{HEALTH}"
    try:
        # A proxy of the environment is for the world outside, never for this container itself.
        with build_opener(ProxyHandler({})).open(url, timeout=5):
            return 0
    except URLError as problem:
        said = problem.read().decode() if hasattr(problem, "read") else problem
        sys.stderr.write(f"{said}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
