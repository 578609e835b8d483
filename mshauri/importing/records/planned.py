"""What becomes of a row: the commands to send for it, made so that the same row makes the same."""

from collections.abc import Hashable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from mshauri.api import Wish
from mshauri.importing.records.known import Known
from mshauri.importing.records.rows import Draft
from shared.contracts.base import Command, camel, wire_name
from shared.domain import derived_id


@dataclass(frozen=True, slots=True)
class Change:
    """A column in which a row says otherwise than what stands.

    Attributes:
        command: the name of the command that changes it.
        was: what stands; empty where it is personal.
    """

    column: str
    command: str
    was: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A row without a mistake.

    Attributes:
        same: what it tells of; two rows of the same are one too many.
        id: the global id of the record, where it is known already.
        wishes: the commands to send, in their order; none: it stands already.
        changes: what they change of a record that stands; None: they make one.
        writes: what it writes to; rows that have some of it in common are sent one after the
            other: in the order of their days, or else of the list.
    """

    draft: Draft
    same: Hashable
    id: str = ""
    wishes: tuple[Wish, ...] = ()
    changes: tuple[Change, ...] | None = None
    writes: frozenset[Hashable] = frozenset()
    by_day: bool = True

    @property
    def order(self) -> tuple[str, int]:
        """Its place among those that write to the same."""
        return self.draft.text("occurredOn") if self.by_day else "", self.draft.row


def wish(
    command: type[Command],
    draft: Draft,
    known: Known,
    /,
    *,
    key: tuple[str, ...] = (),
    **given: Any,
) -> Wish:
    """Return a row's command: each field from its column, or as given by its wire name.

    Codes become the ids of what they name, which must be known. The command's id follows from its
    key, or from its content if it has none: the same row again is the same command, and is answered
    as it was the first time.
    """
    content: dict[str, Any] = {}
    columns = {one.field: one for one in draft.layout.columns.values() if one.field}
    for name in command.__struct_fields__:
        wire = camel(name)
        column = columns.get(wire)
        if wire in given:
            content[wire] = given[wire]
        elif column is not None and column.name in draft.values:
            content[wire] = known.named(column, draft.values[column.name])
    name = wire_name(command)
    return Wish(name, {"commandId": command_id(name, key or content), **content})


def command_id(name: str, content: Any, *more: str) -> str:
    """Return the id of a command of that name and content: the same again is the same command."""
    digest = sha256(msgspec.json.encode(content, order="sorted")).hexdigest()
    return str(derived_id("import", name, digest, *more))
