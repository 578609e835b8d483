"""Writes again what is generated from the code and committed; `make schema` runs it."""

from collections.abc import Callable
from pathlib import Path

from mshauri.stack.compose import compose_file

ROOT = Path(__file__).parents[1]

GENERATED: dict[str, Callable[[], str]] = {
    "docker-compose.yml": compose_file,
}
"""Each generated file, by its path in the checkout, and what its text is made by."""


def main() -> None:
    """Write every generated file whose text has changed, and name it."""
    for path, text in GENERATED.items():
        file = ROOT / path
        new = text()
        if not file.exists() or file.read_text() != new:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(new)
            print(f"wrote {path}")


if __name__ == "__main__":
    main()
