"""An event in words, for a report: what happened, and the facts it tells.

What is given is told as a history tells it, in its sentences; what is withheld, by its topic alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from shared.contracts.base import Event
from shared.ledger import Entry

_LONGEST = 400
"""Characters of one fact: the whole of it stands in the bundle's `events.jsonl`."""


def by_topic(entry: Entry) -> str:
    """Return what happened, as its statement has it: `registry.health_worker.renamed`."""
    _service, record, what = entry.topic.split(".", 2)
    return f"{_spaced(record).capitalize()}: {_spaced(what)}"


def facts(event: Event) -> Iterator[tuple[str, str]]:
    """Yield an event's own fields, by their names, as far as they tell a person anything."""
    content: dict[str, Any] = msgspec.to_builtins(event)
    for name, value in content.items():
        if value not in (None, "", [], {}) and not _is_id(value):
            said = _said(value)
            yield _parted(name), said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = ((_parted(k), v) for k, v in value.items() if not _is_id(v))
        return ", ".join(f"{k} {_said(v)}" for k, v in pairs if v not in (None, "", []))
    if isinstance(value, list | tuple):
        return "; ".join(_said(each) for each in value if not _is_id(each))
    if isinstance(value, bool):
        return "✓" if value else "–"
    return str(value)


def _is_id(value: Any) -> bool:
    if not isinstance(value, str) or len(value) != 36:
        return False
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _parted(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name)
