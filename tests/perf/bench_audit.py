"""What auditing costs, and how fast it answers: all that is measured of it, one after the other.

    python -m tests.perf.bench_audit [--only sealing evidence …] [--data-dir DIR]

Each is a program of its own, which says what it measures, and can be run with other figures. With
`--data-dir` the demonstration that is replayed was played there before.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Final

MEASURED: Final = {
    "sealing": "what sealing the logs costs appends, in turns with it off: at most 5 %",
    "asof": "a mentee of 1,000 events as of a moment: at most 10 times the bare SELECT",
    "history": "a mentee's history of 1,000 events, in words",
    "evidence": "a bundle of 1,000 events: made in 0.5 s, verified in 1 s",
    "replay": "the demonstration's past made again beside its stack: 25,000 events/s",
    "looked": "what it costs a read that who looked is recorded",
    "audit_findings": "each kind of audit finding over a country",
}
"""What each program `bench_…` measures, and its bar where it has one."""


def main(names: list[str], data_dir: Path | None) -> int:
    """Run them; return how many did not come to their end."""
    failed = []
    for name in names:
        print(f"\n── {name}: {MEASURED[name]}\n", flush=True)
        more = ["--data-dir", str(data_dir)] if name == "replay" and data_dir else []
        done = subprocess.run(
            [sys.executable, "-m", f"tests.perf.bench_{name}", *more], check=False
        )
        if done.returncode:
            failed.append(name)
    if failed:
        print(f"\nNot measured to the end: {', '.join(failed)}.")
    return len(failed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", nargs="+", choices=MEASURED, default=list(MEASURED))
    parser.add_argument("--data-dir", type=Path)
    given = parser.parse_args()
    sys.exit(main(given.only, given.data_dir))
