"""How long a country's facility list takes to import, from the command line to its last row.

    python -m tests.perf.bench_import [--rows 12379]

`mshauri import facilities` with a made-up list (`national_list.py`) against a whole embedded stack,
fsync on, while everything that follows runs. The time is the program's: it reads the list, checks
it, looks up what stands, sends, waits until all of it can be read, and writes each row's outcome.
Beside it stand the seconds of CPU that each process took by then.
"""

import argparse
import asyncio
import os
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from tests.perf.costs import at_rest, spent
from tests.perf.national_list import ROWS, write_national_list


async def imported(stack: Stack, file: Path) -> None:
    """Import a list.

    Raises:
        AssertionError: a row did not land.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mshauri", "import", "facilities", str(file)),
        *("--map", "kmhfl", "--swap-coordinates", "--since", "2020-05-20"),
        env={
            **os.environ,
            "MSHAURI_GATEWAY_URL": stack.gateway_url,
            "MSHAURI_TOKEN": DevelopmentIssuer(stack.data_dir).mint(OPERATOR),
        },
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()


def of_children() -> float:
    """Return the seconds of CPU that children which have ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def main(rows: int) -> None:
    """Measure and print."""
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        file = Path(directory) / "national.csv"
        write_national_list(file, rows)
        async with Stack(Path(directory) / "stack") as stack:
            await at_rest(stack)
            before, own, began = spent(stack), of_children(), time.perf_counter()
            await imported(stack, file)
            took = time.perf_counter() - began
            cpu = {name: now - before[name] for name, now in spent(stack).items()}
            cpu["import"] = of_children() - own
    print(f"{rows:,} rows; seconds of CPU\n")
    for name, seconds in cpu.items():
        print(f"{name:12}{seconds:8.1f}")
    print(f"\nimport {took:.1f}\ncpu {sum(cpu.values()):.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=ROWS)
    asyncio.run(main(parser.parse_args().rows))
