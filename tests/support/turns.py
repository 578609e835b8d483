"""How long an event loop's tasks wait for their turn."""

import asyncio
import gc
import time


async def longest_round(ended: asyncio.Event) -> float:
    """Return the longest that everybody else waited for a turn, in seconds of our own thread.

    What the tests before left in memory is the collector's no more: its full round over all of
    it would be counted on whoever is measured.
    """
    gc.collect()
    gc.freeze()
    longest = 0.0
    try:
        while not ended.is_set():
            began = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - began)
    finally:
        gc.unfreeze()
    return longest
