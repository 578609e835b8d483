"""Clients in a process of their own: each sends its operation again as soon as it is answered.

Reads `{"url", "seconds", "niceness", "clients": [{"token", "document", "variables"}]}` from
standard input, and prints for each client how long every answer took, in seconds.
"""

import asyncio
import os
import sys
import time
from typing import Any

import httpx
import msgspec

PAUSE_S = 0.02
"""Between an answer and the next question."""


async def ask(
    client: httpx.AsyncClient, url: str, one: dict[str, Any], until: float
) -> list[float]:
    """Send one operation again and again; return how long each answer took."""
    body = msgspec.json.encode({"query": one["document"], "variables": one["variables"]})
    headers = {"Authorization": f"Bearer {one['token']}", "Content-Type": "application/json"}
    took = []
    while time.monotonic() < until:
        began = time.monotonic()
        response = await client.post(f"{url}/graphql", content=body, headers=headers)
        took.append(time.monotonic() - began)
        assert response.status_code == 200, response.text[:500]
        await asyncio.sleep(PAUSE_S)
    return took


async def main() -> None:
    """Ask for as long as was told."""
    told = msgspec.json.decode(sys.stdin.buffer.read())
    os.setpriority(os.PRIO_PROCESS, 0, told["niceness"])
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        until = time.monotonic() + told["seconds"]
        done = await asyncio.gather(
            *(ask(client, told["url"], one, until) for one in told["clients"])
        )
    sys.stdout.write(msgspec.json.encode(done).decode())


if __name__ == "__main__":
    asyncio.run(main())
