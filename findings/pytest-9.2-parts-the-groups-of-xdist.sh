#!/usr/bin/env bash
# pytest 9.2.0 with pytest-xdist 3.8.0: `--dist loadgroup` does not keep a group together.
#
# Expected: all tests marked `xdist_group("one")` run in one worker, as with pytest 8.4.2.
# Seen: with pytest 9.2.0 they are spread over the workers, as if there were no mark; nothing warns.
#
# Why it matters here: tests that share a server, or a file, would meet in two processes at once. The
# tests of this project run with `--dist loadfile`, which does hold.
#
# Needs python3 (3.11 or newer) with venv, and a package index. Takes some 30 seconds.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/test_group.py" <<'PYTHON'
import os
from pathlib import Path

import pytest


@pytest.mark.parametrize("number", range(24))
@pytest.mark.xdist_group("one")
def test_one_of_the_group(number, worker_id):
    with Path(os.environ["SEEN"]).open("a") as seen:
        seen.write(f"{worker_id}\n")
PYTHON
workers() { # with a version of pytest, print in how many workers the group ran
    python3 -m venv "$work/venv-$1"
    "$work/venv-$1/bin/pip" --quiet --disable-pip-version-check install "pytest==$1" pytest-xdist==3.8.0
    (cd "$work" && SEEN="$work/seen-$1" "$work/venv-$1/bin/python" -m pytest -q -p no:cacheprovider \
        -n 2 --dist "$2" test_group.py > /dev/null)
    sort -u "$work/seen-$1" | wc -l
    rm "$work/seen-$1"
    rm -r "$work/venv-$1"
}
before=$(workers 8.4.2 loadgroup)
now=$(workers 9.2.0 loadgroup)
by_file=$(workers 9.2.0 loadfile)
echo "pytest-xdist 3.8.0, one group of 24 tests, two workers:"
echo "pytest 8.4.2, loadgroup: in $before; pytest 9.2.0, loadgroup: in $now; loadfile: in $by_file"
[ "$before $now $by_file" = "1 2 1" ]
