"""What the whole embedded stack costs while nobody asks anything: cores, memory, and its start.

    python -m tests.perf.bench_idle [--seconds 20]

Each process with its children, over some seconds in which nothing happens. Memory counts what is
shared between processes once (proportional set size).
"""

import argparse
import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from mshauri.stack.stack import Stack
from tests.perf.costs import family, pids, spent

SETTLES_S = 6.0


def held(pid: int) -> float:
    """Return the megabytes that a process and its children hold."""
    return float(sum(one.memory_full_info().pss for one in family(pid))) / 1e6


async def main(seconds: float) -> None:
    """Measure and print."""
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        began = time.perf_counter()
        async with Stack(Path(directory)) as stack:
            ready = time.perf_counter() - began
            await asyncio.sleep(SETTLES_S)
            before = spent(stack)
            await asyncio.sleep(seconds)
            cores = {name: (now - before[name]) / seconds for name, now in spent(stack).items()}
            memory = {name: held(pid) for name, pid in pids(stack).items()}
            began = time.perf_counter()
        stopped = time.perf_counter() - began
    print(f"{'':12}{'cores':>8}{'MB':>8}")
    for name, share in cores.items():
        print(f"{name:12}{share:8.3f}{memory[name]:8.0f}")
    print(f"\nready after {ready:.1f} s, stopped after {stopped:.1f} s")
    print(f"cores {sum(cores.values()):.3f}")
    print(f"memory {sum(memory.values()):.0f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=20.0)
    asyncio.run(main(parser.parse_args().seconds))
