"""A benchmark of this checkout and of another one, in turns: how much faster it has become.

    python -m tests.perf.in_turns bench_http ../other-checkout [--rounds 3] [-- --seconds 2]

Each is run whole, with its own code and its own processes, one after the other: whatever else the
machine does meets both. Where the other has no such benchmark yet, it is measured by this one's:
`tests` is no package, so that what one checkout lacks of it is found in the next.
What is compared are the lines that a benchmark ends with, a name and its figures each.
"""

import argparse
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

HERE = Path(__file__).parents[2]
_FIGURES = re.compile(r"([a-z][a-z-]*)((?: [0-9]+(?:\.[0-9]+)?)+)")

Figures = dict[str, list[float]]


def run(checkout: Path, benchmark: str, arguments: list[str]) -> Figures:
    """Run a benchmark with a checkout's code; return its figures by name."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.perf.{benchmark}", *arguments],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": f"{checkout}{os.pathsep}{HERE}"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = (_FIGURES.fullmatch(line) for line in done.stdout.splitlines())
    return {one[1]: [float(figure) for figure in one[2].split()] for one in found if one}


def main(benchmark: str, other: Path, rounds: int, arguments: list[str]) -> None:
    """Measure and print."""
    seen: dict[str, dict[str, list[list[float]]]] = {"here": defaultdict(list)}
    seen["there"] = defaultdict(list)
    for number in range(rounds):
        for name, checkout in (("here", HERE), ("there", other)):
            for figure, values in run(checkout, benchmark, arguments).items():
                seen[name][figure].append(values)
        print(f"round {number + 1} of {rounds}", flush=True)
    print(f"\n{'median of ' + str(rounds):24}{'here':>12}{'there':>12}{'here/there':>12}")
    for figure, runs in seen["here"].items():
        if figure not in seen["there"]:  # another benchmark's, or one of its parts that came later
            continue
        columns = zip(*runs, strict=True), zip(*seen["there"][figure], strict=True)
        for place, (here, there) in enumerate(zip(*columns, strict=True), start=1):
            ours, theirs = median(here), median(there)
            ratio = f"{ours / theirs:12.2f}" if theirs else ""
            print(f"{f'{figure} {place}':24}{ours:12,.2f}{theirs:12,.2f}{ratio}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("benchmark")
    parser.add_argument("other", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    # Split here: behind an option, argparse knows no list of others' arguments any more.
    words = sys.argv[1:]
    mark = words.index("--") if "--" in words else len(words)
    given = parser.parse_args(words[:mark])
    main(given.benchmark, given.other.resolve(), given.rounds, words[mark + 1 :])
