"""Attackers in a process of their own: each sends its operation again as soon as it is answered.

Reads `{"url", "attacks": [{"token", "document", "variables"}], "seconds"}` from standard input, and
prints how often each was answered.
"""

import asyncio
import sys
import time
from typing import Any

import httpx
import msgspec


async def attack(client: httpx.AsyncClient, url: str, one: dict[str, Any], until: float) -> int:
    """Send one operation again and again; return how often it was answered."""
    body = msgspec.json.encode({"query": one["document"], "variables": one["variables"]})
    headers = {"Authorization": f"Bearer {one['token']}", "Content-Type": "application/json"}
    answered = 0
    while time.monotonic() < until:
        await client.post(f"{url}/graphql", content=body, headers=headers)
        answered += 1
        await asyncio.sleep(0.02)
    return answered


async def main() -> None:
    """Attack for as long as was asked."""
    told = msgspec.json.decode(sys.stdin.buffer.read())
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        until = time.monotonic() + told["seconds"]
        done = await asyncio.gather(
            *(attack(client, told["url"], one, until) for one in told["attacks"])
        )
    sys.stdout.write(msgspec.json.encode(done).decode())


if __name__ == "__main__":
    asyncio.run(main())
