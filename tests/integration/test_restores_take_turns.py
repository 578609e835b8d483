"""One restore at a time is at work on a server: a second would load over what the first has."""

from pathlib import Path

import asyncpg
import pytest

from mshauri.backup.restore import _ALONE, StillUsed, restored


async def test_a_second_restore_is_refused_until_the_first_has_ended(
    database: str, tmp_path: Path
) -> None:
    first = await asyncpg.connect(database)
    try:
        assert await first.fetchval(_ALONE)
        with pytest.raises(StillUsed, match="Another"):
            await restored(database, [], tmp_path, "a drill")
    finally:
        await first.close()
    assert await restored(database, [], tmp_path, "a drill") == []
