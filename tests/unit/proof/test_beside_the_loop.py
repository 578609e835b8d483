"""What takes long is worked out beside the loop: a service that proves goes on deciding."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from shared.proof.tiles import Tile
from shared.transparency import proving


async def test_proofs_are_made_beside_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[threading.Thread] = set()

    def seen(name: str) -> None:
        real = getattr(proving, name)

        def made(*given: Any) -> Any:
            threads.add(threading.current_thread())
            return real(*given)

        monkeypatch.setattr(proving, name, made)

    async def kept(_connection: Any, tiles: Sequence[Tile]) -> dict[Tile, bytes]:
        return {tile: bytes(32 * tile.width) for tile in tiles}

    for name in ("inclusion", "nodes", "proof"):
        seen(name)
    monkeypatch.setattr(proving, "read_tiles", kept)
    found = await proving.prove_inclusions(None, [3, 700], 1_000)
    assert found.keys() == {3, 700}
    assert threads
    assert threading.main_thread() not in threads
