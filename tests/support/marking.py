"""The story with all words marked that are personal or say why: who reads a mark, reads those."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from shared.contracts.base import personal_fields
from tests.support.telling import Told

PERSONAL = " ‡"
"""What every word of the story ends with that is personal, or says why."""


def marked(value: Any) -> Any:
    """Return a personal value with its words marked; a number or a code stays as it is."""
    if isinstance(value, str):
        return value + PERSONAL if re.search("[a-z]{3}", value) else value
    if isinstance(value, list | tuple):
        return [marked(each) for each in value]
    if isinstance(value, dict):
        return {key: marked(each) for key, each in value.items()}
    return value


def with_marks(told: Told) -> Told:
    """Return an event of the story with what is personal in it marked."""
    kind = type(told.body)
    wire = dict(zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True))
    content = msgspec.to_builtins(told.body)
    for name in map(wire.__getitem__, personal_fields(kind)):
        if name in content:
            content[name] = marked(content[name])
    return replace(
        told, body=msgspec.convert(content, kind), reason=f"{told.reason or 'So'}{PERSONAL}"
    )


def texts_of(value: Any) -> Iterator[str]:
    """Yield the words in a value, as a row may hold it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        yield from texts_of(msgspec.to_builtins(value))
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_of(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from texts_of(each)
