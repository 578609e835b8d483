"""What a broken rule is, and the two that every concept has: no code twice, nothing missing."""

from collections.abc import Iterable, Iterator

Path = tuple[str | int, ...]
Broken = tuple[Path, str, str]
"""Where in the file, what is wrong, and what would be right."""


def repeated(path: Path, values: Iterable[str], field: str | None = None) -> Iterator[Broken]:
    """Yield every value that stood in the list before; `field` is what bears it there."""
    seen: set[str] = set()
    for place, value in enumerate(values):
        if value in seen:
            yield (
                (*path, place) if field is None else (*path, place, field),
                f"{value} stands here a second time",
                "Give each its own, or take one of them out.",
            )
        seen.add(value)


def missing(asking: Path, what: str, part: str) -> Broken:
    """Return that something in the file asks for a part which the file leaves out."""
    return asking, f"{what} needs `{part}`, and the file has none", f"Add `{part}`, or take it out."
