"""What becomes of a row: the commands to send for it, made so that the same row makes the same."""

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

from mshauri.api import Wish
from mshauri.importing.known import Known
from mshauri.importing.rows import Draft
from shared.contracts.base import Command, camel, wire_name
from shared.domain import derived_id


class Outcome(StrEnum):
    """What became of a row, or of a unit above rows."""

    RECORDED = "RECORDED"
    ESTABLISHED = "ESTABLISHED"
    UPDATED = "UPDATED"
    ALREADY_THERE = "ALREADY_THERE"
    WAITING = "WAITING"
    REFUSED = "REFUSED"
    NOT_ANSWERED = "NOT_ANSWERED"
    WOULD_BE_RECORDED = "WOULD_BE_RECORDED"
    WOULD_BE_ESTABLISHED = "WOULD_BE_ESTABLISHED"
    WOULD_BE_UPDATED = "WOULD_BE_UPDATED"


@dataclass(frozen=True, slots=True)
class Change:
    """A column in which a row says otherwise than what stands.

    Attributes:
        command: the name of the command that changes it.
        was: what stands; empty where it is personal.
        field: the command's field that says it, where that is not the column's.
        says: what the row says, where no cell of it does.
    """

    column: str
    command: str
    was: str = ""
    field: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A row without a mistake, or a unit above rows.

    Attributes:
        same: what it tells of; two rows of the same are one too many.
        id: the global id of the record, where it is known already.
        kind: what it is, where rows of one list may be of several kinds.
        wishes: the commands to send, in their order; none: it stands already.
        changes: what they change of a record that stands; None: they make one.
        writes: what it writes to; rows that have some of it in common are sent one after the
            other: in the order of their days, or else of the list.
        listed: it is a row of the list, not something above its rows.
        stage: what has a higher one is sent when this has been answered.
        needs: what must be there when it is sent; `gives`: what is there when it has landed.
    """

    draft: Draft
    same: Hashable
    id: str = ""
    kind: str = ""
    wishes: tuple[Wish, ...] = ()
    changes: tuple[Change, ...] | None = None
    writes: frozenset[Hashable] = frozenset()
    by_day: bool = True
    listed: bool = True
    stage: int = 0
    needs: Hashable | None = None
    gives: Hashable | None = None

    @property
    def order(self) -> tuple[str, int]:
        """Its place among those that write to the same."""
        return self.draft.text("occurredOn") if self.by_day else "", self.draft.row


@dataclass(frozen=True, slots=True)
class Sent:
    """A row and what became of it; its mistakes stand in its draft.

    Attributes:
        changes: what was changed, or would be, of a record that stands.
    """

    planned: Planned
    outcome: Outcome
    positions: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


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
