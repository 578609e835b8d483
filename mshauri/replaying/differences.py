"""In what two answers to one question differ, by path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_NAMES = ("id", "key", "code", "cursor")
"""What items of a list are told apart by, where they have it; else by their place."""


class _Nothing:
    """What stands where there is nothing: not even a null."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where they differ.

    Attributes:
        path: from the answer's root: `mentees.nodes[id=TWVu…].hours`.
        before, after: what stands there; `NOTHING` where there is no such place.
    """

    path: str
    before: Any
    after: Any


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Yield each place where two answers differ, no deeper than it must be."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _of_objects(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, path)
    elif before != after or type(before) is not type(after):
        yield Difference(path, before, after)


def _of_objects(
    before: Mapping[str, Any], after: Mapping[str, Any], path: str
) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *after)):
        at = f"{path}.{name}" if path else name
        yield from differences(before.get(name, NOTHING), after.get(name, NOTHING), at)


def _of_lists(before: Sequence[Any], after: Sequence[Any], path: str) -> Iterator[Difference]:
    name = next((n for n in _NAMES if _tells_apart(n, before) and _tells_apart(n, after)), None)
    if name is None:
        for place in range(max(len(before), len(after))):
            one = before[place] if place < len(before) else NOTHING
            other = after[place] if place < len(after) else NOTHING
            yield from differences(one, other, f"{path}[{place}]")
        return
    ones, others = ({item[name]: item for item in items} for items in (before, after))
    for key in dict.fromkeys((*ones, *others)):
        at = f"{path}[{name}={key}]"
        yield from differences(ones.get(key, NOTHING), others.get(key, NOTHING), at)


def _tells_apart(name: str, items: Sequence[Any]) -> bool:
    found = [item.get(name) for item in items if isinstance(item, Mapping)]
    whole = len(found) == len(items) and all(isinstance(one, str) for one in found)
    return whole and len(set(found)) == len(found)
