"""Judges that nobody here wrote: tools of the transparency logs' world, built from Go modules.

`fsck` of Tessera walks a log to its root; `proofs` asks golang.org/x/mod's `note` and `tlog` about
checkpoints and proofs; `litewitness` of torchwood is a witness. Versions are pinned in `go.mod`,
what their modules hold in `go.sum`.
"""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_HERE = Path(__file__).parent
_PACKAGES = {
    "fsck": "github.com/transparency-dev/tessera/cmd/fsck",
    "proofs": "./proofs",
    "litewitness": "filippo.io/torchwood/cmd/litewitness",
}

BUILT_AFTER_S = 100.0
"""For fetching the modules, where they are not at hand, and building: a minute, once a machine."""

PATIENCE_S = 60.0
"""For a log that is sound, on a machine that stands still for a while."""

REFUSED_AFTER_S = 6.0
"""On a log that is not sound, `fsck` may not end by itself; 8,000 entries that are sound take it a
tenth of a second, on a machine that does much else."""

_ACCEPTED = "Successfully fsck'd log"


def built(tool: str, directory: Path) -> Path:
    """Return a judge, built into a directory; skip the test where that cannot be."""
    binary = directory / tool
    if why := _build(tool, binary):
        pytest.skip(f"{tool} is not built here, and judges nothing: {why}")
    return binary


@cache
def _build(tool: str, binary: Path) -> str:
    """Build a judge, once; return why it cannot be, or nothing.

    Another Go than the one that is installed is never fetched.
    """
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if go is None:
        return "there is no Go"
    try:
        done = subprocess.run(
            [go, "build", "-mod=readonly", "-o", str(binary), _PACKAGES[tool]],
            cwd=_HERE,
            env={**os.environ, "GOTOOLCHAIN": "local", "GOWORK": "off"},
            capture_output=True,
            text=True,
            timeout=BUILT_AFTER_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it took more than {BUILT_AFTER_S:.0f} s; are its modules to be had?"
    return done.stderr[-300:] if done.returncode else ""


def accepted(
    fsck: Path, url: str, vkey: str, directory: Path, *, patience_s: float = PATIENCE_S
) -> str:
    """Have Tessera's `fsck` walk a log; return why it is refused, or nothing.

    It ends with 0 either way, so that what it says counts.
    """
    key = directory / "vkey"
    key.write_text(vkey)
    try:
        done = subprocess.run(
            [fsck, f"-storage_url={url}", f"-public_key={key}", "-ui=false"],
            capture_output=True,
            text=True,
            timeout=patience_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it had not ended after {patience_s:.0f} s"
    return "" if _ACCEPTED in done.stderr else done.stderr[-600:] or "it said nothing"


def judged(proofs: Path, claims: Iterable[Mapping[str, Any]]) -> list[str]:
    """Ask `note` and `tlog` about claims; return `holds`, or why not, of each."""
    done = subprocess.run(
        [proofs],
        input=json.dumps([{name: _plain(value) for name, value in one.items()} for one in claims]),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return [_plain(one) for one in value] if isinstance(value, list) else value
