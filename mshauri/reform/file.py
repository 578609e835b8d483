"""A reform as a person writes it: YAML, each unit by its code, each change by its verb.

name: Districts anew
within: RW                        # the unit that all of it happens within
effectiveOn: 2027-07-01
reason: Law 12 of 2027
changes:
  - establish: RW-NEW             # a unit that a later change may name
    name: New province
    kind: PROVINCE
    under: RW
  - move: RW-D1
    under: RW-NEW
  - split: RW-D2
    into:
      - {code: RW-D2N, name: North}
      - {code: RW-D2S, name: South}
    children: {RW-F1: RW-D2N}     # where units right under it go, one by one
    rest: RW-D2S                  # where all others go
  - merge: RW-D3
    into: RW-D4
  - {rename: RW-D4, name: Both}
  - close: RW-D5
"""

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from mshauri.api import Wish, global_id
from shared.domain import derived_id

VERBS = ("establish", "rename", "move", "split", "merge", "close")


class BadReform(Exception):
    """The file is no reform that could be sent; the message says what would be right."""


class Part(Struct, forbid_unknown_fields=True):
    """A unit that one is split up into."""

    code: str
    name: str


class Change(Struct, forbid_unknown_fields=True, kw_only=True):
    """One change: exactly one verb, with the unit's code, and what the verb takes."""

    establish: str | None = None
    rename: str | None = None
    move: str | None = None
    split: str | None = None
    merge: str | None = None
    close: str | None = None
    name: str | None = None
    kind: str | None = None
    under: str | None = None
    into: str | list[Part] | None = None
    children: dict[str, str] = {}
    rest: str | None = None

    @property
    def verb(self) -> str:
        """What it does."""
        return next(verb for verb in VERBS if getattr(self, verb) is not None)

    @property
    def unit(self) -> str:
        """The code of the unit that it changes."""
        return str(getattr(self, self.verb))

    @property
    def parts(self) -> list[Part]:
        """The units that one is split up into."""
        return self.into if isinstance(self.into, list) else []

    def brings(self) -> Iterator[str]:
        """Yield the codes of the units that are there by it."""
        if self.establish is not None:
            yield self.establish
        yield from (part.code for part in self.parts)

    def names(self) -> Iterator[str]:
        """Yield the codes of the units that must be there."""
        if self.establish is None:
            yield self.unit
        into = self.into if isinstance(self.into, str) else None
        yield from filter(None, (self.under, into, self.rest))
        for child, parent in self.children.items():
            yield from (child, parent)


class Reform(Struct, forbid_unknown_fields=True, kw_only=True):
    """All of a file."""

    name: str
    within: str
    effective_on: date = msgspec.field(name="effectiveOn")
    reason: str
    changes: list[Change]

    def new(self) -> dict[str, UUID]:
        """Return the id of each unit that it brings, by code: the same for the same file."""
        return {
            code: derived_id("reform", self.name, self.effective_on, code)
            for change in self.changes
            for code in change.brings()
        }

    def known(self) -> list[str]:
        """Return the codes of the units that must be there before it."""
        named = [self.within, *(code for change in self.changes for code in change.names())]
        return list(dict.fromkeys(code for code in named if code not in self.new()))


def read_reform(text: str) -> Reform:
    """Return the reform that a YAML text says.

    Raises:
        BadReform: it says none.
    """
    try:
        reform = msgspec.convert(YAML(typ="safe", pure=True).load(text), Reform)
    except YAMLError as error:
        msg = f"The file is no YAML: {str(error).splitlines()[0]}."
        raise BadReform(msg) from error
    except msgspec.ValidationError as error:
        hint = " Write a code of digits in quotes." if "got `int`" in str(error) else ""
        msg = f"The file is no reform: {error}.{hint}"
        raise BadReform(msg) from error
    for place, change in enumerate(reform.changes):
        said = [verb for verb in VERBS if getattr(change, verb) is not None]
        if len(said) != 1:
            msg = f"changes[{place}] says {len(said)} verbs. Give one of {', '.join(VERBS)}."
            raise BadReform(msg)
    return reform


def changes_of(reform: Reform, known: Mapping[str, UUID]) -> list[dict[str, Any]]:
    """Return its changes as the API takes them.

    Args:
        known: the ids of the units that are there, by code.

    Raises:
        BadReform: units that it names are not there; the message lists their codes.
    """
    missing = [code for code in reform.known() if code not in known]
    if missing:
        msg = f"There is no unit with the code {', '.join(missing)}. Correct the codes."
        raise BadReform(msg)
    new = reform.new()
    ids = {**known, **new}

    def ref(code: str | None) -> str | None:
        return None if code is None else global_id("OrgUnit", ids[code])

    def told(change: Change) -> dict[str, Any]:
        into = change.into if isinstance(change.into, str) else None
        said: dict[str, Any] = {
            "kind": change.verb.upper(),
            "name": change.name,
            "kindCode": change.kind,
            "parentId": ref(change.under),
            "intoId": ref(into),
            "childrenTo": ref(change.rest),
        }
        if change.establish is not None:
            said |= {"code": change.establish, "id": str(new[change.establish])}
        else:
            said["orgUnitId"] = ref(change.unit)
        if change.parts:
            said["successors"] = [
                {"id": str(new[part.code]), "code": part.code, "name": part.name}
                for part in change.parts
            ]
        if change.children:
            said["children"] = [
                {"orgUnitId": ref(child), "parentId": ref(parent)}
                for child, parent in change.children.items()
            ]
        return {name: value for name, value in said.items() if value is not None}

    return [told(change) for change in reform.changes]


def draft_of(reform: Reform, known: Mapping[str, UUID]) -> Wish:
    """Return the command that drafts it: the same file makes the same command.

    Raises:
        BadReform: as `changes_of` does.
    """
    content = {
        "name": reform.name,
        "orgUnitId": global_id("OrgUnit", known.get(reform.within, UUID(int=0))),
        "effectiveOn": reform.effective_on.isoformat(),
        "changes": changes_of(reform, known),
        "reason": reform.reason,
    }
    digest = sha256(msgspec.json.encode(content, order="sorted")).hexdigest()
    command_id = derived_id("reform", "draft", digest)
    return Wish("reformDraft", {"commandId": str(command_id), **content})
